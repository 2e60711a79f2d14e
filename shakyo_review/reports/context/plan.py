"""The chapters on the plan and on how it is judged, as templates see them."""

from shakyo_review.reports.context.parts import Fact, Letter, Part, told


class TreeItem(Part):
    """An item in the tree of the plan."""

    label: str = told("段の呼び名")
    code: str = told("コード")
    name: str = told("名称")
    flags: list[str] = told("重点・新規・再掲 など")
    below: str = told("図に載せない下位の項目の数。なければ空")
    children: "list[TreeItem]" = told("下位の項目")


class PlanOverview(Part):
    """The chapter on the plan."""

    facts: list[Fact] = told("計画の概要（名称・期間・理念など）")
    tree: list[TreeItem] = told("体系（上位の段）")
    tree_note: str = told("体系に載せなかったものの断り。なければ空")


class ScaleRow(Part):
    """One rank of the scale."""

    letter: Letter = told("判定")
    definition: str = told("意味")
    condition: str = told("基準（80%以上100%未満 など）")
    points: str = told("得点。なければ －")


class RuleRow(Part):
    """A rate rule in use."""

    name: str = told("規則の名")
    formula: str = told("計算式")
    count: str = told("この規則による指標の数")


class Method(Part):
    """The chapter on how it is judged."""

    scale_name: str = told("評価基準の名")
    basis: str = told("何をもって判定するかの文")
    levels: list[ScaleRow] = told("段（良い方から）")
    off_scale: list[Fact] = told("順位のない記号とその意味")
    rate_rules: list[RuleRow] = told("使った率の規則")
    rules: list[Fact] = told("規則の組（表示、平均、条件）")
    terms: list[Fact] = told("率・経過割合・評価済みの意味")
    states: list[Fact] = told("実績の状態の言葉と扱い")

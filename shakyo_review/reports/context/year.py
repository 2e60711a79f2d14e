"""What people said and decided about a year, as templates see it."""

from shakyo_review.reports.context.parts import Fact, Figure, Letter, Part, YearHead, told


class Official(Part):
    """The letter people gave, beside the computed one."""

    letter: Letter = told("評価（人が付けた記号）")
    stage: str = told("その評価をした段階（委員会評価 など）")
    differs: bool = told("計算による判定と異なるか")
    reason: str = told("判定と異なる理由。同じとき、理由の記入がないときは空")


class StageRow(Part):
    """An item with the letters of its stages side by side."""

    code: str = told("コード")
    name: str = told("名称")
    computed: Letter = told("計算による判定")
    before: Letter = told("前年度の評価。人による評価がなければ前年度の判定")
    letters: list[Letter] = told("段階ごとの記号（GoalPage.stage_heads の順）")
    direction: str = told("次年度の方向性の言葉。なければ －")
    official: Official | None = told("評価。だれも評価していなければ無")
    remarks: list[Fact] = told("段階ごとの所見・理由と、方向性に添えた文")


class DepartedRow(Part):
    """An item whose official letter is not the computed one."""

    code: str = told("コード")
    name: str = told("名称")
    computed: Letter = told("計算による判定")
    official: Official = told("評価")


class MeetingRow(Part):
    """A sitting."""

    date: str = told("期日")
    stage: str = told("評価の段階")
    title: str = told("会議の名前。なければ －")
    present: str = told("出席した委員。なければ －")
    absent: str = told("欠席した委員。なければ －")
    attendance: str = told("出席の数（5人中4人出席）と定足数。記録がなければ －")


class RecusalRow(Part):
    """A member who took no part in rating an item."""

    stage: str = told("評価の段階")
    item: str = told("項目のコードと名称")
    member: str = told("委員")
    reason: str = told("除斥の理由")


class ReturnedRow(Part):
    """A letter that was sent back."""

    item: str = told("項目のコードと名称")
    date: str = told("差し戻した日")
    stage: str = told("差し戻された段階と記号（内部評価 B）")
    sender: str = told("差し戻した段階")
    reason: str = told("差し戻しの理由")
    after: str = told("その後（C に改めた、差し戻し中 など）")


class OpinionRow(Part):
    """An opinion and the answer to it."""

    number: str = told("番号")
    about: str = told("何についての意見か")
    text: str = told("意見")
    source: str = told("委員と日付")
    answered: bool = told("回答があるか")
    answer: str = told("回答。なければ 未回答")
    answer_source: str = told("回答した人と日付。なければ空")


class Proceedings(Part):
    """The chapter on how the evaluation went: meetings, recusals, what was sent back, opinions."""

    meetings: list[MeetingRow] = told("会議")
    recusals: list[RecusalRow] = told("除斥")
    returned: list[ReturnedRow] = told("差し戻し")
    opinions_line: str = told("意見と回答の件数の文。意見がなければ空")
    opinions: list[OpinionRow] = told("意見と回答")


class AskedRow(Part):
    """A promise of an earlier year and this year's answer."""

    number: str = told("番号（2023-1）")
    item: str = told("項目のコードと名称")
    text: str = told("改善の内容")
    owner: str = told("担当")
    due: str = told("期限の年度")
    result: str = told("結果（できた・一部できた・できなかった・未回答）")
    answer: str = told("結果の説明。なければ空")


class MadeRow(Part):
    """A promise made this year."""

    number: str = told("番号（2024-1）")
    item: str = told("項目のコードと名称")
    text: str = told("改善の内容")
    owner: str = told("担当")
    due: str = told("期限の年度")


class ImprovementPart(Part):
    """The chapter on promises to improve."""

    directions_line: str = told("次年度の方向性の件数の文。なければ空")
    asked_line: str = told("答えを求めた改善項目の件数と結果の文。なければ空")
    asked: list[AskedRow] = told("これまでの改善項目への答え")
    made: list[MadeRow] = told("この年度に決めた改善項目")


class RevisionChange(Part):
    """One change of a revision."""

    label: str = told("変更の種類（目標変更 など）")
    item: str = told("項目や指標のコードと名称")
    text: str = told("変更の内容（旧 → 新）")


class RevisionBlock(Part):
    """A revision of the plan."""

    since: str = told("いつから（令和6年度から）")
    reason: str = told("理由")
    decided: str = told("決めた会議と日付")
    changes: list[RevisionChange] = told("変更したところ")
    span: str = told("1列目の欄がまたぐ行の数（変更と理由）")


class ErratumRow(Part):
    """A figure corrected after its year was sealed."""

    number: str = told("番号")
    place: str = told("どの値か（R5 2-1 受講者 実績）")
    old: str = told("誤")
    new: str = told("正")
    reason: str = told("理由")
    date: str = told("日付")


class PlanChanges(Part):
    """The chapter on changes of the plan and errata."""

    title: str = told("章の題（計画の変更、正誤 など）")
    revisions: list[RevisionBlock] = told("計画の変更")
    errata: list[ErratumRow] = told("確定の後の正誤")


class MoneyRow(Part):
    """The money of one goal, or of the whole plan, beside its result."""

    title: str = told("項目の名。計の行は 計")
    letter: Letter = told("今年度の判定")
    official: Official | None = told("人による評価。だれも評価していなければ無")
    letter_before: Letter = told("前年度の判定")
    amounts: list[Figure] = told("金額（MoneyPart.heads の順、千円）")
    difference: Figure = told("今年度の予算と決算の差（予算－決算、千円）")
    rate: Figure = told("今年度の執行率")
    sources: str = told("財源の種類")
    note: str = told("執行率や差がない理由、見込み、再掲 など。なければ空")


class MoneyPart(Part):
    """The chapter on money: budget beside settlement beside result."""

    line: str = told("要点の文")
    year: YearHead = told("今年度")
    heads: list[str] = told("金額の列の見出し（R5予算 など）")
    rows: list[MoneyRow] = told("目標ごとの金額と結果")
    total: MoneyRow = told("計画全体の計")
    has_settlement: bool = told("決算・差・執行率の列があるか")
    has_official: bool = told("人による評価の列があるか")
    unit_costs: list[Fact] = told("単位あたりの費用")

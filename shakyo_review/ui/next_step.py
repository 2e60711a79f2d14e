"""次にすること: one sentence on what the person in front of the screen does next. Pure."""

from dataclasses import dataclass

from shakyo_review.domain.person import Role
from shakyo_review.domain.year_state import YearState


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a year stands for a person: counts of what is left, of the own items for a 委員.

    ``unsubmitted`` are own owners whose figures are in and who have not said 提出; ``blocks`` is what
    keeps the year from being sealed; ``talk`` are items a meeting is to talk about; ``measured`` is
    whether the plan has any indicator.
    """

    state: YearState
    role: Role | None
    blank: int = 0
    odd: int = 0
    promised: int = 0
    unsubmitted: tuple[str, ...] = ()
    blocks: int = 0
    talk: int = 0
    measured: bool = True


def next_step(at: Standing) -> str:
    """Return the sentence."""
    if at.role is Role.COUNCIL:
        return _of_council(at)
    if at.role is Role.MEMBER:
        return _of_member(at)
    match at.state:
        case YearState.PREPARING:
            return "Ctrl+G で年度を開き、記入を始めます。"
        case YearState.ENTRY:
            return _of_entry(at)
        case YearState.EVALUATION if at.blocks:
            return f"確定の前に済ませることが{at.blocks}件あります。Ctrl+G で一覧を見て、F7 で評価を付けます。"
        case YearState.EVALUATION:
            return "残っていることはありません。Ctrl+G で確定できます。"
        case YearState.SEALED:
            return "F9 で報告書を作り、公表したら Ctrl+G で記録します。"
        case YearState.PUBLISHED:
            return "この年度は済みました。Ctrl+PgDn で次の年度へ移ります。"


def _of_entry(at: Standing) -> str:
    if at.blank:
        return f"実績があと{at.blank}件です。F6 で入力します（F4 で次の空欄へ）。"
    if not at.measured:
        return "指標がまだありません。Ctrl+L の「計画」で、取組に指標を加えます。"
    if at.odd:
        return f"確かめたい値が{at.odd}件あります。F6 で直すか、Ctrl+B で確認済みにします。"
    if at.promised:
        return f"前の年度の改善項目{at.promised}件に答えます（Ctrl+K）。"
    return "実績がそろいました。F7 で自己評価を付け、Ctrl+G で評価へ進めます。"


def _of_member(at: Standing) -> str:
    match at.state:
        case YearState.PREPARING:
            return "この年度の記入は、まだ始まっていません。事務局からの連絡をお待ちください。"
        case YearState.SEALED | YearState.PUBLISHED:
            return "この年度は確定しています。F7 で結果を、F8 で前の年度との違いを見られます。"
    if at.blank:
        return f"担当の実績があと{at.blank}件です。F6 で入力します（F4 で次の空欄へ）。"
    if at.odd:
        return (
            f"担当に確かめたい値が{at.odd}件あります。F6 で見て、直すか事務局に知らせてください。"
        )
    if at.promised:
        return f"前の年度の改善項目{at.promised}件に答えてください（Ctrl+K）。"
    if at.unsubmitted:
        return "担当の実績がそろいました。F6 を押し、Ctrl+G で提出してください。"
    return "お願いすることはありません。ありがとうございました。"


def _of_council(at: Standing) -> str:
    match at.state:
        case YearState.PREPARING | YearState.ENTRY:
            return "いまは記入の途中です。評価が始まるまで、F8 で前の年度との違いを見られます。"
        case YearState.EVALUATION if at.talk:
            return f"話し合っていただく項目が{at.talk}件あります。F7 で読み、Ctrl+O で意見を書いてください。"
        case YearState.EVALUATION:
            return "F7 で評価と理由を読み、Ctrl+O で意見を書いてください。"
    return "この年度は確定しています。F9 で報告書を、F7 で評価と理由を読めます。"

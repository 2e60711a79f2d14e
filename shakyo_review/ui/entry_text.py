"""The sentences of the entry screen, in one place."""

from rich.cells import cell_len
from rich.text import Text

from shakyo_review.domain.cell import KIND_LABELS, Cell, Kind
from shakyo_review.domain.goals import NodeScore
from shakyo_review.domain.indicator import Against, Indicator
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rating import display
from shakyo_review.domain.rules import GoalRule
from shakyo_review.domain.scoring import IndicatorScore, TargetSource
from shakyo_review.domain.value import Reading, State, format_number, format_reading, half_up
from shakyo_review.errors import ReviewError
from shakyo_review.services.entry import Outcome, typed_again, understand
from shakyo_review.ui.marks import bar, cut, fit
from shakyo_review.ui.row_words import EXAMPLE, words
from shakyo_review.ui.sheet import Row, Sheet
from shakyo_review.ui.told import sentence as in_words_of_keys
from shakyo_review.ui.widgets.prose import wrapped

LEGEND = f"{EXAMPLE}は例示"
NO_INDICATORS = (
    "この計画には、数で測る指標がまだ登録されていません。\n"
    "そのため、ここで入力する目標・実績はありません。\n\n"
    "取組ごとに指標（例: 開催回数、参加者数）を決め、\n"
    "Ctrl+L の「計画」で加えると、この画面で入力できます。"
)
NO_ROWS = "担当「{owner}」の指標はありません。Ctrl+O で担当を選び直すか、Ctrl+F ですべてを出してください。"
NOW_TYPING = "入力中です。Enter で確定するか、Esc でやめてから、もう一度押してください。"
NOT_LEFT = "直すか、Esc で入力をやめてから、もう一度押してください。"
NO_BLANK = "実績の空欄はもうありません。"
MAY_SUBMIT = "Ctrl+G で提出できます。"
LAST_ROW = "ここが最後の行です。"
WILL_CORRECT = "確定した年度です。Enter を押すと、正誤の理由を尋ねます。"
NO_BLOCK_IN_SEALED = (
    "確定した年度には、まとめて貼り付けられません。直す値を1つずつ打つと、正誤として残せます。"
)
CONFIRM_HINT = "（正しければ Ctrl+B、違えば Ctrl+Z で打ち直し）"
CONFIRM_HERE = "（正しければ Ctrl+B）"
NOTHING_ODD = "この指標に、確かめたい値はありません。"
NO_UNDO_ACROSS = (
    "計画が改定されたので、その前に入力した値は元に戻せません。値を打ち直してください。"
)
NOT_IN_SEALED = "確定した年度の実施内容は変えられません。"
NEW_LINE = "↵"
"""Stands for a line break where a sentence is typed in one line."""


def sentence(error: ReviewError) -> str:
    """Return what an error tells, on one line."""
    return " ".join(in_words_of_keys(error).split())


def amount(reading: Reading, indicator: Indicator, blank: str = "空欄") -> str:
    """Return a value with its unit; words stand for themselves."""
    text = format_reading(reading, indicator.figure_decimals, blank=blank)
    return text + indicator.unit if reading.state is State.VALUE and not reading.forecast else text


def editable_text(reading: Reading, indicator: Indicator) -> str:
    """Return a value as it can be typed again, to the same reading."""
    text = fit(format_reading(reading, indicator.figure_decimals))
    return typed_again(indicator, text, reading) if reading.state is State.TEXT else text


def reading_text(typed: str, indicator: Indicator) -> str:
    """Return how a typed text is read; raises ``ValueProblem`` where it is not readable."""
    reading = understand(indicator, typed)
    if reading.state is State.NOT_ENTERED:
        return "→ 未入力に戻します"
    shown = cut(typed.strip(), 30)
    if reading.state is State.TEXT:
        return f"{shown} → 文字として残します（率は出ません）"
    return f"{shown} → {amount(reading, indicator)}"


def empty_hint(sheet: Sheet, row: Row, kind: Kind) -> str:
    """Return what stands in the bar while nothing is typed: the value there is, and what to do."""
    indicator = sheet.indicator(row)
    reading = sheet.cell(row, kind).reading
    if reading.state is not State.NOT_ENTERED:
        if kind is Kind.ACTUAL and not row.part and sheet.scored(row).actual.reading != reading:
            typed = amount(reading, indicator)
            return f"{_from_parts(sheet, row)}（全体として入れた {typed} は使いません）"
        return f"今の値 {amount(reading, indicator)}（打てば置きかえ、F2 で直す）"
    if kind is Kind.ACTUAL and not row.part and sheet.scored(row).actual.steps:
        return f"{_from_parts(sheet, row)}（Ctrl+E で内訳を開いて入力）"
    return f"ここに{KIND_LABELS[kind]}を入力（確定は Enter）"


def _from_parts(sheet: Sheet, row: Row) -> str:
    actual, indicator = sheet.scored(row).actual, sheet.indicator(row)
    if actual.reading.state is State.BEING_COUNTED and actual.interim is not None:
        so_far = format_number(actual.interim, indicator.figure_decimals)
        return f"内訳の途中まで {so_far}{indicator.unit}"
    return f"内訳から {amount(actual.reading, indicator)}"


def place_label(sheet: Sheet, row: Row) -> str:
    """Return whose value it is and what stood there: indicator, unit, last year, target."""
    indicator = sheet.indicator(row)
    shown = words(sheet, row, None, wide=True)
    unit = f"（{indicator.unit}）" if indicator.unit else ""
    part = f"　{sheet.part_name(row)}" if row.part else ""
    before, target = shown["before"], shown["target"]
    by_path = not row.part and sheet.scored(row).target.source is TargetSource.PATH
    figures = (
        f"前年度 {_marked(before.text, before.example)}",
        f"目標 {_marked(target.text, target.example)}{'・道筋から' if by_path else ''}",
    )
    return f"{row.indicator} {indicator.name}{unit}{part}｜{'｜'.join(figures)}"


def _marked(text: str, example: bool) -> str:
    return f"{text}{EXAMPLE}" if example else text


def whose(owners: tuple[str, ...]) -> str:
    """Return whose rows are shown: 社協, 社協・市, すべて."""
    return "・".join(owners) or "すべて"


def progress_text(sheet: Sheet) -> str:
    """Return how far the rows shown have come: 12/20 入力済み, 20/20 提出済み."""
    told = "入力済み"
    if sheet.shares and all(share.submission is not None for share in sheet.shares):
        changed = sum(share.changed for share in sheet.shares)
        told = f"提出後に{changed}件変更" if changed else "提出済み"
    return f"{sheet.entered}/{sheet.total} {told}"


def place_line(sheet: Sheet, row: Row, width: int, tone: str) -> Text:
    """Return the action of the row on the left; whose rows are shown and how far they are on the right."""
    action = sheet.action(row)
    told = progress_text(sheet)
    owner = f"担当 {cut(whose(sheet.owners), max(width - 58, 12))}　"
    percent = 100 * sheet.entered / sheet.total if sheet.total else None
    right = Text(fit(owner)).append_text(bar(percent, 10, tone)).append(fit(f" {told}"))
    legend = fit(f"{LEGEND}　") if sheet.example else ""
    if right.cell_len + cell_len(legend) + 22 <= width:
        right = Text(legend).append_text(right)
    room = max(width - right.cell_len - 2, 8)
    left = cut(f"{action.label} {action.code} {action.name}", room)
    gap = " " * max(width - cell_len(left) - right.cell_len, 1)
    line = Text(f"{left}{gap}", no_wrap=True)
    return line.append_text(right)


def standing(sheet: Sheet, row: Row) -> list[str]:
    """Return what is known of a cell before anything is typed, in segments."""
    if row.part:
        whole = sheet.scored(row).actual
        return [f"全体: {'・'.join(whole.steps)}"] if whole.steps else []
    score = sheet.scored(row)
    told = [rate_text(score)]
    if score.indicator.milestones:
        told.append(
            f"入力できる段階: {'・'.join(step.label for step in score.indicator.milestones)}"
        )
    if score.actual.missing:
        told.append(_missing(score))
    if score.example:
        told.append(
            "例示の値を含みます（実績を入力すると、例示ではなくなります）"
            if score.actual.example
            else "例示の値を含みます"
        )
    for finding in sheet.findings(row.indicator):
        told.append(
            f"確認済み: {finding.text}（{finding.confirmed}）"
            if finding.confirmed
            else f"確かめてください: {finding.text}{CONFIRM_HERE}"
        )
    return told


def _missing(score: IndicatorScore) -> str:
    """Return which parts are missing, and the sum so far."""
    missing, so_far = score.actual.missing, score.actual.interim
    names = "・".join(missing[:3]) + ("ほか" if len(missing) > 3 else "")
    told = f"内訳に空欄が{len(missing)}件（{names}）"
    if so_far is None:
        return told
    return f"{told}、ここまで {format_number(so_far, score.indicator.figure_decimals)}{score.indicator.unit}"


def rate_text(score: IndicatorScore) -> str:
    """Return rate, pace and letter in one sentence, or why there is none."""
    if score.rate is None and score.rating is None:
        return f"率・判定はまだありません（{score.reason_text}）"
    against = "最終目標" if score.against is Against.FINAL_TARGET else "目標"
    goal = format_number(score.used_target, score.indicator.figure_decimals)
    told = f"率 {score.display}"
    if score.used_target is not None:
        told += f"（{against} {goal}{score.indicator.unit}に対して）"
    if score.pace is not None:
        told += f"、経過割合に対して {display(score.pace, score.rules)}"
    letter = score.rating or f"なし（{score.reason_text}）"
    return f"{told} 判定 {letter}"


def goal_text(plan: Plan, score: NodeScore) -> str:
    """Return the score of a goal: 基本目標1 の評価 B 99.0%（指標1件中1件）."""
    from shakyo_review.domain.derivation import coverage_text

    item, rules = score.item, plan.rule_set
    told = f"{item.label}{item.code} の評価 {score.rating or f'なし（{score.problem}）'}"
    if score.score is not None:
        number = format_number(half_up(score.score, rules.decimals), rules.decimals)
        told += f" {number}{'点' if rules.goal is GoalRule.MEAN_OF_POINTS else '%'}"
    return f"{told}（{coverage_text(score)}）"


def goal_of(sheet: Sheet, row: Row) -> str:
    """Return the score of the goal above a row."""
    top = sheet.plan.path_of(sheet.plan.action_of[row.indicator])[0]
    return goal_text(sheet.plan, sheet.score.goal(top.code))


def stored_text(
    sheet: Sheet, row: Row, kind: Kind, cell: Cell, warnings: tuple[str, ...]
) -> list[str]:
    """Return what came of a stored value, in segments."""
    indicator = sheet.indicator(row)
    part = f" {sheet.part_name(row)}" if row.part else ""
    value = amount(cell.reading, indicator, blank="空欄に戻しました")
    score = sheet.scored(row)
    told = [f"{row.indicator}{part} {KIND_LABELS[kind]} {value}｜{rate_text(score)}"]
    told += [f"注意: {warning}{CONFIRM_HINT}" for warning in warnings]
    if score.actual.missing and not warnings:
        told.append(_missing(score))
    return [*told, goal_of(sheet, row)]


def change_text(sheet: Sheet, row: Row, kind: Kind, old: Reading, new: Reading) -> str:
    """Return one change in one line: 1-1a サロン開催回数 実績 空欄 → 495回."""
    indicator = sheet.indicator(row)
    part = f" {sheet.part_name(row)}" if row.part else ""
    return (
        f"{row.indicator}{part} {cut(indicator.name, 28)} {KIND_LABELS[kind]} "
        f"{amount(old, indicator)} → {amount(new, indicator)}"
    )


def outcome_text(sheet: Sheet, outcome: Outcome) -> str:
    """Return what one stored change was, in one line: of the value, or of the sentence beside it."""
    key, before, after = outcome.cell.key, outcome.before, outcome.cell
    row = Row(key.indicator, key.branch, key.period)
    if before.reading == after.reading and before.note != after.note:
        old, new = (cut(cell.note, 20) or "なし" for cell in (before, after))
        return f"{key.indicator} 実施内容 {old} → {new}"
    return change_text(sheet, row, key.kind, before.reading, after.reading)


def typed_note(note: str) -> str:
    """Return a sentence as it is typed and shown in one line."""
    return note.replace("\n", NEW_LINE)


def packed(segments: list[str], width: int, lines: int) -> Text:
    """Lay segments out in a few lines: side by side where they fit, cut where there is no more room."""
    out: list[str] = []
    for segment in segments:
        text = " ".join(segment.split())
        if out and cell_len(out[-1]) + 2 + cell_len(fit(text)) <= width:
            out[-1] += f"　{fit(text)}"
        else:
            out += wrapped(text, width)
    if len(out) > lines:
        out[lines - 1 :] = [cut("".join(out[lines - 1 :]), width)]
    return Text("\n".join(out), no_wrap=True)

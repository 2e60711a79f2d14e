"""The list of what comes in, drawn: its columns, its lines, a line in full, the counts above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shakyo_review.ui.incoming.arrival import Decisions, Offered, Standing
from shakyo_review.ui.marks import cell
from shakyo_review.ui.widgets.fixed_table import Column
from shakyo_review.ui.widgets.prose import Para

if TYPE_CHECKING:
    from rich.text import Text


def columns(width: int) -> list[Column]:
    """Return the columns of the list for a width of the screen."""
    value = 16 if width >= 100 else 12
    where = 28 if width >= 100 else 0
    fixed = 11 + 2 * value + where + 2
    shown = [
        Column("扱い", 11),
        Column("どこ", max(width - fixed, 20)),
        Column("台帳", value, right=True),
        Column("取り込む値", value, right=True),
    ]
    return [*shown, Column(" 書かれている所", where)] if where else shown


UNMATCHED, REMARK = "row:", "remark:"
"""What the codes of lines begin with that are no changes."""


def rows(decisions: Decisions, width: int, warn: str = "") -> list[tuple[str, list[Text]]]:
    """Return the lines of the list: conflicts, changes, rows nobody could match, remarks."""
    wide = columns(width)
    found = [(one.id, change_cells(decisions, one, width, warn)) for one in decisions.lines]
    for number, row in enumerate(decisions.arrival.unmatched):
        texts = (row.name, "", "", row.spot.text)
        found.append((f"{UNMATCHED}{number}", _row(wide, Standing.ASK, *texts, warn)))
    for number, text in enumerate(decisions.arrival.remarks):
        standing = Standing.UNREAD if text in decisions.arrival.unread else Standing.REMARK
        found.append((f"{REMARK}{number}", _row(wide, standing, text, "", "", "", warn)))
    return found


def change_cells(decisions: Decisions, one: Offered, width: int, warn: str = "") -> list[Text]:
    """Return the line of one change."""
    new = f"? {one.new}" if one.odd else one.new
    texts = (one.brief or one.place, one.now, new, one.where)
    return _row(columns(width), decisions.standing(one), *texts, warn)


def _row(
    wide: Sequence[Column],
    standing: Standing,
    place: str,
    now: str,
    new: str,
    where: str,
    warn: str,
) -> list[Text]:
    unsure = standing in (Standing.OPEN, Standing.ASK, Standing.UNREAD)
    texts = (standing.value, place, now, new, f" {where}")
    made = []
    for number, (text, column) in enumerate(zip(texts, wide, strict=False)):
        style = warn if unsure and number == 0 else ""
        shown = cell(text, column.width - 1, right=column.right).plain
        made.append(cell(f" {shown}" if column.right else shown, column.width, style=style))
    return made


def detail(decisions: Decisions, code: str | None) -> list[Para]:
    """Return a line in full."""
    if code is None:
        return []
    if code.startswith(UNMATCHED):
        row = decisions.arrival.unmatched[int(code.removeprefix(UNMATCHED))]
        return [
            Para(f"{row.spot.text}　{row.name}", style="bold"),
            Para(f"{row.why}。この行は読んでいません。"),
            Para("Enter で、どの指標の行かを選びます。選んだ対応は覚えます。"),
        ]
    if code.startswith(REMARK):
        return [Para(decisions.arrival.remarks[int(code.removeprefix(REMARK))])]
    one = next((line for line in decisions.arrival.offered if line.id == code), None)
    if one is None:
        return []
    where = f"　（{one.where}）" if one.where else ""
    who = f"　（{one.who}）" if one.who else ""
    lines = [
        Para(one.place, style="bold"),
        Para(f"{one.now}{who}", head="台帳の値"),
        Para(f"{one.new}{where}", head="取り込む値"),
    ]
    if one.aside:
        lines.append(Para(one.aside))
    lines += [Para(f"確かめてください: {text}") for text in one.odd]
    standing = decisions.standing(one)
    told = {
        Standing.OPEN: "あとから台帳でも変わっています。Enter でどちらにするかを決めます。",
        Standing.TAKEN: "取り込みます。Enter で「台帳のまま」に変えます。",
        Standing.LEFT: "台帳の値のままにします。Enter で「取り込む」に変えます。",
    }[standing]
    return [*lines, Para(told)]


def counts(decisions: Decisions) -> str:
    """Return the state of the list in one line."""
    arrival = decisions.arrival
    left = sum(decisions.standing(one) is Standing.LEFT for one in arrival.offered)
    parts = [f"取り込む {decisions.taken}件"]
    if decisions.open:
        parts.append(f"要決定 {len(decisions.open)}件（F2 みな取り込む・F3 みな台帳）")
    odd = sum(bool(one.odd) for one in arrival.offered)
    parts += [f"確かめたい値 {odd}件（?）"] if odd else []
    parts += [f"台帳のまま {left}件"] if left else []
    parts += [f"同じ値 {arrival.unchanged}件"] if arrival.unchanged else []
    parts += [f"読めない値 {len(arrival.unread)}件"] if arrival.unread else []
    parts += [f"指標の分からない行 {len(arrival.unmatched)}件"] if arrival.unmatched else []
    remarks = len(arrival.remarks) - len(arrival.unread)
    parts += [f"知らせ {remarks}件"] if remarks else []
    return "　".join(parts)

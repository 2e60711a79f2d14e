"""Writing 記入シート: a workbook that Excel and LibreOffice open, with only the yellow cells open."""

import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.table_text import width
from shakyo_review.exchange.entry_sheet import (
    ACTUAL,
    CODE,
    NOTE,
    STATE,
    STATE_WORDS,
    TITLE,
    EntrySheet,
    SheetRow,
)
from shakyo_review.exchange.workbook import column_letters

_HOW = (
    "黄色の欄だけに記入してください。ほかの欄は変えられないようにしてあります。",
    "「実績」には数だけを書きます（512、1,234、98.5 など。単位は要りません）。まだ分からないところは空けておきます。",
    "数が出ないときは「状態」から選びます（中止、調査未実施、集計中 など）。入っている値を取り消すときは、実績を消して「未入力」を選びます。",
    "「実施内容」には、この1年に行ったことを短く書きます。",
    "記入したら保存して、事務局に返してください。",
)
_YELLOW, _GREY, _HEAD = "#FFF2CC", "#F2F2F2", "#D9E2EC"
_ACTION, _NAME, _MARK_COLUMN = "取組", "指標", "見分け"
_TOP = 4 + len(_HOW)
"""The row of the headings, counted from 0."""


def _columns(year: int) -> list[tuple[str, float]]:
    """Return headings and widths; the marks stand between others so that whoever copies rows takes them."""
    before = short_year(year - 1)
    return [
        (_ACTION, 30),
        (CODE, 11),
        (_NAME, 26),
        ("単位", 6),
        ("基準値", 9),
        (f"{before}目標", 9),
        (f"{before}実績", 11),
        (f"{before}判定", 6),
        (f"{short_year(year)}目標", 9),
        (_MARK_COLUMN, 4),
        (ACTUAL, 13),
        (STATE, 11),
        (NOTE, 42),
    ]


_NOTES = {
    "基準値": "計画を立てたときの値です。",
    CODE: "事務局が行を見分けるための記号です。",
    ACTUAL: "この年度の値です。全角でも、1,234 や △3 のように書いてもかまいません。"
    "灰色の欄は、下の行（区・月など）から自動で計算するので記入しません。",
    STATE: "見込み: 確定前の数（実績にも数を書く）\n中止: 行わなかった\n調査未実施: 調べなかった\n調査年度外: この年度は調べない\n"
    "未公表: まだ公表されていない\n集計中: 数えている途中\n未把握: 分からない\n対象外: あてはまらない\n未入力: 入っている値を取り消す",
}


def entry_workbook(sheets: Sequence[EntrySheet]) -> bytes:
    """Return a workbook with a sheet for each owner; the same sheets give the same bytes.

    Whatever people wrote is written as text and never becomes a formula.
    """
    import xlsxwriter

    made = BytesIO()
    font = {"default_format_properties": {"font_name": "游ゴシック", "font_size": 10}}
    with xlsxwriter.Workbook(made, {"in_memory": True, **font}) as book:
        book.set_properties({"created": datetime(2000, 1, 1), "title": TITLE})
        looks = _looks(book)
        names: set[str] = set()
        for one in sheets:
            name = sheet_name(one.owner, names)
            names.add(name.casefold())
            _sheet(book.add_worksheet(name), one, looks)
    return _growing(made.getvalue())


def _growing(workbook: bytes) -> bytes:
    """Return a workbook whose rows have their height of now, but grow with what is typed into them."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as parts, zipfile.ZipFile(made, "w") as out:
        for info in parts.infolist():
            content = parts.read(info)
            if info.filename.startswith("xl/worksheets/sheet"):
                content = content.replace(b' customHeight="1"', b"")
            out.writestr(info, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def sheet_name(owner: str, taken: set[str]) -> str:
    """Return a name a sheet may have: 31 characters, none of those Excel refuses, none that is ``taken`` (folded)."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "・", owner).strip("' ") or TITLE
    if plain.casefold() == "history":
        plain = f"{plain}_"
    name, number = _cut(plain, 31), 1
    while name.casefold() in taken:
        number += 1
        name = f"{_cut(plain, 26)}～{number}"
    return name


def _cut(text: str, most: int) -> str:
    """Cut a text to so many units of UTF-16, as workbooks count."""
    while len(text.encode("utf-16-le")) > 2 * most:
        text = text[:-1]
    return text.rstrip("' ")


def file_name(plan: str, year: int, owner: str) -> str:
    """Return a name for the file of one owner ('': of several), usable on any system."""
    name = "_".join(filter(None, (TITLE, plan, str(year), owner)))
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(" .")
    while len(safe.encode()) > 200:
        safe = safe[:-1]
    return f"{safe}.xlsx"


def _looks(book: Any) -> dict[str, Any]:
    base = {"valign": "top", "border": 1, "border_color": "#7F7F7F"}
    words = {**base, "text_wrap": True}
    right = {**base, "align": "right", "text_wrap": True}
    # Text, not number: what is typed stays as typed (no date out of 6/25, no 0.985 out of 98.5%).
    fill = {"locked": False, "bg_color": _YELLOW, "num_format": "@"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "plain": book.add_format({}),
        "bold": book.add_format({"bold": True}),
        "label": book.add_format({"align": "right"}),
        "line": book.add_format({"bottom": 1, "locked": False, "num_format": "@"}),
        "head": book.add_format(
            {**words, "bold": True, "bg_color": _HEAD, "align": "center", "valign": "vcenter"}
        ),
        "head_fill": book.add_format(
            {**words, "bold": True, "bg_color": "#FFE08A", "align": "center", "valign": "vcenter"}
        ),
        "words": book.add_format(words),
        "right": book.add_format(right),
        "centre": book.add_format({**words, "align": "center"}),
        "fill": book.add_format({**right, **fill}),
        "fill_words": book.add_format({**words, **fill}),
        "sum": book.add_format({**right, "bg_color": _GREY, "italic": True}),
        "hidden": book.add_format({"num_format": "@"}),
    }


def _sheet(sheet: Any, one: EntrySheet, looks: dict[str, Any]) -> None:
    columns = _columns(one.year)
    names = [name for name, _ in columns]
    places = {name: number for number, name in enumerate(names)}
    for number, (name, wide) in enumerate(columns):
        hidden = {"hidden": True} if name == _MARK_COLUMN else {}
        sheet.set_column(number, number, wide, None, hidden)
    title = f"{year_label(one.year)}　実績の{TITLE}　担当: {one.owner}"
    sheet.write_string(0, 0, title, looks["title"])
    sheet.write_string(1, 0, one.plan, looks["plain"])
    for number, line in enumerate(_HOW):
        sheet.write_string(2 + number, 0, f"{number + 1}. {line}", looks["plain"])
    _letter_head(sheet, _TOP - 2, one, looks)
    for name, number in places.items():
        look = looks["head_fill" if name in (ACTUAL, STATE, NOTE) else "head"]
        text = one.mark.written() if name == _MARK_COLUMN else name
        sheet.write_string(_TOP, number, text, look)
        if name in _NOTES:
            sheet.write_comment(_TOP, number, _NOTES[name], {"x_scale": 2.2, "y_scale": 2.0})
    sheet.set_row(_TOP, 22)
    for number, row in enumerate(one.rows, _TOP + 1):
        _row(sheet, number, row, places, looks)
    last = _promises(sheet, _TOP + len(one.rows) + 2, one, looks) or _TOP + max(len(one.rows), 1)
    _behaviour(sheet, one, places, last)


def _letter_head(sheet: Any, at: int, one: EntrySheet, looks: dict[str, Any]) -> None:
    sheet.write_string(at, 0, "提出先", looks["label"])
    sheet.merge_range(at, 1, at, 3, "", looks["line"])
    sheet.write_string(at, 1, one.contact, looks["line"])
    sheet.write_string(at, 6, "提出期限", looks["label"])
    sheet.merge_range(at, 7, at, 11, "", looks["line"])
    sheet.write_string(at, 7, one.due, looks["line"])


def _row(sheet: Any, at: int, row: SheetRow, places: dict[str, int], looks: dict[str, Any]) -> None:
    texts = (
        *((row.action, "words"), (row.mark.given.key.indicator, "words"), (row.name, "words")),
        *((row.unit, "centre"), (row.baseline, "right"), (row.target_before, "right")),
        *((row.actual_before, "right"), (row.letter_before, "centre"), (row.target, "right")),
        (row.mark.written(), "hidden"),
        (row.actual, "fill" if row.mark.open else "sum"),
        (row.state, "fill_words" if row.mark.open else "sum"),
        (row.note, "fill_words"),
    )
    for column, (text, look) in enumerate(texts):
        if text:
            sheet.write_string(at, column, text, looks[look])
        else:
            sheet.write_blank(at, column, None, looks[look])
    measured = row.mark.given.measured_year
    if row.mark.open and measured is not None:
        sheet.write_comment(at, places[ACTUAL], f"{year_label(measured)}に測定した値です。")
    sheet.set_row(at, 14 * _lines(row, places) + 3)


def _promises(sheet: Any, at: int, one: EntrySheet, looks: dict[str, Any]) -> int:
    """Write below the table what is to be answered; returns the last row, 0 where there is nothing."""
    if not one.promises:
        return 0
    told = f"前の評価で約束した改善（{len(one.promises)}件）。どうなったかを、その取組の「{NOTE}」に書いてください。"
    sheet.write_string(at, 0, told, looks["bold"])
    for number, (item, promise) in enumerate(one.promises, at + 1):
        sheet.write_string(number, 0, item, looks["plain"])
        sheet.write_string(number, 2, promise, looks["plain"])
    return at + len(one.promises)


def _lines(row: SheetRow, places: dict[str, int]) -> int:
    """Return into how many lines the longest text of a row is broken."""
    widths = [wide for _, wide in _columns(row.mark.given.key.year)]
    texts = {_ACTION: row.action, _NAME: row.name, NOTE: row.note, "基準値": row.baseline}
    texts[ACTUAL] = max(
        row.actual, row.actual_before, row.target, key=lambda text: text.count("\n")
    )
    return max(
        sum(-(-max(width(line), 1) // int(widths[places[name]] - 2)) for line in text.split("\n"))
        for name, text in texts.items()
    )


def _behaviour(sheet: Any, one: EntrySheet, places: dict[str, int], end: int) -> None:
    """Choices, messages, protection, panes and the page."""
    first, last = _TOP + 1, _TOP + max(len(one.rows), 1)
    state, actual, note = places[STATE], places[ACTUAL], places[NOTE]
    sheet.data_validation(
        *(first, state, last, state),
        {
            "validate": "list",
            "source": list(STATE_WORDS),
            "input_title": STATE,
            "input_message": "数が出ないときや見込みのときに選びます。数を書いたら空けておきます。",
            "error_title": STATE,
            "error_message": "一覧の中から選んでください。",
        },
    )
    sheet.data_validation(
        *(first, actual, last, actual),
        {
            "validate": "any",
            "input_title": ACTUAL,
            "input_message": "数だけを書きます。単位は要りません。",
        },
    )
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(note)}{last + 1}"})
    sheet.protect(
        "", {"format_columns": True, "format_rows": True, "format_cells": True, "autofilter": True}
    )
    sheet.freeze_panes(_TOP + 1, places[_NAME] + 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.repeat_rows(_TOP)
    sheet.print_area(0, 0, end, note)
    sheet.set_footer("&L&F　&A&R&P / &N ページ")
    sheet.set_selection(first, actual, first, actual)

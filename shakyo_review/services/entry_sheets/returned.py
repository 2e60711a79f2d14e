"""A 記入シート that came back: what the committee has changed, set beside the book as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from shakyo_review.domain.cell import Cell, CellKey, CellTable
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.indicator import Direction, Indicator, Measure, Parts
from shakyo_review.domain.value import Reading
from shakyo_review.errors import ReviewError, ValueProblem, WrongUsage, quoted
from shakyo_review.exchange.entry_sheet import Definition
from shakyo_review.exchange.entry_sheet.reading import (
    Filled,
    FilledRow,
    Typed,
    is_entry_sheet,
    read_sheets,
)
from shakyo_review.exchange.textfile import shown_name
from shakyo_review.exchange.understanding import refused
from shakyo_review.exchange.workbook import check_said, read_workbook
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import checked_text
from shakyo_review.services.entry_sheets.rows import define, origin
from shakyo_review.services.entry_sheets.words import (
    agreed,
    note_of,
    plain_word,
    read_actual,
    read_state,
    words_of,
)
from shakyo_review.services.incoming import Incoming, Proposed
from shakyo_review.storage.plans import Edition


def read_entry_sheet(book: ReviewBook, path: Path, year: int | None = None) -> Incoming | None:
    """Return what a workbook's 記入シート would change; None where it has none.

    ``year`` is the only one admitted, if given. Raises ``SheetProblem`` for a workbook that cannot be
    read and ``ImportRefused`` with every bad cell as 「シート「社協」のK12: …」.
    """
    sheets = read_workbook(path, hidden=True)
    if not is_entry_sheet(sheets):
        return None
    name = shown_name(path)
    filled = read_sheets(sheets)
    taking = _Taking(book, filled, year, origin(book))
    for row in filled.rows:
        taking.take(row)
    proposals, unchanged = taking.proposals()
    if filled.problems:
        raise refused(name, filled.problems)
    for one in proposals:
        if book.state(one.key.year).closed:
            raise WrongUsage(
                f"「{name}」は取り込めません。{year_label(one.key.year)}は確定しています（{one.where} など）。",
                "誤りを直すときは、正誤として残すか、確定を解いてください。何も変わっていません。",
            )
    return Incoming(name, proposals, unchanged, tuple(filled.remarks), book.editions)


@dataclass(slots=True)
class _Figure:
    """What the sheets say about one cell: what was given out, and each change with its place."""

    given: Cell
    at: str
    readings: list[tuple[str, Reading]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def changed_from(self, given: Cell) -> None:
        """Take note of what a changed row was given out with; of several the oldest."""
        if (not self.readings and not self.notes) or given.version < self.given.version:
            self.given = given


@dataclass(slots=True)
class _Taking:
    """One pass over the rows of a workbook."""

    book: ReviewBook
    filled: Filled
    year: int | None
    origin: str
    figures: dict[CellKey, _Figure] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)
    cleared: list[str] = field(default_factory=list)
    _years: dict[int, tuple[Edition, CellTable]] = field(default_factory=dict)

    def _known(self, year: int) -> tuple[Edition, CellTable]:
        """Return plan and cells of a year, asked of the book once."""
        if year not in self._years:
            self._years[year] = self.book.edition_of(year), self.book.cells(year)
        return self._years[year]

    def take(self, row: FilledRow) -> None:
        """Take in one row; what is wrong with it is noted as a problem."""
        mark = row.mark
        if mark.book != self.origin:
            self._refuse_sheet(
                row, "別の台帳から出した記入シートの行です。この台帳の記入シートを使ってください。"
            )
            return
        year = mark.given.key.year
        if self.year is not None and year != self.year:
            self._refuse_sheet(
                row,
                f"{year_label(year)}の記入シートです（{year_label(self.year)}に取り込もうとしています）。"
                "年度を確かめてください。",
            )
            return
        if not self._known(year)[0].plan.accepts_year(year):
            self._refuse_sheet(
                row, f"{year_label(year)}は計画の期間の外です。年度を確かめてください。"
            )
            return
        found = self._find(row)
        if found is None:
            return
        key, indicator = found
        given = replace(mark.given, key=key)
        figure = self.figures.setdefault(key, _Figure(given, row.at))
        reading = self._read(row, indicator, given)
        if reading is not None and (reading != given.reading or given.example):
            figure.changed_from(given)
            figure.readings.append((row.actual.at if row.actual else row.at, reading))
        note = self._note(row, given)
        if note is not None and row.note is not None:
            figure.changed_from(given)
            figure.notes.append((row.note.at, note))

    def _refuse_sheet(self, row: FilledRow, text: str) -> None:
        """Note what is wrong with all rows of a sheet, once."""
        sheet = row.at.rpartition("の")[0]
        if (sheet, text) not in self.refused:
            self.refused.add((sheet, text))
            self._problem(row.at, text)

    def _problem(self, at: str, text: str) -> None:
        self.filled.problems.append(f"{at}: {text}")

    def _find(self, row: FilledRow) -> tuple[CellKey, Indicator] | None:
        """Return the cell a row is about by the plan as it is now, if it still means the same."""
        mark, year = row.mark, row.mark.given.key.year
        name = mark.given.key.indicator
        edition, _ = self._known(year)
        known = edition.figures.get(mark.definition.indicator_id)
        if known is None:
            self._gone(row, f"指標{quoted(name)}は、いまの計画の{year_label(year)}にありません。")
            return None
        code = known[0]
        if define(edition, code) != mark.definition:
            self._gone(row, f"指標{quoted(name)}の単位か桁が、渡した後に変わりました。")
            return None
        branch = mark.given.key.branch
        if branch and branch not in edition.plan.branches_of(code):
            self._gone(row, f"指標{quoted(name)}の「{branch}」は、いまの計画にありません。")
            return None
        return replace(mark.given.key, indicator=code), edition.plan.indicators[code]

    def _gone(self, row: FilledRow, why: str) -> None:
        """Refuse a row the plan has no place for, unless nothing was written into it."""
        if self._touched(row):
            self._problem(row.at, f"{why}記入シートを出し直してください。")
        else:
            self.filled.remarks.append(f"{row.at}: {why}記入がないので、そのままにします。")

    def _touched(self, row: FilledRow) -> bool:
        given = row.mark.given
        told = (*words_of(_as_given(row.mark.definition), given), note_of(given))
        there = (row.actual, row.state, row.note) if row.mark.open else (None, None, row.note)
        return any(typed and typed.text != had for typed, had in zip(there, told, strict=True))

    def _read(self, row: FilledRow, indicator: Indicator, given: Cell) -> Reading | None:
        """Return what 実績 and 状態 of a row say; None where nobody has changed them."""
        if not row.mark.open:
            return None
        value, state = row.actual, row.state
        had = words_of(indicator, given)
        typed = (
            had[0] if value is None else value.text,
            had[1] if state is None else plain_word(state.text),
        )
        if typed == had:
            return None
        if typed == ("", ""):
            self.cleared.append((value or state or row).at)
            return None
        return self._joined(row, indicator, *typed)

    def _joined(
        self, row: FilledRow, indicator: Indicator, value: str, state: str
    ) -> Reading | None:
        at = (row.actual or row.state or Typed(row.at, "")).at
        try:
            reading = read_actual(indicator, value)
        except ReviewError as problem:
            self._problem(at, str(problem))
            return None
        if not state:
            return reading
        try:
            return agreed(reading, read_state(indicator, state), state)
        except ValueProblem as problem:
            self._problem(row.state.at if row.state else at, str(problem))
            return None

    def _note(self, row: FilledRow, given: Cell) -> str | None:
        """Return what 実施内容 says; None where nobody has changed it."""
        if row.note is None:
            return None
        try:
            text = checked_text(row.note.text, "実施内容").strip()
        except ReviewError as problem:
            self._problem(row.note.at, str(problem))
            return None
        if text == checked_text(note_of(given), "実施内容").strip():
            return None
        if not text:
            self.cleared.append(row.note.at)
            return None
        try:
            check_said(text)
        except ValueProblem as problem:
            self._problem(row.note.at, str(problem))
            return None
        return text

    def proposals(self) -> tuple[tuple[Proposed, ...], int]:
        """Return what would change, and how many figures would not."""
        if self.cleared:
            more = f" ほか{len(self.cleared) - 1}か所" if len(self.cleared) > 1 else ""
            self.filled.remarks.append(
                f"{self.cleared[0]}{more}: 消されていますが、空欄では台帳の値を消しません。"
                "取り消すときは、状態で「未入力」を選んでください。"
            )
        found = []
        for key, one in self.figures.items():
            proposed = self._proposed(key, one)
            if proposed is not None:
                found.append(proposed)
        return tuple(found), len(self.figures) - len(found)

    def _proposed(self, key: CellKey, one: _Figure) -> Proposed | None:
        self._check_agree(one.readings)
        self._check_agree(one.notes)
        if not one.readings and not one.notes:
            return None
        now = self._known(key.year)[1].get(key)
        after = now
        if one.readings and (one.readings[0][1] != now.reading or now.example):
            after = replace(after, reading=one.readings[0][1], measured_year=None, example=False)
        if one.notes:
            after = replace(after, note=one.notes[0][1])
        if after == now:
            return None
        at = (one.readings or one.notes)[0][0]
        return Proposed(key, at, now, after, one.given)

    def _check_agree(self, told: Sequence[tuple[str, object]]) -> None:
        """Note a problem where the same cell came back with different contents."""
        for at, content in told[1:]:
            if content != told[0][1]:
                self._problem(
                    at, f"同じ欄が{told[0][0]}にもあり、内容が違います。どちらかに揃えてください。"
                )


def _as_given(about: Definition) -> Indicator:
    """Return the indicator a row was made of, as far as the words of its cells need it."""
    return Indicator(
        code="a",
        name="a",
        unit=about.unit,
        decimals=about.decimals,
        parts=Parts(about.parts),
        direction=Direction.NONE,
        measure=Measure.ANNUAL,
    )

"""The figures of a 進捗管理シート as cells of the book, through the one parser; what cannot be read is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from shakyo_review.domain.cell import BLANK, Cell, CellKey, Kind
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.value import (
    Reading,
    State,
    fold_unit,
    format_reading,
    parse_value,
    read_number,
)
from shakyo_review.errors import ReviewError, ValueProblem, quoted
from shakyo_review.exchange.tracking import Figure, Line, Spot
from shakyo_review.exchange.tracking.words import FIELD_LABELS, Field
from shakyo_review.exchange.workbook import cell_text, check_said
from shakyo_review.services.entry import checked_text, understand

_DONE = frozenset("入力済み 入力済 実施 実施済 実施済み 済 済み 完了 実績あり 数値".split())  # noqa: SIM905
"""Words of a state that say no more than that there is a figure."""
_SENTENCE = 20
_NO_FIGURE = (State.UNKNOWN, State.NOT_ENTERED)


@dataclass(slots=True)
class Said:
    """What the rows of a file say of one cell: figures and what was done, each with its place."""

    readings: list[tuple[Spot, Reading]] = field(default_factory=list)
    notes: list[tuple[Spot, str]] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    """What a file says of the cells of a book, and what is to be told of the rest."""

    cells: dict[CellKey, Said] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Those of the remarks that are about a value of a known indicator nobody can read."""

    def tell_unread(self, text: str) -> None:
        """Tell of a value that cannot be taken as it stands."""
        self.remarks.append(text)
        self.unread.append(text)

    def take(
        self,
        line: Line,
        indicator: Indicator,
        year: int,
        figures: Iterable[Figure],
        branch: str = "",
    ) -> None:
        """Take what a row says of an indicator in a year, in all of the plan or in a branch."""
        if line.unit and indicator.unit and fold_unit(line.unit) != fold_unit(indicator.unit):
            self.tell_unread(
                f"{line.spot.text}: 単位が{quoted(line.unit, 20)}で、計画の単位「{indicator.unit}」と違うため、"
                f"「{indicator.name}」の行は読んでいません。"
            )
            return
        found: dict[Field, tuple[Spot, Reading]] = {}
        for one in figures:
            try:
                if one.field is Field.NOTE:
                    note = checked_text(cell_text(one.cell), "実施内容")
                    check_said(note)
                    key = CellKey(indicator.code, year, Kind.ACTUAL, branch)
                    self.cells.setdefault(key, Said()).notes.append((one.spot, note))
                elif (reading := _reading(one, indicator)) is not None:
                    found[one.field] = one.spot, reading
            except ReviewError as problem:
                self.tell_unread(f"{one.spot.text}: {problem}")
        if Field.TARGET in found and found[Field.TARGET][1].state not in _NO_FIGURE:
            self._put(CellKey(indicator.code, year, Kind.TARGET, branch), found[Field.TARGET])
        if (actual := self._actual(found, indicator)) is not None:
            self._put(CellKey(indicator.code, year, Kind.ACTUAL, branch), actual)

    def _put(self, key: CellKey, told: tuple[Spot, Reading]) -> None:
        self.cells.setdefault(key, Said()).readings.append(told)

    def _actual(
        self, found: dict[Field, tuple[Spot, Reading]], indicator: Indicator
    ) -> tuple[Spot, Reading] | None:
        """Return the actual of a row, from the column of figures or that of states."""
        actual, state = found.get(Field.ACTUAL), found.get(Field.STATE)
        if actual is None or state is None:
            return actual or state
        if actual[1] == state[1] or actual[1].state in _NO_FIGURE:
            return state
        shown = format_reading(actual[1], indicator.figure_decimals)
        word = format_reading(state[1])
        self.tell_unread(
            f"{actual[0].text}: 実績「{shown}」と状態「{word}」（{state[0].cell}）が食い違うため、読んでいません。"
        )
        return None


def _reading(one: Figure, indicator: Indicator) -> Reading | None:
    """Return what a figure says; None where it says nothing, ``BLANK`` for a dash. Raises ``ValueProblem``."""
    text = " ".join(cell_text(one.cell).split("\n")).strip()
    check_said(text)
    if len(text) == 1 and parse_value(text).state is State.UNKNOWN:
        return None if one.field is Field.STATE else BLANK
    if one.field is Field.STATE:
        return _state(text)
    if (len(text) > _SENTENCE or "。" in text) and not text.startswith("「"):
        raise ValueProblem(
            f"{FIELD_LABELS[one.field]}に文章{quoted(text, 20)}が書かれています。",
            "数か短い言葉だけを読みます。文章は実施内容の列に書いてください。",
        )
    _check_share(text, indicator)
    reading = understand(indicator, text)
    return None if reading.state is State.NOT_ENTERED else reading


def _check_share(text: str, indicator: Indicator) -> None:
    """Refuse 0.985 where 98.5 per cent are meant; where two decimals are usual, it may be meant so."""
    if fold_unit(indicator.unit) != "%" or indicator.decimals > 1:
        return
    try:
        value = read_number(text)
    except ValueProblem:
        return
    if 0 < abs(value) < 1:
        whole = f"{(value * 100).normalize():f}"
        raise ValueProblem(
            f"単位が％で、値が{text}です。", f"{whole}％なら {whole} と書いてください。"
        )


def _state(text: str) -> Reading | None:
    if text in _DONE:
        return None
    reading = parse_value(text)
    if reading.state in (State.VALUE, State.TEXT, State.NOT_ENTERED):
        raise ValueProblem(
            f"状態{quoted(text, 20)}は分かりません。",
            "中止・調査未実施・未公表・集計中・対象外などと書いてください。",
        )
    return reading


def proposals(
    gathered: Gathered, before: dict[CellKey, Cell], names: dict[CellKey, str]
) -> Iterator[tuple[CellKey, Spot, Cell]]:
    """Yield each cell as it would stand, with its place in the file; what is told twice is a remark."""
    for key, said in gathered.cells.items():
        cell = before[key]
        readings = {reading for _, reading in said.readings}
        notes = {note for _, note in said.notes}
        for many, told in ((readings, said.readings), (notes, said.notes)):
            if len(many) > 1:
                places = "と".join(spot.text for spot, _ in told[:2])
                gathered.tell_unread(
                    f"{places}に、{names[key]}の違う値があるため、読んでいません。どちらか1つにしてください。"
                )
        after, spots = cell, []
        if len(readings) == 1:
            spot, reading = said.readings[0]
            if reading == BLANK:
                if cell.reading != BLANK:
                    gathered.remarks.append(
                        f"{spot.text}: 横棒は値ではないため、台帳の値のままにします（{names[key]}）。"
                    )
            else:
                spots.append(spot)
                if reading != cell.reading:
                    after = replace(after, reading=reading, measured_year=None, example=False)
        if len(notes) == 1:
            spots.append(said.notes[0][0])
            after = replace(after, note=said.notes[0][1])
        if spots:
            yield key, spots[0], after

"""The rows of a plan's table: what each says of items and of an indicator."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shakyo_review.domain.fiscal_year import parse_year
from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    MEASURE_LABELS,
    Direction,
    Indicator,
    Measure,
    TargetKind,
)
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import STATE_LABELS, State, parse_value
from shakyo_review.errors import ReviewError, ValueProblem, quoted
from shakyo_review.exchange.plan_columns import Columns
from shakyo_review.exchange.workbook import Cell, Sheet, cell_text, column_letters

_DASHES = re.compile("[－−‐‑–—―ー]")
_LEADING = re.compile(r"([0-9]+(?:[-.][0-9]+)*)(?:[.):]\s*|\s+)(\S.*)")
_OWNER = re.compile(r"(.+?)[（(](.+)[）)]")
_DIRECTIONS = {
    **{label: one for one, label in DIRECTION_LABELS.items()},
    **dict.fromkeys(
        ("増加", "増", "増やす", "上昇", "↑", "高い", "多いほど良い"), Direction.HIGHER
    ),
    **dict.fromkeys(
        ("減少", "減", "減らす", "低下", "↓", "低い", "少ないほど良い"), Direction.LOWER
    ),
    **dict.fromkeys(("維持", "→"), Direction.KEEP_MIN),
}
_MEASURES = {
    **{label: one for one, label in MEASURE_LABELS.items()},
    **dict.fromkeys(("年間", "毎年"), Measure.ANNUAL),
    **dict.fromkeys(("累積", "延べ累計"), Measure.CUMULATIVE),
    **dict.fromkeys(("時点値", "年度末"), Measure.POINT_IN_TIME),
}
KIND_LABELS = {TargetKind.EVERY_YEAR: "毎年の目標", TargetKind.FINAL_YEAR: "最終年度の目標"}
_KINDS = {
    **{label: one for one, label in KIND_LABELS.items()},
    **dict.fromkeys(("毎年", "毎年度"), TargetKind.EVERY_YEAR),
    **dict.fromkeys(("最終年", "最終年度", "最終"), TargetKind.FINAL_YEAR),
}


def owners_of(typed: str) -> list[dict[str, str]]:
    """Read 社協（総務課）、市 as owners."""
    owners = []
    for word in (part.strip() for part in re.split(r"[、，,\n]", typed)):
        if word:
            found = _OWNER.fullmatch(word)
            part, name = (found[1].strip(), found[2].strip()) if found else (word, word)
            owners.append({"part": part, "name": name})
    return owners


def words_of(typed: str) -> list[str]:
    """Return words separated by 、, commas or ・."""
    return [word.strip() for word in re.split(r"[、，,・\n]", typed) if word.strip()]


def one_word(typed: str) -> str:
    """Return a code as it is written in plans: half width, without blanks."""
    return _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", typed).split()))


@dataclass(slots=True)
class Row:
    """A row of a table: ``items`` are (level, name, code) from the top; ``first`` begins a sheet."""

    sheet: str
    number: int
    columns: Columns
    cells: tuple[Cell, ...]
    items: list[tuple[int, str, str | None]] = field(default_factory=list)
    first: bool = False

    def column(self, name: str) -> int | None:
        """Return the column of a field."""
        if name == "code" and self.columns.codes:
            return self.columns.codes[0]
        if name in ("item", "code") and "item" not in self.columns.fields and self.columns.levels:
            level = self.items[-1][0] if self.items else 0
            return self.columns.levels[min(level, len(self.columns.levels) - 1)][0]
        return self.columns.fields.get(name)

    def at(self, column: int | None) -> str:
        """Return sheet and cell for a message: シート「計画」の C5."""
        cell = f"{self.number}行目" if column is None else f"{column_letters(column)}{self.number}"
        return f"シート「{self.sheet}」の {cell}"

    def place(self, name: str) -> str:
        """Return sheet and cell of a field."""
        return self.at(self.column(name))

    def cell(self, column: int | None) -> Cell:
        """Return what stands in a column."""
        return "" if column is None or column >= len(self.cells) else self.cells[column]

    def text(self, name: str, problems: list[str]) -> str:
        """Return the text of a field, '' for none; a date is a problem."""
        return self.text_at(self.column(name) if name != "code" else None, problems, name)

    def text_at(self, column: int | None, problems: list[str], name: str = "") -> str:
        """Return the text of a column on one line."""
        try:
            text = cell_text(self.cell(column))
        except ValueProblem as problem:
            problems.append(f"{self.at(column)}: {problem}")
            return ""
        joined = " ".join(text.split("\n")).strip()
        return "".join(c for c in joined if c.isprintable() or c == "\u3000")

    @property
    def has_indicator(self) -> bool:
        """Whether the row has an indicator, or figures that want one."""
        named = self.cell(self.column("indicator")) != ""
        columns = [self.column("baseline"), self.column("final"), *self.columns.targets.values()]
        return named or any(self.cell(column) != "" for column in columns)


def rows_of(
    sheet: Sheet, columns: Columns, problems: list[str], levels: list[str]
) -> Iterator[Row]:
    """Yield the rows of a table that say anything; ``levels`` takes the words of a level column."""
    first = True
    for number, cells in enumerate(sheet.rows[columns.row :], columns.row + 1):
        row = Row(sheet.name, number, columns, cells, first=first)
        row.items = list(_items(row, problems, levels))
        if row.items or row.has_indicator:
            yield row
            first = False


def _items(
    row: Row, problems: list[str], levels: list[str]
) -> Iterator[tuple[int, str, str | None]]:
    columns = row.columns
    if "level" in columns.fields and "item" in columns.fields:
        name = row.text("item", problems)
        if name:
            code = row.text_at(columns.codes[0], problems) if columns.codes else ""
            yield _level(row, levels, problems), *_coded(name, one_word(code))
        return
    named = [(n, col, row.text_at(col, problems)) for n, (col, _) in enumerate(columns.levels)]
    filled = [(n, col, name) for n, col, name in named if name]
    for place, (number, column, name) in enumerate(filled):
        code = ""
        if len(columns.codes) > 1:
            left = columns.levels[number - 1][0] if number else -1
            own = [one for one in columns.codes if left < one < column]
            code = row.text_at(own[-1], problems) if own else ""
        elif columns.codes and place + 1 == len(filled):
            code = row.text_at(columns.codes[0], problems)
        yield number, *_coded(name, one_word(code), own=not columns.codes)


def _coded(name: str, code: str, *, own: bool = False) -> tuple[str, str | None]:
    """Return name and code; without a column of codes the name may begin with one: 1-1 つながる."""
    if own:
        folded = _DASHES.sub("-", unicodedata.normalize("NFKC", name))
        found = _LEADING.fullmatch(folded)
        if found is not None:
            return name[len(name) - len(found[2]) :].strip(), found[1]
    return name, code or None


def _level(row: Row, levels: list[str], problems: list[str]) -> int:
    word = row.text("level", problems)
    folded = unicodedata.normalize("NFKC", word)
    number = re.fullmatch(r"(?:第|レベル)?([1-9])(?:階層|段目?|層)?", folded)
    if number is not None:
        while len(levels) < int(number[1]):
            levels.append(f"第{len(levels) + 1}階層")
        return int(number[1]) - 1
    if not word:
        problems.append(
            f"{row.place('level')}: 階層が空です。「基本目標」などの呼び名を書いてください。"
        )
        return 0
    if word not in levels:
        levels.append(word)
    return levels.index(word)


def item_of(row: Row, problems: list[str]) -> dict[str, Any]:
    """Return what a row says of its last item."""
    flags = words_of(row.text("flags", problems))
    flags += [word for column, word in row.columns.marks.items() if row.cell(column) != ""]
    fields: dict[str, Any] = {
        "owners": owners_of(row.text("owners", problems)),
        "flags": list(dict.fromkeys(flags)),
    }
    repeats = row.text("repeats", problems)
    if repeats:
        fields["repeats"] = one_word(repeats)
    if not row.has_indicator:
        fields["note"] = row.text("note", problems)
    return fields


def indicator_fields(row: Row, period: tuple[int, int], problems: list[str]) -> dict[str, Any]:
    """Return the fields of the indicator of a row; what cannot be read is a problem."""
    name = row.text("indicator", problems)
    if not name:
        problems.append(f"{row.place('indicator')}: 数値がありますが、指標の名前がありません。")
    unit, told = row.text("unit", problems), []
    figures = _Figures(row, unit, problems)
    targets = {y: f for y, c in row.columns.targets.items() if (f := figures.read(c)) is not None}
    actuals = {y: f for y, c in row.columns.actuals.items() if (f := figures.read(c)) is not None}
    dated: dict[str, dict[str, Any]] = {}
    for key, column, end in (("baseline", "baseline", None), ("final_target", "final", period[1])):
        figure = figures.read(row.column(column))
        if isinstance(figure, str):
            told.append(f"{'基準値' if key == 'baseline' else '最終目標'}: {figure}")
            figure = None
        year = _year(row, f"{column}_year", problems) or row.columns.years.get(column)
        if figure is not None or year is not None:
            dated[key] = {"value": figure, "year": year or (end if figure is not None else None)}
    low, high = (figures.number(row.column(key)) for key in ("low", "high"))
    given = row.text("decimals", problems)
    decimals = unicodedata.normalize("NFKC", given)
    note = "／".join(filter(None, [row.text("note", problems), *told]))
    final_only = not targets and dated.get("final_target", {}).get("value") is not None
    kind = _word(row, "target_kind", _KINDS, problems)
    return {
        "code": one_word(row.text("indicator_code", problems)),
        "name": name or "（名前なし）",
        "unit": unit,
        "direction": _word(row, "direction", _DIRECTIONS, problems) or Direction.NONE,
        "measure": _word(row, "measure", _MEASURES, problems) or Measure.ANNUAL,
        "target_kind": kind or (TargetKind.FINAL_YEAR if final_only else TargetKind.EVERY_YEAR),
        "decimals": int(decimals) if decimals.isdecimal() else figures.decimals,
        **dated,
        **({"low": low} if low is not None else {}),
        **({"high": high} if high is not None else {}),
        "source": row.text("source", problems),
        "note": note,
        "targets": targets,
        "actuals": actuals,
    }


def _word(row: Row, name: str, words: dict[str, Any], problems: list[str]) -> Any:
    text = row.text(name, problems)
    if not text or text in words:
        return words.get(text)
    labels = "・".join(dict.fromkeys([*words][: {"direction": 6, "measure": 3}.get(name, 2)]))
    problems.append(
        f"{row.place(name)}: {quoted(text)}は読めません。{labels} のどれかを書いてください。"
    )
    return None


def _year(row: Row, name: str, problems: list[str]) -> int | None:
    text = row.text(name, problems)
    try:
        return parse_year(text) if text else None
    except ReviewError as problem:
        problems.append(f"{row.place(name)}: {problem}")
        return None


class _Figures:
    """Reads the figures of one indicator, and how many decimals they have."""

    def __init__(self, row: Row, unit: str, problems: list[str]) -> None:
        self.row, self.unit, self.problems = row, unit, problems
        self.decimals = 0

    def number(self, column: int | None) -> Decimal | None:
        """Return a number; anything else is none."""
        figure = self.read(column)
        return figure if isinstance(figure, Decimal) else None

    def read(self, column: int | None) -> Decimal | str | None:
        """Return a number, a word that stands for one (随時, 中止), None for an empty cell."""
        text = self.row.text_at(column, self.problems)
        if not text:
            return None
        try:
            reading = parse_value(text, unit=self.unit, decimals=4)
        except ValueProblem as problem:
            self.problems.append(f"{self.row.at(column)}: {problem}")
            return None
        if reading.state is State.VALUE and reading.value is not None and not reading.forecast:
            value = reading.value.normalize()
            self.decimals = max(self.decimals, -int(value.as_tuple().exponent))
            return Decimal(f"{value:f}")
        if reading.state is State.UNKNOWN:
            return None  # a dash: there is none
        if reading.state is State.TEXT:
            return f"「{reading.text}」"
        return text if reading.state is State.VALUE else STATE_LABELS[reading.state]


def notes_of(
    plan: Plan, columns: Sequence[Columns], indicators: Sequence[tuple[Row, dict[str, Any]]]
) -> Iterator[str]:
    """Yield sentences on what the table did not say, and on what was not read."""
    open_ = sum(fields["direction"] is Direction.NONE for _, fields in indicators)
    if open_:
        yield (
            f"良い方向の書かれていない指標が{open_}件あり、「評価しない」にしてあります。"
            "計画の画面（F2 変える）で決めると、率と判定が出ます。"
        )
    small = [row for row, fields in indicators if _small_share(plan.indicators[fields["code"]])]
    if small:
        yield (
            f"{small[0].place('indicator')}{f' ほか{len(small) - 1}件' if len(small) > 1 else ''}: "
            "単位が％で値が1以下です。8％なら 0.08 ではなく 8 と書いてください。"
        )
    ignored = list(dict.fromkeys(head for one in columns for head in one.ignored if head))
    if ignored:
        yield f"読まなかった列: {'、'.join(ignored[:8])}{' ほか' if len(ignored) > 8 else ''}。"


def _small_share(indicator: Indicator) -> bool:
    figures = [indicator.baseline.value, indicator.final_target.value, *indicator.targets.values()]
    known = [one for one in figures if isinstance(one, Decimal)]
    return indicator.unit in ("%", "％") and bool(known) and all(0 < abs(one) <= 1 for one in known)

"""Rows of a table understood against a plan: all of them, or none and every bad one named."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from shakyo_review.domain.cell import KIND_LABELS, CellKey, Kind
from shakyo_review.domain.fiscal_year import parse_year, year_label
from shakyo_review.domain.funding import funding_code, funding_lines
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Plan
from shakyo_review.errors import ImportRefused, ReviewError, WrongUsage
from shakyo_review.exchange.row_fields import (
    WHOLE_PLAN,
    check_agreement,
    check_note,
    read_kind,
    read_measured,
    read_period,
    read_reading,
    read_state,
)
from shakyo_review.exchange.rows import MONEY, Entry, LongRow
from shakyo_review.exchange.sentences import shown
from shakyo_review.exchange.textfile import printable

_DATE = re.compile(
    r"\d{1,4}[/月]\d{1,2}日?|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{1,2}|\d{4}/\d+/\d+"
)

T = TypeVar("T")


def refused(source: str, problems: Sequence[str]) -> ImportRefused:
    """Return the error that names every problem and tells the first in its message."""
    more = f"（ほか {len(problems) - 1} 件）" if len(problems) > 1 else ""
    return ImportRefused(
        f"「{source}」は取り込めません。{problems[0]}{more}",
        "何も取り込んでいません。直してから、もう一度取り込んでください。",
        tuple(problems),
    )


def count_blank(rows: Iterable[LongRow]) -> int:
    """Return how many rows give no figure and are skipped by ``understand``."""
    return sum(row.blank and not row.note.strip() for row in rows)


def understand(
    plan: Plan,
    rows: Iterable[LongRow],
    *,
    source: str = "CSV",
    year_ok: Callable[[int], bool] | None = None,
    plan_of: Callable[[int], Plan] | None = None,
    aside: Callable[[str, int], str] | None = None,
) -> list[Entry]:
    """Return what rows say about cells of a plan, in their order.

    ``plan_of`` gives the plan of a fiscal year where it is not ``plan`` in all of them: rows have
    the codes of their year (baselines and final targets those of ``plan``). ``aside`` tells what
    is known of a code that the plan of a year does not have.

    A row without value and state leaves its cell as it is and is skipped (``count_blank``);
    ``not_entered`` empties a cell. ``year_ok`` tells which fiscal years are admitted (default:
    ``plan.accepts_year``). Raises ``ImportRefused`` with every problem as 「3行目 value: …」.
    """
    reader = _Reader(plan, year_ok, plan_of, aside)
    entries = [entry for row in rows if (entry := reader.entry(row)) is not None]
    if reader.problems:
        raise refused(source, reader.problems)
    return entries


@dataclass(frozen=True, slots=True)
class _Place:
    """What a row is about: an indicator, or a funding line (``indicator`` is None)."""

    code: str
    indicator: Indicator | None
    branches: tuple[str, ...] = ()


@dataclass
class _Reader:
    """One pass over a table."""

    plan: Plan
    year_ok: Callable[[int], bool] | None
    plan_of: Callable[[int], Plan] | None = None
    aside: Callable[[str, int], str] | None = None
    problems: list[str] = field(default_factory=list)
    seen: dict[CellKey, int] = field(default_factory=dict)
    years: dict[int | None, "_Codes"] = field(default_factory=dict)

    def entry(self, row: LongRow) -> Entry | None:
        """Return the entry of a row; None where it is blank or has problems, which are noted."""
        if row.blank:
            if row.note.strip():
                self._tell(row, "note", "注記だけの行です。value か state も書いてください。")
            return None
        before = len(self.problems)
        kind = self._read(row, "kind", read_kind)
        year = self._read(row, "fiscal_year", self._year)
        period = self._read(row, "period", lambda r: read_period(r, kind))
        measured = self._read(row, "measured_year", lambda r: read_measured(r, year))
        self._read(row, "note", check_note)
        if kind is None:
            return None
        codes = self._codes(year, kind)
        place = self._read(row, "indicator", lambda r: codes.place(r, kind))
        if place is None:
            return None
        branch = self._read(row, "branch", lambda r: codes.branch(r, kind, place))
        state = self._read(row, "state", read_state)
        reading = self._read(row, "value", lambda r: read_reading(r, place.indicator))
        if reading is not None and row.state.strip() and state is not None:
            self._read(row, "state", lambda r: check_agreement(r, state, reading))
        if year is None or period is None or branch is None:
            return None
        key = CellKey(place.code, year, kind, branch, period)
        first = self.seen.setdefault(key, row.row)
        if first != row.row:
            said = f"{row.row}行目: {first}行目と同じ欄です。どちらかの行を消してください。"
            self.problems.append(said)
        if len(self.problems) > before or reading is None:
            return None
        return Entry(row.row, key, reading, measured, row.note)

    def _read(self, row: LongRow, column: str, read: Callable[[LongRow], T]) -> T | None:
        """Return what ``read`` makes of a row; None where it refuses, which is noted."""
        try:
            return read(row)
        except ReviewError as problem:
            self._tell(row, column, str(problem))
            return None

    def _tell(self, row: LongRow, column: str, text: str) -> None:
        self.problems.append(printable(f"{row.row}行目 {column}: {text}"))

    def _year(self, row: LongRow) -> int:
        year = parse_year(row.fiscal_year)
        if self.year_ok is None:
            return self.plan.check_year(year)
        if not self.year_ok(year):
            raise WrongUsage(
                f"{year_label(year)}は、取り込める年度の外です。", "年度を確かめてください。"
            )
        return year

    def _codes(self, year: int | None, kind: Kind) -> "_Codes":
        """Return the codes of a row: those of its year, or for what is no figure of a year the plan's."""
        whole = kind in (Kind.BASELINE, Kind.FINAL_TARGET) or self.plan_of is None
        place = None if whole else year
        if place not in self.years:
            plan = self.plan
            if self.plan_of is not None and place is not None:
                plan = self.plan_of(place)
            self.years[place] = _Codes(plan, place, self.aside)
        return self.years[place]


@dataclass
class _Codes:
    """What may be written in a row of one year."""

    plan: Plan
    year: int | None
    aside: Callable[[str, int], str] | None

    def __post_init__(self) -> None:
        self.money = funding_lines(self.plan)
        self.branch_codes = {name: code for code, name in self.plan.branch_names.items()}
        self.branch_codes |= {code: code for code in self.plan.branch_codes}

    def place(self, row: LongRow, kind: Kind) -> _Place:
        """Return what a row is about."""
        code = unicodedata.normalize("NFKC", row.indicator).strip()
        if kind in MONEY:
            return _Place(self._funding(code), None)
        indicator = self.plan.indicators.get(code)
        if indicator is None:
            raise self._unknown(code)
        return _Place(code, indicator, self.plan.branches_of(code))

    def _funding(self, code: str) -> str:
        if code in self.money:
            return code
        if code not in self.plan.items:
            raise self._unknown(code)
        count = len(self.plan.items[code].node.funding)
        lines = [funding_code(code, number) for number in range(1, count + 1)]
        if count == 1:
            return lines[0]
        if not lines:
            raise WrongUsage(
                f"項目「{code}」に財源がありません。", "コードか kind を直してください。"
            )
        raise WrongUsage(
            f"項目「{code}」には財源が{count}つあります。",
            f"{'・'.join(lines)} のどれかを書いてください。",
        )

    def _unknown(self, code: str) -> WrongUsage:
        if not code:
            return WrongUsage("コードが空です。", "コードを書いてください。")
        known = "" if self.aside is None or self.year is None else self.aside(code, self.year)
        told = f"コード「{shown(code)}」は計画にありません。"
        if known:
            return WrongUsage(
                f"コード「{shown(code)}」は{year_label(self.year or 0)}の計画にありません（{known}）。",
                "年度かコードを直してください。",
            )
        if code in self.plan.items:
            own = [indicator.code for indicator in self.plan.items[code].node.indicators]
            hint = (
                f"指標のコード（{'・'.join(own[:5])}）を書いてください。"
                if own
                else "指標のコードを書いてください。"
            )
            return WrongUsage(f"「{code}」は項目のコードで、指標ではありません。", hint)
        if code in self.money:
            return WrongUsage(
                f"「{code}」は財源のコードです。", "kind を budget か settlement にしてください。"
            )
        if code in self.plan.indicators:
            return WrongUsage(
                f"「{code}」は指標のコードです。", "金額には財源のコードを書いてください。"
            )
        if _DATE.fullmatch(code):
            return WrongUsage(
                told,
                "表計算ソフトで日付に変わったようです。列を文字列にして、元のコードを書いてください。",
            )
        return WrongUsage(told, "コードを確かめてください。")

    def branch(self, row: LongRow, kind: Kind, place: _Place) -> str:
        """Return the code of the branch of a row."""
        written = row.branch.strip()
        if not written:
            return ""
        if kind in WHOLE_PLAN:
            raise WrongUsage(f"{KIND_LABELS[kind]}には区・支所を書けません。", "空にしてください。")
        code = self.branch_codes.get(written)
        word = self.plan.branch_word
        if code is None:
            hint = (
                "コードか名前を確かめてください。" if self.plan.branches else "空にしてください。"
            )
            raise WrongUsage(f"{word}「{shown(written)}」は計画にありません。", hint)
        if code not in place.branches:
            names = [self.plan.branch_names[branch] for branch in place.branches]
            raise WrongUsage(
                f"この指標は「{self.plan.branch_names[code]}」では取り組んでいません。",
                f"{'・'.join(names)} のどれかを書いてください。",
            )
        return code

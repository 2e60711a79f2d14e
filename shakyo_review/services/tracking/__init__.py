"""A council's own 進捗管理シート taken in: its columns settled, its rows matched, its figures set beside the book's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from shakyo_review.domain.cell import Cell, Kind
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.errors import WrongUsage, quoted
from shakyo_review.exchange.tracking import Figure, Line, Spot, lines_of
from shakyo_review.exchange.tracking.matching import Match, Matcher, code_key, name_key
from shakyo_review.exchange.tracking.words import FIGURES
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import act_on, place_text
from shakyo_review.services.incoming import Incoming, Proposed
from shakyo_review.services.tracking.cells import Gathered, proposals
from shakyo_review.services.tracking.columns import (
    ColumnsNeeded,
    Table,
    columns_of,
    heads_text,
    keep_mapping,
    keep_rows,
    problem_of,
    reading_text,
    tables_of,
    year_for,
)
from shakyo_review.services.tracking.kept import NOT_READ

__all__ = [
    "ColumnsNeeded",
    "Tracking",
    "Unmatched",
    "columns_of",
    "keep_mapping",
    "keep_rows",
    "look",
    "read_tracking",
    "understand_tables",
]

WHOLE = ("全市", "全体", "市全体", "全域", "全区", "全町", "全村", "全地区", "法人全体")
"""What stands in a column of 区・支所 for all of them together."""
MOST_REMARKS = 60
"""Remarks told at once where nobody can scroll in them."""
_NAMED = 8


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row whose indicator is not known for certain; ``key`` is by what it is known again."""

    fingerprint: str
    key: str
    spot: Spot
    name: str
    why: str
    year: int

    @property
    def text(self) -> str:
        """The sentence about it."""
        return f"{self.spot.text}: {self.why}。この行は読んでいません。"


@dataclass(frozen=True, slots=True)
class Tracking:
    """A file as it was read: its tables, what it would change, the rows nobody could match."""

    name: str
    tables: tuple[Table, ...]
    incoming: Incoming
    unmatched: tuple[Unmatched, ...]


def read_tracking(
    book: ReviewBook,
    path: Path,
    year: int | None = None,
    mapping: Mapping[str, str] | None = None,
    *,
    sheet: str = "",
) -> Incoming:
    """Return what a 進捗管理シート (.xlsx, or .csv with other heads than the long CSV) would change.

    ``year`` None reads all years the heads name. ``mapping`` says what columns are (``columns_of``);
    else what is kept for such heads, else the words of the heads decide, and a remark tells so. Raises ``ReviewError`` where
    the file or its columns cannot be read, ``ColumnsNeeded`` where a person has to say what they are.
    """
    found = look(book, path, year, mapping, sheet=sheet)
    said = tuple(map(reading_text, filter(lambda one: not one.settled, found.tables)))
    remarks = found.incoming.remarks
    if len(remarks) > MOST_REMARKS:
        more = f"ほかに、読めなかった所が{len(remarks) - MOST_REMARKS}か所あります。"
        remarks = (*remarks[:MOST_REMARKS], more)
    return replace(found.incoming, remarks=(*said, *remarks))


def look(
    book: ReviewBook,
    path: Path,
    year: int | None = None,
    mapping: Mapping[str, str] | None = None,
    *,
    sheet: str = "",
) -> Tracking:
    """Read a file; as ``read_tracking``, with the tables and the rows nobody could match."""
    found, tables = tables_of(book, path, mapping, sheet=sheet)
    return understand_tables(book, found.name, tables, year)


def understand_tables(
    book: ReviewBook, name: str, tables: Iterable[Table], year: int | None
) -> Tracking:
    """Return what tables read so would change."""
    if year is not None:
        book.plan.check_year(year)
        if book.state(year).closed:
            raise WrongUsage(
                f"{year_label(year)}は確定しているため、「{name}」を取り込めません。",
                "誤りを直すときは、正誤として残すか、確定を解いてください（どちらも理由が要ります）。",
            )
    tables = tuple(tables)
    usable = [one for one in tables if not problem_of(one)]
    if not usable:
        first = tables[0]
        raise ColumnsNeeded(
            f"「{name}」のシート{quoted(first.head.sheet.name)}は、{problem_of(first)}。",
            f"「--columns 指標=C,実績=G」のように列を指定してください。見出し: {heads_text(first.head.columns)}。",
            tuple(one.head for one in tables),
        )
    work = _Work(book, name, year)
    for table in usable:
        work.read(table)
    work.check_found(usable)
    return Tracking(name, tables, work.incoming(usable), tuple(work.unmatched))


class _Work:
    """Reads the tables of one file for one book."""

    def __init__(self, book: ReviewBook, name: str, year: int | None) -> None:
        self.book, self.name, self.year = book, name, year
        self.gathered = Gathered()
        self.unmatched: list[Unmatched] = []
        self.years: set[int] = set()
        self.other_years: set[int] = set()
        self._told: set[Spot] = set()
        self._matchers: dict[int, Matcher] = {}

    def read(self, table: Table) -> None:
        """Read the rows of a table."""
        head = table.head
        columns = [one for one in head.columns if table.reading.get(one.number) in FIGURES]
        years = {one.number: year_for(table, one, self.year) for one in columns}
        where = f"シート{quoted(head.sheet.name)}"
        if all(year is None for year in years.values()):
            raise WrongUsage(
                f"{where}には、何年度の値かが書かれていません。",
                "「--year R7」のように年度を指定してください。",
            )
        unknown = [one.text for one in columns if years[one.number] is None]
        if unknown:
            self.gathered.remarks.append(
                f"{where}: 何年度の値か分からない列は読んでいません（{'、'.join(unknown)}）。"
            )
        above = head.year_above
        yearless = all(one.year is None for one in columns)
        if yearless and self.year is not None and above not in (None, self.year):
            self.gathered.remarks.append(
                f"{where}の表の上には「{year_label(above or 0)}」とあります。"
                f"{year_label(self.year)}の値として読みました。"
            )
        for line in lines_of(head, table.reading):
            self._take(table, line, years)

    def _take(self, table: Table, line: Line, years: Mapping[int, int | None]) -> None:
        by_year: dict[int, list[Figure]] = {}
        for one in line.figures:
            year = years.get(one.spot.column or 0)
            if year is not None:
                by_year.setdefault(year, []).append(one)
        for year, figures in sorted(by_year.items()):
            if not self._wanted(year):
                self.other_years.add(year)
                continue
            self.years.add(year)
            match = self._match(table, line, year)
            if match is None:
                continue
            if match.code:
                self._figures(line, match.code, year, figures)
                continue
            if line.spot not in self._told:
                self._told.add(line.spot)
                print_ = table.head.fingerprint
                self.unmatched.append(
                    Unmatched(print_, line.key, line.spot, line.name, match.why, year)
                )

    def _figures(self, line: Line, code: str, year: int, figures: list[Figure]) -> None:
        """Take the figures of a row whose indicator is known, and of which 区・支所 they are."""
        plan = self.book.editions.of(year).plan
        branch = ""
        if plan.branches and line.branch and line.branch not in WHOLE:
            named = {name_key(plan.branch_names[one]): one for one in plan.branches_of(code)}
            named |= {code_key(one): one for one in plan.branches_of(code)}
            found = named.get(name_key(line.branch)) or named.get(code_key(line.branch))
            if found is None:
                self.gathered.remarks.append(
                    f"{line.spot.text}: {quoted(line.branch)}は、指標「{code}」の{plan.branch_word}にありません。"
                    "この行は読んでいません。"
                )
                return
            branch = found
        self.gathered.take(line, plan.indicators[code], year, figures, branch)

    def _wanted(self, year: int) -> bool:
        if self.year is not None:
            return year == self.year
        return self.book.plan.accepts_year(year) and not self.book.state(year).closed

    def _match(self, table: Table, line: Line, year: int) -> Match | None:
        """Return the indicator of a row, as a person has said or as its words say; None: not to be read."""
        number = (table.rows or {}).get(line.key)
        if number == NOT_READ:
            return None
        edition = self.book.editions.of(year)
        if number is not None and number in edition.figures:
            return Match(edition.figures[number][0])
        if edition.number not in self._matchers:
            self._matchers[edition.number] = Matcher(edition.plan)
        return self._matchers[edition.number].match(line)

    def check_found(self, tables: list[Table]) -> None:
        """Refuse a file that has other years than the one asked for."""
        if self.year is None or self.years:
            return
        named = {
            year
            for table in tables
            for column in table.head.columns
            if table.reading.get(column.number) in FIGURES
            and (year := year_for(table, column, self.year)) is not None
        }
        if self.year not in named:
            told = "、".join(short_year(one) for one in sorted(named))
            raise WrongUsage(
                f"「{self.name}」に{year_label(self.year)}の列がありません。",
                f"書かれている年度: {told}。",
            )

    def incoming(self, tables: list[Table]) -> Incoming:
        """Return what the file would change."""
        book = self.book
        keys = list(self.gathered.cells)
        before = {key: book.cells(key.year).get(key) for key in keys}
        names = {key: place_text(key, book.editions.of(key.year).plan) for key in keys}
        made: list[Proposed] = []
        unchanged, foreign = 0, []
        for key, spot, after in proposals(self.gathered, before, names):
            if _same(before[key], after):
                unchanged += 1
            elif not book.may(act_on(key.kind), key.indicator, year=key.year):
                foreign.append(spot)
            else:
                made.append(Proposed(key, spot.text, before[key], after))
        remarks = [*(one.text for one in self.unmatched), *self.gathered.remarks]
        if foreign:
            remarks.append(
                f"{foreign[0].text}{f'ほか{len(foreign) - 1}件' if len(foreign) > 1 else ''}: "
                f"{book.who}さんには変えられない値（ほかの担当の実績、目標）なので、そのままにします。"
            )
        left = sorted(one for one in self.other_years if self.year is None)
        if left:
            remarks.append(
                f"{'・'.join(short_year(one) for one in left)}は、確定しているか計画の期間の外なので、読んでいません。"
            )
        unread = [
            column.text
            for table in tables
            for column in table.head.columns
            if column.text and column.number not in table.reading
        ]
        if unread:
            listed = list(dict.fromkeys(unread))
            more = " ほか" if len(listed) > _NAMED else ""
            remarks.append(f"読まなかった列: {'、'.join(listed[:_NAMED])}{more}。")
        order = {code: n for n, code in enumerate(book.plan.indicators)}
        kinds = list(Kind)
        made.sort(
            key=lambda one: (
                one.key.year,
                order.get(one.key.indicator, len(order)),
                kinds.index(one.key.kind),
            )
        )
        return Incoming(
            self.name,
            tuple(made),
            unchanged,
            tuple(remarks),
            book.editions,
            tuple(self.gathered.unread),
        )


def _same(before: Cell, after: Cell) -> bool:
    return (before.reading, before.note) == (after.reading, after.note)

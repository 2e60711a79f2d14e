"""A plan from an Excel table: one row for an item or an indicator, blank cells as above.

``read_sheet`` finds the table, ``SheetTable.plan`` makes the plan of it; every problem is told with sheet
and cell. What the table does not say is not made up: an indicator without a direction is not
judged until somebody says what is good, and the notes tell so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Node, Owner, Plan
from shakyo_review.errors import PlanProblem, WrongUsage
from shakyo_review.exchange.plan_columns import Columns, find_columns, heads_above, period_of
from shakyo_review.exchange.plan_rows import Row, indicator_fields, item_of, notes_of, rows_of
from shakyo_review.exchange.sentences import sentence
from shakyo_review.exchange.workbook import Sheet, SheetProblem, read_workbook

MOST = 20
"""Problems told at once."""
_ASIDE = ("例", "見本", "説明", "書き方")
"""Sheets with these in their names are there to be read, not to be taken over."""


@dataclass(slots=True)
class _Branch:
    """An item in the making."""

    row: Row
    node: dict[str, Any]
    children: list["_Branch"] = field(default_factory=list)
    code_given: bool = False


@dataclass(frozen=True, slots=True)
class SheetTable:
    """The tables of a workbook as they stand, and what it says above them."""

    name: str
    sheets: tuple[tuple[Sheet, Columns], ...]
    heads: dict[str, str]

    @property
    def period(self) -> tuple[int, int] | None:
        """The years of the plan: as told above the table, else those of its columns of targets."""
        told = period_of(self.heads.get("period", ""))
        years = sorted({year for _, columns in self.sheets for year in columns.targets})
        return told or ((years[0], years[-1]) if years else None)

    def plan(
        self,
        *,
        title: str = "",
        body: str = "",
        period: tuple[int, int] | None = None,
        code: str = "",
    ) -> tuple[Plan, tuple[str, ...]]:
        """Return the plan, and notes on what is left to be settled.

        Raises ``SheetProblem`` with every problem, and ``WrongUsage`` where title, body or years are
        told neither here nor in the workbook.
        """
        title, body = title or self.heads.get("title", ""), body or self.heads.get("body", "")
        period = period or self.period
        for what, label, option in (
            (title, "計画の名称", "--title"),
            (body, "団体", "--body"),
            (period, "計画期間", "--years"),
        ):
            if not what:
                raise WrongUsage(
                    f"「{self.name}」に「{label}」が書かれていません。",
                    f"表の上に「{label}」と書いて右のセルに入れるか、{option} で指定してください。",
                )
        assert period is not None  # noqa: S101  (said just above)
        return _Reader(self, period).plan(title, body, code or self.heads.get("code", "") or "plan")


def read_sheet(path: Path) -> SheetTable:
    """Return the tables of a workbook; raises ``SheetProblem`` where there is no plan in it."""
    name = path.name
    sheets = [s for s in read_workbook(path) if not any(word in s.name for word in _ASIDE)]
    found = [(sheet, columns) for sheet in sheets if (columns := find_columns(sheet)) is not None]
    if not found:
        raise SheetProblem(
            f"「{name}」に計画の表が見つかりません。",
            "見出しの行に「基本目標」「取組」「担当」「指標」「単位」「基準値」「R7」「最終目標」などと書いてください。"
            "ひな形は「plan sheet ファイル.xlsx」で出せます。",
        )
    best = max(found, key=lambda one: (one[1].known, len(one[0].rows)))
    words = [word for _, word in best[1].levels]
    alike = [one for one in found if [word for _, word in one[1].levels] == words]
    heads: dict[str, str] = {}
    for sheet, columns in [best, *alike]:
        heads = {**heads_above(sheet, columns), **heads}
    return SheetTable(name, tuple(alike), heads)


class _Reader:
    """Makes the plan of the tables; problems are gathered, none hides another."""

    def __init__(self, table: SheetTable, period: tuple[int, int]) -> None:
        self.table, self.period = table, period
        self.problems: list[str] = []
        self.levels = [word for _, word in table.sheets[0][1].levels]
        self.top: list[_Branch] = []
        self.by_code: dict[str, Row] = {}
        self.indicators: list[tuple[Row, dict[str, Any]]] = []

    def plan(self, title: str, body: str, code: str) -> tuple[Plan, tuple[str, ...]]:
        """Return plan and notes."""
        path: list[tuple[int, _Branch]] = []
        for row in self._rows():
            self._take(row, path)
        self._number(self.top, None)
        self._check_any()
        fields: dict[str, Any] = {
            "code": code,
            "title": title,
            "body": body,
            "first_year": self.period[0],
            "last_year": self.period[1],
            "levels": self.levels,
            "tree": [self._built(one) for one in self.top],
        }
        made: Plan | None = None
        if not self.problems:
            try:
                made = Plan.model_validate(fields)
            except ValidationError as problem:
                self.problems += [sentence(one) for one in problem.errors(include_url=False)]
            except PlanProblem as problem:
                row = self.by_code.get(problem.code)
                where = f"{row.place('code')}: " if row is not None else ""
                self.problems.append(f"{where}{problem}")
        if made is None:
            raise refusal(self.table.name, self.problems)
        return made, tuple(notes_of(made, [c for _, c in self.table.sheets], self.indicators))

    def _rows(self) -> Iterator[Row]:
        for sheet, columns in self.table.sheets:
            yield from rows_of(sheet, columns, self.problems, self.levels)

    def _take(self, row: Row, path: list[tuple[int, _Branch]]) -> None:
        """Put the items of a row into the tree, and its indicator to the last of them."""
        if row.first:
            path.clear()
        for place, (level, name, code) in enumerate(row.items):
            last = place + 1 == len(row.items)
            while path and path[-1][0] > level:
                path.pop()
            here = path[-1][1] if path and path[-1][0] == level else None
            same = here is not None and here.node["name"] == name
            if same and here is not None and code and here.code_given and here.node["code"] != code:
                same = False
            if same and here is not None:
                if last:
                    self._fill(here, row)
                continue
            if here is not None:
                path.pop()
            above = path[-1][1] if path else None
            branch = _Branch(row, {"name": name, "code": code or ""}, code_given=bool(code))
            if level != (path[-1][0] + 1 if path else 0):
                branch.node["level"] = level
            if last:
                self._fill(branch, row)
            (self.top if above is None else above.children).append(branch)
            path.append((level, branch))
        if row.has_indicator:
            if not path:
                self.problems.append(
                    f"{row.place('indicator')}: どの項目の指標か分かりません。左の列に項目を書いてください。"
                )
                return
            fields = indicator_fields(row, self.period, self.problems)
            path[-1][1].node.setdefault("indicators", []).append((row, fields))
            self.indicators.append((row, fields))

    def _fill(self, branch: _Branch, row: Row) -> None:
        """Give an item what its own row says of it."""
        for key, value in item_of(row, self.problems).items():
            if value and not branch.node.get(key):
                branch.node[key] = value

    def _number(self, branches: list[_Branch], parent: str | None) -> None:
        """Give codes where the table has none: 1, 1-1, 1-1-1 by place; indicators a, b under an item."""
        used = {one.node["code"] for one in branches if one.code_given}
        number = 0
        for branch in branches:
            if not branch.code_given:
                code = _above(branch) if parent is None or _above(branch) else ""
                while not code or code in used or code in self.by_code:
                    number += 1
                    code = f"{number}" if parent is None else f"{parent}-{number}"
                branch.node["code"] = code
            used.add(branch.node["code"])
            self.by_code[branch.node["code"]] = branch.row
            self._number(branch.children, branch.node["code"])

    def _built(self, branch: _Branch) -> dict[str, Any]:
        node = dict(branch.node)
        code = node["code"]
        own = []
        for place, (row, fields) in enumerate(node.pop("indicators", [])):
            given = dict(fields)
            if not given.get("code"):
                letter = chr(ord("a") + place) if place < 26 else f"z{place}"
                given["code"] = fields["code"] = f"{code}{letter}"
            self.by_code.setdefault(given["code"], row)
            try:
                own.append(Indicator.model_validate(given))
            except ValidationError as problem:
                self.problems += _told(problem, row)
        try:
            Node.model_validate(
                {**node, "owners": [Owner.model_validate(o) for o in node.get("owners", [])]}
            )
        except ValidationError as problem:
            self.problems += _told(problem, branch.row)
        children = [self._built(one) for one in branch.children]
        return {**node, "indicators": own, "children": children}

    def _check_any(self) -> None:
        if not self.top and not self.problems:
            sheet, columns = self.table.sheets[0]
            self.problems.append(
                f"シート「{sheet.name}」の{columns.row + 1}行目から下: 項目が1つも書かれていません。"
            )


def _above(branch: _Branch) -> str:
    """Return the code of an item as those under it have it: 1 over 1-1 and 1-2; '' where they do not agree."""
    codes = {one.node["code"].rpartition("-")[0] for one in branch.children if one.code_given}
    codes |= {_above(one).rpartition("-")[0] for one in branch.children if not one.code_given}
    return codes.pop() if len(codes) == 1 else ""


_FIELDS = {
    "name": "item",
    "code": "code",
    "unit": "unit",
    "baseline": "baseline",
    "final_target": "final",
    "note": "note",
    "source": "source",
    "owners": "owners",
    "flags": "flags",
}


def _told(problem: ValidationError, row: Row) -> Iterator[str]:
    for one in problem.errors(include_url=False):
        why = one.get("ctx", {}).get("error")
        named = next((str(part) for part in one["loc"] if isinstance(part, str)), "item")
        text = f"{why}。" if why is not None else sentence(one)
        yield f"{row.place(_FIELDS.get(named, named))}: {text}"


def refusal(name: str, problems: list[str]) -> SheetProblem:
    """Return the error that tells the first problem and how many more there are."""
    once = list(dict.fromkeys(problems))
    more = f"（ほか {len(once) - 1} 件）" if len(once) > 1 else ""
    return SheetProblem(f"「{name}」の{once[0]}{more}", "", tuple(once[:MOST]))


def period_text(period: tuple[int, int]) -> str:
    """Return a period as it is written above the table: R5〜R9."""
    return "〜".join(short_year(year) for year in period)

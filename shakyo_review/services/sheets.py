"""A plan from an Excel table, as an Excel table, or begun with nothing in it."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from shakyo_review.domain.fiscal_year import LAST, year_label
from shakyo_review.domain.plan import Plan
from shakyo_review.errors import PlanProblem, ValueProblem, WrongUsage, quoted
from shakyo_review.exchange.plan_columns import period_of
from shakyo_review.exchange.plan_sheet import empty_sheet, left_out, plan_sheet
from shakyo_review.exchange.plan_xlsx import SheetTable, read_sheet
from shakyo_review.services.files import write_whole

__all__ = ["LEVELS", "SheetTable", "empty_plan", "is_workbook", "outline", "read_sheet"]

LEVELS: tuple[tuple[str, ...], ...] = (
    ("基本目標", "施策", "取組"),
    ("基本目標", "基本計画", "実施計画", "具体的な取組"),
    ("基本目標", "取組"),
    ("基本方針", "重点目標", "実施項目"),
    ("重点課題", "推進項目", "事業"),
)
"""Words for the levels that are offered for a new plan."""
MOST_YEARS = 20
MOST_LEVELS = 8


def is_workbook(path: Path) -> bool:
    """Whether a file is meant to be an Excel workbook, by its name."""
    return path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xlsb")


def words_of_levels(typed: str) -> tuple[str, ...]:
    """Read the words of the levels from the top: 基本目標・施策・取組."""
    words = tuple(word.strip() for word in re.split(r"[・、，,＞>→/／]", typed) if word.strip())
    if not 1 <= len(words) <= MOST_LEVELS or len(set(words)) < len(words):
        raise ValueProblem(
            f"段の呼び名{quoted(typed)}は使えません。",
            f"「基本目標・施策・取組」のように、上から順に違う呼び名を{MOST_LEVELS}段まで書いてください。",
        )
    return words


def years_of(typed: str) -> tuple[int, int]:
    """Read the period of a plan: R7〜R11, 令和7年度から令和11年度まで, 2025-2029."""
    period = period_of(unicodedata.normalize("NFKC", typed))
    if period is None:
        raise ValueProblem(
            f"計画期間{quoted(typed)}は読めません。",
            "「R7〜R11」のように、始まりと終わりの年度を書いてください。",
        )
    if period[1] - period[0] >= MOST_YEARS or period[1] > LAST:
        raise ValueProblem(
            f"計画期間が長すぎます（{year_label(period[0])}〜{year_label(period[1])}）。",
            f"{MOST_YEARS}年までにしてください。",
        )
    return period


def coming_years() -> tuple[int, int]:
    """Return the period that is offered for a new plan: five years from the coming April on."""
    today = datetime.now(UTC).astimezone()
    first = today.year + (1 if today.month >= 4 else 0)
    return first, first + 4


def empty_plan(title: str, body: str, period: tuple[int, int], levels: Sequence[str]) -> Plan:
    """Return a plan with nothing in it yet; ``PlanProblem`` where a name cannot be one."""
    for what, text in (("計画の名称", title), ("団体", body)):
        if not text.strip():
            raise ValueProblem(f"{what}が空欄です。", f"{what}を書いてください。")
    try:
        return Plan(
            code="plan",
            title=title.strip(),
            body=body.strip(),
            first_year=period[0],
            last_year=period[1],
            levels=tuple(levels),
        )
    except ValidationError as problem:
        labels = {"title": "計画の名称", "body": "団体", "levels": "段の呼び名"}
        where = labels.get(str(problem.errors()[0]["loc"][0]), "計画")
        raise PlanProblem(
            f"{where}に使えない文字があるか、長すぎます。", "200文字までの1行で書いてください。"
        ) from None


def outline(plan: Plan) -> list[str]:
    """Return the tree of a plan as lines to be read before a book is made of it."""
    lines = []
    for item in plan.items.values():
        own = item.node.indicators
        told = f"（{'・'.join(one.name for one in own)}）" if own else ""
        lines.append(f"{'　' * (len(plan.path_of(item.code)) - 1)}{item.code} {item.name}{told}")
    return lines


def counts(plan: Plan) -> str:
    """Return how much there is in a plan: 基本目標2件・取組5件、指標8件."""
    by_label: dict[str, int] = {}
    for item in plan.items.values():
        by_label[item.label] = by_label.get(item.label, 0) + 1
    return f"{'・'.join(f'{label}{n}件' for label, n in by_label.items()) or '項目なし'}、指標{len(plan.indicators)}件"


def write_empty_sheet(path: Path, levels: Sequence[str], period: tuple[int, int]) -> Path:
    """Write the table to be filled in; an earlier file is never overwritten."""
    return _write_new(path, empty_sheet(levels, period))


def write_plan_sheet(path: Path, plan: Plan) -> tuple[str, ...]:
    """Write a plan as a table; returns what of it has no place there. An earlier file stays."""
    _write_new(path, plan_sheet(plan))
    return left_out(plan)


def _write_new(path: Path, content: bytes) -> Path:
    if path.suffix.lower() != ".xlsx":
        raise WrongUsage(
            f"「{path.name}」には書き出せません。", "名前の終わりを .xlsx にしてください。"
        )
    if path.exists():
        raise WrongUsage(
            f"「{path}」はすでにあります。", "別の名前にしてください。上書きはしません。"
        )
    write_whole(path, content)
    return path

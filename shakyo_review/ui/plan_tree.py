"""The plan as lines of a table, and all that is known of one line: read, never changed here."""

from dataclasses import dataclass
from decimal import Decimal

from rich.text import Text

from shakyo_review.domain.cell import CellTable
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    MEASURE_LABELS,
    PARTS_LABELS,
    RULE_LABELS,
    Against,
    Dated,
    Direction,
    Indicator,
    Parts,
    TargetKind,
)
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.domain.revision import CHANGE_LABELS, Revision
from shakyo_review.domain.scoring import TargetSource, YearTarget, score_indicator
from shakyo_review.domain.value import format_number, format_reading
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.revising import revisions
from shakyo_review.storage.cells import read_cells
from shakyo_review.storage.database import explained
from shakyo_review.ui.folding import FoldedTree
from shakyo_review.ui.history_list import codes_of
from shakyo_review.ui.path_chart import Column, Point, chart
from shakyo_review.ui.widgets.prose import Para

EARLIER = 4
"""Years before the plan whose results are drawn."""
CHART_WIDTH, CHART_HEIGHT = 36, 5
MANY = 150
"""Lines up to which a plan is shown unfolded at first."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line: an item, or (``indicator`` set) an indicator of it."""

    code: str
    depth: int
    name: str
    item: Item
    indicator: Indicator | None = None
    folds: bool = False


@dataclass(slots=True)
class PlanTree(FoldedTree):
    """Which items are unfolded."""

    @classmethod
    def of(cls, plan: Plan, before: "PlanTree | None" = None) -> "PlanTree":
        """Return the tree of a plan; what was unfolded before stays so."""
        tree = cls(plan)
        if before is not None:
            fresh = set(plan.items) - set(before.plan.items)
            tree.open = {c for c in before.open | fresh if c in plan.items and tree.folds(c)}
        elif len(plan.items) + len(plan.indicators) <= MANY:
            tree.toggle_all()
        else:
            tree.open = {item.code for item in plan.children_of(None) if tree.folds(item.code)}
        return tree

    def lines(self) -> list[PlanLine]:
        """Return the lines that are to be seen, in print order."""
        found: list[PlanLine] = []
        self._add(found, None, 0)
        return found

    def _add(self, found: list[PlanLine], parent: str | None, depth: int) -> None:
        for item in self.plan.children_of(parent):
            name = f"［再掲］{item.name}" if item.node.repeats is not None else item.name
            flags = f"［{'・'.join(item.node.flags)}］" if item.node.flags else ""
            found.append(
                PlanLine(item.code, depth, name + flags, item, folds=self.folds(item.code))
            )
            if item.code not in self.open:
                continue
            for one in item.node.indicators:
                found.append(PlanLine(one.code, depth + 1, f"・{one.name}", item, one))
            self._add(found, item.code, depth + 1)


def owners_text(item: Item) -> str:
    """Return who answers for an item, in one phrase."""
    return "、".join(owner.label for owner in item.owners) or "担当未定"


def dated_text(indicator: Indicator, dated: Dated) -> str:
    """Return a baseline or final target with its year: 14団体（R8）."""
    if dated.value is None:
        return "なし"
    year = "" if dated.year is None else f"（{short_year(dated.year)}）"
    return f"{format_number(dated.value, indicator.decimals)}{indicator.unit}{year}"


def final_text(indicator: Indicator) -> str:
    """Return the final target without unit and year, for a narrow column."""
    value = indicator.final_target.value
    return "" if value is None else format_number(value, indicator.decimals)


def target_text(indicator: Indicator, target: YearTarget) -> str:
    """Return the target of a year: as entered, in brackets where the path gives it, － for none."""
    if target.source is TargetSource.NONE:
        return "－"
    if target.source is TargetSource.PATH:
        return f"（{format_number(target.value, indicator.figure_decimals)}）"
    return format_reading(target.whole.reading, indicator.figure_decimals)


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The target and the actual of an indicator in a year."""

    year: int
    indicator: Indicator
    target: YearTarget
    actual: Decimal | None


def year_figures(book: ReviewBook, code: str, year: int) -> list[YearFigures]:
    """Return target and actual of an indicator in the years of the plan and before, by its code in ``year``."""
    number = book.identity(year).get(code)
    years = range(book.plan.first_year - EARLIER, book.plan.last_year + 1)
    with explained(book.path):  # its own cells alone: all cells of all years would be a long wait
        own = CellTable.of(read_cells(book.file.db, book.editions, years, number))
    found = []
    for one in years:
        there = next((c for c, n in book.identity(one).items() if n == number), None)
        plan = book.plan_of(one)
        if there in plan.indicators:
            indicator = plan.indicators[there]
            cells = book.cells(one) if book.state(one).closed else own
            score = score_indicator(plan, indicator, cells, one)
            found.append(YearFigures(one, indicator, score.target, score.actual.reading.value))
    return found


def path_points(figures: list[YearFigures], indicator: Indicator, first_year: int) -> list[Point]:
    """Return what is drawn of an indicator: its baseline, the actuals, the targets of the plan's years."""
    points = [Point(f.year, Column.ACTUAL, f.actual) for f in figures if f.actual is not None]
    start = indicator.baseline
    known = [point.year for point in points]
    if start.value is not None and start.year is not None and start.year not in known:
        points.append(Point(start.year, Column.ACTUAL, start.value))
    points += [
        Point(f.year, Column.TARGET, f.target.value)
        for f in figures
        if f.target.value is not None and f.year >= first_year
    ]
    return sorted(points, key=lambda one: (one.year, one.kind is not Column.ACTUAL))


def details(book: ReviewBook, year: int, code: str) -> list[Para | Text]:
    """Return all that is known of a line: what it is, and what has been changed in it."""
    plan = book.plan_of(year)
    if code in plan.indicators:
        told = _of_indicator(book, plan, plan.indicators[code], year)
    elif code in plan.items:
        told = _of_item(plan, plan.items[code])
    else:
        return []
    return [*told, *lineage(book, code)]


def _of_item(plan: Plan, item: Item) -> list[Para | Text]:
    node = item.node
    lines: list[Para | Text] = [
        Text(f"{item.label} {item.code}", style="bold"),
        Para(item.name),
        Para(owners_text(item), head="担当"),
    ]
    branches = plan.branch_codes if node.branches == "all" else node.branches
    own = len(node.indicators)
    below = sum(
        any(above.code == item.code for above in plan.path_of(action))
        for action in plan.action_of.values()
    )
    for head, text in (
        ("印", "・".join(node.flags)),
        ("再掲元", _named(plan, node.repeats)),
        (plan.branch_word, "・".join(plan.branch_names.get(b, b) for b in branches)),
        ("実施方法", node.method),
        ("注記", node.note),
        ("重み", "" if node.weight == 1 else f"{node.weight:f}"),
        ("統合の前", "・".join(node.merged_from)),
        ("分割の前", node.split_from or ""),
        ("前の番号", node.formerly or ""),
        ("指標", f"{own}件" if own == below else f"{own}件（下の段も含めて{below}件）"),
    ):
        if text:
            lines.append(Para(text, head=head))
    return lines


def _named(plan: Plan, code: str | None) -> str:
    if code is None:
        return ""
    return f"{code} {plan.items[code].name}" if code in plan.items else code


def _of_indicator(
    book: ReviewBook, plan: Plan, indicator: Indicator, year: int
) -> list[Para | Text]:
    item = plan.items[plan.action_of[indicator.code]]
    rule = indicator.rate_rule
    against = "最終目標" if indicator.judged_against is Against.FINAL_TARGET else "年度の目標"
    chosen = "" if indicator.rule is not None else "（方向から）"
    rule_text = "評価しない" if rule is None else f"{RULE_LABELS[rule]}{chosen}、{against}に対して"
    figures = year_figures(book, indicator.code, year)
    targets = [
        (one.year, target_text(one.indicator, one.target))
        for one in figures
        if one.year >= plan.first_year
    ]
    by_path = any(text.startswith("（") for _, text in targets)
    told = "　".join(f"{short_year(y)} {text}" for y, text in targets)
    direction = DIRECTION_LABELS[indicator.direction]
    if indicator.direction is Direction.RANGE:
        low, high = (format_number(v, indicator.decimals) for v in (indicator.low, indicator.high))
        direction = f"{direction}（{low}〜{high}）"
    kind = (
        "最終年度に向けた目標" if indicator.target_kind is TargetKind.FINAL_YEAR else "毎年の目標"
    )
    lines: list[Para | Text] = [
        Text(f"指標 {indicator.code}", style="bold"),
        Para(f"{indicator.name}{'（例示）' if indicator.example else ''}"),
        Para(f"{item.code} {item.name}", head=item.label),
        Para(owners_text(item), head="担当"),
        Para(f"{indicator.unit or 'なし'}・{MEASURE_LABELS[indicator.measure]}", head="単位"),
        Para(direction, head="良い方向"),
        Para(dated_text(indicator, indicator.baseline), head="基準値"),
        Para(f"{told}{'　（ ）は道筋から' if by_path else ''}", head="年度の目標"),
        Para(f"{dated_text(indicator, indicator.final_target)}・{kind}", head="最終目標"),
        Para(rule_text, head="率の規則"),
    ]
    points = path_points(figures, indicator, plan.first_year)
    if len(points) > 1:
        lines += [Text(""), *chart(points, CHART_WIDTH, CHART_HEIGHT, indicator.figure_decimals)]
        lines.append(Text(""))
    for head, text in (
        ("内訳", "" if indicator.parts is Parts.SEPARATE else PARTS_LABELS[indicator.parts]),
        (
            "上限",
            ""
            if indicator.ceiling is None
            else format_number(indicator.ceiling, indicator.decimals),
        ),
        ("測る間隔", "" if indicator.cadence == 1 else f"{indicator.cadence}年ごと"),
        ("重み", "" if indicator.weight == 1 else f"{indicator.weight:f}"),
        ("段階", "・".join(f"{m.label}（{m.points:f}％）" for m in indicator.milestones)),
        (
            "定義の変更",
            ""
            if indicator.comparable_from is None
            else f"{short_year(indicator.comparable_from)}から（それより前とは比べない）",
        ),
        ("前の番号", indicator.formerly or ""),
        ("出典", indicator.source),
        ("注記", indicator.note),
    ):
        if text:
            lines.append(Para(text, head=head))
    return lines


def since_text(revision: Revision) -> str:
    """Return from when a revision counts: R7から, or 修正."""
    return "修正" if revision.corrects else f"{short_year(revision.effective_year)}から"


def why_text(revision: Revision) -> str:
    """Return why and where it was decided: 支所の統合のため、第2回懇話会."""
    return "、".join(part for part in (revision.reason, revision.meeting) if part)


def lineage(book: ReviewBook, code: str) -> list[Para | Text]:
    """Return what revisions have done to a line under all codes it has had, oldest first."""
    codes = codes_of(book, code)
    lines: list[Para | Text] = []
    for revision in revisions(book):
        for change in revision.changes:
            if change.code in codes:
                text = f"{since_text(revision)} {CHANGE_LABELS[change.kind]}　{change.text}（{why_text(revision)}）"
                lines.append(Para(text, head="改定の経過"))
    return lines

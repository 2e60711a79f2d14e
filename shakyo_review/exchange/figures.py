"""The figures a plan file holds, as entries of a book."""

from collections.abc import Iterator
from decimal import Decimal

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.funding import funding_lines
from shakyo_review.domain.indicator import Figure, Indicator, Parts
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import Reading, State, parse_value
from shakyo_review.exchange.rows import Entry


def figure_reading(indicator: Indicator, figure: Figure) -> Reading:
    """Return a figure of a plan file as the reading of a cell.

    Raises ``ValueProblem`` for more decimals than the indicator has, too many digits, or a text
    that is neither a number nor a word (512人ほど).
    """
    written = f"{figure:f}" if isinstance(figure, Decimal) else figure
    return parse_value(
        written,
        unit=indicator.unit,
        decimals=indicator.decimals,
        ratio=indicator.parts is Parts.RATIO,
    )


def plan_entries(plan: Plan) -> list[Entry]:
    """Return targets, actuals, budgets and settlements of a plan file, in print order.

    Figures of example indicators are among them; 見込 years of a funding line are marked as
    forecast. Raises ``ValueProblem`` only for a plan that did not come through ``parse_plan``.
    """
    return [*_figures(plan), *_money(plan)]


def _figures(plan: Plan) -> Iterator[Entry]:
    for indicator in plan.indicators.values():
        for kind, figures in ((Kind.TARGET, indicator.targets), (Kind.ACTUAL, indicator.actuals)):
            for year, figure in figures.items():
                yield Entry(
                    0, CellKey(indicator.code, year, kind), figure_reading(indicator, figure)
                )


def _money(plan: Plan) -> Iterator[Entry]:
    for code, (_, line) in funding_lines(plan).items():
        for kind, amounts in ((Kind.BUDGET, line.budget), (Kind.SETTLEMENT, line.settlement)):
            for year, amount in amounts.items():
                reading = Reading(
                    State.VALUE,
                    Decimal(amount),
                    forecast=kind is Kind.BUDGET and year in line.forecast,
                )
                yield Entry(0, CellKey(code, year, kind), reading)

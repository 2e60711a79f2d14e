"""Changing an indicator: what it measures, and what it is measured against."""

from __future__ import annotations

from collections.abc import Mapping

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.fiscal_year import parse_year, short_year, year_label
from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    MEASURE_LABELS,
    RULE_LABELS,
    Dated,
    Direction,
    Indicator,
    RateRule,
)
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.tree_edits import change_indicator
from shakyo_review.domain.value import Reading, State, format_number
from shakyo_review.errors import ReviewError, ValueProblem
from shakyo_review.services.entry import understand
from shakyo_review.ui.dialogs.form import Field, Line, Pick
from shakyo_review.ui.dialogs.revise import Edit
from shakyo_review.ui.entry_text import editable_text
from shakyo_review.ui.plan_edits import Choice, Edits

AUTOMATIC = "-"
"""The choice of a rate rule that follows from the direction."""


class IndicatorEdits(Edits):
    """The changes of one indicator."""

    def offered(self) -> list[Choice]:
        """Return what can be changed, as choices."""
        return [
            *self.named(),
            ("年度ごとの目標を変える", self.year_targets),
            ("最終目標を変える", self.final_target),
            ("基準値を直す", self.baseline),
            ("単位・良い方向（定義）を変える", self.definition),
            ("率の規則を変える", self.rule),
            ("やめる（休止・廃止）", self.stop),
        ]

    @property
    def indicator(self) -> Indicator:
        """The indicator of the line."""
        return self.plan.indicators[self.code]

    def year_targets(self) -> None:
        """Change the targets of the years that are open."""
        indicator, first = self.indicator, self.book.editions.newest.effective_year
        years = range(max(self.plan.first_year, first), self.plan.last_year + 1)
        before = {
            year: self.book.cells(year).get(CellKey(self.code, year, Kind.TARGET)).reading
            for year in years
            if not self.book.state(year).closed
        }
        fields: list[Field] = [
            Line(
                str(year),
                short_year(year),
                editable_text(reading, indicator),
                "道筋から、またはなし",
            )
            for year, reading in before.items()
        ]
        if not fields:
            raise ValueProblem("目標を変えられる年度がありません。", "どの年度も確定しています。")

        def made(values: Mapping[str, str]) -> Edit:
            targets: dict[tuple[str, int], Reading] = {}
            for year, reading in before.items():
                if values[str(year)].strip() != editable_text(reading, indicator):
                    targets[self.code, year] = self._read(year, values[str(year)])
            if not targets:
                raise ValueProblem("目標は変わっていません。", "変える年度に打ってください。")
            first_changed = min(year for _, year in targets)
            return Edit(
                f"年度の目標を変える　{self.code}", lambda p, _: p, targets, year=first_changed
            )

        self._form(
            f"年度ごとの目標を変える　{self._name}（{indicator.unit or '単位なし'}）",
            fields,
            made,
            about=("空欄にすると、基準値から最終目標への道筋の値（あれば）になります。",),
        )

    def _read(self, year: int, typed: str) -> Reading:
        try:
            return understand(self.indicator, typed)
        except ReviewError as problem:
            raise ValueProblem(f"{short_year(year)}: {problem.message}", problem.hint) from problem

    def final_target(self) -> None:
        """Change the target of the last year."""
        self._dated("final_target", "最終目標", self.indicator.final_target)

    def baseline(self) -> None:
        """Correct the figure the plan started from."""
        self._dated("baseline", "基準値", self.indicator.baseline)

    def _dated(self, field: str, label: str, dated: Dated) -> None:
        indicator = self.indicator
        value = "" if dated.value is None else format_number(dated.value, indicator.decimals)
        year = dated.year
        if year is None and field == "final_target":
            year = self.plan.last_year

        def made(values: Mapping[str, str]) -> Edit:
            reading = understand(indicator, values["value"])
            if reading.state not in (State.VALUE, State.NOT_ENTERED) or reading.denominator:
                raise ValueProblem(f"{label}は数で入れてください。", "なければ空欄にします。")
            when = values["year"].strip()
            fresh = Dated(value=reading.value, year=parse_year(when) if when else None)
            return Edit(f"{label}を変える　{self.code}", self._change(**{field: fresh}))

        self._form(
            f"{label}を変える　{self._name}（{indicator.unit or '単位なし'}）",
            [
                Line("value", label, value),
                Line("year", "年度", "" if year is None else year_label(year), "例: 令和8年度"),
            ],
            made,
        )

    def definition(self) -> None:
        """Change what an indicator measures; earlier years may then not be compared with."""
        code, one = self.code, self.plan.indicators[self.code]
        directions = [
            d for d in DIRECTION_LABELS if d is not Direction.RANGE or one.low is not None
        ]
        measures = list(MEASURE_LABELS)

        def made(values: Mapping[str, str]) -> Edit:
            fields = {
                "unit": values["unit"].strip(),
                "direction": values["direction"],
                "measure": values["measure"],
            }

            def change(plan: Plan, begin: int | None) -> Plan:
                broken = {"comparable_from": begin} if values["compare"] == "no" and begin else {}
                return change_indicator(plan, code, **fields, **broken)

            return Edit("定義を変える", change)

        self._form(
            f"単位・良い方向（定義）を変える　{self._name}",
            [
                Line("unit", "単位", one.unit),
                Pick("direction", "良い方向", [(d.value, DIRECTION_LABELS[d]) for d in directions], directions.index(one.direction)),
                Pick("measure", "値の性質", [(m.value, MEASURE_LABELS[m]) for m in measures], measures.index(one.measure), height=3),
                Pick("compare", "前の年度と", [("no", "くらべない（数え方が変わる）"), ("yes", "これまでどおりくらべる")], height=2),
            ],
            made,
        )  # fmt: skip

    def rule(self) -> None:
        """Change the rate rule of an indicator."""
        indicator = self.plan.indicators[self.code]
        choices = [(AUTOMATIC, "良い方向から決める（ふつうはこれ）")]
        choices += [
            (rule.value, label)
            for rule, label in RULE_LABELS.items()
            if rule is not RateRule.MILESTONE or indicator.milestones
        ]
        now = AUTOMATIC if indicator.rule is None else indicator.rule.value
        chosen = [value for value, _ in choices].index(now)
        self._form(
            f"率の規則を変える　{self._name}",
            [Pick("rule", "規則", choices, chosen, height=10)],
            lambda v: Edit(
                "率の規則を変える",
                self._change(rule=None if v["rule"] == AUTOMATIC else v["rule"]),
            ),
        )

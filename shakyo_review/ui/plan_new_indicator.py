"""Adding an indicator: what it measures, then its targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    Direction,
    Indicator,
    Measure,
    TargetKind,
)
from shakyo_review.domain.tree_edits import add_indicator
from shakyo_review.ui.dialogs.form import Form, Line, Pick
from shakyo_review.ui.dialogs.revise import Edit, tried
from shakyo_review.ui.marks import cut
from shakyo_review.ui.plan_edits import Edits, checked, one_name, one_word
from shakyo_review.ui.plan_path import PathForm
from shakyo_review.ui.plan_targets import Known, Promised

MEASURE_TOLD = {
    Measure.ANNUAL: "単年度（その年度の数）",
    Measure.CUMULATIVE: "累計（始まりからの数）",
    Measure.POINT_IN_TIME: "時点（調べた時点の数や割合）",
}
KIND_TOLD = {
    TargetKind.EVERY_YEAR: "毎年の目標（年度ごとに決める）",
    TargetKind.FINAL_YEAR: "最終年度の目標（年度の目標は道筋から）",
}


class NewIndicator(Edits):
    """The part of the changes of an item that gives it an indicator."""

    def add_indicator(self) -> None:
        """Add an indicator to an item: what it measures, then its targets."""
        code, plan = self.code, self.plan
        own = [one.code for one in plan.items[code].node.indicators]
        taken = {*plan.indicators, *plan.items}
        letters = (f"{code}{chr(ord('a') + n)}" for n in range(len(own), 26))
        suggested = next((one for one in letters if one not in taken), "")
        directions = [d for d in DIRECTION_LABELS if d is not Direction.RANGE]
        known: list[Known] = []

        def store(values: Mapping[str, str]) -> None:
            fields = {
                "code": one_word(values["code"]),
                "name": one_name(values["name"]),
                "unit": values["unit"].strip(),
                "direction": values["direction"],
                "measure": values["measure"],
                "target_kind": values["kind"],
            }
            edit = checked(lambda _: _added(code, Indicator.model_validate(fields)))(values)
            tried(edit.change, plan)
            known[:] = [Known.fresh(plan, Indicator.model_validate(fields))]

        form = Form(
            cut(f"指標を加える　{self._name}", 72),
            [
                Line("name", "指標の名前"),
                Line("unit", "単位", hint="人、回、％ など"),
                Pick("direction", "良い方向", [(d.value, DIRECTION_LABELS[d]) for d in directions], height=5),
                Pick("measure", "値の性質", [(m.value, MEASURE_TOLD[m]) for m in Measure], height=3),
                Pick("kind", "目標", [(k.value, KIND_TOLD[k]) for k in TargetKind], height=2),
                Line("code", "番号", suggested, "半角の英数字と . _ -"),
            ],
            store,
            ok="次へ（目標）",
        )  # fmt: skip
        self.app.push_screen(form, lambda stored: self._ask_targets(known[0]) if stored else None)

    def _ask_targets(self, known: Known) -> None:
        """Ask for the targets of a new indicator; it is added without them where they are left."""
        code, one = self.code, known.indicator
        found: list[Promised] = []

        def store(promised: Promised) -> None:
            fields = {**promised.fields, "decimals": promised.decimals}
            made = checked(lambda _: _added(code, _with(one, fields)))({})
            tried(made.change, self.plan)
            found[:] = [promised]

        def settle(stored: bool | None) -> None:
            promised = found[0] if stored else Promised({}, {}, 0)
            made = _with(one, {**promised.fields, "decimals": promised.decimals})
            targets = {(one.code, year): reading for year, reading in promised.targets.items()}
            edit = _added(code, made)
            self.go_on(Edit(edit.title, edit.change, targets, quick=True))

        self.app.push_screen(PathForm(self.plan, known, store, ok="指標を加える"), settle)


def _added(code: str, indicator: Indicator) -> Edit:
    """Return the change that adds an indicator to an item."""
    return Edit("指標を加える", lambda plan, _: add_indicator(plan, code, indicator), quick=True)


def _with(indicator: Indicator, fields: Mapping[str, Any]) -> Indicator:
    """Return an indicator with other fields, checked."""
    kept = {name: getattr(indicator, name) for name in Indicator.model_fields}
    return Indicator.model_validate({**kept, **fields})

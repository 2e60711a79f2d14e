"""The targets of an indicator, year by year in a row, with the way to the final target drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Key, Paste, Resize
from textual.widgets import Button, Input, Static

from shakyo_review.domain.fiscal_year import parse_year, short_year
from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    Dated,
    Path,
    TargetKind,
)
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rate import path_target
from shakyo_review.domain.value import Reading, State, format_number
from shakyo_review.errors import ReviewError, ValueProblem
from shakyo_review.services.entry import understand
from shakyo_review.ui.dialogs.form import Form, Line
from shakyo_review.ui.entry_text import editable_text
from shakyo_review.ui.marks import cut, fit
from shakyo_review.ui.path_chart import Column, Point, chart
from shakyo_review.ui.plan_targets import Known, Promised

DATED = ("baseline", "final_target")
_LABELS = {"baseline": "基準値", "final_target": "最終目標"}
IN_A_ROW = 6
"""Years side by side; more go into another row."""


class PathForm(Form):
    """Asks for baseline, final target and the targets of the years; nothing proposed is stored unseen."""

    CSS = """
    PathForm .dated { height: 1; }
    PathForm .dated .label { width: 9; }
    PathForm .dated .after { width: 12; padding-left: 2; }
    PathForm .dated .short { width: 7; padding-left: 1; }
    PathForm .dated Input { width: 12; }
    PathForm .dated Input.when { width: 8; }
    PathForm .years { height: auto; }
    PathForm .year { height: 2; width: 12; }
    PathForm .year Input { width: 11; }
    PathForm #path { height: auto; margin-top: 1; }
    """

    def __init__(
        self, plan: Plan, known: Known, store: Callable[[Promised], None], *, ok: str = "決める"
    ) -> None:
        self.plan, self.known, self.take = plan, known, store
        one = known.indicator
        fields = []
        for name, year in (("baseline", plan.first_year - 1), ("final_target", plan.last_year)):
            dated: Dated = getattr(one, name)
            value = "" if dated.value is None else format_number(dated.value, one.decimals)
            told = dated.year if dated.value is not None or dated.year is not None else year
            fields.append(Line(name, _LABELS[name], value))
            fields.append(Line(f"{name}_year", "年度", "" if told is None else short_year(told)))
        fields += [
            Line(str(year), short_year(year), editable_text(reading, one))
            for year, reading in known.readings.items()
        ]
        super().__init__(
            f"目標　{one.code} {one.name}（{one.unit or '単位なし'}・{DIRECTION_LABELS[one.direction]}）",
            fields,
            self._store,
            ok=ok,
        )

    @property
    def decimals(self) -> int:
        """Decimals of the indicator; of a new one, those of the figures typed so far."""
        if not self.known.new:
            return self.known.indicator.decimals
        found = [0]
        for name in (*DATED, *map(str, self.years)):
            try:
                value = self._figure(name, "").value
            except ReviewError:
                continue
            if value is not None:
                found.append(-int(value.normalize().as_tuple().exponent))
        return max(found)

    @property
    def years(self) -> list[int]:
        """The years whose targets can be entered."""
        return list(self.known.readings)

    def compose(self) -> ComposeResult:
        """Yield the figures of the plan, the years in a row, the chart and the answers."""
        lines = {field.name: field for field in self.fields}
        with Vertical(classes="dialog"):
            yield Static(cut(self.title_text, 72), classes="dialog-title", markup=False)
            with Horizontal(classes="dated"):
                for name in DATED:
                    short = "label" if name == DATED[0] else "label after"
                    yield Static(_LABELS[name], classes=short, markup=False)
                    yield self._widget(lines[name])
                    yield Static("年度", classes="short", markup=False)
                    when = self._widget(lines[f"{name}_year"])
                    when.add_class("when")
                    yield when
            yield Static(fit(self._told()), classes="dialog-hint", markup=False)
            for start in range(0, len(self.years), IN_A_ROW):
                with Horizontal(classes="years"):
                    for year in self.years[start : start + IN_A_ROW]:
                        with Vertical(classes="year"):
                            yield Static(short_year(year), markup=False)
                            yield self._widget(lines[str(year)])
            yield Static("", id="path", markup=False)
            yield Static("", id="problem", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(f"{self.ok}（Ctrl+S）", id="ok", variant="primary")
                yield Button("案を入れる（Ctrl+G）", id="propose")
                yield Button("やめる（Esc）", id="stop")
            yield Static(
                "Tab・Enter で次の欄。Excel で写した1行は、年度の欄に貼り付けられます。",
                classes="dialog-hint",
                markup=False,
            )

    def _told(self) -> str:
        if self._by_path:
            return "年度の目標（空欄の年度は、かっこの道筋の値が目標になります）"
        return "年度の目標（かっこの案は、Ctrl+G で入れて決めるまで目標になりません）"

    @property
    def _by_path(self) -> bool:
        return self.known.indicator.target_kind is TargetKind.FINAL_YEAR

    def on_mount(self) -> None:
        """Draw what is known."""
        super().on_mount()
        self._draw()

    def on_resize(self, _: Resize) -> None:
        """Draw for the room there is."""
        self._draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Draw with what is typed."""
        event.stop()
        self._draw()

    def tell(self, text: str, field: str = "") -> None:
        """Say what is wrong, below the chart; the field is where the cursor goes."""
        self.query_one("#problem", Static).update(Text(fit(text)))

    # --- what is proposed --------------------------------------------------------------------

    def _dated(self, name: str) -> Dated:
        reading = self._figure(name, _LABELS[name])
        if reading.state not in (State.VALUE, State.NOT_ENTERED) or reading.denominator:
            told = f"{_LABELS[name]}は数で入れてください。"
            raise ValueProblem(told, "なければ空欄にします。", what=name)
        when = self.value(f"{name}_year").strip()
        if reading.value is None and getattr(self.known.indicator, name) == Dated():
            return Dated()  # the year is only offered
        return Dated(value=reading.value, year=parse_year(when) if when else None)

    def _figure(self, name: str, label: str) -> Reading:
        try:
            return understand(self.known.indicator, self.value(name))
        except ReviewError as problem:
            told = f"{label}: {problem.message}"
            raise ValueProblem(told, problem.hint, what=name) from problem

    def proposed(self) -> dict[int, Decimal]:
        """Return the even path from baseline to final target as they are typed; empty where it is not known."""
        try:
            fields = {name: self._dated(name) for name in DATED}
        except ReviewError:
            return {}
        one = self.known.indicator
        path = one.path if self._by_path else Path.LINEAR
        way = one.model_copy(update={**fields, "target_kind": TargetKind.FINAL_YEAR, "path": path})
        if (
            fields["final_target"].value is None
            or fields["baseline"].year == fields["final_target"].year
        ):
            return {}
        found = {year: path_target(way, year) for year in self.years}
        return {year: value for year, value in found.items() if value is not None}

    def action_propose(self) -> None:
        """Put the proposal into the years that are empty, to be looked at and changed."""
        proposed = self.proposed()
        if not proposed:
            self.tell("案を出すには、基準値と最終目標（どちらも年度つき）を入れてください。")
            return
        for year, value in proposed.items():
            box = self.query_one(f"#field-{year}", Input)
            if not box.value.strip():
                box.value = format_number(value, self.decimals)
        self.tell("案を入れました。直してから決められます。")
        self._draw()

    # --- the chart ---------------------------------------------------------------------------

    def _draw(self) -> None:
        if not self.is_mounted or not self.query("#path"):
            return
        proposed = self.proposed()
        for year in self.years:
            told = proposed.get(year)
            text = "" if told is None else f"（{format_number(told, self.decimals)}）"
            self.query_one(f"#field-{year}", Input).placeholder = text
        height = 4 if self.app.size.height < 30 else 8
        lines = chart(
            list(self._points(proposed)),
            min(self.app.size.width, 78) - 6,
            height,
            self.decimals,
        )
        self.query_one("#path", Static).update(Text("\n").join(lines))

    def _points(self, proposed: Mapping[int, Decimal]) -> Sequence[Point]:
        points = {
            year: Point(year, Column.ACTUAL, value) for year, value in self.known.actuals.items()
        }
        try:
            start = self._dated("baseline")
        except ReviewError:
            start = Dated()
        if start.value is not None and start.year is not None:
            points.setdefault(start.year, Point(start.year, Column.ACTUAL, start.value))
        after = []
        for year in self.years:
            try:
                typed = self._figure(str(year), "").value
            except ReviewError:
                typed = None
            if typed is not None:
                after.append(Point(year, Column.TARGET, typed))
            elif year in proposed:
                kind = Column.TARGET if self._by_path else Column.PROPOSED
                after.append(Point(year, kind, proposed[year]))
        before = sorted(points.values(), key=lambda one: one.year)
        both = [*before, *after]
        return sorted(both, key=lambda one: (one.year, one.kind is not Column.ACTUAL))

    # --- keys, and what is stored ------------------------------------------------------------

    async def _on_key(self, event: Key) -> None:
        if event.key == "ctrl+g" and self.is_active:
            event.stop()
            event.prevent_default()
            self.action_propose()
            return
        await super()._on_key(event)

    def _answered(self, button: str | None) -> None:
        if button == "propose":
            self.action_propose()
        else:
            super()._answered(button)

    def _on_paste(self, event: Paste) -> None:
        """Spread a row (or a column) copied from a sheet over the years from the cursor on."""
        name = (self.focused.id or "").removeprefix("field-") if self.focused is not None else ""
        parts = [part.strip() for line in event.text.splitlines() for part in line.split("\t")]
        if len(parts) < 2 or not name.isdecimal():
            super()._on_paste(event)
            return
        event.stop()
        event.prevent_default()
        years = self.years[self.years.index(int(name)) :]
        for year, part in zip(years, parts, strict=False):
            self.query_one(f"#field-{year}", Input).value = part
        if len(parts) > len(years):
            self.tell(
                f"貼り付けた{len(parts)}個のうち、{len(years)}個を入れました（年度の欄が足りません）。"
            )

    def _store(self, _: Mapping[str, str]) -> None:
        one = self.known.indicator
        fields = {
            name: dated for name in DATED if (dated := self._dated(name)) != getattr(one, name)
        }
        targets = {}
        for year, before in self.known.readings.items():
            if self.value(str(year)).strip() != editable_text(before, one):
                targets[year] = self._figure(str(year), short_year(year))
        if not fields and not targets and not self.known.new:
            raise ValueProblem("目標は変わっていません。", "変えるところに打ってください。")
        self.take(Promised(fields, targets, self.decimals))

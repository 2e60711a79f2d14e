"""Adding items to the plan one after another: the name, Enter, the next name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.events import Key, Paste
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from shakyo_review.domain.plan import Node, Plan
from shakyo_review.domain.tree_edits import add_node
from shakyo_review.errors import ReviewError
from shakyo_review.ui.dialogs.form_keys import OneLine, OrderedKeys
from shakyo_review.ui.dialogs.revise import Edit, tried
from shakyo_review.ui.marks import cut, fit
from shakyo_review.ui.plan_edits import next_code, one_name, one_word
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.prose import Para, Prose

Take = Callable[[Edit], Plan]
"""Takes a change and gives the plan as it is with it; raises ``ReviewError`` where it is refused."""


@dataclass(slots=True)
class Place:
    """Where the next item goes: under an item (None: at the top), after a sibling (None: at the end)."""

    parent: str | None = None
    after: str | None = None

    @classmethod
    def beside(cls, plan: Plan, code: str | None) -> Place:
        """Return the place after an item or the item of an indicator; in an empty plan the top."""
        item = plan.items.get(plan.action_of.get(code or "", code or ""))
        return cls() if item is None else cls(item.parent, item.code)

    def level(self, plan: Plan) -> int:
        """Return the level of what is added here."""
        if self.after is not None:
            return plan.items[self.after].level
        return 0 if self.parent is None else plan.items[self.parent].level + 1

    def code(self, plan: Plan) -> str:
        """Return the code that is proposed here."""
        siblings = [item.code for item in plan.children_of(self.parent)]
        proposed = next_code(siblings, self.parent)
        while proposed and (proposed in plan.items or proposed in plan.indicators):
            siblings.append(proposed)
            following = next_code(siblings, self.parent)
            proposed = "" if following == proposed else following
        return proposed


class AddDialog(OrderedKeys):
    """A bar below the tree that stays until it is left; the tree grows above it.

    ``indicator_for`` is set where it was left to give the last item an indicator.
    """

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape", "leave", "終わる", show=False),
    ]
    CSS = """
    AddDialog { align: center bottom; background: transparent; }
    AddDialog .dialog { width: 100%; max-width: 100%; padding: 0 2; margin: 0; }
    AddDialog .dialog-title { margin: 0; }
    AddDialog .line { height: 1; }
    AddDialog .line Static { width: 6; }
    AddDialog #field-code { width: 14; }
    AddDialog #field-name { width: 1fr; }
    AddDialog #done { height: auto; max-height: 3; }
    AddDialog .dialog-buttons { margin: 0; }
    AddDialog Button { min-width: 8; margin-right: 1; }
    """

    def __init__(self, plan: Plan, place: Place, take: Take) -> None:
        super().__init__()
        self.plan, self.place, self.take = plan, place, take
        self.indicator_for: str | None = None
        self.added = 0
        self._warned = False

    def compose(self) -> ComposeResult:
        """Yield where it goes, code and name, and what else can be done."""
        with Vertical(classes="dialog"):
            yield Static("", id="where", classes="dialog-title", markup=False)
            with Horizontal(classes="line"):
                yield Static("番号", markup=False)
                yield self._line("code")
                yield Static(" 名前", markup=False)
                yield self._line("name")
            yield Static("", id="done", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("加える（Enter）", id="ok", variant="primary")
                yield Button("下の段へ（Ctrl+D）", id="down")
                yield Button("上の段へ（Ctrl+U）", id="up")
            with Horizontal(classes="dialog-buttons"):
                yield Button("指標（Ctrl+G）", id="indicator")
                yield Button("終わる（Esc）", id="stop")

    def _line(self, name: str) -> OneLine:
        line = OneLine("", id=f"field-{name}", select_on_focus=False)
        line.cursor_blink = False
        return line

    def on_mount(self) -> None:
        """Ask for the first name."""
        self._ask()

    def _box(self, name: str) -> Input:
        return self.query_one(f"#field-{name}", Input)

    def _ask(self) -> None:
        """Propose the next code and wait for a name."""
        plan, parent = self.plan, self.place.parent
        label = plan.levels[min(self.place.level(plan), len(plan.levels) - 1)]
        under = (
            f"「{plan.items[parent].code} {plan.items[parent].name}」の下"
            if parent is not None
            else "計画のいちばん上の段"
        )
        title = f"{under}に「{label}」を加えます"
        self.query_one("#where", Static).update(cut(title, self.app.size.width - 6))
        self._box("code").value = self.place.code(plan)
        self._box("name").value = ""
        self._box("name").placeholder = fit(f"{label}の名前を打って Enter")
        self.set_focus(self._box("name"))

    def tell(self, text: str) -> None:
        """Say what has been done, or what is wrong."""
        self.query_one("#done", Static).update(Prose((Para(text),)))

    # --- keys --------------------------------------------------------------------------------

    async def _on_key(self, event: Key) -> None:
        acts = {"ctrl+d": self.down, "ctrl+u": self.up, "ctrl+g": self.indicator}
        if event.key in acts and self.is_active:
            event.stop()
            event.prevent_default()
            acts[event.key]()
            return
        await super()._on_key(event)

    def entered(self, widget: Widget) -> None:
        """Go on from the code to the name; from the name, add."""
        if isinstance(widget, Button):
            self._answered(widget.id)
        elif widget.id == "field-code":
            self.set_focus(self._box("name"))
        else:
            self.action_store()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        self._answered(event.button.id)

    def _answered(self, button: str | None) -> None:
        acts = {
            "down": self.down,
            "up": self.up,
            "indicator": self.indicator,
            "ok": self.action_store,
        }
        acts.get(button or "", self.action_leave)()

    def _on_paste(self, event: Paste) -> None:
        """Add every line of a column copied from a sheet; one line is text like any other."""
        names = [
            line.replace("\t", " ").strip() for line in event.text.splitlines() if line.strip()
        ]
        if len(names) < 2:
            super()._on_paste(event)
            return
        event.stop()
        event.prevent_default()
        self._add_all(names)

    def _add_all(self, names: list[str]) -> None:
        place = Place(self.place.parent, self.place.after)
        nodes: list[tuple[Node, str | None]] = []

        def change(plan: Plan, _: int | None) -> Plan:
            for node, after in nodes:
                plan = add_node(plan, place.parent, node, after=after)
            return plan

        def collect(plan: Plan, _: int | None) -> Plan:
            for name in names:
                node = Node.model_validate({"code": place.code(plan), "name": one_name(name)})
                nodes.append((node, place.after))
                plan = add_node(plan, place.parent, node, after=place.after)
                place.after = node.code
            return plan

        try:
            tried(collect, self.plan)
            title = f"項目を加える（貼り付け{len(names)}件）"
            self.plan = self.take(Edit(title, change, quick=True))
        except ReviewError as problem:
            self.tell(f"1件も加えていません。{sentence(problem)}")
            return
        self.added += len(names)
        self.place = place
        self.tell(f"貼り付けた{len(names)}行を、{len(names)}件の項目として加えました。")
        self._ask()

    # --- what is done ------------------------------------------------------------------------

    def action_store(self) -> None:
        """Add what is typed, and ask for the next."""
        self._warned = False
        if not self._box("name").value.strip():
            self.tell("名前を打って Enter で加えます。終わるときは Esc です。")
            self.set_focus(self._box("name"))
            return
        parent, after = self.place.parent, self.place.after
        code, name = self._box("code").value, self._box("name").value

        def change(plan: Plan, _: int | None) -> Plan:
            node = Node.model_validate({"code": one_word(code), "name": one_name(name)})
            return add_node(plan, parent, node, after=after)

        try:
            tried(change, self.plan)
            self.plan = self.take(Edit("項目を加える", change, quick=True))
        except ReviewError as problem:
            self.tell(sentence(problem))
            return
        self.added += 1
        self.place.after = one_word(code)
        self.tell(
            f"{one_word(code)} {one_name(name)} を加えました。次の名前を打つか、Esc で終わります。"
        )
        self._ask()

    def down(self) -> None:
        """Go on below the last item."""
        last = self.place.after
        if last is None:
            self.tell("先に、この段に1つ加えてください。")
        elif self.plan.items[last].level + 1 >= len(self.plan.levels):
            told = "・".join(self.plan.levels)
            self.tell(f"これより下の段はありません（{told}）。指標は Ctrl+G で加えます。")
        elif self.plan.items[last].node.repeats is not None:
            self.tell("再掲の下には加えられません。")
        else:
            below = self.plan.children_of(last)
            self.place = Place(last, below[-1].code if below else None)
            self._ask()

    def up(self) -> None:
        """Go on after the item above."""
        parent = self.place.parent
        if parent is None:
            self.tell("いちばん上の段です。")
            return
        self.place = Place(self.plan.items[parent].parent, parent)
        self._ask()

    def indicator(self) -> None:
        """Give the last item an indicator."""
        if self.place.after is None:
            self.tell("指標は項目に加えます。先に項目の名前を打って Enter を押してください。")
            return
        if self._box("name").value.strip():
            self.tell(
                "打った名前はまだ加えていません。Enter で加えるか、消してから Ctrl+G を押してください。"
            )
            return
        self.indicator_for = self.place.after
        self.dismiss(True)

    def action_leave(self) -> None:
        """Close; a name that is typed and not added is thrown away only when asked twice."""
        if self._box("name").value.strip() and not self._warned:
            self._warned = True
            self.tell("打った名前はまだ加えていません。もう一度 Esc を押すと、捨てて終わります。")
            return
        self.dismiss(self.added > 0)

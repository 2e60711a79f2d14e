"""A few fields asked at once. What cannot be stored is told, and nothing typed is lost by it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from shakyo_review.errors import ReviewError
from shakyo_review.services.entry import ReasonNeeded
from shakyo_review.ui.dialogs.form_keys import WIDTH, OneLine, OrderedKeys, Ticked
from shakyo_review.ui.marks import cut, fit
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.prose import Para, Prose

REASON = "reason"
"""The field the cursor goes to where a reason is missing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A field of one line."""

    name: str
    label: str
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Lines(Line):
    """A field of several lines."""

    height: int = 3


@dataclass(frozen=True, slots=True)
class Pick:
    """A field of which one is chosen: (value, what is shown) and the place of the one in force."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    chosen: int = 0
    height: int = 6


@dataclass(frozen=True, slots=True)
class Ticks:
    """A field of names that are ticked or not; its value is the names ticked, a line each."""

    name: str
    label: str
    names: Sequence[str]
    off: Sequence[str] = ()
    words: tuple[str, str] = ("出席", "欠席")
    height: int = 6


Field = Line | Lines | Pick | Ticks
Store = Callable[[Mapping[str, str]], None]


class Form(OrderedKeys):
    """Asks for fields and stores them: True when stored, None when left.

    ``store`` raises ``ReviewError`` where it refuses: the sentence is shown and the form stays.
    """

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape", "leave", "やめる", show=False),
        Binding("ctrl+s", "store", "決める", show=False),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        store: Store,
        *,
        about: Sequence[str] = (),
        ok: str = "決める",
    ) -> None:
        super().__init__()
        self.title_text = title
        self.fields = list(fields)
        self.store = store
        self.about = list(about)
        self.ok = ok
        self.before = {
            f.name: "\n".join(n for n in f.names if n not in f.off)
            if isinstance(f, Ticks)
            else f.value
            for f in fields
            if not isinstance(f, Pick)
        }
        """What stood in the fields before a person typed."""
        self._warned = False
        self._chosen: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Yield title, what is known, the fields, what is wrong, the two answers."""
        with Vertical(classes="dialog"):
            yield Static(cut(self.title_text, 72), classes="dialog-title", markup=False)
            yield Static(self._about(), id="about", markup=False)
            for field in self.fields:
                with Horizontal(classes="field"):
                    yield Static(fit(field.label), classes="label", markup=False)
                    yield self._widget(field)
            yield Static("", id="problem", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(f"{self.ok}（Ctrl+S）", id="ok", variant="primary")
                yield Button("やめる（Esc）", id="stop")
            yield Static(
                fit(self._how()),
                classes="dialog-hint",
                markup=False,
            )

    def _how(self) -> str:
        parts = []
        if len(self.fields) > 1:
            parts.append("Tab で次の欄、Shift+Tab で前の欄。")
        if any(isinstance(field, Ticks) for field in self.fields):
            parts.append("一覧は上下の矢印で動き、スペースで切りかえます。")
        elif any(isinstance(field, Pick) for field in self.fields):
            parts.append("一覧は上下の矢印で選びます。")
        return "".join(parts) or "Tab でボタンへ移ります。"

    def _about(self) -> Prose:
        return Prose(tuple(Para(text) for text in self.about))

    def _widget(self, field: Field) -> Widget:
        if isinstance(field, Pick):
            picked = OptionList(*map(_option, field.choices), id=f"field-{field.name}")
            picked.styles.max_height = field.height
            return picked
        if isinstance(field, Ticks):
            ticked = Ticked(field.names, field.off, field.words)
            ticked.id = f"field-{field.name}"
            ticked.styles.max_height = field.height
            return ticked
        if isinstance(field, Lines):
            area = TextArea(
                field.value,
                id=f"field-{field.name}",
                highlight_cursor_line=False,
                placeholder=fit(field.hint),
            )
            area.cursor_blink = False
            area.styles.height = field.height
            return area
        line = OneLine(
            field.value,
            placeholder=fit(field.hint),
            id=f"field-{field.name}",
            select_on_focus=False,
        )
        line.cursor_blink = False
        return line

    def on_mount(self) -> None:
        """Stand in the first field, each list on what is in force."""
        for field in self.fields:
            if isinstance(field, Pick) and field.choices:
                self.picked(field.name).highlighted = min(field.chosen, len(field.choices) - 1)
            elif isinstance(field, Ticks) and field.names:
                self.picked(field.name).highlighted = 0
        self.focus_field(self.fields[0].name)

    def picked(self, name: str) -> OptionList:
        """Return the list of a field."""
        return self.query_one(f"#field-{name}", OptionList)

    def refill(self, name: str, choices: Sequence[tuple[str, str]], chosen: int) -> None:
        """Offer other choices in a list."""
        listed = self.picked(name)
        listed.clear_options()
        listed.add_options(map(_option, choices))
        listed.highlighted = min(chosen, len(choices) - 1) if choices else None

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        widget = self.query_one(f"#field-{name}")
        if isinstance(widget, Ticked):
            return "\n".join(widget.ticked)
        if isinstance(widget, OptionList):
            option = widget.highlighted_option
            return "" if option is None or option.id is None else option.id
        if isinstance(widget, TextArea):
            return widget.text
        return widget.value if isinstance(widget, Input) else ""

    def prefill(self, name: str, value: str) -> None:
        """Show another value in a field a person has not touched."""
        if self.value(name) != self.before[name]:
            return
        self.before[name] = value
        widget = self.query_one(f"#field-{name}")
        if isinstance(widget, TextArea):
            widget.text = value
        elif isinstance(widget, Input):
            widget.value = value

    def values(self) -> dict[str, str]:
        """Return what stands in all fields."""
        return {field.name: self.value(field.name) for field in self.fields}

    def focus_field(self, name: str) -> None:
        """Put the cursor into a field."""
        self.set_focus(self.query_one(f"#field-{name}"))

    def tell(self, text: str) -> None:
        """Say what is wrong, below the fields."""
        line = self.query_one("#problem", Static)
        line.update(Prose((Para(text),)) if text else "")
        self.call_after_refresh(line.scroll_visible, animate=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on with a click; change the name that was clicked."""
        event.stop()
        if isinstance(event.option_list, Ticked):
            event.option_list.toggle()
        else:
            self.entered(event.option_list)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Follow the cursor of a list."""
        event.stop()
        self.moved(event.option_list)

    def moved(self, listed: OptionList) -> None:
        """Tell once what the cursor of a list has come to."""
        name = (listed.id or "").removeprefix("field-")
        value = self.value(name)
        if not isinstance(listed, Ticked) and value and self._chosen.get(name) != value:
            self._chosen[name] = value
            self.chosen(name, value)

    def chosen(self, name: str, value: str) -> None:
        """Follow what is chosen in a list; for forms whose fields depend on it."""

    def entered(self, widget: Widget) -> None:
        """Go on with Enter; from the last line, store."""
        if isinstance(widget, Button):
            self._answered(widget.id)
            return
        names = [field.name for field in self.fields]
        place = names.index((widget.id or "").removeprefix("field-"))
        if place + 1 < len(names):
            self.focus_field(names[place + 1])
        elif isinstance(widget, Input):
            self.action_store()
        else:
            self.set_focus(self.query_one("#ok"))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Store, or leave."""
        event.stop()
        self._answered(event.button.id)

    def _answered(self, button: str | None) -> None:
        if button == "ok":
            self.action_store()
        else:
            self.action_leave()

    def action_store(self) -> None:
        """Store what is asked; where it is refused say why and stay."""
        if not self.is_active:
            return
        try:
            self.store(self.values())
        except ReviewError as problem:
            self.tell(sentence(problem))
            if isinstance(problem, ReasonNeeded) and any(f.name == REASON for f in self.fields):
                self.focus_field(REASON)
        else:
            self.dismiss(True)

    def action_leave(self) -> None:
        """Close; where something has been typed, only when asked twice."""
        typed = any(self.value(name) != value for name, value in self.before.items())
        if typed and not self._warned:
            self._warned = True
            self.tell("書いた内容はまだ保存していません。もう一度 Esc を押すと、捨てて戻ります。")
            return
        self.dismiss(None)


def _option(choice: tuple[str, str]) -> Option:
    value, shown = choice
    return Option(Text(cut(shown, WIDTH), no_wrap=True), id=value)

"""A few fields asked at once. What cannot be stored is told, and nothing typed is lost by it."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from shakyo_review.errors import ReviewError
from shakyo_review.services.checked import FactConflict
from shakyo_review.services.entry import ReasonNeeded
from shakyo_review.ui.dialogs.form_fields import Field, Line, Lines, Pick, Ticks
from shakyo_review.ui.dialogs.form_keys import WIDTH, OneLine, OrderedKeys, Ticked
from shakyo_review.ui.marks import cut, fit
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.prose import Para, Prose

LONG = 140
"""Characters of what is known from which on not all of it may be in sight."""
REASON = "reason"
"""The field the cursor goes to where a reason is missing."""


Store = Callable[[Mapping[str, str]], None]

__all__ = ["REASON", "Field", "Form", "Line", "Lines", "Pick", "Seen", "Store", "Ticks"]


class Seen:
    """The version of what a form shows, for ``expected_version``; after a conflict the one told."""

    def __init__(self, version: int) -> None:
        self.version = version


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
        seen: Seen | None = None,
    ) -> None:
        super().__init__()
        self.seen_version = seen
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
            with VerticalScroll(id="about-box", can_focus=False):
                yield Static(self._about(), id="about", markup=False)
            for field in self.fields:
                with Horizontal(classes="field"):
                    yield Static(fit(field.label), classes="label", markup=False)
                    yield self._widget(field)
            yield Static("", id="problem", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(f"{self.ok}（Ctrl+S）", id="ok", variant="primary")
                yield Button("やめる（Esc）", id="stop")
            yield Static(Prose((Para(self._how()),)), classes="dialog-hint", markup=False)

    def _how(self) -> str:
        parts = []
        if len(self.fields) > 1:
            parts.append("Tab で次の欄、Shift+Tab で前の欄。")
        if any(isinstance(field, Ticks) for field in self.fields):
            parts.append("一覧は上下の矢印で動き、スペースで切りかえます。")
        elif any(isinstance(field, Pick) for field in self.fields):
            parts.append("一覧は上下の矢印で選びます。")
        if sum(map(len, self.about)) > LONG:
            parts.append("上の文の続きは、Ctrl と下の矢印で読めます。")
        return "".join(parts) or "Tab でボタンへ移ります。"

    def scroll_about(self, lines: int) -> None:
        """Read on in what is known."""
        self.query_one("#about-box", VerticalScroll).scroll_relative(y=lines, animate=False)

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
        self.focus_field(self._first())

    def _first(self) -> str:
        """Return the first field in which there is something to choose or to write."""
        open_ones = (f for f in self.fields if not (isinstance(f, Pick) and len(f.choices) == 1))
        return next(open_ones, self.fields[0]).name

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

    def tell(self, text: str, field: str = "") -> None:
        """Say what is wrong, below the field it is about, else below all of them."""
        line = self.query_one("#problem", Static)
        row = self.query_one(f"#field-{field or self.fields[-1].name}").parent
        if isinstance(row, Horizontal):
            self.query_one(".dialog").move_child(line, after=row)
        line.set_class(bool(field), "beside")
        line.update(Prose((Para(text),)) if text else "")
        self.call_after_refresh(line.scroll_visible, animate=False)

    def goes_on(self) -> None:
        """Ask again before throwing away what was typed after the last question."""
        self._warned = False

    def not_a_choice(self, listed: OptionList) -> None:
        """Tell that this is a list, and where the text may be written."""
        name = (listed.id or "").removeprefix("field-")
        texts = [f.label for f in self.fields if isinstance(f, Line)]
        where = f"文章は「{texts[0]}」の欄に書きます（Tab で移ります）。" if texts else ""
        self.tell(f"ここは選ぶ欄です。上下の矢印で選びます。{where}", name)

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
        except FactConflict as problem:
            self.overtaken(problem.version)
            self.tell(
                f"{problem.message}書いた内容は残っています。"
                "もう一度 Ctrl+S を押すと、書いた内容に変えます。Esc でやめます。"
            )
        except ReviewError as problem:
            field = self._field_of(problem)
            self.tell(sentence(problem), field)
            if field:
                self.focus_field(field)
        else:
            self.dismiss(True)

    def overtaken(self, version: int) -> None:
        """Take note of the version somebody else has made, which has just been told."""
        if self.seen_version is not None:
            self.seen_version.version = version

    def _field_of(self, problem: ReviewError) -> str:
        """Return the field a problem is about, '' where none can be told."""
        names = [f.name for f in self.fields]
        if isinstance(problem, ReasonNeeded):
            return REASON if REASON in names else ""
        if problem.what in names:
            return problem.what
        fits = (f.name for f in self.fields if problem.what and _same(f.label, problem.what))
        return next(fits, "")

    def action_leave(self) -> None:
        """Close; where something has been typed, only when asked twice."""
        typed = any(self.value(name) != value for name, value in self.before.items())
        if typed and not self._warned:
            self._warned = True
            self.tell("書いた内容はまだ保存していません。もう一度 Esc を押すと、捨てて戻ります。")
            return
        self.dismiss(None)


def _same(label: str, what: str) -> bool:
    """Whether a field is the one a service names: 説明 and 結果の説明, 委員 and 委員の名前."""
    return what.endswith(label) or what.startswith(label) or label.startswith(what)


def _option(choice: tuple[str, str]) -> Option:
    value, shown = choice
    return Option(Text(cut(shown, WIDTH), no_wrap=True), id=value)

"""The keys of the entry screen: one queue, one order, one table."""

from textual.events import Key
from textual.widgets import Input

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.person import Act
from shakyo_review.ui import entry_text, keys
from shakyo_review.ui.screens.entry_submitting import EntrySubmitting
from shakyo_review.ui.screens.entry_writing import Then
from shakyo_review.ui.sheet import EDITABLE
from shakyo_review.ui.walking import next_blank, next_field
from shakyo_review.ui.widgets.entry_bar import EntryInput
from shakyo_review.ui.widgets.value_grid import ValueGrid

_ACTIONS = {
    key: entry.action
    for entry in keys.KEYS
    if entry.where == keys.ENTRY
    for key in entry.keys.split(",")
}
"""What the keys of this screen do, from the one table."""
_OF_APP = {key.keys: key.action for key in keys.KEYS if key.id == "history_here"}
"""Keys of the app which the open line has for itself (Ctrl+U clears it) and the closed one hands on."""
_WHILE_TYPING = frozenset(
    "enter tab shift+tab escape f2 f4 shift+f4 f16 ctrl+c ctrl+a ctrl+g".split()  # noqa: SIM905
)
"""Keys of this screen which have a meaning while the bar is open; the others wait for it to close."""
DESCRIBE_AFTER = 0.02
"""Seconds after which a cell is described: the frame with the moved cursor goes to the terminal before."""
_CONFIRMING = frozenset({"enter", "tab", "shift+tab"})
WIDE_SPACE = "\u3000"
_MOVES = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
_PAGES = frozenset({"pageup", "pagedown", "home", "end", "ctrl+home", "ctrl+end"})


class EntryKeys(EntrySubmitting):
    """What each key does, whether the bar is open or not."""

    to_describe = False
    """Whether the cursor has moved and the lines around it do not say so yet."""
    refused = False
    """Whether what was typed last was for a cell that may not be written."""

    @property
    def ready(self) -> bool:
        """Whether the sheet has been read and stands on the screen."""
        return getattr(self, "sheet", None) is not None

    async def take_key(self, event: Key) -> bool:
        """Carry out one key, in the order typed; False leaves it to the input line or the app."""
        if not self.is_active:
            return True  # a question stands in front: what was typed ahead is not for this cell
        key = event.key
        refused, self.refused = self.refused, False
        if refused and key in _CONFIRMING:
            return (
                True  # nothing was taken: the cursor stays, and so does the sentence that says why
            )
        if key.removeprefix("shift+") in _MOVES and key.startswith("shift+"):
            self.action_shift_move(key.removeprefix("shift+"))
            return True
        if not self.bar.editing and (key in _MOVES or key in _PAGES):
            self._move(key, later=True)
            return True
        self.describe()
        if self.bar.editing:
            return await self._take_while_typing(event)
        if key in _ACTIONS:
            await self.run_action(_ACTIONS[key])
        elif key in _OF_APP:
            await self.app.run_action(_OF_APP[key])
        elif key == "backspace":
            self.action_edit()
        elif event.character is None or not (
            event.character.isprintable() or event.character == WIDE_SPACE
        ):
            return False
        elif event.character.isspace():
            return True  # a blank alone is no value
        else:
            self.refused = not self.begin()
            return self.refused
        return True

    async def _take_while_typing(self, event: Key) -> bool:
        key = event.key
        if self.bar.edit_key(key):
            return True
        if key in _MOVES or key in _PAGES:
            self.confirm(lambda: self._move(key))
        elif key == "ctrl+s":
            if self.confirm(lambda: None):
                self.review.action_saved()
        elif key in _WHILE_TYPING:
            await self.run_action(_ACTIONS[key])
        elif key in _ACTIONS:
            self.tell(entry_text.NOW_TYPING, error=True)
        elif event.character == WIDE_SPACE:  # unprintable to Python: the line would drop it
            self.bar.input.insert_text_at_cursor(event.character)
        else:
            return False
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how what is typed will be read."""
        if isinstance(event.input, EntryInput):
            event.stop()
            self.show_reading()

    def may_leave(self) -> bool:
        """Store an open value before the screen or the year is left; False where it cannot be stored."""
        if not self.ready or not self.bar.editing or self.confirm(lambda: None):
            return True
        if self.is_active:  # else a question stands in front
            self.tell(f"{self.bar.info}{entry_text.NOT_LEFT}", error=True)
        return False

    def _move(self, key: str, *, later: bool = False) -> str | None:
        """Move the cursor; returns a sentence where the sheet ends.

        With ``later`` the cursor is drawn first and the cell described after it, so that on a slow
        machine the cursor keeps up with a key that is held down.
        """
        self.look()
        grid = self.grid
        last = key == "down" and grid.cursor_row == grid.row_count - 1
        if key in _MOVES:
            grid.step(*_MOVES[key])
        elif key in ("pageup", "pagedown"):
            grid.action_page_up() if key == "pageup" else grid.action_page_down()
        else:
            grid.move_cursor(row=0 if key.endswith("home") else grid.row_count - 1)
        if not later:
            self.show_place()
        elif not self.to_describe:
            self.to_describe, self.warned = True, None
            self.set_timer(DESCRIBE_AFTER, self.describe)
        return entry_text.LAST_ROW if last else None

    def describe(self) -> None:
        """Describe the cell under the cursor, if that was left for later."""
        if self.to_describe:
            self.show_place(info=not self.bar.editing)

    def on_value_grid_pointed(self, event: ValueGrid.Pointed) -> None:
        """Show where a click has put the cursor; a double click edits the old value."""
        event.stop()
        self.look()
        self.show_place()
        if event.twice:
            self.action_edit()

    # --- actions of the table of keys --------------------------------------------------------------

    def action_confirm(self) -> None:
        """Confirm and go down."""
        self._then(lambda: self._move("down"))

    def action_shift_move(self, way: str) -> None:
        """Confirm and go in a direction, also to the left and right of what is being typed."""
        self._then(lambda: self._move(way))

    def _then(self, move: Then) -> None:
        if self.bar.editing:
            self.confirm(move)
        else:
            move()

    def action_cancel(self) -> None:
        """Cancel what is being typed, else go back."""
        if self.bar.editing:
            self.cancel()
        else:
            self.review.action_back()

    def action_edit(self) -> None:
        """Edit the old value."""
        if not self.bar.editing:
            self.begin(old=True)

    def action_next_field(self, way: int) -> None:
        """Confirm and go to the next field that wants a value, else to the next field."""
        self._then(lambda: self._next_field(way))

    def _next_field(self, way: int) -> None:
        self.look()
        row = self.grid.place
        if row is None:
            return
        kinds = EDITABLE if self.book.may(Act.TARGET, year=self.year) else (Kind.ACTUAL,)
        field = next_field(self.sheet, row, self.grid.kind, way, kinds)
        if field is not None:
            self.go_to(*field)

    def action_next_blank(self, way: int) -> None:
        """Confirm and go to the next blank actual."""
        self._then(lambda: self._next_blank(way))

    def _next_blank(self, way: int) -> str | None:
        self.look()
        blank = next_blank(self.sheet, self.grid.cursor_row, way)
        if blank is None:
            told = entry_text.NO_BLANK
            if not self.sheet.shares:
                told += entry_text.MAY_SUBMIT
            self.tell(told)
            return told
        self.go_to(blank, Kind.ACTUAL)
        return None

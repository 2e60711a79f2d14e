"""What all screens share: the title line with the year, the tabs, the hint line at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.year_state import YEAR_STATE_LABELS
from shakyo_review.errors import ReviewError
from shakyo_review.ui import keys
from shakyo_review.ui.marks import cut
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.bars import ROOMY, HintLine, TabLine, TitleLine
from shakyo_review.ui.widgets.fixed_table import FixedTable

if TYPE_CHECKING:
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.ui.app import ReviewApp


class ReviewScreen(Screen[None]):
    """A screen of one open book and year.

    Subclasses set ``where`` (the place in the table of keys), yield their content in
    ``content`` and read the book in ``show_book``, which is called whenever the screen comes to
    the front, the year changes, or the book has changed.
    """

    where: ClassVar[str] = keys.EVERYWHERE
    tab: ClassVar[str] = ""
    """The tab that is marked where it is another than ``where``."""
    follows: ClassVar[bool] = False
    """Whether the screen reads the book anew when another program has written into it."""
    LOOK_SECONDS: ClassVar[float] = 5.0
    complete = True
    """Whether everything stands on the screen that comes there without a key (see ``under_cover``)."""

    def compose(self) -> ComposeResult:
        """Yield the frame around the content."""
        yield TitleLine()
        yield TabLine(self.tab or self.where)
        yield from self.content()
        yield HintLine(keys.hint_line(self.where), self.where)

    def content(self) -> ComposeResult:
        """Yield the widgets between tabs and hint line."""
        yield Widget()

    @property
    def review(self) -> ReviewApp:
        """The app, with its book and year."""
        return cast("ReviewApp", self.app)

    @property
    def book(self) -> ReviewBook:
        """The open book."""
        return self.review.book

    @property
    def year(self) -> int:
        """The fiscal year on screen."""
        return self.review.year

    def on_mount(self) -> None:
        """Look now and then whether somebody else has written; follow the colours of the app."""
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)
        if self.follows:
            self.set_interval(self.LOOK_SECONDS, self.look_again)

    def _theme_changed(self, _: Theme) -> None:
        self.query_one(TabLine).show()
        self.query_one(HintLine).show()
        if self.is_current:
            self.reload()

    def look_again(self) -> None:
        """Show the book anew if another program has written since it was read."""
        if not self.is_current:
            return
        try:
            changed = self.book.refresh()
        except ReviewError:  # a busy file is looked at again a little later
            return
        if changed:
            self.reload()

    def on_screen_resume(self) -> None:
        """Read the book anew when the screen comes to the front."""
        self.reload()
        if self.review.to_tell:
            self.tell(self.review.to_tell)
            self.review.to_tell = ""

    def on_resize(self) -> None:
        """Fit the title into the new width."""
        self.show_title()

    def reload(self) -> None:
        """Show title and book; a book that cannot be read is told in a sentence."""
        try:
            self.show_title()
            self.show_book()
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)

    def tone(self, name: str) -> str:
        """Return a colour of the theme, for what carries its meaning in letters as well."""
        return self.app.theme_variables.get(name, "")

    def show_title(self) -> None:
        """Write plan, who works, when it was saved last, year and its state into the title line."""
        plan, state = self.book.plan_of(self.year), self.book.state(self.year)
        parts = [(f"{year_label(self.year)}（{YEAR_STATE_LABELS[state]}）", "choose_year")]
        if self.review.saved_at:
            parts.insert(0, (f"保存 {self.review.saved_at}", "saved"))
        if self.size.width >= ROOMY:
            person = self.book.person
            parts.insert(0, (cut(person.label if person else self.book.who, 24).strip(), ""))
        self.query_one(TitleLine).show(f"{plan.body}　{plan.title}", parts)

    def show_book(self) -> None:
        """Read the book and show it; overridden by each screen."""

    def marked_code(self) -> str | None:
        """Return the code of the item or indicator that is marked, None where there is none."""
        tables = self.query(FixedTable)
        code = tables.first().code if tables else None
        known = any(code in one.codes.values() for one in self.book.editions.all)
        return code if known else None

    def may_leave(self) -> bool:
        """Store what is being typed before the screen or the year is left; False keeps both as they are."""
        return True

    def tell(self, text: str, *, error: bool = False) -> None:
        """Show one sentence in the hint line until the next key."""
        self.query_one(HintLine).tell(text, error=error)

    def stop_telling(self) -> None:
        """Put the sentence away again; called by the app with every key."""
        for line in self.query(HintLine):
            if line.telling:
                line.rest()

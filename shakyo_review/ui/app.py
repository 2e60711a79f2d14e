"""The app: screens, year, global keys. No data access of its own."""

from pathlib import Path
from typing import Any, ClassVar

from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.events import Event, Key, Paste
from textual.screen import Screen

from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.errors import ReviewError
from shakyo_review.services.book import ReviewBook
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.choose_year import ChooseYear
from shakyo_review.ui.dialogs.form_keys import OrderedKeys
from shakyo_review.ui.dialogs.palette import Operation, Palette, operations
from shakyo_review.ui.doing import perform
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.screens.compare import CompareScreen
from shakyo_review.ui.screens.entry import EntryScreen
from shakyo_review.ui.screens.help import HelpScreen
from shakyo_review.ui.screens.history import HistoryScreen
from shakyo_review.ui.screens.home import HomeScreen
from shakyo_review.ui.screens.improve import ImproveScreen
from shakyo_review.ui.screens.plan import PlanScreen
from shakyo_review.ui.screens.report import ReportScreen
from shakyo_review.ui.screens.scores import ScoresScreen
from shakyo_review.ui.themes import dress
from shakyo_review.ui.told import sentence


class ReviewApp(App[None]):
    """The terminal screens on one open book."""

    CSS_PATH = "app.tcss"
    TITLE = "社協レビュー"
    ENABLE_COMMAND_PALETTE = False  # Textual's own is in English; ours is dialogs/palette.py
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.EVERYWHERE)  # type: ignore[assignment]
    MODES: ClassVar[dict[str, type[Screen[None]]]] = {  # type: ignore[assignment]
        "home": HomeScreen,
        "entry": EntryScreen,
        "scores": ScoresScreen,
        "improve": ImproveScreen,
        "compare": CompareScreen,
        "report": ReportScreen,
        "plan": PlanScreen,
        "history": HistoryScreen,
    }
    DEFAULT_MODE = "home"

    def __init__(
        self, book: ReviewBook, *, year: int | None = None, report_folder: Path | None = None
    ) -> None:
        super().__init__()
        self.book = book
        self.year = year if year is not None else book.working_year
        self.report_folder = report_folder or Path.cwd()
        self.saved_at: str = ""
        self.history_filter: str | None = None
        """What the screen of the history is to be narrowed to when it comes to the front."""
        self.animation_level = "none"
        dress(self)

    async def on_event(self, event: Event) -> None:
        """Put away what the screen has told with the next key."""
        if isinstance(event, Key) and not event.is_forwarded and self.review_screen is not None:
            self.review_screen.stop_telling()
        if isinstance(event, Key | Paste) and isinstance(self.screen, OrderedKeys):
            self.screen._forward_event(event)  # all keys of a form go through one queue
        else:
            await super().on_event(event)

    async def run_action(self, action: Any, *args: Any, **kwargs: Any) -> bool:
        """Run an action; what the book cannot do is told in a sentence, on every screen."""
        try:
            return await super().run_action(action, *args, **kwargs)
        except ReviewError as problem:
            if self.review_screen is not None:
                self.review_screen.tell(sentence(problem), error=True)
            return True

    def pop_screen(self) -> AwaitComplete:
        """Close the question in front; a second Enter of the same moment finds none and does nothing."""
        return super().pop_screen() if len(self.screen_stack) > 1 else AwaitComplete.nothing()

    @property
    def review_screen(self) -> ReviewScreen | None:
        """The screen in front, if it is one of ours."""
        return self.screen if isinstance(self.screen, ReviewScreen) else None

    def action_go(self, mode: str) -> None:
        """Go to a screen."""
        if self.may_leave():
            self.switch_mode(mode)

    def may_leave(self) -> bool:
        """Ask the screen in front to store what is being typed; False where it cannot be stored."""
        return self.review_screen is None or self.review_screen.may_leave()

    async def action_quit(self) -> None:
        """Leave the program."""
        if self.may_leave():
            self.exit()

    def action_back(self) -> None:
        """Go back to the first screen."""
        if self.current_mode != "home":
            self.action_go("home")

    def action_history_here(self) -> None:
        """Show the history of the line that is marked on the screen in front."""
        screen = self.review_screen
        if screen is None or isinstance(screen, HistoryScreen) or not screen.may_leave():
            return
        marked = screen.marked_code()
        if marked is None:
            screen.tell("履歴を見る行（指標や取組）を選んでから、もう一度押してください。")
            return
        self.history_filter = f"{marked} {short_year(self.year)}"
        self.switch_mode("history")

    def action_year(self, step: int) -> None:
        """Switch to the year before or after."""
        years = self.book.years()
        if self.year in years:
            place = min(max(years.index(self.year) + step, 0), len(years) - 1)
            self.choose_year(years[place])

    def choose_year(self, year: int) -> None:
        """Switch to a year and show it."""
        screen = self.review_screen
        if year == self.year or screen is None or not screen.may_leave():
            return
        self.year = year
        screen.reload()
        screen.tell(f"{year_label(year)}に切り替えました。")

    def action_saved(self) -> None:
        """Say when the last value was saved."""
        if self.review_screen is not None:
            text = (
                f"すべて保存されています（最後の保存 {self.saved_at}）。"
                if self.saved_at
                else "入力した値は、確定するたびに保存されます。"
            )
            self.review_screen.tell(text)

    def action_choose_year(self) -> None:
        """Offer the years of the book."""
        if self.review_screen is not None:
            self.push_screen(ChooseYear(self.book, self.year), self._year_chosen)

    def _year_chosen(self, year: int | None) -> None:
        if year is not None:
            self.choose_year(year)

    def action_show_help(self) -> None:
        """Show the keys of this screen."""
        if self.review_screen is not None:
            self.push_screen(HelpScreen(self.review_screen.where))

    def action_command_palette(self) -> None:
        """Offer everything that can be done here, to be found by its name."""
        if self.review_screen is not None:
            self.push_screen(Palette(operations(self.review_screen.where)), self._operation_chosen)

    async def _operation_chosen(self, chosen: Operation | None) -> None:
        if chosen is None:
            return
        if chosen.key is not None:
            await perform(self, chosen.key)
        else:
            self.theme = chosen.theme

    def action_help_quit(self) -> None:
        """Say how to leave (Ctrl+C is how other programs end, but copies here)."""
        if self.review_screen is not None:
            self.review_screen.tell("終わるときは Ctrl+Q を押してください。")


def run_screens(
    book: ReviewBook, *, year: int | None = None, report_folder: Path | None = None
) -> None:
    """Open the screens and stay until they are left."""
    ReviewApp(book, year=year, report_folder=report_folder).run()

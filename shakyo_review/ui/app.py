"""The app: screens, year, global keys. No data access of its own."""

import gc
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.events import Event, Key
from textual.screen import ModalScreen, Screen

from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.person import Role
from shakyo_review.errors import ReviewError
from shakyo_review.services import clock
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.settings import is_served, load_settings
from shakyo_review.ui import keys, marks
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.told import sentence
from shakyo_review.ui.under_cover import UnderCover, keep_cover

if TYPE_CHECKING:
    from shakyo_review.ui.dialogs.palette import Operation
    from shakyo_review.ui.incoming.arrival import Arrival


def _screen(module: str, name: str) -> Callable[[], Screen[None]]:
    """Return how a screen is made; its module is imported when it is first shown."""

    def make() -> Screen[None]:
        screen: type[Screen[None]] = getattr(
            import_module(f"shakyo_review.ui.screens.{module}"), name
        )
        return screen()

    return make


class ReviewApp(UnderCover):
    """The terminal screens on one open book."""

    CSS_PATH: ClassVar[list[str]] = [
        "app.tcss",
        "screens/entry.tcss",
    ]  # read at once: each addition costs a new parse
    TITLE = "社協レビュー"
    ENABLE_COMMAND_PALETTE = False  # Textual's own is in English; ours is dialogs/palette.py
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.EVERYWHERE)  # type: ignore[assignment]
    MODES: ClassVar[dict[str, Callable[[], Screen[None]]]] = {  # type: ignore[assignment]
        "home": _screen("home", "HomeScreen"),
        "entry": _screen("entry", "EntryScreen"),
        "scores": _screen("scores", "ScoresScreen"),
        "improve": _screen("improve", "ImproveScreen"),
        "compare": _screen("compare", "CompareScreen"),
        "report": _screen("report", "ReportScreen"),
        "plan": _screen("plan", "PlanScreen"),
        "history": _screen("history", "HistoryScreen"),
        "meeting": _screen("meeting", "MeetingScreen"),
        "incoming": _screen("incoming", "IncomingScreen"),
    }
    DEFAULT_MODE = "home"

    def __init__(
        self,
        book: ReviewBook,
        *,
        year: int | None = None,
        report_folder: Path | None = None,
        look: str = "",
        first: str = "",
    ) -> None:
        self.DEFAULT_MODE = first or first_screen(book)  # type: ignore[misc]  # Textual reads it when it starts
        super().__init__()
        self.book = book
        book.on_saved = self._saved
        self.year = year if year is not None else book.working_year
        self.report_folder = report_folder or Path.cwd()
        self.served = is_served()
        """Whether these screens are shown to a visitor in a browser."""
        self.saved_at: str = ""
        self.history_filter: str | None = None
        """What the screen of the history is to be narrowed to when it comes to the front."""
        self.line_wanted: str | None = None
        """The code on which the next screen is to stand."""
        self.arrived: Arrival | None = None
        """What the screen 取り込み is to show when it comes to the front (``ui/incoming/arrival.py``)."""
        self.came_from: str | None = None
        """The screen to which Esc leads back from the history of a line."""
        self.dress(look)
        self.go_under()

    def on_mount(self) -> None:
        """Ask who is there where people are registered and the name is none of theirs."""
        if not self.served and self.book.people and self.book.person is None:
            from shakyo_review.ui.people import ask_who

            self.call_after_refresh(ask_who, self)

    def on_ready(self) -> None:
        """Never look again for garbage in what the start has made: it would be felt while typing."""
        gc.freeze()

    async def pass_on(self, event: Event) -> None:
        """Put away what the screen has told with the next key."""
        if isinstance(event, Key) and self.review_screen is not None:
            self.review_screen.stop_telling()
        if getattr(self.screen, "keys_in_order", False):
            self.screen._forward_event(event)  # all keys of a form go through one queue
        else:
            await super().pass_on(event)

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
            self.came_from = None
            self.switch_mode(mode)

    def may_leave(self) -> bool:
        """Ask the screen in front to store what is being typed; False where it cannot be stored."""
        return self.review_screen is None or self.review_screen.may_leave()

    async def action_quit(self) -> None:
        """Leave the program; where something typed is not stored yet, say so and stay."""
        while isinstance(front := self.screen, ModalScreen):
            await self.run_action("leave", front)
            if front.is_active:
                return
        if self.may_leave():
            self.exit()

    def action_back(self) -> None:
        """Go back to where the history of a line was asked for, else to the first screen."""
        if self.current_mode == "history" and self.came_from is not None:
            self.action_go(self.came_from)
        elif self.current_mode != "home":
            self.action_go("home")

    def action_history_here(self) -> None:
        """Show the history of the line that is marked on the screen in front."""
        screen = self.review_screen
        if screen is None or self.current_mode == "history" or not screen.may_leave():
            return
        marked = screen.marked_code()
        if marked is None:
            screen.tell("履歴を見る行（指標や取組）を選んでから、もう一度押してください。")
            return
        self.show_history(f"{marked} {short_year(self.year)}")

    def show_history(self, words: str) -> None:
        """Show the history narrowed by words; Esc leads back to the screen in front."""
        self.history_filter, self.came_from = words, self.current_mode
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

    def _saved(self) -> None:
        at = clock.local_time(clock.now()).rpartition(" ")[2]
        if at != self.saved_at:
            self.saved_at = at
            self.call_later(self._show_saved)

    def _show_saved(self) -> None:
        if self.review_screen is not None:
            self.review_screen.show_title()

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
            from shakyo_review.ui.dialogs.choose_year import ChooseYear

            self.push_screen(ChooseYear(self.book, self.year), self._year_chosen)

    def _year_chosen(self, year: int | None) -> None:
        if year is not None:
            self.choose_year(year)

    def action_people(self) -> None:
        """Choose the name to work under; the 事務局 looks after everybody registered."""
        if self.may_leave():
            from shakyo_review.ui.people import look_after

            look_after(self)

    def action_sheets_out(self) -> None:
        """Give 記入シート out, to be filled in with Excel."""
        if self.review_screen is not None and self.may_leave():
            from shakyo_review.ui.sheets_out import give_out

            give_out(self)

    def action_show_help(self) -> None:
        """Show the keys of this screen."""
        if self.review_screen is not None:
            from shakyo_review.ui.screens.help import HelpScreen

            self.push_screen(HelpScreen(self.review_screen.where))

    def action_command_palette(self) -> None:
        """Offer everything that can be done here, to be found by its name."""
        if self.review_screen is not None:
            from shakyo_review.ui.dialogs.palette import Palette, operations

            self.push_screen(Palette(operations(self.review_screen.where)), self._operation_chosen)

    async def _operation_chosen(self, chosen: "Operation | None") -> None:
        if chosen is None:
            return
        if chosen.key is not None:
            from shakyo_review.ui.doing import perform

            await perform(self, chosen.key)
        else:
            self.change_look(chosen.theme)

    def change_look(self, theme: str) -> None:
        """Change colours and characters, and keep that for the next time on this machine."""
        from shakyo_review.services.settings import keep_look

        self.wear(theme)
        screen = self.review_screen
        try:
            if not self.served:
                keep_look(theme.removeprefix("shakyo-"))
        except ReviewError as problem:
            if screen is not None:
                screen.tell(sentence(problem), error=True)

    def action_help_quit(self) -> None:
        """Say how to leave (Ctrl+C is how other programs end, but copies here)."""
        if self.review_screen is not None:
            self.review_screen.tell("終わるときは Ctrl+Q を押してください。")


def first_screen(book: ReviewBook) -> str:
    """Return where a person begins: a registered 委員 where the own rows are filled in."""
    person = book.person
    own = person is not None and person.role is Role.MEMBER and bool(person.owners)
    return "entry" if own else "home"


def run_screens(
    book: ReviewBook,
    *,
    year: int | None = None,
    report_folder: Path | None = None,
    look: str = "",
    first: str = "",
) -> None:
    """Open the screens and stay until they are left; ``look`` is the name of one in the settings."""

    def made(look: str) -> ReviewApp:
        return ReviewApp(book, year=year, report_folder=report_folder, look=look, first=first)

    app, who = made(look), book.who
    app.run()
    if not (app.served or app.return_code) and book.who == who:
        marks.use_wide(app.terminal_is_wide)  # whatever look was chosen meanwhile
        keep_cover(book, lambda: made(load_settings().look))

"""The first start: no book yet. A person chooses one; the screens open on it after that."""

from pathlib import Path
from typing import ClassVar

from textual.binding import Binding

from shakyo_review.ui.screens.start import FirstScreen, StartScreen
from shakyo_review.ui.themes import Dressed


class StartApp(Dressed[Path]):
    """The first start; returns the path of the book to open, None where the person left."""

    CSS_PATH = "app.tcss"
    CSS = """
    .start-title { height: 1; background: $primary; color: $text; padding: 0 1; }
    .start { height: 1fr; padding: 1 2; }
    .start Static { height: auto; }
    .start OptionList { height: auto; margin-bottom: 1; }
    .start Input { width: 100%; margin-bottom: 1; }
    .start .row { height: 1; }
    .start .row Static { width: 15; text-style: bold; }
    .start .row Input { width: 1fr; margin: 0; }
    .start .row Button { margin-right: 2; }
    .start .gap { margin-top: 1; }
    .start OptionList.tight { margin: 0; }
    .start .preview { height: 9; background: $surface; padding: 0 1; margin: 1 0; }
    .start .preview:focus { background: $boost; }
    """
    TITLE = "社協レビュー"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Binding]] = [Binding("ctrl+q", "quit", "終わる", priority=True)]  # type: ignore[assignment]

    def __init__(self, default_path: Path, who: str, look: str = "") -> None:
        super().__init__()
        self.default_path = default_path
        self.who = who
        self.dress(look)

    def on_mount(self) -> None:
        """Offer the choices."""
        self.push_screen(FirstScreen(self.default_path, self.who))

    def action_help_quit(self) -> None:
        """Say how to leave."""
        if isinstance(self.screen, StartScreen):
            self.screen.tell("終わるときは Ctrl+Q を押してください。")


def run_start(default_path: Path, who: str, look: str = "") -> Path | None:
    """Let a person choose a book: make one, open one, or try a sample.

    Returns the path of a book that has been opened successfully once, for ``run_screens``; None
    where the person left without one.
    """
    return StartApp(default_path, who, look).run()

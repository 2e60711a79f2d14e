"""会議: in large type, one item per page, only what has to be talked about."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.events import Click
from textual.widgets import Static

from shakyo_review.domain.agenda import TOPIC_LABELS, AgendaItem, print_order
from shakyo_review.domain.derivation import indicator_steps, node_steps
from shakyo_review.errors import WrongUsage
from shakyo_review.services.agenda import agenda
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.evaluate import item_name
from shakyo_review.ui.dialogs.why import WhyDialog
from shakyo_review.ui.large import figures_in_row, spaced
from shakyo_review.ui.marks import cell, cut, fit
from shakyo_review.ui.screens.meeting_text import figures_of, page
from shakyo_review.ui.screens.scores_asking import ScoresAsking
from shakyo_review.ui.widgets.prose import Prose, wrapped

LIST_NAME = 42
"""Columns of a name in the list of all items."""
HIGH = 34
"""From this height on, the figures are drawn ten rows high, else five."""
NOTHING = (
    "話し合う項目はありません。\n"
    "段階や委員の評価が違う項目、計算と評価が違う項目、判定が低い項目が、ここに並びます。"
)


class MeetingScreen(ScoresAsking):
    """The items on which opinions differ or that missed the line, one at a time.

    What is settled goes behind the others when the page is left, never under the eyes of the
    meeting.
    """

    where = keys.MEETING
    tab = keys.SCORES
    follows = True
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.MEETING)  # type: ignore[assignment]
    CSS = """
    MeetingScreen #place { height: 1; padding: 0 1; background: $surface; }
    MeetingScreen #name { height: auto; max-height: 2; margin-top: 1; text-style: bold; content-align: center top; text-align: center; }
    MeetingScreen #figures { height: auto; margin: 1 0; padding: 0 1; }
    MeetingScreen #said { height: 1fr; padding: 0 1; background: $surface; }
    MeetingScreen #page { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, AgendaItem] = {}
        self.code: str | None = None
        self.held = False
        """Whether the item in front was open when it came there: it keeps its place until left."""
        self.done: set[str] = set()
        """Items a person has put aside while this screen is open; not stored."""

    def content(self) -> ComposeResult:
        """Yield the place, the name, the large figures, and what is said."""
        yield Static("", id="place", markup=False)
        yield Static("", id="name", markup=False)
        yield Static("", id="figures", markup=False)
        with VerticalScroll(id="said"):
            yield Static("", id="page", markup=False)

    def on_mount(self) -> None:
        """Let the arrows up and down scroll what is said."""
        super().on_mount()
        self.query_one("#said").focus()

    def on_resize(self) -> None:
        """Draw as large as there is room."""
        super().on_resize()
        if self.rows:
            self._show()

    def show_book(self) -> None:
        """Read the agenda of the year; the item in front stays there."""
        self.rows = {one.code: one for one in agenda(self.book, self.year)}
        wanted, self.review.line_wanted = self.review.line_wanted, None
        if wanted in self.rows:
            self._turn_to(wanted)
        elif self.code not in self.rows:
            self.code = None
            self._turn_to(next(iter(self._waiting() or self.rows), None))
        self._show()

    def _settled(self, code: str) -> bool:
        return code in self.done or self.rows[code].settled

    def _waiting(self) -> list[str]:
        """Return the items still to be talked about, the one in front included until it is left."""
        found = {
            code
            for code in self.rows
            if not self._settled(code) or (self.held and code == self.code)
        }
        return [code for code in print_order(self.book.plan_of(self.year)) if code in found]

    def _put_aside(self) -> list[str]:
        still = set(self._waiting())
        return [code for code in self.rows if code not in still]

    def _turn_to(self, code: str | None) -> None:
        self.code = code
        self.held = code is not None and not self._settled(code)

    # --- showing -----------------------------------------------------------------------------

    def _show(self) -> None:
        place, name = self.query_one("#place", Static), self.query_one("#name", Static)
        figures, text = self.query_one("#figures", Static), self.query_one("#page", Static)
        one = self.rows.get(self.code or "")
        width = max(self.size.width - 2, 20)
        if one is None:
            place.update(Text("会議", style="bold"))
            name.update("")
            figures.update("")
            text.update(Text(fit(NOTHING)))
            return
        score, plan = self.book.score(self.year), self.book.plan_of(self.year)
        last = self.book.score_beside(self.year - 1, self.year)
        place.update(self._place_line(one, width))
        name.update(_large_name(item_name(plan, one.code), width))
        ink = self.tone("foreground")
        tall = self.size.height >= HIGH
        ink = ink if ink.startswith("#") else ""
        drawn = figures_in_row(figures_of(score, one), width, ink, tall=tall)
        figures.update(Text("\n").join(drawn))
        known = last if any(s.rated for s in last.indicators.values()) else None
        text.update(Prose(tuple(page(self.book, score, known, one))))

    def _place_line(self, one: AgendaItem, width: int) -> Text:
        still, closed = self._waiting(), self._put_aside()
        line = Text.assemble(("会議　", "bold"), no_wrap=True)
        if one.code in still:
            line.append(f"{still.index(one.code) + 1} / {len(still)}", style="bold")
            if self._settled(one.code):
                line.append("　［済み］", style="bold reverse")
            line.append(f"　済み {len(closed)}件" if closed else "")
        else:
            line.append(f"済み {closed.index(one.code) + 1} / {len(closed)}", style="bold")
            line.append(f"　残り {len(still)}件")
        plan = self.book.plan_of(self.year)
        path = plan.path_of(plan.action_of.get(one.code, one.code))
        above = " ＞ ".join(item.name for item in path if item.code != one.code)
        room = width - line.cell_len - cell_len(one.code) - 4
        line.append(f"　{one.code}　{cut(above, room) if room > 12 else ''}")
        return line

    # --- turning the pages -------------------------------------------------------------------

    def action_turn(self, step: int) -> None:
        """Go to the next or the last item; behind the open ones come those that are settled."""
        if self.code is None:
            return
        if step > 0:
            order = [*self._waiting(), *self._put_aside()]
            wanted = order.index(self.code) + 1
        else:
            order = [*self._waiting(), *self._put_aside()]
            wanted = order.index(self.code) - 1
        if not 0 <= wanted < len(order):
            self.tell("最後の項目です。" if step > 0 else "最初の項目です。")
            return
        self._go_to(order[wanted])

    def _go_to(self, code: str) -> None:
        self._turn_to(code)
        self._show()
        self.query_one("#said").scroll_home(animate=False)

    def action_list(self) -> None:
        """Choose from all items, the settled ones last."""
        plan = self.book.plan_of(self.year)
        order = [*self._waiting(), *self._put_aside()]
        choices = [
            (
                f"{'済み' if self._settled(code) else '　　'} "
                f"{cell(item_name(plan, code), LIST_NAME).plain} "
                f"{TOPIC_LABELS[self.rows[code].points[0].topic]}",
                code,
            )
            for code in order
        ]
        if not choices:
            raise WrongUsage("話し合う項目はありません。")

        def settle(code: str | None) -> None:
            if code is not None:
                self._go_to(code)

        here = order.index(self.code) if self.code in order else 0
        self.app.push_screen(ChooseDialog("どの項目へ移りますか", choices, chosen=here), settle)

    def action_settle(self) -> None:
        """Put the item aside as done, or take it up again; only on this screen."""
        code = self.code
        if code is None:
            return
        if code in self.done:
            self.done.discard(code)
            self._show()
            self.tell("この項目を、話し合う項目に戻しました。")
        elif self.rows[code].settled:
            self.tell("この項目は、最後の段階の評価が付いています（済み）。")
        else:
            self.done.add(code)
            self._show()
            self.tell("この項目を済みにしました（この画面だけの印です）。→ で次へ進みます。")

    def on_click(self, event: Click) -> None:
        """Turn the page with a click on the right or left half of the name and figures."""
        widget = event.widget
        if widget is not None and widget.id in ("name", "figures"):
            self.action_turn(1 if event.screen_x >= self.size.width // 2 else -1)

    # --- what the line is --------------------------------------------------------------------

    def marked_line(self) -> str | None:
        """Return the item in front."""
        return self.code

    def marked_code(self) -> str | None:
        """Return the item in front, for its history."""
        return self.code

    def action_reason(self) -> None:
        """Show why the letter is what it is."""
        score, code = self.book.score(self.year), self.marked(changing=False)
        steps = (
            indicator_steps(score.indicators[code])
            if code in score.indicators
            else node_steps(score.plan, score.nodes[code])
        )
        self.app.push_screen(WhyDialog(f"理由（算出過程）　{item_name(score.plan, code)}", steps))

    def action_back_to_scores(self) -> None:
        """Go back to the tree, to the line that was talked about."""
        self.review.line_wanted = self.code
        self.review.action_go("scores")


def _large_name(name: str, width: int) -> Text:
    """Return a name spaced out where it fits in one line, else in up to two lines as it is."""
    wide = spaced(name, width)
    if cell_len(wide) <= width and ".." not in wide[-2:]:
        return Text(wide, no_wrap=True)
    lines = wrapped(name, width)
    return Text("\n".join([lines[0], cut("".join(lines[1:]), width)]))

"""The last step of the screen 取り込み: what was decided is written, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.services.entry import ReasonNeeded
from shakyo_review.services.incoming import Undecided
from shakyo_review.ui.dialogs.ask_reason import ask_reason
from shakyo_review.ui.incoming.reading import IncomingReading
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.prose import Para, Prose

if TYPE_CHECKING:
    from shakyo_review.services.taking import ImportResult
    from shakyo_review.ui.incoming.arrival import Decisions

UNDO = "まちがえたときは、履歴（Ctrl+R）で取り込みの行をひらき、F2 で値を戻せます。"
MOST_LINES = 500
"""Changes that are listed after writing."""


class IncomingWriting(IncomingReading):
    """Writing what a person has decided on the list."""

    decisions: Decisions | None = None
    seen: object = None
    """The state of book and year under which the source was read."""

    def say(self, *texts: str) -> None:
        """Show what is asked, or what was done, above the step."""
        self.query_one("#what", Static).update(Prose(tuple(map(Para, texts))))

    def write(self, reason: str) -> None:
        """Write what was decided; a year that is being evaluated asks for a reason first."""
        decisions = self.decisions
        if decisions is None:
            return
        if decisions.open:
            self.to_next_open()
            raise WrongUsage(
                f"まだ決まっていない値が{len(decisions.open)}件あります。",
                "Enter で1件ずつ、F2・F3 でまとめて決めてください。",
            )
        if not (decisions.taken or (decisions.arrival.remembers and decisions.sides)):
            raise WrongUsage("取り込む値がありません。", "何も書き込んでいません。")
        try:
            result = decisions.arrival.write(decisions.sides, reason)
        except ReasonNeeded as problem:
            if reason:
                raise
            about = [problem.message, f"取り込む値は{decisions.taken}件です。"]
            ask_reason(self.app, "取り込む理由", about, self._reasoned)
        except Undecided as problem:
            self.seen = None
            self.reload()
            raise problem from None
        else:
            self._written(result)

    def _reasoned(self, reason: str | None) -> None:
        if reason is None:
            self.tell("取り込みをやめました。何も書き込んでいません。")
            return
        try:
            self.write(reason)
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)

    def _written(self, result: ImportResult) -> None:
        decisions = self.decisions
        source = "" if decisions is None else decisions.arrival.source
        same = f"（変えなかったもの{result.unchanged}件）" if result.unchanged else ""
        lines = [Para(line, hang=2) for line in result.lines[:MOST_LINES]]
        more = len(result.lines) - MOST_LINES
        lines += [Para(f"ほか{more}件")] if more > 0 else []
        self.query_one("#result", Static).update(Prose(tuple(lines)))
        unread = 0 if decisions is None else len(decisions.arrival.unread)
        left = [f"読めない値{unread}件は取り込んでいません。"] if unread else []
        self.decisions = None
        self.to_stage("done")
        self.say(f"「{source}」から{result.changed}件を取り込みました{same}。", *left, UNDO)

"""Taking a year further, from any screen that offers it: 準備 → 記入 → 評価 → 確定 → 公表."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.person import Act
from shakyo_review.errors import ReviewError
from shakyo_review.services.reviewing import gaps
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.told import sentence

if TYPE_CHECKING:
    from shakyo_review.ui.dialogs.form import Form


class YearStepping(ReviewScreen):
    """A screen on which the year can be taken a step further."""

    def action_year_step(self) -> None:
        """Show what is not done, and offer the steps there are."""
        from shakyo_review.ui.dialogs.year import YearDialog

        state = self.book.state(self.year)
        left = gaps(self.book, self.year) if state.open else []
        self.app.push_screen(YearDialog(self.year, state, left), self._step)

    def _step(self, step: str | None) -> None:
        from shakyo_review.services import sealing
        from shakyo_review.ui.dialogs.ask_text import AskText

        label = year_label(self.year)
        if step == "open":
            self._do(self._open)
        elif step == "evaluate":
            self._do(
                lambda: sealing.start_evaluation(self.book, self.year),
                f"{label}の記入を締め切り、評価を始めました。",
            )
        elif step == "seal":
            self._do(lambda: sealing.seal(self.book, self.year), f"{label}を確定しました。")
        elif step == "publish":
            self._do(lambda: sealing.publish(self.book, self.year), f"{label}を公表としました。")
        elif step == "entry":
            self._ask_allowed(
                Act.YEAR,
                AskText(
                    f"{label}を記入に戻す理由",
                    lambda reason: sealing.back_to_entry(self.book, self.year, reason),
                    hint="例: 数え間違いが見つかった",
                ),
                f"{label}を記入に戻しました。",
            )
        elif step == "reopen":
            self._ask_allowed(
                Act.REOPEN,
                AskText(
                    f"{label}の確定を解く理由",
                    lambda reason: sealing.reopen(self.book, self.year, reason),
                    hint="例: 委員会の指摘で評価を直す",
                    about=["これまでの確定の内容は、そのまま残ります。"],
                ),
                f"{label}の確定を解きました。",
            )

    def _ask_allowed(self, act: Act, form: "Form", told: str) -> None:
        """Ask a form, unless the person acting may not do what it asks for: that is told instead."""
        try:
            self.book.check(act, year=self.year)
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)
        else:
            self.ask(form, told)

    def _open(self) -> str:
        from shakyo_review.services import sealing

        asked = sealing.open_year(self.book, self.year)
        promised = f"前の年度からの改善項目が{asked}件あります。" if asked else ""
        return f"{year_label(self.year)}の記入を始めました。{promised}"

    def _do(self, work: Callable[[], object], told: str = "") -> None:
        """Do something and tell it; what is refused is told as well."""
        try:
            said = work()
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)
            return
        self.reload()
        self.tell(told or str(said))

    def told(self, work: Callable[[], None]) -> None:
        """Do something after a question; what is refused is told."""
        try:
            work()
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)

    def ask(self, form: "Form", told: str | Callable[[], str]) -> None:
        """Ask a form; once it is stored show the book anew and tell so."""

        def settle(stored: bool | None) -> None:
            if stored:
                self.reload()
                self.tell(told if isinstance(told, str) else told())

        self.app.push_screen(form, settle)

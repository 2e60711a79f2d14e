"""What is asked on the evaluation screen: letters, sending back, opinions, direction, promises."""

from collections.abc import Callable, Mapping

from shakyo_review.domain.evaluation import ItemEvaluation, Meeting
from shakyo_review.domain.person import Act
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.domain.process import Stage
from shakyo_review.errors import WrongUsage
from shakyo_review.services.checked import check_evaluable, find_item
from shakyo_review.services.evaluating import send_back
from shakyo_review.services.reviewing import evaluation
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.council import (
    ChooseMeeting,
    MeetingDialog,
    given_letters,
    place_of,
    recusal_of,
    withdrawal_of,
)
from shakyo_review.ui.dialogs.evaluate import (
    EvaluateDialog,
    MemberDialog,
    item_name,
    member_acting,
    stages_for,
)
from shakyo_review.ui.dialogs.form import REASON, Field, Form, Line, Pick
from shakyo_review.ui.dialogs.opinion import (
    NEW,
    NEW_WHOLE,
    ChooseOpinion,
    answer_to,
    new_opinion,
)
from shakyo_review.ui.dialogs.promise import direction_of, new_promise
from shakyo_review.ui.marks import letter
from shakyo_review.ui.screens.year_step import YearStepping
from shakyo_review.ui.widgets.fixed_table import FixedTable


class ScoresAsking(YearStepping):
    """The questions about the marked line. What the year does not allow is told at once."""

    def marked(self, *, changing: bool = True) -> str:
        """Return the code of the marked line; ``WrongUsage`` where it cannot be evaluated."""
        code = self.marked_line()
        if code is None:
            raise WrongUsage("この計画には、まだ項目がありません。")
        find_item(self.book.plan_of(self.year), code)
        if changing:
            check_evaluable(self.book, self.year)
        return code

    def marked_line(self) -> str | None:
        """Return the code of the line that is asked about."""
        return self.query_one(FixedTable).code

    def action_rate(self) -> None:
        """Give the letter of a stage."""
        code = self.marked()
        stages = stages_for(self.book.plan_of(self.year), code)
        if not stages:
            raise WrongUsage("この行にかける評価の段階は、計画にありません。")
        allowed = [s for s in stages if self.book.may(Act.RATE, code, self.year, stage=s.code)]
        if not allowed:
            self.book.check(Act.RATE, code, year=self.year, stage=stages[0].code)
        self.ask(EvaluateDialog(self.book, code, self.year, allowed), "評価を保存しました。")

    def action_member(self) -> None:
        """Note what one member says; asks for the stage where there are several."""
        code = self.marked()

        def settle(stage: Stage) -> None:
            under = member_acting(self.book)
            if under:
                self.book.check(Act.RATE, code, year=self.year, stage=stage.code, under=under)
            form = MemberDialog(self.book, code, self.year, stage, under)
            self.ask(form, "委員の評価を保存しました。")

        self._of_stage(code, settle)

    def action_recuse(self) -> None:
        """Note that a member takes no part in rating the marked item."""
        code = self.marked()
        self.book.check(Act.RECUSE, code, year=self.year)

        def settle(stage: Stage) -> None:
            self.ask(recusal_of(self.book, code, self.year, stage), "除斥を記録しました。")

        self._of_stage(code, settle)

    def _of_stage(self, code: str, then: Callable[[Stage], None]) -> None:
        """Go on with the stage the members sit in; asks where there are several."""
        stages = stages_for(self.book.plan_of(self.year), code)
        if not stages:
            raise WrongUsage("この行にかける評価の段階は、計画にありません。")
        if len(stages) == 1:
            then(stages[0])
            return

        def settle(stage: Stage | None) -> None:
            if stage is not None:
                self.told(lambda: then(stage))

        choices = [
            (f"{stage.name}{f'（委員 {len(stage.members)}人）' if stage.members else ''}", stage)
            for stage in stages
        ]
        with_members = [i for i, stage in enumerate(stages) if stage.members]
        place = with_members[0] if with_members else len(stages) - 1
        self.app.push_screen(ChooseDialog("どの段階の委員ですか", choices, chosen=place), settle)

    def action_meeting(self) -> None:
        """Note a meeting: its day, and who was there."""
        self.book.check(Act.MEETING, year=self.year)
        check_evaluable(self.book, self.year)

        def settle(chosen: tuple[Stage, Meeting | None] | None) -> None:
            if chosen is not None:
                form = MeetingDialog(self.book, self.year, *chosen)
                self.ask(form, lambda: form.told)

        self.app.push_screen(ChooseMeeting(self.book, self.year), settle)

    def action_withdraw(self) -> None:
        """Take a letter back."""
        code = self.marked()
        given = given_letters(evaluation(self.book, code, self.year))
        if not given:
            raise WrongUsage("この行には、取り下げる評価がありません。")
        places = [place_of(one) for one, _ in given]
        if not any(self.book.may(Act.RATE, code, self.year, **place) for place in places):
            self.book.check(Act.RATE, code, year=self.year, **places[-1])
        self.ask(withdrawal_of(self.book, code, self.year), "評価を取り下げました。")

    def action_send_back(self) -> None:
        """Send the last letter before a stage back."""
        code = self.marked()
        self.book.check(Act.SEND_BACK, code, year=self.year)
        seen = evaluation(self.book, code, self.year)
        choices = _returnable(seen)
        if not choices:
            raise WrongUsage(
                "差し戻せる評価がありません。", "前の段階の評価が付いてから差し戻します。"
            )

        def store(values: Mapping[str, str]) -> None:
            send_back(self.book, code, self.year, values["stage"], values[REASON])

        title = f"差し戻し　{item_name(self.book.plan_of(self.year), code)}"
        fields: list[Field] = [
            Pick("stage", "どこから", choices, height=4),
            Line(REASON, "理由", hint="例: 相談件数の内訳を確かめてください"),
        ]
        self.ask(Form(title, fields, store, ok="差し戻す"), "差し戻しました。")

    def action_opinion(self) -> None:
        """Write an opinion down, or answer one; an answer may come after the year is sealed."""
        code, under = self.marked(changing=False), member_acting(self.book)
        self.book.check(Act.OPINION, year=self.year, under=under or self.book.who)
        if not self.book.may(Act.REPLY, year=self.year):
            self.ask(new_opinion(self.book, code, self.year, under=under), "意見を保存しました。")
            return

        def settle(chosen: int | None) -> None:
            if chosen in (NEW, NEW_WHOLE):
                about = code if chosen == NEW else WHOLE_PLAN
                self.ask(new_opinion(self.book, about, self.year), "意見を保存しました。")
            elif chosen is not None:
                self.ask(answer_to(self.book, self.year, chosen), "回答を保存しました。")

        self.app.push_screen(ChooseOpinion(self.book, code, self.year), settle)

    def action_direction(self) -> None:
        """Set the direction for the next year."""
        code = self.marked()
        self.book.check(Act.DIRECTION, code, year=self.year)
        self.ask(direction_of(self.book, code, self.year), "方向性を保存しました。")

    def action_promise(self) -> None:
        """Promise an improvement."""
        code = self.marked()
        self.book.check(Act.PROMISE, code, year=self.year)
        self.ask(new_promise(self.book, code, self.year), "改善項目を保存しました。")


def _returnable(seen: ItemEvaluation) -> list[tuple[str, str]]:
    """Return the stages that may send back, the next one to decide first, and what they would."""
    choices: list[tuple[str, str]] = []
    before: tuple[str, str] | None = None
    for result in seen.stages:
        if before is not None:
            name, label = before
            told = f"{result.stage.name}から（{name}の {letter(label)} を戻す）"
            choices.append((result.stage.code, told))
        if result.label is not None:
            before = (result.stage.name, result.label)
            choices = []
    return choices or _last_returnable(seen)


def _last_returnable(seen: ItemEvaluation) -> list[tuple[str, str]]:
    """Where the last stage has decided, it may still send the one before it back."""
    given = [s for s in seen.stages if s.label is not None]
    if len(given) < 2:
        return []
    before, last = given[-2], given[-1]
    told = f"{last.stage.name}から（{before.stage.name}の {letter(before.label)} を戻す）"
    return [(last.stage.code, told)]

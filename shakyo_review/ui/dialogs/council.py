"""The council asked: its meetings, members who take no part (除斥), letters taken back (取り下げ)."""

from collections.abc import Mapping

from shakyo_review.domain.evaluation import ItemEvaluation, Meeting
from shakyo_review.domain.person import Particulars
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.process import Stage
from shakyo_review.errors import ConflictFound, ValueProblem
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.checked import checked_day, today
from shakyo_review.services.council import hold_meeting
from shakyo_review.services.evaluating import recuse, withdraw
from shakyo_review.services.reviewing import evaluation, meeting_version, meetings_of
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.evaluate import item_name
from shakyo_review.ui.dialogs.form import REASON, Field, Form, Line, Pick, Seen, Ticks
from shakyo_review.ui.marks import letter

_BETWEEN = "\n"
"""Between a stage and a member; no name has it."""


class ChooseMeeting(ChooseDialog[tuple[Stage, Meeting | None]]):
    """A new meeting of a stage, or one that is noted already, to be corrected."""

    def __init__(self, book: ReviewBook, year: int) -> None:
        plan, held = book.plan_of(year), meetings_of(book, year)
        choices: list[tuple[str, tuple[Stage, Meeting | None]]] = []
        for stage in _councils_first(plan):
            choices.append((f"{stage.name}　新しい会議を記録する", (stage, None)))
            choices += [
                (f"{stage.name}　{meeting_text(one)}（直す）", (stage, one))
                for one in held.get(stage.code, [])
            ]
        super().__init__("会議・出席", choices)


def _councils_first(plan: Plan) -> list[Stage]:
    return sorted(plan.evaluation.stages, key=lambda stage: not (stage.members or stage.quorum))


def meeting_text(meeting: Meeting) -> str:
    """Return a meeting in one phrase: 2026-06-25 第1回 出席 4人・欠席 1人."""
    title = f" {meeting.title}" if meeting.title else ""
    return f"{meeting.date}{title} 出席 {len(meeting.present)}人・欠席 {len(meeting.absent)}人"


class MeetingDialog(Form):
    """Day, title and who was there; ``told`` is what came of it, with the quorum."""

    def __init__(self, book: ReviewBook, year: int, stage: Stage, held: Meeting | None) -> None:
        self.book, self.year, self.stage, self.held = book, year, stage, held
        self.told = ""
        version = 0 if held is None else meeting_version(book, year, stage.code, held.date)
        about = [f"委員 {len(stage.members)}人"] if stage.members else []
        if stage.quorum is not None:
            about.append(
                f"定足数 {stage.quorum.normalize():f}%（出席が足りないと評価を決められません）"
            )
        day = today() if held is None else held.date
        fields: list[Field] = [Line("day", "日付", day, "例: 2026-06-25")]
        fields.append(
            Line("title", "会議名", "" if held is None else held.title, "例: 第1回懇話会")
        )
        if stage.members:
            off = () if held is None else [m for m in stage.members if m not in held.present]
            fields.append(Ticks("present", "出席", stage.members, off, height=8))
        else:
            here, away = ((), ()) if held is None else (held.present, held.absent)
            hint = "名前を「、」で区切ります"
            fields.append(Line("present", "出席", "、".join(here), hint))
            fields.append(Line("absent", "欠席", "、".join(away), hint))
        super().__init__(
            f"会議・出席　{stage.name}",
            fields,
            self._hold,
            about=["　".join(about)] if about else [],
            seen=Seen(version),
        )

    def _hold(self, values: Mapping[str, str]) -> None:
        day = checked_day(values["day"])
        now = {one.date: one for one in meetings_of(self.book, self.year).get(self.stage.code, [])}
        if self.held is not None and day != self.held.date:
            raise ValueProblem(
                "記録した会議の日付は変えられません。",
                "別の日の会議は、新しい会議として記録します。",
                what="日付",
            )
        if self.held is None and day in now:
            raise ConflictFound(
                f"{day}の{self.stage.name}の会議は、すでに記録されています。",
                "直すときは、Esc で戻り、一覧からその会議を選びます。上書きはしていません。",
            )
        present = names_in(values["present"])
        absent = names_in(values.get("absent", ""))
        if not present and not absent:
            raise ValueProblem(
                "出席した委員がいません。",
                "出席した委員を1人以上入れてください。",
                what="present",
            )
        problem = hold_meeting(
            self.book,
            self.year,
            self.stage.code,
            day=day,
            title=values["title"],
            present=present,
            absent=absent,
            expected_version=None if self.seen_version is None else self.seen_version.version,
        )
        self.told = (
            problem or f"{self.stage.name}の会議（{day}）を記録しました。出席 {len(present)}人。"
        )
        if problem:
            self.told = f"会議を記録しました。{problem}。"


def names_in(text: str) -> list[str]:
    """Return the names in a typed list: separated by 、 , ・ or line breaks; a blank is part of a name."""
    for mark in "，,､・;；":
        text = text.replace(mark, "、")
    parts = [part.strip() for line in text.split("\n") for part in line.split("、")]
    return [part for part in parts if part]


def recusal_of(book: ReviewBook, code: str, year: int, stage: Stage) -> Form:
    """Return the form for a member who takes no part in rating an item and what lies under it."""
    plan = book.plan_of(year)
    result = evaluation(book, code, year).stage(stage.code)
    out = {} if result is None else dict(result.recused)
    left = [member for member in stage.members if member not in out]
    if stage.members and not left:
        raise ValueProblem(f"{stage.name}の委員は、全員がこの項目から除斥されています。")
    about = ["この項目と、その下の項目の評価から外れます。評価は数えません。"]
    about += [f"除斥: {member}（{told.reason}）" for member, told in out.items()]

    def store(values: Mapping[str, str]) -> None:
        recuse(book, code, year, stage.code, values["member"], values[REASON])

    who: Field = (
        Pick("member", "委員", [(member, member) for member in left], height=8)
        if left
        else Line("member", "委員", hint="委員の名前")
    )
    return Form(
        f"除斥　{item_name(plan, code)}（{stage.name}）",
        [who, Line(REASON, "理由", hint="例: この事業を受託する法人の役員のため")],
        store,
        about=about,
        ok="除斥する",
    )


def given_letters(seen: ItemEvaluation) -> list[tuple[str, str]]:
    """Return the letters that may be taken back, the last stage first: (stage and member, shown)."""
    found: list[tuple[str, str]] = []
    for result in reversed(seen.stages):
        if result.letter is not None:
            told = f"{result.stage.name}　{letter(result.letter.rating)}（{result.letter.by}）"
            found.append((f"{result.stage.code}{_BETWEEN}", told))
        found += [
            (
                f"{result.stage.code}{_BETWEEN}{member}",
                f"{result.stage.name}の委員 {member}　{letter(rating.rating)}",
            )
            for member, rating in result.members.items()
        ]
    return found


def place_of(given: str) -> Particulars:
    """Return the stage and the member of a letter that may be taken back."""
    stage, _, member = given.partition(_BETWEEN)
    return {"stage": stage, "under": member}


def withdrawal_of(book: ReviewBook, code: str, year: int) -> Form:
    """Return the form for taking a letter back."""
    seen = evaluation(book, code, year)

    def store(values: Mapping[str, str]) -> None:
        stage, _, member = values["which"].partition(_BETWEEN)
        there = evaluation(book, code, year).stage(stage)
        before = seen.stage(stage)
        if there != before:
            now = there.letter if there is not None else None
            told = f"（{now.by}、{now.date}: {letter(now.rating)}）" if now is not None else ""
            raise ConflictFound(
                f"評価は、ほかの人が先に変えています{told}。", "取り下げていません。"
            )
        withdraw(book, code, year, stage, values[REASON], member=member)

    return Form(
        f"取り下げ　{item_name(book.plan_of(year), code)}",
        [
            Pick("which", "どの評価", given_letters(seen), height=7),
            Line(REASON, "理由", hint="例: 別の行に付けるつもりだった"),
        ],
        store,
        about=["付けた評価を、付けなかったことにします。履歴には残ります。"],
        ok="取り下げる",
    )

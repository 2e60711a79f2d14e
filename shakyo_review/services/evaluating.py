"""Giving letters, sending them back, meetings, recusals, opinions and their answers."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from shakyo_review.domain.evaluation import (
    ItemEvaluation,
    Meeting,
    Opinion,
    Rating,
    Recusal,
    Returned,
    quorum_problem,
    scale_for,
    takes,
)
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.plan import WHOLE_PLAN, Item, Plan
from shakyo_review.domain.process import Stage, When
from shakyo_review.domain.scale import Scale
from shakyo_review.domain.year_state import YEAR_STATE_LABELS, YearState
from shakyo_review.errors import ConflictFound, ValueProblem, WrongUsage, quoted
from shakyo_review.services.book import RATING, ReviewBook
from shakyo_review.services.entry import ReasonNeeded, checked_text
from shakyo_review.services.reviewing import (
    MEETING,
    OPINION,
    RECUSAL,
    evaluation,
    meetings_of,
    opinions_of,
)
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage.facts import Fact, FactKey


def today() -> str:
    """Return the day on the wall calendar, ISO."""
    return datetime.now().astimezone().date().isoformat()


def checked_day(text: str | None) -> str:
    """Return a day as it is stored (ISO); today where none is given."""
    if not text:
        return today()
    folded = unicodedata.normalize("NFKC", text).strip().replace("/", "-").replace(".", "-")
    try:
        return date.fromisoformat("-".join(part.zfill(2) for part in folded.split("-"))).isoformat()
    except ValueError:
        raise WrongUsage(
            f"日付{quoted(text)}は読めません。", "2026-06-25 のように書いてください。"
        ) from None


def needed(text: str, what: str) -> str:
    """Return a text that must not be empty, as it is stored."""
    text = checked_text(text, what).strip()
    if not text:
        raise ValueProblem(f"{what}が空です。", f"{what}を書いてください。")
    return text


def find_item(plan: Plan, code: str) -> Item:
    """Return the item of a code (of the action, for an indicator).

    ``WrongUsage`` for an unknown code, and for a 再掲, which is judged where it counts.
    """
    item = plan.items.get(plan.action_of.get(code, code))
    if item is None:
        raise WrongUsage(
            f"コード{quoted(code)}は計画にありません。", "「plan show」でコードを確かめてください。"
        )
    if item.node.repeats is not None:
        raise WrongUsage(f"{code}は再掲です。", f"再掲元の{item.node.repeats}に記入してください。")
    return item


def find_stage(plan: Plan, code: str) -> Stage:
    """Return a stage of the plan by code or name."""
    stage = plan.evaluation.stage(code)
    if stage is None:
        names = "、".join(f"{one.code}（{one.name}）" for one in plan.evaluation.stages)
        raise WrongUsage(f"評価の段階{quoted(code)}はありません。", f"使える段階: {names}。")
    return stage


def find_label(scale: Scale, typed: str) -> str:
    """Return the label of the scale a person means (Ｂ and b are B); ``ValueProblem`` for another."""
    labels = [*scale.labels, *(off.label for off in scale.off_scale)]

    def folded(text: str) -> str:
        return unicodedata.normalize("NFKC", text).strip().upper()

    found = [label for label in labels if label == typed.strip()] or [
        label for label in labels if folded(label) == folded(typed)
    ]
    if not found:
        raise ValueProblem(
            f"{quoted(typed)}は評価基準「{scale.name}」にありません。",
            f"使える記号: {'、'.join(labels)}。",
        )
    return found[0]


def check_evaluable(book: ReviewBook, year: int, stage: Stage | None = None) -> None:
    """Refuse evaluation in a year that is not open, or later stages before entry has ended."""
    book.plan.check_year(year)
    state = book.state_now(year)
    label = year_label(year)
    if state is YearState.PREPARING:
        raise WrongUsage(
            f"{label}はまだ開いていません（準備）。", "「year open」で記入を始めてください。"
        )
    if state.closed:
        raise WrongUsage(
            f"{label}は確定しているため、評価を変えられません。",
            "直すときは「reopen」で確定を解いてください（理由が要ります）。",
        )
    if stage is None or stage.when is not When.YEAR or state is YearState.EVALUATION:
        return
    if stage != book.plan_of(year).evaluation.of_year[0]:
        raise WrongUsage(
            f"{label}はまだ{YEAR_STATE_LABELS[state]}中のため、{stage.name}に進めません。",
            "「year evaluate」で記入を締め切ってください。",
        )


def evaluate(
    book: ReviewBook,
    code: str,
    year: int,
    stage_code: str,
    rating: str | None,
    *,
    member: str = "",
    comment: str = "",
    reason: str = "",
    day: str | None = None,
    expected_version: int | None = None,
) -> ItemEvaluation:
    """Give the letter of a stage, or of one of its members; returns all stages of the item.

    ``rating`` None takes what the members' ratings come to. A stage's letter that moves away from
    the computed or the earlier letter, or from what the members' ratings come to, needs a reason
    (``ReasonNeeded``).
    """
    comment, reason = checked_text(comment, "所見"), checked_text(reason, "理由").strip()
    day, member = checked_day(day), needed(member, "委員の名前") if member else ""
    with book.file.writing():
        plan = book.plan_of(year)
        item, stage = find_item(plan, code), find_stage(plan, stage_code)
        check_evaluable(book, year, stage)
        if not takes(plan, stage, item):
            raise WrongUsage(
                f"{code}は{stage.name}の対象ではありません。",
                "計画の「evaluation」で、この段階にかける項目を確かめてください。",
            )
        seen = evaluation(book, code, year)
        label = _joined(seen, stage) if rating is None else find_label(scale_for(plan, code), rating)
        if member:
            _check_member(stage, seen, member)
        else:
            _check_departure(book, seen, stage, label, reason, year)
        key = FactKey(RATING, year, code, stage.code, member)
        before = fact_rows.read(book.file.db, key)
        check_version(before, expected_version, f"{code} {stage.name}")
        returned = () if before.data is None else Rating.model_validate(before.data).returned
        given = Rating(
            rating=label,
            comment=comment,
            reason=reason,
            by=member or book.who,
            date=day,
            returned=returned,
        )
        book.put_fact(key, given.model_dump(mode="json", exclude_defaults=True), reason)
    return evaluation(book, code, year)


def check_version(before: Fact, expected: int | None, what: str) -> None:
    """Raise ``ConflictFound`` where a fact has moved on since a person saw it."""
    if expected is not None and before.version != expected:
        raise ConflictFound(
            f"{what}は、ほかの人が先に変えています。",
            "いまの内容を確かめて、必要ならもう一度入力してください。上書きはしていません。",
        )


def _joined(seen: ItemEvaluation, stage: Stage) -> str:
    result = seen.stage(stage.code)
    proposal = None if result is None else result.proposal
    if proposal is None:
        raise ValueProblem(
            f"{stage.name}には、まとめる委員の評価がありません。", "記号を指定してください。"
        )
    if proposal.label is None:
        raise ValueProblem(
            f"{stage.name}は委員の評価だけでは決まりません（{proposal.problem}）。",
            "話し合いで決めた記号と理由を指定してください。",
        )
    return proposal.label


def _check_member(stage: Stage, seen: ItemEvaluation, member: str) -> None:
    if stage.members and member not in stage.members:
        raise WrongUsage(
            f"{quoted(member)}は{stage.name}の委員ではありません。",
            f"委員: {'、'.join(stage.members)}。",
        )
    result = seen.stage(stage.code)
    if result is not None and member in result.recused:
        raise WrongUsage(
            f"{member}は、{seen.code}の{stage.name}から除斥されています（{result.recused[member].reason}）。",
            "この委員の評価は記録できません。",
        )


def _check_departure(
    book: ReviewBook, seen: ItemEvaluation, stage: Stage, label: str, reason: str, year: int
) -> None:
    problem = quorum_problem(stage, meetings_of(book, year).get(stage.code, []))
    if problem:
        raise WrongUsage(f"{problem}。", "「meeting」で出席を確かめてください。")
    earlier, name = seen.before(stage)
    result = seen.stage(stage.code)
    proposal = None if result is None or result.proposal is None else result.proposal.label
    away = [
        f"{whose}「{other}」"
        for other, whose in ((earlier, name), (proposal, "委員の評価のまとめ"))
        if other is not None and other != label
    ]
    if away and not reason:
        raise ReasonNeeded(
            f"{seen.code}の{stage.name}「{label}」は、{'と'.join(away)}から離れます。",
            "理由を書いてください。",
        )


def send_back(
    book: ReviewBook, code: str, year: int, stage_code: str, reason: str, *, day: str | None = None
) -> ItemEvaluation:
    """Send the last letter before a stage back (差し戻し): it is out of force until it is given anew."""
    reason, day = needed(reason, "差し戻しの理由"), checked_day(day)
    with book.file.writing():
        plan = book.plan_of(year)
        find_item(plan, code)
        stage = find_stage(plan, stage_code)
        check_evaluable(book, year, stage)
        earlier = []
        for result in evaluation(book, code, year).stages:
            if result.stage.code == stage.code:
                break
            if result.label is not None and result.letter is not None:
                earlier.append((result.stage, result.letter))
        if not earlier:
            raise WrongUsage(
                f"{code}には、{stage.name}から差し戻せる評価がありません。",
                "前の段階の評価を確かめてください。",
            )
        back, letter = earlier[-1]
        told = Returned(
            rating=letter.rating, stage=stage.name, by=book.who, date=day, reason=reason
        )
        waiting = letter.model_copy(update={"returned": (*letter.returned, told), "waiting": True})
        key = FactKey(RATING, year, code, back.code)
        book.put_fact(key, waiting.model_dump(mode="json", exclude_defaults=True), reason)
    return evaluation(book, code, year)


def withdraw(
    book: ReviewBook, code: str, year: int, stage_code: str, reason: str, *, member: str = ""
) -> ItemEvaluation:
    """Take a letter back as if it had not been given; the history keeps it."""
    reason = needed(reason, "取り下げの理由")
    with book.file.writing():
        plan = book.plan_of(year)
        find_item(plan, code)
        stage = find_stage(plan, stage_code)
        check_evaluable(book, year, stage)
        key = FactKey(RATING, year, code, stage.code, member)
        if fact_rows.read(book.file.db, key).data is None:
            raise WrongUsage(f"{code}の{stage.name}には、取り下げる評価がありません。")
        book.put_fact(key, None, reason)
    return evaluation(book, code, year)


def recuse(
    book: ReviewBook, code: str, year: int, stage_code: str, member: str, reason: str
) -> None:
    """Note that a member takes no part in rating an item and what lies under it (除斥)."""
    reason, member = needed(reason, "除斥の理由"), needed(member, "委員の名前")
    with book.file.writing():
        plan = book.plan_of(year)
        find_item(plan, code)
        stage = find_stage(plan, stage_code)
        check_evaluable(book, year, stage)
        if stage.members and member not in stage.members:
            raise WrongUsage(
                f"{quoted(member)}は{stage.name}の委員ではありません。",
                f"委員: {'、'.join(stage.members)}。",
            )
        told = Recusal(reason=reason, by=book.who, date=today())
        key = FactKey(RECUSAL, year, code, stage.code, member)
        book.put_fact(key, told.model_dump(mode="json", exclude_defaults=True), reason)


def hold_meeting(
    book: ReviewBook,
    year: int,
    stage_code: str,
    *,
    day: str | None = None,
    title: str = "",
    present: Sequence[str] = (),
    absent: Sequence[str] = (),
) -> str:
    """Note a meeting of a stage: who was there, who was not; returns a sentence on the quorum ('' if well)."""
    day = checked_day(day)
    with book.file.writing():
        plan = book.plan_of(year)
        stage = find_stage(plan, stage_code)
        check_evaluable(book, year)
        here = list(dict.fromkeys(needed(name, "委員の名前") for name in present))
        away = list(dict.fromkeys(needed(name, "委員の名前") for name in absent))
        both = [name for name in here if name in away]
        unknown = [name for name in (*here, *away) if stage.members and name not in stage.members]
        if both:
            raise WrongUsage(f"{both[0]}が出席と欠席の両方にあります。", "どちらかにしてください。")
        if unknown:
            raise WrongUsage(
                f"{quoted(unknown[0])}は{stage.name}の委員ではありません。",
                f"委員: {'、'.join(stage.members)}。",
            )
        away += [name for name in stage.members if name not in here and name not in away]
        held = Meeting(
            date=day, title=checked_text(title, "会議名"), present=tuple(here), absent=tuple(away)
        )
        key = FactKey(MEETING, year, WHOLE_PLAN, stage.code, day)
        book.put_fact(key, held.model_dump(mode="json", exclude_defaults=True))
    return quorum_problem(stage, meetings_of(book, year).get(stage.code, []))


def add_opinion(
    book: ReviewBook, code: str, year: int, text: str, *, member: str = "", day: str | None = None
) -> int:
    """Note an opinion of the council about an item or the whole plan (ALL); returns its number in the year."""
    book.plan.check_year(year)
    text, day = needed(text, "意見"), checked_day(day)
    with book.file.writing():
        if code != WHOLE_PLAN:
            find_item(book.plan_of(year), code)
        number = fact_rows.next_number(book.file.db, OPINION, year)
        told = Opinion(text=text, member=checked_text(member, "委員の名前"), date=day, by=book.who)
        key = FactKey(OPINION, year, code, "", str(number))
        book.put_fact(key, told.model_dump(mode="json", exclude_defaults=True))
    return number


def answer_opinion(
    book: ReviewBook, year: int, number: int, text: str, *, day: str | None = None
) -> None:
    """Answer an opinion; an answer may come after the year is sealed."""
    text, day = needed(text, "回答"), checked_day(day)
    with book.file.writing():
        one = next((one for one in opinions_of(book, year) if one.number == number), None)
        if one is None:
            raise WrongUsage(
                f"{year_label(year)}の意見{number}番はありません。",
                "「opinion list」で番号を確かめてください。",
            )
        told = one.opinion.model_copy(
            update={"answer": text, "answered_by": book.who, "answered_on": day}
        )
        key = FactKey(OPINION, year, one.code, "", str(number))
        book.put_fact(key, told.model_dump(mode="json", exclude_defaults=True))

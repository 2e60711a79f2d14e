"""Giving letters, sending them back, taking them back; members who take no part."""

from shakyo_review.domain.evaluation import (
    ItemEvaluation,
    Rating,
    Recusal,
    Returned,
    quorum_problem,
    scale_for,
    takes,
)
from shakyo_review.domain.person import Act
from shakyo_review.domain.process import Stage
from shakyo_review.errors import ValueProblem, WrongUsage
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.checked import (
    changing,
    check_evaluable,
    check_version,
    checked_day,
    find_item,
    find_label,
    find_stage,
    member_name,
    needed,
    today,
)
from shakyo_review.services.entry import ReasonNeeded, checked_text
from shakyo_review.services.kept import RATING
from shakyo_review.services.reviewing import (
    RECUSAL,
    evaluation,
    meetings_of,
)
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage.facts import FactKey


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
    day = checked_day(day)
    with changing(book, Act.RATE, year, code, stage=stage_code, under=member):
        plan = book.plan_of(year)
        item, stage = find_item(plan, code), find_stage(plan, stage_code)
        member = member_name(book, year, stage, member) if member else ""
        check_evaluable(book, year, stage)
        if not takes(plan, stage, item):
            raise WrongUsage(
                f"{code}は{stage.name}の対象ではありません。",
                "計画の「evaluation」で、この段階にかける項目を確かめてください。",
            )
        seen = evaluation(book, code, year)
        label = (
            _joined(seen, stage) if rating is None else find_label(scale_for(plan, code), rating)
        )
        if member:
            _check_member(stage, seen, member)
        else:
            _check_departure(book, seen, stage, label, reason, year)
        key = FactKey(RATING, year, code, stage.code, member)
        before = fact_rows.read(book.file.db, key)
        check_version(book, before, expected_version, f"{code} {stage.name}")
        returned = () if before.data is None else book.told(Rating, before).returned
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
    with changing(book, Act.SEND_BACK, year, code):
        plan = book.plan_of(year)
        find_item(plan, code)
        stage = find_stage(plan, stage_code)
        check_evaluable(book, year, stage)
        earlier = []
        for result in evaluation(book, code, year).stages:
            if result.stage.code == stage.code:
                if result.label is not None:
                    raise WrongUsage(
                        f"{code}には、すでに{stage.name}があるため差し戻せません。",
                        f"先に{stage.name}を取り下げてください。",
                    )
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
    with changing(book, Act.RATE, year, code, stage=stage_code, under=member):
        plan = book.plan_of(year)
        find_item(plan, code)
        stage = find_stage(plan, stage_code)
        check_evaluable(book, year, stage)
        member = member_name(book, year, stage, member) if member else ""
        key = FactKey(RATING, year, code, stage.code, member)
        if fact_rows.read(book.file.db, key).data is None:
            raise WrongUsage(f"{code}の{stage.name}には、取り下げる評価がありません。")
        book.put_fact(key, None, reason)
    return evaluation(book, code, year)


def recuse(
    book: ReviewBook, code: str, year: int, stage_code: str, member: str, reason: str
) -> None:
    """Note that a member takes no part in rating an item and what lies under it (除斥)."""
    reason = needed(reason, "除斥の理由")
    with changing(book, Act.RECUSE, year, code):
        plan = book.plan_of(year)
        find_item(plan, code)
        stage = find_stage(plan, stage_code)
        check_evaluable(book, year, stage)
        member = member_name(book, year, stage, member)
        told = Recusal(reason=reason, by=book.who, date=today())
        key = FactKey(RECUSAL, year, code, stage.code, member)
        book.put_fact(key, told.model_dump(mode="json", exclude_defaults=True), reason)

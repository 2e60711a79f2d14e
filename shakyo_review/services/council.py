"""The council: its meetings, its opinions and the answers to them."""

from collections.abc import Sequence

from shakyo_review.domain.evaluation import (
    Meeting,
    Opinion,
    quorum_problem,
)
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.person import Act, Role
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.errors import WrongUsage
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.checked import (
    changing,
    check_evaluable,
    check_version,
    checked_day,
    find_item,
    find_stage,
    member_name,
    needed,
)
from shakyo_review.services.entry import checked_text
from shakyo_review.services.reviewing import (
    MEETING,
    OPINION,
    meetings_of,
    opinions_of,
)
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage.facts import FactKey


def hold_meeting(
    book: ReviewBook,
    year: int,
    stage_code: str,
    *,
    day: str | None = None,
    title: str = "",
    present: Sequence[str] = (),
    absent: Sequence[str] = (),
    expected_version: int | None = None,
) -> str:
    """Note a meeting of a stage: who was there, who was not; returns a sentence on the quorum ('' if well).

    ``expected_version`` is what ``meeting_version`` said when the person saw it; ``ConflictFound``
    where it has moved on.
    """
    day = checked_day(day)
    with changing(book, Act.MEETING, year):
        plan = book.plan_of(year)
        stage = find_stage(plan, stage_code)
        check_evaluable(book, year)
        here = list(dict.fromkeys(member_name(book, year, stage, name) for name in present))
        away = list(dict.fromkeys(member_name(book, year, stage, name) for name in absent))
        both = [name for name in here if name in away]
        if both:
            raise WrongUsage(f"{both[0]}が出席と欠席の両方にあります。", "どちらかにしてください。")
        away += [name for name in stage.members if name not in here and name not in away]
        held = Meeting(
            date=day, title=checked_text(title, "会議名"), present=tuple(here), absent=tuple(away)
        )
        key = FactKey(MEETING, year, WHOLE_PLAN, stage.code, day)
        before = fact_rows.read(book.file.db, key)
        check_version(book, before, expected_version, f"{day}の{stage.name}の会議")
        book.put_fact(key, held.model_dump(mode="json", exclude_defaults=True))
    return quorum_problem(stage, meetings_of(book, year).get(stage.code, []))


def add_opinion(
    book: ReviewBook, code: str, year: int, text: str, *, member: str = "", day: str | None = None
) -> int:
    """Note an opinion of the council about an item or the whole plan (ALL); returns its number in the year.

    ``member`` is who said it; those who may write under their own name only need not give it.
    """
    book.plan.check_year(year)
    text, day = needed(text, "意見"), checked_day(day)
    with changing(book, Act.OPINION, year, code, under=member or book.who):
        person = book.person
        if person is not None and person.role is not Role.SECRETARIAT:
            member = person.name
        if code != WHOLE_PLAN:
            find_item(book.plan_of(year), code)
        number = fact_rows.next_number(book.file.db, OPINION, year)
        told = Opinion(text=text, member=checked_text(member, "委員の名前"), date=day, by=book.who)
        key = FactKey(OPINION, year, code, "", str(number))
        book.put_fact(key, told.model_dump(mode="json", exclude_defaults=True))
    return number


def answer_opinion(
    book: ReviewBook,
    year: int,
    number: int,
    text: str,
    *,
    day: str | None = None,
    expected_version: int | None = None,
) -> None:
    """Answer an opinion; an answer may come after the year is sealed.

    ``expected_version`` is what ``opinion_version`` said when the person saw it; ``ConflictFound``
    where it has moved on.
    """
    text, day = needed(text, "回答"), checked_day(day)
    with changing(book, Act.REPLY, year):
        one = next((one for one in opinions_of(book, year) if one.number == number), None)
        if one is None:
            raise WrongUsage(
                f"{year_label(year)}の意見{number}番はありません。",
                "「opinion list」で番号を確かめてください。",
            )
        key = FactKey(OPINION, year, one.code, "", str(number))
        before = fact_rows.read(book.file.db, key)
        check_version(book, before, expected_version, f"意見{number}番")
        told = one.opinion.model_copy(
            update={"answer": text, "answered_by": book.who, "answered_on": day}
        )
        book.put_fact(key, told.model_dump(mode="json", exclude_defaults=True))

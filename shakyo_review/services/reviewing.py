"""What people have said about a year, read: evaluations, meetings, opinions, promises, readiness."""

from collections.abc import Mapping
from dataclasses import dataclass

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.evaluation import (
    ItemEvaluation,
    Meeting,
    Opinion,
    Rating,
    Recusal,
    evaluate_item,
)
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.improvement import Answer, Direction, Improvement, Promise
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.domain.readiness import Gap, Situation, readiness
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.kept import RATING
from shakyo_review.services.submitted import unsubmitted
from shakyo_review.services.told import number_of
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage.database import explained
from shakyo_review.storage.facts import FactKey
from shakyo_review.storage.renames import last_numbers, read_renames

MEETING = "meeting"
RECUSAL = "recusal"
OPINION = "opinion"
DIRECTION = "direction"
IMPROVEMENT = "improvement"
ANSWER = "answer"
ERRATUM = "erratum"


def ratings_of(
    book: ReviewBook, year: int, code: str | None = None
) -> dict[tuple[str, str], dict[str, Rating]]:
    """Return the letters of a year (of one item) by item and stage, then by member ('': the stage's own)."""
    found: dict[tuple[str, str], dict[str, Rating]] = {}
    for fact in book.facts(RATING, year):
        if code not in (None, fact.key.code):
            continue
        place = found.setdefault((fact.key.code, fact.key.kind), {})
        place[fact.key.part] = book.told(Rating, fact)
    return found


def _version(book: ReviewBook, key: FactKey) -> int:
    with explained(book.path):
        return fact_rows.read(book.file.db, key).version


def rating_version(book: ReviewBook, code: str, year: int, stage: str, member: str = "") -> int:
    """Return the version of a letter as it stands now, for ``evaluate(expected_version=…)``."""
    return _version(book, FactKey(RATING, year, code, stage, member))


def direction_version(book: ReviewBook, code: str, year: int) -> int:
    """Return the version of a direction as it stands now, for ``set_direction(expected_version=…)``."""
    return _version(book, FactKey(DIRECTION, year, code))


def meeting_version(book: ReviewBook, year: int, stage: str, day: str) -> int:
    """Return the version of a meeting as it stands now, for ``hold_meeting(expected_version=…)``."""
    return _version(book, FactKey(MEETING, year, WHOLE_PLAN, stage, day))


def opinion_version(book: ReviewBook, year: int, number: int) -> int:
    """Return the version of an opinion as it stands now, for ``answer_opinion(expected_version=…)``."""
    facts = book.facts(OPINION, year)
    return next((fact.version for fact in facts if fact.key.part == str(number)), 0)


def answer_version(book: ReviewBook, number: str, year: int) -> int:
    """Return the version of a year's answer to a promise, for ``answer_improvement(expected_version=…)``."""
    facts = book.facts(ANSWER, year)
    return next((fact.version for fact in facts if fact.key.part == number), 0)


def recusals_of(book: ReviewBook, year: int) -> dict[tuple[str, str], dict[str, Recusal]]:
    """Return who is recused, by item and stage."""
    found: dict[tuple[str, str], dict[str, Recusal]] = {}
    for fact in book.facts(RECUSAL, year):
        place = found.setdefault((fact.key.code, fact.key.kind), {})
        place[fact.key.part] = book.told(Recusal, fact)
    return found


def meetings_of(book: ReviewBook, year: int) -> dict[str, list[Meeting]]:
    """Return the meetings of a year by stage, in the order of their days."""
    found: dict[str, list[Meeting]] = {}
    for fact in book.facts(MEETING, year):
        found.setdefault(fact.key.kind, []).append(book.told(Meeting, fact))
    return {stage: sorted(held, key=lambda m: m.date) for stage, held in found.items()}


def members_known(book: ReviewBook, year: int, stage: str) -> list[str]:
    """Return the names under which members of a stage stand in a year: in meetings, letters, recusals."""
    met = [
        name
        for held in meetings_of(book, year).get(stage, [])
        for name in (*held.present, *held.absent)
    ]
    named = [
        fact.key.part
        for entity in (RATING, RECUSAL)
        for fact in book.facts(entity, year)
        if fact.key.kind == stage and fact.key.part
    ]
    return list(dict.fromkeys([*met, *named]))


def evaluations(book: ReviewBook, year: int) -> dict[str, ItemEvaluation]:
    """Return the stages of every item of a year's plan, and of indicators that were rated."""
    plan, score = book.plan_of(year), book.score(year)
    ratings, recusals, meetings = (
        ratings_of(book, year),
        recusals_of(book, year),
        meetings_of(book, year),
    )
    codes = [code for code, item in plan.items.items() if item.node.repeats is None]
    codes += [code for code in plan.indicators if any(key[0] == code for key in ratings)]
    return {
        code: evaluate_item(plan, code, _computed(score, code), ratings, recusals, meetings)
        for code in codes
    }


def evaluation(book: ReviewBook, code: str, year: int) -> ItemEvaluation:
    """Return the stages of one item or indicator."""
    return evaluate_item(
        book.plan_of(year),
        code,
        _computed(book.score(year), code),
        ratings_of(book, year, code),
        recusals_of(book, year),
        meetings_of(book, year),
    )


def _computed(score: YearScore, code: str) -> str | None:
    if code in score.indicators:
        return score.indicators[code].rating
    node = score.nodes.get(code)
    return None if node is None else (node.computed if node.given else node.rating)


@dataclass(frozen=True, slots=True)
class NumberedOpinion:
    """An opinion with its number in the year and the item it is about (ALL: the whole plan)."""

    number: int
    code: str
    opinion: Opinion


def opinions_of(book: ReviewBook, year: int) -> list[NumberedOpinion]:
    """Return the opinions of a year in the order of their numbers."""
    found = [
        NumberedOpinion(number_of(book.path, fact), fact.key.code, book.told(Opinion, fact))
        for fact in book.facts(OPINION, year)
    ]
    return sorted(found, key=lambda one: one.number)


def directions_of(book: ReviewBook, year: int) -> dict[str, Direction]:
    """Return the direction of each item that has one."""
    return {fact.key.code: book.told(Direction, fact) for fact in book.facts(DIRECTION, year)}


def promises(book: ReviewBook) -> list[Promise]:
    """Return every promise to improve with its answers, under the codes it was made with, oldest first."""
    answers: dict[str, dict[int, Answer]] = {}
    for fact in book.facts(ANSWER):
        answers.setdefault(fact.key.part, {})[fact.key.year] = book.told(Answer, fact)
    found = [
        Promise(
            f"{fact.key.year}-{number_of(book.path, fact)}",
            fact.key.code,
            fact.key.year,
            book.told(Improvement, fact),
            answers.get(f"{fact.key.year}-{fact.key.part}", {}),
        )
        for fact in book.facts(IMPROVEMENT)
    ]
    return sorted(found, key=lambda p: (p.year, int(p.number.partition("-")[2])))


def promises_asked(book: ReviewBook, year: int) -> list[Promise]:
    """Return the promises a year has to answer, under the codes of that year's plan."""
    now = {number: code for code, number in book.identity(year).items()}
    asked = []
    for promise in promises(book):
        if promise.asked_in(year):
            number = book.identity(promise.year).get(promise.code)
            code = now.get(number, promise.code) if number is not None else promise.code
            asked.append(
                Promise(promise.number, code, promise.year, promise.improvement, promise.answers)
            )
    return asked


def stale_items(book: ReviewBook, year: int) -> set[str]:
    """Return the items whose figures changed after the last letter that stages of the year gave.

    Half-year and mid-term checks look at other figures; a letter that was taken back is none.
    """
    plan = book.plan_of(year)
    stages = [stage.code for stage in plan.evaluation.of_year]
    with explained(book.path):
        renames = read_renames(book.file.db, book.plan.code)
        values = last_numbers(book.file.db, renames, "cell", year)
        letters = last_numbers(book.file.db, renames, RATING, year, stages)
    judged = {fact.key.code for fact in book.facts(RATING, year) if fact.key.kind in stages}
    changed: dict[str, int] = {}
    for code, number in values.items():
        if code in plan.action_of:
            for item in plan.path_of(plan.action_of[code]):
                changed[item.code] = max(changed.get(item.code, 0), number)
            changed[code] = number
    return {code for code, at in letters.items() if code in judged and changed.get(code, 0) > at}


def gaps(book: ReviewBook, year: int) -> list[Gap]:
    """Return what is not done in a year: what blocks its sealing first, then what only warns."""
    earlier = year - 1 in book.years_with(Kind.ACTUAL) and year - 1 >= book.plan.first_year
    return readiness(
        Situation(
            book.score(year),
            book.findings(year),
            list(evaluations(book, year).values()),
            promises_asked(book, year),
            [(one.code, one.opinion) for one in opinions_of(book, year)],
            stale_items(book, year),
            earlier and not book.state(year - 1).closed,
            unsubmitted(book, year),
        )
    )


def official(book: ReviewBook, year: int) -> Mapping[str, tuple[str, str]]:
    """Return the official letter of each judged item and the name of the stage that gave it."""
    stages = {code: found.official for code, found in evaluations(book, year).items()}
    return {
        code: (result.label, result.stage.name)
        for code, result in stages.items()
        if result is not None and result.label is not None
    }

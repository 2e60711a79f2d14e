"""The Act step: directions, promises to improve and the answers to them; odd values confirmed."""

from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.improvement import (
    RESULT_LABELS,
    Answer,
    Confirmation,
    Direction,
    Improvement,
    Promise,
    Result,
)
from shakyo_review.domain.person import Act
from shakyo_review.domain.readiness import owners_text
from shakyo_review.errors import ValueProblem, WrongUsage, quoted
from shakyo_review.services.book import CONFIRMATION, ReviewBook
from shakyo_review.services.checked import (
    changing,
    check_evaluable,
    check_version,
    checked_day,
    find_item,
    needed,
    today,
)
from shakyo_review.services.entry import checked_text
from shakyo_review.services.reviewing import ANSWER, DIRECTION, IMPROVEMENT, promises_asked
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage.facts import FactKey

MOST_YEARS_AFTER = 10
"""A promise may be due so many years after the plan: what is left goes into the next one."""


def set_direction(
    book: ReviewBook,
    code: str,
    year: int,
    word: str,
    note: str = "",
    *,
    expected_version: int | None = None,
) -> None:
    """Set the direction of an item for the next year; the word is one of the plan's list.

    ``expected_version`` is what ``direction_version`` said when the person saw it;
    ``ConflictFound`` where it has moved on.
    """
    note = checked_text(note, "方向性の説明")
    with changing(book, Act.DIRECTION, year, code):
        plan = book.plan_of(year)
        item = find_item(plan, code)
        check_evaluable(book, year)
        if word not in plan.evaluation.directions:
            words = "、".join(plan.evaluation.directions)
            raise ValueProblem(
                f"方向性{quoted(word)}は計画の言葉にありません。", f"使える言葉: {words}。"
            )
        key = FactKey(DIRECTION, year, item.code)
        before = fact_rows.read(book.file.db, key)
        check_version(book, before, expected_version, f"{code}の方向性")
        told = Direction(word=word, note=note, by=book.who, date=today())
        book.put_fact(key, told.model_dump(mode="json", exclude_defaults=True))


def add_improvement(
    book: ReviewBook, code: str, year: int, text: str, *, owner: str = "", due: int | None = None
) -> str:
    """Promise an improvement with the evaluation of a year; returns its number (2024-3).

    Without an owner the item's own owners stand for it; without a due year, the next year.
    """
    text, due = needed(text, "改善の内容"), due or year + 1
    if due <= year:
        raise WrongUsage(
            f"期限（{year_label(due)}）が評価する年度（{year_label(year)}）より後になっていません。",
            "次の年度以降にしてください。",
            what="期限",
        )
    with changing(book, Act.PROMISE, year, code):
        plan = book.plan_of(year)
        item = find_item(plan, code)
        if due > plan.last_year + MOST_YEARS_AFTER:
            raise WrongUsage(
                f"期限（{year_label(due)}）が計画の終わりから離れすぎています。",
                "年度を確かめてください。",
                what="期限",
            )
        check_evaluable(book, year)
        number = fact_rows.next_number(book.file.db, IMPROVEMENT, year)
        owner = checked_text(owner, "担当").strip() or owners_text(item)
        told = Improvement(text=text, owner=owner, due=due, by=book.who, date=today())
        key = FactKey(IMPROVEMENT, year, item.code, "", str(number))
        book.put_fact(key, told.model_dump(mode="json", exclude_defaults=True))
    return f"{year}-{number}"


def find_result(typed: str) -> Result:
    """Return the result a person means: kept or できた, partly or 一部できた, not or できなかった."""
    words = {**{r.value: r for r in Result}, **{RESULT_LABELS[r]: r for r in Result}}
    if typed not in words:
        raise ValueProblem(
            f"結果{quoted(typed)}は読めません。",
            f"使える言葉: {'、'.join(f'{r.value}（{RESULT_LABELS[r]}）' for r in Result)}。",
        )
    return words[typed]


def answer_improvement(
    book: ReviewBook,
    number: str,
    year: int,
    result: Result,
    text: str,
    *,
    closed: bool = False,
    day: str | None = None,
    expected_version: int | None = None,
) -> Promise:
    """Answer a promise in a year: kept, partly or not, with a sentence; ``closed`` asks no more.

    ``expected_version`` is what ``answer_version`` said when the person saw it; ``ConflictFound``
    where it has moved on.
    """
    text, day = needed(text, "結果の説明"), checked_day(day)
    with changing(book, Act.ANSWER, year):
        check_evaluable(book, year)
        promise = next((p for p in promises_asked(book, year) if p.number == number), None)
        if promise is None:
            asked = "、".join(p.number for p in promises_asked(book, year)) or "なし"
            raise WrongUsage(
                f"改善項目{quoted(number)}は、{short_year(year)}に結果を答える項目ではありません。",
                f"答える項目: {asked}。",
            )
        if not book.may(Act.ANSWER, owners=(promise.improvement.owner,)):
            book.check(Act.ANSWER, promise.code, year=year)
        key = FactKey(ANSWER, year, promise.code, "", number)
        before = fact_rows.read(book.file.db, key)
        check_version(book, before, expected_version, f"改善項目{number}の結果")
        told = Answer(result=result, text=text, by=book.who, date=day, closed=closed)
        book.put_fact(key, told.model_dump(mode="json", exclude_defaults=True))
    return promise


def confirm_value(
    book: ReviewBook, code: str, year: int, reason: str, kind: str | None = None
) -> list[str]:
    """Confirm what looks odd about an indicator, with a reason; returns the sentences confirmed.

    It is asked again only when the numbers change.
    """
    reason = needed(reason, "確認した理由")
    with changing(book, Act.CONFIRM, year, code):
        book.plan_of(year).indicator(code)
        check_evaluable(book, year)
        odd = [
            finding
            for finding in book.findings(year)
            if finding.indicator == code and finding.open and kind in (None, finding.kind.value)
        ]
        if not odd:
            raise WrongUsage(
                f"{code}には、{short_year(year)}に確かめたい値はありません。",
                "「check」で確かめたい値を見られます。",
            )
        for finding in odd:
            told = Confirmation(text=finding.text, reason=reason, by=book.who, date=today())
            key = FactKey(CONFIRMATION, year, code, finding.kind.value)
            book.put_fact(key, told.model_dump(mode="json"), reason)
    return [finding.text for finding in odd]

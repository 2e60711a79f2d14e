"""The Act step asked: the direction of an item, a promise to improve, and what became of one."""

from collections.abc import Mapping

from shakyo_review.domain.fiscal_year import parse_year, short_year
from shakyo_review.domain.improvement import RESULT_LABELS, Promise, Result
from shakyo_review.domain.readiness import owners_text
from shakyo_review.errors import ReviewError, ValueProblem
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.improving import add_improvement, answer_improvement, set_direction
from shakyo_review.services.reviewing import answer_version, direction_version, directions_of
from shakyo_review.ui.dialogs.evaluate import item_name
from shakyo_review.ui.dialogs.form import Form, Line, Lines, Pick, Seen

_AGAIN, _CLOSED = "again", "closed"


def direction_of(book: ReviewBook, code: str, year: int) -> Form:
    """Return the form for the direction of an item: a word of the plan and a sentence."""
    plan = book.plan_of(year)
    words = plan.evaluation.directions
    code = plan.action_of.get(code, code)
    seen = Seen(direction_version(book, code, year))
    now = directions_of(book, year).get(code)

    def store(values: Mapping[str, str]) -> None:
        set_direction(
            book, code, year, values["word"], values["note"], expected_version=seen.version
        )

    chosen = words.index(now.word) if now is not None and now.word in words else 0
    return Form(
        f"今後の方向性　{item_name(plan, code)}",
        [
            Pick("word", "方向性", [(word, word) for word in words], chosen, height=8),
            Lines("note", "説明", "" if now is None else now.note, "なぜそうするのか", height=3),
        ],
        store,
        about=[] if now is None else [f"いま: {now.word}（{now.by}　{now.date}）"],
        seen=seen,
    )


def new_promise(book: ReviewBook, code: str, year: int) -> Form:
    """Return the form for an improvement promised with the evaluation of a year."""
    plan = book.plan_of(year)
    item = plan.items[plan.action_of.get(code, code)]

    def store(values: Mapping[str, str]) -> None:
        add_improvement(
            book,
            code,
            year,
            values["text"],
            owner=values["owner"],
            due=_year_of(values["due"]),
        )

    return Form(
        f"改善項目　{item_name(plan, code)}",
        [
            Lines("text", "改善の内容", hint="次の年度に向けて直すこと", height=4),
            Line("owner", "担当", owners_text(item)),
            Line("due", "期限の年度", short_year(year + 1), "例: R7、2025"),
        ],
        store,
        about=["次の年度の「改善」の画面で、結果を尋ねます。"],
    )


def answer_of(book: ReviewBook, year: int, promise: Promise) -> Form:
    """Return the form for what became of a promise in a year."""
    seen = Seen(answer_version(book, promise.number, year))
    now = promise.answer_in(year)

    def store(values: Mapping[str, str]) -> None:
        if not values["text"].strip():
            raise ValueProblem(
                "結果の説明が空です。", "どうなったかを一文で書いてください。", what="text"
            )
        answer_improvement(
            book,
            promise.number,
            year,
            Result(values["result"]),
            values["text"],
            closed=values["end"] == _CLOSED,
            expected_version=seen.version,
        )

    told = promise.improvement
    results = list(Result)
    earlier = [
        f"{short_year(given)}の答え: {RESULT_LABELS[answer.result]}　{answer.text}"
        for given, answer in sorted(promise.answers.items())
        if given < year
    ]
    return Form(
        f"改善項目 {promise.number} の結果",
        [
            Pick(
                "result",
                "結果",
                [(r.value, RESULT_LABELS[r]) for r in results],
                0 if now is None else results.index(now.result),
                height=3,
            ),
            Lines("text", "説明", "" if now is None else now.text, "どうなったか", height=3),
            Pick(
                "end",
                "次の年度",
                [
                    (_AGAIN, "できていなければ、次の年度にもう一度尋ねる"),
                    (_CLOSED, "これで終わりにする（もう尋ねない）"),
                ],
                int(now is not None and now.closed),
                height=2,
            ),
        ],
        store,
        about=[
            f"{told.text}",
            f"担当 {told.owner}　期限 {short_year(told.due)}",
            *earlier[-2:],
        ],
        seen=seen,
    )


def _year_of(typed: str) -> int | None:
    """Return a year as typed, None where none is."""
    try:
        return parse_year(typed.strip()) if typed.strip() else None
    except ReviewError as problem:
        problem.what = "due"
        raise

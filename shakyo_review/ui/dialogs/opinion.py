"""Opinions of the council and the answers to them."""

from collections.abc import Mapping

from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.council import add_opinion, answer_opinion
from shakyo_review.services.reviewing import NumberedOpinion, opinion_version, opinions_of
from shakyo_review.ui.dialogs.ask_text import AskText
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.evaluate import item_name
from shakyo_review.ui.dialogs.form import Field, Form, Line, Lines, Pick, Seen

NEW, NEW_WHOLE = 0, -1
"""Choices that are no number of an opinion: a new one about the item, or about the whole plan."""


class ChooseOpinion(ChooseDialog[int]):
    """What to do: a new opinion, or the answer to one that is there (its number)."""

    def __init__(self, book: ReviewBook, code: str, year: int) -> None:
        name = item_name(book.plan_of(year), code)
        found = [one for one in opinions_of(book, year) if one.code in (code, WHOLE_PLAN)]
        choices = [
            (f"新しい意見（{name}）", NEW),
            ("新しい意見（計画全体）", NEW_WHOLE),
            *((_shown(one), one.number) for one in found),
        ]
        super().__init__("意見と回答", choices)


def _shown(one: NumberedOpinion) -> str:
    state = "回答済み" if one.opinion.answer else "回答まだ"
    about = "［全体］" if one.code == WHOLE_PLAN else ""
    return f"{one.number}番 {state} {about}{one.opinion.text}"


def new_opinion(book: ReviewBook, code: str, year: int, *, under: str = "") -> Form:
    """Return the form for an opinion about an item or the whole plan (ALL).

    ``under`` is who speaks for himself; he chooses what it is about in the form.
    """
    plan = book.plan_of(year)
    text = Lines("text", "意見", hint="意見を書きます" if under else "出された意見", height=6)
    who: list[Field] = [Line("member", "委員", hint="名前（書かなくてもかまいません）")]
    about: list[Field] = [
        Pick("about", "何について", [(code, item_name(plan, code)), (WHOLE_PLAN, "計画全体")])
    ]

    def store(values: Mapping[str, str]) -> None:
        member = under or values["member"].strip()
        add_opinion(book, values.get("about", code), year, values["text"], member=member)

    if not under:
        return Form(f"意見　{item_name(plan, code)}", [text, *who], store)
    said = [one for one in opinions_of(book, year) if one.code in (code, WHOLE_PLAN)]
    return Form(
        f"意見を書く　{under}さん",
        [text, *about],
        store,
        about=[f"これまでの意見 {one.opinion.text}" for one in said[-2:]],
    )


def answer_to(book: ReviewBook, year: int, number: int) -> AskText:
    """Return the form for the answer to an opinion."""
    seen = Seen(opinion_version(book, year, number))
    one = next(one for one in opinions_of(book, year) if one.number == number)

    def store(text: str) -> None:
        answer_opinion(book, year, number, text, expected_version=seen.version)

    who = f"（{one.opinion.member}）" if one.opinion.member else ""
    return AskText(
        f"回答　意見{number}番",
        store,
        label="回答",
        value=one.opinion.answer,
        hint="意見への回答",
        about=[f"{one.opinion.text}{who}"],
        several=True,
        seen=seen,
    )

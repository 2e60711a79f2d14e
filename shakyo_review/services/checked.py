"""What people type about a year, checked: days, texts, items, stages, letters, and whether the year is open."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Unpack

from shakyo_review.domain.fiscal_year import FIRST, LAST, year_label
from shakyo_review.domain.person import Act, Particulars, folded
from shakyo_review.domain.plan import WHOLE_PLAN, Item, Plan
from shakyo_review.domain.process import Stage, When
from shakyo_review.domain.scale import Scale
from shakyo_review.domain.year_state import YEAR_STATE_LABELS, YearState
from shakyo_review.errors import ConflictFound, ValueProblem, WrongUsage, quoted
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import local_time
from shakyo_review.services.entry import checked_text
from shakyo_review.services.reviewing import members_known
from shakyo_review.storage.facts import Fact


def today() -> str:
    """Return the day on the wall calendar, ISO."""
    return datetime.now().astimezone().date().isoformat()


def checked_day(text: str | None) -> str:
    """Return a day as it is stored (ISO); today where none is given."""
    if not text:
        return today()
    folded = unicodedata.normalize("NFKC", text).strip().replace("/", "-").replace(".", "-")
    try:
        day = date.fromisoformat("-".join(part.zfill(2) for part in folded.split("-")))
    except ValueError:
        day = date.min
    if not FIRST <= day.year <= LAST:
        raise WrongUsage(
            f"日付{quoted(text)}は読めません。", "2026-06-25 のように書いてください。", what="日付"
        )
    return day.isoformat()


def needed(text: str, what: str) -> str:
    """Return a text that must not be empty, as it is stored."""
    text = checked_text(text, what).strip()
    if not text:
        raise ValueProblem(f"{what}が空です。", f"{what}を書いてください。", what=what)
    return text


def member_name(book: ReviewBook, year: int, stage: Stage, typed: str) -> str:
    """Return the name of a member in the spelling the plan or the year has for it, else as typed.

    Spaces and widths make no other person: 「田中　太郎」 and 「田中 太郎」 are one.
    """
    name = needed(typed, "委員の名前")
    known = {folded(one): one for one in stage.members or members_known(book, year, stage.code)}
    if stage.members and folded(name) not in known:
        raise WrongUsage(
            f"{quoted(name)}は{stage.name}の委員ではありません。",
            f"委員: {'、'.join(stage.members)}。",
            what="委員",
        )
    return known.get(folded(name), name)


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

    def same(text: str) -> str:
        return unicodedata.normalize("NFKC", text).strip().upper()

    found = [label for label in labels if label == typed.strip()] or [
        label for label in labels if same(label) == same(typed)
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


@contextmanager
def changing(
    book: ReviewBook, act: Act, year: int, code: str = "", **more: Unpack[Particulars]
) -> Iterator[None]:
    """Hold the write lock for a change of what is said about an item in a year, and of nothing else.

    Raises ``NotAllowed`` where the person acting may not do this, ``ConflictFound`` where, by a revision somebody else made meanwhile, the code now means
    another thing than it did in the plan that was seen.
    """
    seen = book.editions.of(year).identity_of(code)
    codes = (code,) if code and code != WHOLE_PLAN else ()
    with book.writing(act, *codes, year=year, **more):
        book.refresh()
        now = book.editions.of(year).identity_of(code)
        if seen is not None and now is not None and seen != now:
            raise ConflictFound(
                f"計画が、ほかの人に改められました。{code}はいま別の項目のコードです。",
                "いまの計画を確かめて、もう一度入力してください。何も変わっていません。",
            )
        book.forget_put()
        yield
    book.take_note_of_facts()


class FactConflict(ConflictFound):
    """Somebody else has changed what is said about an item; ``version`` is the one that stands now."""

    def __init__(self, what: str, told: str, version: int) -> None:
        super().__init__(
            f"{what}は、ほかの人が先に変えています{f'（{told}）' if told else ''}。",
            "いまの内容を確かめて、必要ならもう一度入力してください。上書きはしていません。",
        )
        self.version = version


def check_version(book: ReviewBook, before: Fact, expected: int | None, what: str) -> None:
    """Raise ``FactConflict`` with whose, when and what where a fact has moved on since a person saw it."""
    if expected is not None and before.version != expected:
        raise FactConflict(what, _last_change(book, before), before.version)


def _last_change(book: ReviewBook, fact: Fact) -> str:
    from shakyo_review.services.telling import fact_text

    key = fact.key
    for change in reversed(book.history(key.code, key.year)):
        if (change.entity, change.kind, change.branch) == (key.entity, key.kind, key.part):
            return f"{change.who}、{local_time(change.at)}: {fact_text(key.entity, fact.data)}"
    return fact_text(key.entity, fact.data)

"""Writing a merge: all of it in one transaction, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.person import Act
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import ConflictFound, WrongUsage, quoted
from shakyo_review.services.amounts import amount_now, store_amount
from shakyo_review.services.book import YEAR, ReviewBook
from shakyo_review.services.bringing_back import earlier
from shakyo_review.services.clock import now
from shakyo_review.services.drafting import rescale_figures
from shakyo_review.services.entry import ReasonNeeded, checked_text, current_cell, store
from shakyo_review.services.incoming import Side, Undecided
from shakyo_review.services.merging import Key, Merge, NewPlan, key_of
from shakyo_review.services.merging.compare import CELL, MONEY, Difference
from shakyo_review.services.merging.words import (
    change_text,
    conflict_text,
    left_text,
    origin,
    place,
    plan_texts,
)
from shakyo_review.services.permission import OnlyLooking
from shakyo_review.services.revising import REVISION
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage import history as history_rows
from shakyo_review.storage import merging as merge_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage import seals as seal_rows
from shakyo_review.storage.facts import FactKey
from shakyo_review.storage.format import EDITION
from shakyo_review.storage.seals import Seal

NONE_DECIDED: Mapping[Key, Side] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did, or would do: a line for everything taken, and for everything that was not."""

    lines: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def changed(self) -> int:
        """How many figures and facts were taken."""
        return len(self.lines)


def apply(
    book: ReviewBook,
    merge: Merge,
    take: Mapping[Key, Side] = NONE_DECIDED,
    *,
    reason: str = "",
    dry_run: bool = False,
) -> Merged:
    """Write a merge: what is not decided otherwise is taken, all of it or nothing.

    ``take`` decides difference by difference (``key_of``); ``Side.BOOK`` leaves one as it is here.
    Raises ``Undecided`` for conflicts without a decision, ``ConflictFound`` where somebody has changed
    the book since it was looked at, ``ReasonNeeded`` for figures of a year under evaluation.
    """
    reason = checked_text(reason, "理由").strip()
    _check_decided(book, merge, take)
    wanted = [one for one in merge.differences if take.get(key_of(one)) is not Side.BOOK]
    refused = [one for one in merge.differences if take.get(key_of(one)) is Side.BOOK]
    wanted += [replace(one, after=one.kept) for one in refused if one.kept != one.mine]
    plan = [f"{text}: 「{merge.source}」のものにする" for text in plan_texts(merge)]
    lines = (*plan, *(change_text(book, merge, one) for one in wanted))
    left = tuple(left_text(book, merge, one) for one in (*refused, *merge.left))
    done = Merged(lines, left)
    if merge.nothing_new:
        return done
    try:
        with book.writing(Act.MERGE):
            book.refresh()
            _check_unmoved(book, merge)
            for one in wanted:
                _check_reason(book, merge, one, reason)
            if merge.plan is not None:
                _take_plan(book, merge.plan, f"「{merge.source}」を合わせた")
            for one in sorted(wanted, key=_order):
                _write(book, one, "、".join(filter(None, [origin(merge, one), reason])))
            for seal in merge.seals:
                _take_seal(book, seal, f"「{merge.source}」を合わせた")
            _tell(book, merge, done)
            if dry_run:
                raise OnlyLooking
    except OnlyLooking:
        pass
    finally:
        book.forget_put()
        book.reload_plan()
    return done


def _check_decided(book: ReviewBook, merge: Merge, take: Mapping[Key, Side]) -> None:
    open_ones = [one for one in merge.conflicts if key_of(one) not in take]
    if not open_ones:
        return
    problems = tuple(conflict_text(book, merge, one) for one in open_ones)
    more = f"（ほか{len(problems) - 1}件）" if len(problems) > 1 else ""
    raise Undecided(
        f"この台帳と「{merge.source}」の両方で変わったところがあり、合わせていません。{problems[0]}{more}",
        "どちらにするかを決めてください（--take、--cell）。何も変わっていません。",
        problems,
    )


def _check_unmoved(book: ReviewBook, merge: Merge) -> None:
    head = history_rows.read_head(book.file.db)
    if head is None or head.hash != merge.head:
        raise ConflictFound(
            f"「{merge.source}」を確かめている間に、この台帳がほかの人に変えられました。",
            "もう一度やり直して、いまの値を確かめてください。何も変わっていません。",
        )


def _check_reason(book: ReviewBook, merge: Merge, one: Difference, reason: str) -> None:
    """Refuse a figure of a year under evaluation that comes without a reason, here or there."""
    if one.thing.entity not in (CELL, MONEY) or one.year in merge.whole_years:
        return
    told = reason or one.there.reason
    if not told and book.said_now(one.year) is YearState.EVALUATION:
        raise ReasonNeeded(
            f"{year_label(one.year)}は評価が始まっているので、値を合わせるには理由が要ります（{place(book, merge, one)}）。",
            "理由（--reason）を添えてください。何も変わっていません。",
        )


def _order(one: Difference) -> tuple[int, int, str]:
    """Figures first, then what people said of them, then the state of the year."""
    entity = one.thing.entity
    return (0 if entity in (CELL, MONEY) else 2 if entity == YEAR else 1, one.year, repr(one.thing))


def _write(book: ReviewBook, one: Difference, reason: str) -> None:
    key, facts = key_of(one), one.after
    if isinstance(key, FactKey):
        if key.entity == REVISION and facts is not None:
            facts = {**facts, "number": int(key.part)}
        book.put_fact(key, facts, reason)
        return
    if one.thing.entity == MONEY:
        amount = None if facts is None else int(str(facts["value"]))
        store_amount(book, key, amount_now(book, key), amount, reason)
        return
    before, wanted = current_cell(book, key), earlier(key, facts)
    # What a sealed year allows was looked at: the year is taken as a whole, or not at all.
    store(book, before, replace(wanted, version=before.version), reason, erratum=True)


def _take_plan(book: ReviewBook, new: NewPlan, reason: str) -> None:
    """Store the editions of the other copy, and give everything that stands its new place."""
    db = book.file.db
    merge_rows.add_identities(db, new.identities)
    known = {text.number: text for text in merge_rows.edition_texts(db)}
    for text in new.texts:
        if known.get(text.number) == text:
            continue
        before, digests = plan_rows.read_editions(db), plan_rows.read_digests(db)
        found = merge_rows.put_edition_text(db, text)
        after = plan_rows.read_editions(db)
        begin, moved = text.effective_year, {}
        for number in sorted({*before.newest.codes, *after.newest.codes}):
            if not any(number in edition.codes for edition in before.all):
                continue  # new: nothing stands there
            old, code = before.place(number, begin), after.place(number, begin)
            if old != code:
                moved[old] = code
            rescale_figures(book, before, after, number, begin)
        told: dict[str, object] = {"number": text.number, "effective_year": begin, "digest": found}
        if moved:
            told["renamed"] = moved
            fact_rows.rename_codes(db, moved, begin)
        old_digest = digests.get(text.number)
        replaced = None if old_digest is None else {"digest": old_digest, "number": text.number}
        year = None if begin == plan_rows.FIRST else begin
        code = after.newest.plan.code
        _append(book, EDITION, code, year, replaced, told, reason)
    book.reload_plan()


def _take_seal(book: ReviewBook, seal: Seal, reason: str) -> None:
    made = seal_rows.write_seal(book.file.db, seal.year, seal.number, seal.content)
    told = {"number": made.number, "digest": made.digest, "head": made.facts.get("head")}
    _append(book, seal_rows.SEAL, WHOLE_PLAN, seal.year, None, told, reason, part=str(made.number))


def _tell(book: ReviewBook, merge: Merge, done: Merged) -> None:
    """Append the row by which the next merge knows what is in the book, and people what is not."""
    counts = f"取り込み{len(done.lines)}件、取らなかったもの{len(done.left)}件"
    told = {
        "title": f"「{merge.source}」を合わせた（{counts}）",
        merge_rows.HEADS: [
            {"hash": one.hash, **({"without": list(one.without)} if one.without else {})}
            for one in merge.heads
        ],
    }
    left = f"取らなかったもの: {'／'.join(done.left)}" if done.left else ""
    _append(book, merge_rows.BOOK, book.plan.code, None, None, told, left)


def _append(
    book: ReviewBook,
    entity: str,
    code: str,
    year: int | None,
    old: Mapping[str, object] | None,
    new: Mapping[str, object],
    reason: str,
    part: str = "",
) -> None:
    history_rows.append(
        book.file.db,
        history_rows.Change(
            at=now(),
            who=book.who,
            entity=entity,
            code=code,
            fiscal_year=year,
            kind="",
            branch=part,
            period="",
            old=old,
            new=new,
            reason=reason,
        ),
    )


def decide(
    merge: Merge, side: Side | None, single: Sequence[tuple[str, int | None, Side]] = ()
) -> dict[Key, Side]:
    """Return the decision about every conflict: ``side`` for all, but for single codes (and years).

    Raises ``WrongUsage`` for a code about which there is nothing to decide.
    """
    found = {} if side is None else {key_of(one): side for one in merge.conflicts}
    for code, year, wanted in single:
        meant = [
            key_of(one)
            for one in merge.conflicts
            if one.thing.place.code == code and year in (None, one.year)
        ]
        if not meant:
            codes = "、".join(dict.fromkeys(one.thing.place.code for one in merge.conflicts))
            raise WrongUsage(
                f"{quoted(code)}には、どちらかを決めるところがありません。",
                f"決めるもの: {codes or 'なし'}。",
            )
        found |= dict.fromkeys(meant, wanted)
    return found

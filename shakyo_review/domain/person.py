"""Who works on a book: roles, what each may do, and why not. No I/O.

委員 answer for the items of their own committees, 事務局 do everything, 懇話会 read and say what they
think. Where nobody is registered, everybody may do everything (``allowed`` is not asked).
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypedDict, Unpack

from shakyo_review.domain.plan import Plan
from shakyo_review.errors import NotAllowed, quoted


class Role(StrEnum):
    """What a person is to the evaluation."""

    MEMBER = "member"
    SECRETARIAT = "secretariat"
    COUNCIL = "council"


ROLE_LABELS = {Role.MEMBER: "委員", Role.SECRETARIAT: "事務局", Role.COUNCIL: "懇話会"}


@dataclass(frozen=True, slots=True)
class Person:
    """A registered person; ``owners`` are the labels of the owners (担当) a 委員 works for."""

    name: str
    role: Role
    owners: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The person in one phrase: 田中さん（委員）."""
        return f"{self.name}さん（{ROLE_LABELS[self.role]}）"

    def owns(self, plan: Plan, code: str) -> bool:
        """Whether an item, an indicator or a funding line of the plan is one of the person's own."""
        mine = set(map(folded, self.owners))
        return any(folded(owner) in mine for owner in owners_of(plan, code))


People = tuple[Person, ...]
"""Everybody registered with a book; empty where nobody is."""


class Act(StrEnum):
    """Something that can be done to a book."""

    ACTUAL = "actual"
    TARGET = "target"
    AMOUNT = "amount"
    IMPORT = "import"
    SUBMIT = "submit"
    RATE = "rate"
    SEND_BACK = "send_back"
    RECUSE = "recuse"
    DIRECTION = "direction"
    PROMISE = "promise"
    ANSWER = "answer"
    CONFIRM = "confirm"
    OPINION = "opinion"
    REPLY = "reply"
    MEETING = "meeting"
    YEAR = "year"
    SEAL = "seal"
    PUBLISH = "publish"
    REOPEN = "reopen"
    ERRATUM = "erratum"
    PLAN = "plan"
    RESTORE = "restore"
    MERGE = "merge"
    PEOPLE = "people"


ACT_LABELS = {
    Act.ACTUAL: "実績の入力",
    Act.TARGET: "目標の変更",
    Act.AMOUNT: "予算額・決算額の変更",
    Act.IMPORT: "取り込み",
    Act.SUBMIT: "提出",
    Act.RATE: "評価",
    Act.SEND_BACK: "評価の差し戻し",
    Act.RECUSE: "除斥の記録",
    Act.DIRECTION: "方向性の決定",
    Act.PROMISE: "改善項目の約束",
    Act.ANSWER: "改善項目の回答",
    Act.CONFIRM: "値の確認",
    Act.OPINION: "意見の記録",
    Act.REPLY: "意見への回答",
    Act.MEETING: "会議の記録",
    Act.YEAR: "年度の状態の変更",
    Act.SEAL: "確定",
    Act.PUBLISH: "公表",
    Act.REOPEN: "確定を解くこと",
    Act.ERRATUM: "正誤の記録",
    Act.PLAN: "計画の変更",
    Act.RESTORE: "控えを戻すこと",
    Act.MERGE: "別の台帳を合わせること",
    Act.PEOPLE: "利用者の登録・変更",
}

_OF_OWN_ITEMS = frozenset({Act.ACTUAL, Act.IMPORT, Act.SUBMIT, Act.ANSWER})
"""What a 委員 may do with the items of the own committees."""


class Particulars(TypedDict, total=False):
    """What else tells an act: for which committees, in which stage (code), under whose name.

    ``owners`` are given where the act is not about single items; ``under`` is the member for whom a
    letter or an opinion is given ('' and none: the stage itself).
    """

    owners: tuple[str, ...]
    stage: str
    under: str


@dataclass(frozen=True, slots=True)
class Deed:
    """An act on something.

    ``first``: in the first stage of the year (自己評価). ``listed``: the plan names ``under`` among the
    members of the stage.
    """

    act: Act
    codes: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    first: bool = False
    under: str = ""
    listed: bool = False

    @classmethod
    def of(cls, plan: Plan, act: Act, codes: tuple[str, ...], **more: Unpack[Particulars]) -> Self:
        """Return the deed by the stages of a plan."""
        stage = plan.evaluation.stage(more.get("stage", ""))
        first = stage is not None and stage in plan.evaluation.of_year[:1]
        under = more.get("under", "")
        listed = stage is not None and folded(under) in map(folded, stage.members)
        return cls(act, codes, more.get("owners", ()), first, under, listed)


def acting(people: Iterable[Person], who: str) -> Person | None:
    """Return the registered person of a name, however its widths and spaces are typed."""
    return next((one for one in people if folded(one.name) == folded(who)), None)


def forbidden(
    people: People,
    who: str,
    plan: Plan,
    act: Act,
    codes: tuple[str, ...],
    **more: Unpack[Particulars],
) -> NotAllowed | None:
    """Return why nobody of this name may do something with these items; None where it is allowed."""
    if not people:
        return None
    deed = Deed.of(plan, act, codes, **more)
    person = acting(people, who)
    if person is None:
        return NotAllowed(
            f"{quoted(who)}はこの台帳の利用者に登録されていないため、{ACT_LABELS[deed.act]}はできません。",
            "登録されている名前を選ぶ（--as 名前）か、事務局に登録を頼んでください。",
        )
    why = _refusal(person, deed, plan)
    if not why:
        return None
    return NotAllowed(f"{why}。", "事務局に頼んでください。何も変わっていません。")


def _refusal(person: Person, deed: Deed, plan: Plan) -> str:
    """Return why a person may not do something ('' where it is allowed), as the end of a sentence."""
    if person.role is Role.SECRETARIAT:
        return ""
    if deed.act is Act.OPINION:
        return _under_own_name(person, deed, "意見")
    if deed.act is Act.RATE and deed.under and not deed.first:
        if not deed.listed:
            return f"委員の評価は、計画にその段階の委員として名前のある人と事務局だけが記録できます（いまは{person.label}です）"
        return _under_own_name(person, deed, "委員の評価")
    own = deed.act in _OF_OWN_ITEMS or (deed.act is Act.RATE and deed.first)
    if person.role is not Role.MEMBER or not own:
        may = "担当の委員か事務局" if own else "事務局"
        return f"{ACT_LABELS[deed.act]}は、{may}だけができます（いまは{person.label}です）"
    foreign = [code for code in deed.codes if not person.owns(plan, code)]
    mine = set(map(folded, person.owners))
    others = [owner for owner in deed.owners if folded(owner) not in mine]
    if foreign or others:
        held = "・".join(person.owners) or "まだありません"
        what = f"{foreign[0]}（{_owners_text(plan, foreign[0])}）" if foreign else others[0]
        return f"{what}は担当ではありません（{person.name}さんの担当: {held}）"
    return _under_own_name(person, deed, "委員の評価") if deed.under else ""


def _under_own_name(person: Person, deed: Deed, what: str) -> str:
    if folded(deed.under) == folded(person.name):
        return ""
    return f"{what}は、自分の名前（{person.name}）でだけ書けます"


def owners_of(plan: Plan, code: str) -> tuple[str, ...]:
    """Return the labels of who answers for an item, an indicator or a funding line (1-1.f2)."""
    item = plan.items.get(plan.action_of.get(code, code)) or plan.items.get(code.rpartition(".")[0])
    return () if item is None else tuple(owner.label for owner in item.owners)


def _owners_text(plan: Plan, code: str) -> str:
    return "・".join(owners_of(plan, code)) or "担当未定"


def folded(name: str) -> str:
    """Return a name as it is compared: widths and spaces make no other person or committee."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def owners_gone(old: Plan, new: Plan, same: Mapping[str, str]) -> dict[str, str]:
    """Return the owners a new plan has no more, each with its new name ('': none is to be seen).

    An owner was renamed where every item that goes on (``same``: new code to old code) has one and
    the same owner instead that the old plan did not know.
    """
    before, after = (
        {o.label: None for i in p.items.values() for o in i.owners} for p in (old, new)
    )
    found = {}
    for gone in (label for label in before if label not in after):
        heirs = [
            {owner for owner in owners_of(new, code) if owner not in before}
            for code in new.items
            if gone in owners_of(old, same.get(code, ""))
        ]
        common = set.intersection(*heirs) if heirs else set()
        found[gone] = common.pop() if len(common) == 1 else ""
    return found

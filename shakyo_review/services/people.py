"""Who may work on a book: registered, changed and removed by the 事務局; passphrases set and checked.

A passphrase is compared in NFKC without blanks at its ends, so that the same word typed with another
input method (ﾊﾝｶｸ, full-width digits, a decomposed が) is the same word. Only its argon2 hash is kept.
"""

import secrets
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shakyo_review.domain.person import ROLE_LABELS, Act, People, Person, Role, acting, folded
from shakyo_review.errors import (
    ConflictFound,
    NotAllowed,
    ReviewError,
    ValueProblem,
    WrongUsage,
    quoted,
)
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import now
from shakyo_review.services.committees import find_owners, owners_known
from shakyo_review.storage import people as people_rows
from shakyo_review.storage.database import explained, open_book

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LONGEST_NAME = 40
SHORTEST_PASSPHRASE, LONGEST_PASSPHRASE = 8, 200


def find_role(typed: str) -> Role:
    """Return the role a person means: 委員, 事務局, 懇話会 (or member, secretariat, council)."""
    words = {**{label: role for role, label in ROLE_LABELS.items()}, **{r.value: r for r in Role}}
    found = words.get(folded(typed))
    if found is None:
        raise WrongUsage(
            f"役割{quoted(typed)}はありません。", f"使える役割: {'、'.join(ROLE_LABELS.values())}。"
        )
    return found


def checked_name(typed: str) -> str:
    """Return a name as it is kept: as typed, without blanks at its ends."""
    name = typed.strip()
    if not name:
        raise ValueProblem("名前が空です。", "名前を書いてください。", what="名前")
    if len(name) > LONGEST_NAME:
        raise ValueProblem(
            f"名前が長すぎます（{len(name):,}文字）。",
            f"{LONGEST_NAME}文字までにしてください。",
            what="名前",
        )
    if any(not (c.isprintable() or c == "　") for c in name):
        raise ValueProblem(
            "名前に使えない文字があります。",
            "改行や制御文字を除いて、書き直してください。",
            what="名前",
        )
    return name


def add(book: ReviewBook, name: str, role: Role, owners: Sequence[str] = ()) -> Person:
    """Register a person. The first one must be of the 事務局; from then on roles count."""
    name = checked_name(name)
    with book.writing(Act.PEOPLE):
        people = people_rows.read_people(book.file.db)
        before = acting(people, name)
        if before is not None:
            raise WrongUsage(
                f"{before.label}は、すでに登録されています。",
                "役割や担当を変えるときは「people change」か、はじめの「利用者」を使ってください。",
                what="名前",
            )
        _check_keys(people, None, Person(name, role))
        made = Person(name, role, _checked_owners(book, role, owners))
        _put(book, made)
    return made


def change(
    book: ReviewBook,
    name: str,
    *,
    role: Role | None = None,
    owners: Sequence[str] | None = None,
    seen: Person | None = None,
) -> Person:
    """Change role and committees of a person (None: as they are); the last 事務局 stays one.

    ``seen`` is the person as the one acting saw it; ``ConflictFound`` where it is another by now.
    """
    with book.writing(Act.PEOPLE):
        people = people_rows.read_people(book.file.db)
        before = _registered(people, name)
        if seen is not None and seen != before:
            raise ConflictFound(
                f"{before.name}さんの登録は、ほかの人が先に変えています。",
                "いまの内容を確かめて、必要ならもう一度変えてください。何も変わっていません。",
            )
        wanted = role or before.role
        _check_keys(people, before, Person(before.name, wanted))
        kept = before.owners if wanted is Role.MEMBER else ()
        held = kept if owners is None else _checked_owners(book, wanted, owners)
        if wanted is Role.MEMBER and owners is None and not held:
            held = _checked_owners(book, wanted, ())
        after = Person(before.name, wanted, held)
        if after != before:
            _put(book, after)
    return after


def remove(book: ReviewBook, name: str) -> Person:
    """Remove a person with the passphrase; what they wrote stays. The last 事務局 cannot be removed."""
    with book.writing(Act.PEOPLE):
        people = people_rows.read_people(book.file.db)
        before = _registered(people, name)
        _check_keys(people, before, None)
        people_rows.put_person(book.file.db, before.name, None, book.who, now())
    return before


def _registered(people: People, name: str) -> Person:
    person = acting(people, name)
    if person is None:
        names = "、".join(one.name for one in people[:30]) or "まだいません"
        raise WrongUsage(f"{quoted(name)}は登録されていません。", f"登録されている人: {names}。")
    return person


def _checked_owners(book: ReviewBook, role: Role, typed: Sequence[str]) -> tuple[str, ...]:
    if role is not Role.MEMBER:
        if typed:
            raise WrongUsage(
                f"{ROLE_LABELS[role]}には担当を付けません。", "担当は委員だけに付けてください。"
            )
        return ()
    owners, known = find_owners(book, typed), owners_known(book)
    if known and not owners:
        raise WrongUsage(
            "委員には担当が要ります（担当の項目に書き込めるようになります）。",
            f"計画の担当: {'、'.join(known)}。",
            what="担当",
        )
    return owners


def _check_keys(people: People, before: Person | None, after: Person | None) -> None:
    """Refuse a change that leaves nobody who may change anything."""
    left = [one for one in people if one != before] + ([after] if after is not None else [])
    if any(one.role is Role.SECRETARIAT for one in left):
        return
    if not people:
        raise NotAllowed(
            "最初に登録するのは、事務局の人です。",
            "事務局の人を登録してから、ほかの人を登録してください。",
        )
    name = "" if before is None else before.name
    raise NotAllowed(
        f"{name}さんは最後の事務局なので、外すことも役割を変えることもできません。",
        "先に、ほかの事務局の人を登録してください。",
    )


def _put(book: ReviewBook, person: Person, reason: str = "") -> None:
    data = people_rows.as_json(person)
    people_rows.put_person(book.file.db, person.name, data, book.who, now(), reason)


def check_restorable(path: Path, who: str) -> None:
    """Raise ``NotAllowed`` where people are registered in a book and ``who`` is not of the 事務局.

    A book that is missing or cannot be read may be restored by anybody: that is what a backup is for.
    """
    try:
        people = _people_in(path)
    except ReviewError:
        return
    person = acting(people, who)
    if people and (person is None or person.role is not Role.SECRETARIAT):
        raise NotAllowed(
            f"{quoted(who)}は、この台帳に控えを戻せません（事務局だけができます）。",
            "事務局に頼んでください。何も変わっていません。",
        )


def _people_in(path: Path) -> People:
    """Read who is registered, leaving the book as it is: an older one knows nobody."""
    book = open_book(path, read_only=True)
    try:
        with book.reading():
            return people_rows.read_people(book.db) if people_rows.are_kept(book.db) else ()
    finally:
        book.close()


# --- passphrases ----------------------------------------------------------------------------


def has_passphrases(book: ReviewBook) -> frozenset[str]:
    """Return the names of those who have a passphrase."""
    with explained(book.path):
        return people_rows.names_with_hash(book.file.db)


def set_passphrase(book: ReviewBook, name: str, passphrase: str) -> Person:
    """Set or change the passphrase of a person; the history tells only that it was done."""
    hashed = _hasher().hash(checked_passphrase(passphrase))
    with book.writing(Act.PEOPLE):
        person = _registered(people_rows.read_people(book.file.db), name)
        people_rows.put_hash(book.file.db, person.name, hashed)
        _put(book, person, "合言葉を決めた")
    return person


def check_may_set(book: ReviewBook, name: str) -> None:
    """Raise what ``set_passphrase`` would, before a person is asked to think of a passphrase."""
    _registered(book.people, name)
    book.check(Act.PEOPLE)


def checked_passphrase(typed: str) -> str:
    """Return a passphrase as it is hashed; ``ValueProblem`` for one too short or too long."""
    if len(typed) > LONGEST_PASSPHRASE:
        raise ValueProblem(
            "合言葉が長すぎます。",
            f"{LONGEST_PASSPHRASE}文字までにしてください。",
            what="合言葉",
        )
    if any(not (c.isprintable() or c == "　") for c in typed):
        raise ValueProblem(
            "合言葉に使えない文字があります。", "制御文字を除いてください。", what="合言葉"
        )
    passphrase = _normal(typed)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise ValueProblem(
            f"合言葉が短すぎます（{len(passphrase)}文字）。",
            f"{SHORTEST_PASSPHRASE}文字以上にしてください。覚えやすい文でかまいません。",
            what="合言葉",
        )
    return passphrase


def _normal(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).strip()


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _decoy() -> str:
    """Return a hash nobody knows the word of: an unknown name takes as long as a known one."""
    return _hasher().hash(secrets.token_urlsafe(32))


def check_passphrase(path: Path, name: str, passphrase: str) -> Person | None:
    """Return the registered person whose name and passphrase these are; None where they are not.

    Opens the book by itself, to read; it is written only where the hash is to be renewed because
    the library's parameters have changed. Raises ``BookProblem`` for a book that cannot be read.
    Nobody here counts the tries.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    decoy = _decoy()
    person, stored = _stored(path, name)
    word = _normal(passphrase[: LONGEST_PASSPHRASE + 1]).encode("utf-8", "surrogatepass")
    try:
        right = _hasher().verify(stored or decoy, word)
    except (VerificationError, InvalidHashError):
        return None
    if person is None or stored is None or not right or len(passphrase) > LONGEST_PASSPHRASE:
        return None
    if _hasher().check_needs_rehash(stored):
        people_rows.renew_hash(path, person.name, stored, _hasher().hash(word))
    return person


def _stored(path: Path, name: str) -> tuple[Person | None, str | None]:
    book = open_book(path, read_only=True)
    try:
        with book.reading():
            if not people_rows.are_kept(book.db):
                return None, None
            person = acting(people_rows.read_people(book.db), name)
            if person is None:
                return None, None
            return person, people_rows.read_hash(book.db, person.name)
    finally:
        book.close()

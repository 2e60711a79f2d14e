"""Who may come in from a browser: the people of a book and the marks of their passphrases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from shakyo_review.domain.person import Person, acting
from shakyo_review.storage import people as people_rows
from shakyo_review.storage.database import open_book


@dataclass(frozen=True, slots=True)
class Register:
    """Everybody registered at one moment; a mark is another one as soon as the passphrase is."""

    people: tuple[Person, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Person | None:
        """Return the person of a name, however its widths and spaces are typed."""
        return acting(self.people, name)

    def mark(self, person: Person) -> str:
        """Return the mark of a person's passphrase; '' where there is none."""
        return self.marks.get(person.name, "")

    def standing(self, name: str) -> str | None:
        """Return what a session under this name rests on; None where nobody of the name may be in.

        Where nobody is registered every name is in, as if registered without a passphrase.
        """
        if not self.people:
            return "person "
        person = self.find(name)
        return None if person is None else f"person {self.mark(person)}"


def read_register(path: Path) -> Register:
    """Read who is registered in a book, and nothing else; ``BookProblem`` tells what is wrong with it."""
    book = open_book(path, read_only=True)
    try:
        with book.reading():
            if not people_rows.are_kept(book.db):
                return Register()
            people = people_rows.read_people(book.db)
            hashes = {one.name: people_rows.read_hash(book.db, one.name) for one in people}
    finally:
        book.close()
    marks = {name: sha256(text.encode()).hexdigest() for name, text in hashes.items() if text}
    return Register(people, marks)

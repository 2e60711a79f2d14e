"""Who is acting on a book, and what they may do: the one gate through which services write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Unpack

from shakyo_review.domain.person import Act, Particulars, People, Person, acting, forbidden
from shakyo_review.errors import NotAllowed
from shakyo_review.services.kept import Kept
from shakyo_review.storage import people as people_rows
from shakyo_review.storage.database import BookFile, explained
from shakyo_review.storage.plans import Editions


class OnlyLooking(Exception):
    """Ends a dry run inside ``writing``: the transaction is rolled back."""


class Permissions:
    """The part of ``ReviewBook`` that knows the people."""

    __slots__ = ()
    file: BookFile
    who: str
    editions: Editions
    kept: Kept
    on_saved: Callable[[], object] | None

    def refresh(self) -> bool:
        """Forget what is kept if anybody has written since."""
        raise NotImplementedError

    @property
    def people(self) -> People:
        """Everybody registered, by name; empty where nobody is and everybody may do everything."""
        self.refresh()
        if self.kept.people is None:
            with explained(self.file.path):
                self.kept.people = people_rows.read_people(self.file.db)
        return self.kept.people

    @property
    def person(self) -> Person | None:
        """Who is acting; None where nobody is registered, or not under this name."""
        return acting(self.people, self.who)

    def may(
        self,
        act: Act,
        code: str | None = None,
        year: int | None = None,
        **more: Unpack[Particulars],
    ) -> bool:
        """Whether the person acting may do something (``code`` None: with any item at all)."""
        codes = () if code is None else (code,)
        return self._problem(self.people, act, codes, year, more) is None

    def check(
        self, act: Act, *codes: str, year: int | None = None, **more: Unpack[Particulars]
    ) -> None:
        """Raise ``NotAllowed`` where the person acting may not do something, by what is on disk now."""
        with explained(self.file.path):
            people = people_rows.read_people(self.file.db)
        if people:
            self.refresh()  # by the owners as they stand, too
        if (problem := self._problem(people, act, codes, year, more)) is not None:
            raise problem

    def _problem(
        self, people: People, act: Act, codes: tuple[str, ...], year: int | None, more: Particulars
    ) -> NotAllowed | None:
        plan = self.editions.newest.plan if year is None else self.editions.of(year).plan
        return forbidden(people, self.who, plan, act, codes, **more)

    @contextmanager
    def writing(
        self, act: Act, *codes: str, year: int | None = None, **more: Unpack[Particulars]
    ) -> Iterator[None]:
        """Hold the write lock for a block: the one way in which a service writes.

        Raises ``NotAllowed`` where the person acting, as registered at this moment, may not do
        ``act`` with the items of these codes.
        """
        with self.file.writing():
            self.check(act, *codes, year=year, **more)
            yield
        if self.on_saved is not None:
            self.on_saved()

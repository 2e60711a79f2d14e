"""The other copy of a book, read without changing it; and where the two copies have parted."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from shakyo_review.errors import BookProblem, ImportRefused, WrongUsage, os_reason, quoted
from shakyo_review.services.merging.compare import (
    Base,
    Things,
    last_bases,
    named,
    settled,
    under_codes,
)
from shakyo_review.storage import bookfiles, database, merging, plans, verifying
from shakyo_review.storage.claims import Facts
from shakyo_review.storage.database import BookFile, explained
from shakyo_review.storage.merging import EditionText, Identity, Stand
from shakyo_review.storage.plans import Editions


@dataclass(frozen=True)
class Copy:
    """A copy of the book: what stands in it now, what stood at earlier rows, and its plan."""

    name: str
    stands: dict[int, Stand]
    now: Stand
    renames: Callable[[int], list[Facts]]
    editions: Editions
    texts: tuple[EditionText, ...]
    identities: tuple[Identity, ...]
    head: str

    def things_at(self, row: int) -> Things:
        """Return what stood at a row, under the codes of today."""
        return dict(settled(self.stands[row], self.renames(row)))


@contextmanager
def opened_copy(path: Path, mine: Path) -> Iterator[BookFile]:
    """Open the other copy of a book: a copy of it, brought up to date where it is older.

    The file itself is never changed. Raises ``WrongUsage`` or ``BookProblem`` for what is no such file.
    """
    try:
        there, same = path.exists(), path.exists() and path.samefile(mine)
    except OSError as error:
        raise WrongUsage(
            f"{quoted(str(path), 200)}を開けません（{os_reason(error)}）。",
            "合わせる台帳の場所と名前を確かめてください。",
        ) from None
    if not there:
        raise WrongUsage(
            f"合わせる台帳{quoted(str(path), 200)}がありません。", "場所と名前を確かめてください。"
        )
    if same:
        raise WrongUsage(
            "合わせる台帳と、いまの台帳が同じファイルです。", "別の台帳を指定してください。"
        )
    with _folder() as folder:
        copy = Path(folder) / path.name
        source = database.open_book(path, read_only=True)
        try:
            bookfiles.copy_state(source, copy)
        finally:
            source.close()
        book = database.open_book(copy)
        try:
            if database.inspect(book):
                raise database.damaged(path)
            yield book
        finally:
            book.close()


@contextmanager
def _folder() -> Iterator[str]:
    try:
        made = TemporaryDirectory(prefix="shakyo-review-", ignore_cleanup_errors=True)
    except OSError as error:
        raise BookProblem(
            f"作業用のフォルダを作れません（{os_reason(error)}）。",
            "ディスクの空きを確かめてください。",
        ) from None
    with made as folder:
        yield folder


def check_sound(book: BookFile, name: str) -> None:
    """Refuse a copy whose history does not hold together: what both began from cannot be told."""
    with explained(book.path):
        troubles = verifying.verify(book.db)
    if troubles:
        raise BookProblem(
            f"「{name}」は、履歴と値が一致しません（{len(troubles):,}件）。",
            "「verify」で確かめ、控えに戻すなどしてから合わせてください。何も変わっていません。",
        )


def bases_of_copies(mine: BookFile, theirs: BookFile, ends: tuple[Stand, Stand]) -> list[Base]:
    """Return every state from which both copies have gone on; ``ends`` is what stands in each now.

    Raises ``ImportRefused`` for books that were never one.
    """
    common = merging.common_rows(mine.db, theirs.db)
    if not common:
        raise ImportRefused(
            f"「{theirs.path.name}」は、この台帳の写しではありません（履歴の始まりが違います）。",
            "同じ台帳から写したファイルだけを合わせられます。値だけを移すときは「export」と「import」を使ってください。",
        )
    found = [Base(True, common, common)]
    for here, told, other in ((False, ends[0], theirs), (True, ends[1], mine)):
        for head, at in told.heads.items():
            row = merging.row_of(other.db, head.hash)
            if row is not None and row > common:
                found.append(Base(here, row, at, head.without))
    return found


def read_copies(mine: BookFile, theirs: BookFile) -> tuple[Copy, Copy, list[Base]]:
    """Read both copies, and every state from which both have gone on."""
    ends = merging.last_stand(mine.db), merging.last_stand(theirs.db)
    bases = bases_of_copies(mine, theirs, ends)
    here = [base.row for base in bases if base.here]
    there = [base.row for base in bases if not base.here]
    return (
        _read(mine, mine.path.name, ends[0], here),
        _read(theirs, theirs.path.name, ends[1], there),
        bases,
    )


def _read(book: BookFile, name: str, now: Stand, rows: Iterable[int]) -> Copy:
    kept = merging.stands(book.db, rows) if (rows := list(rows)) else {}
    head = book.db.execute("SELECT hash FROM history WHERE id = ?", [now.row]).fetchone()
    return Copy(
        name,
        kept,
        now,
        {row: merging.renames_after(book.db, row) for row in rows}.__getitem__,
        plans.read_editions(book.db),
        merging.edition_texts(book.db),
        merging.identities(book.db),
        str(head[0]),
    )


def bases_by_year(
    mine: Copy, theirs: Copy, bases: list[Base], plan: Editions
) -> Callable[[int], list[Things]]:
    """Return a function from a year to what stood where both copies began, under the codes of ``plan``."""
    known: dict[Base, Things] = {}

    def things(base: Base) -> Things:
        if base not in known:
            copy = mine if base.here else theirs
            now = under_codes(copy.things_at(base.row), copy.editions, plan)
            known[base] = named(now).things
        return known[base]

    return lambda year: [things(base) for base in last_bases(bases, year)]

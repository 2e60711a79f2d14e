"""Books for tests of the evaluation: the small plan with members of a committee, and how far a year is."""

from pathlib import Path

from books import SMALL_PLAN
from commandline import refusal, run

JUDGED_PLAN = SMALL_PLAN.replace(
    "tree:\n",
    """\
evaluation:
  stages:
    - {code: self, name: 自己評価}
    - {code: internal, name: 内部評価}
    - code: committee
      name: 委員会評価
      join: mode
      members: [田中, 鈴木, 佐藤, 高橋]
      quorum: 50
      flags: [重点]
tree:
""",
    1,
)
"""Everything may be rated by its own people and internally; what is 重点 (2-1) goes to the committee."""

YEAR = ("--year", "R6")


def judged_book(path: Path) -> Path:
    """Make a book of the plan with a committee; R6 is being filled in."""
    plan = path.with_name("judged.yaml")
    plan.write_text(JUDGED_PLAN, encoding="utf-8")
    does(path, "new", path, "--plan", plan)
    plan.unlink()
    return path


def does(book: Path, *words: object, who: str = "事務局") -> str:
    """Run a command that has to succeed; returns what it prints."""
    done = run("--book", book, "--as", who, *words)
    assert done.status == 0, done
    return done.out


def document(book: Path, *words: object, status: int = 0) -> object:
    """Run a command with --json; returns its document."""
    done = run("--book", book, *words, "--json")
    assert (done.status, done.err) == (status, ""), done
    return done.json


def refused(book: Path, *words: object, status: int, who: str = "事務局") -> str:
    """Run a command that has to refuse: one sentence, and every byte of the book as it was."""
    before, there = book.read_bytes(), sorted(p.name for p in book.parent.iterdir())
    text = refusal(run("--book", book, "--as", who, *words), status)
    assert book.read_bytes() == before
    assert sorted(p.name for p in book.parent.iterdir()) == there
    return text


def evaluate(book: Path, code: str, stage: str, *words: object, who: str = "事務局") -> str:
    """Give, send back or take back a letter of R6."""
    return does(book, "evaluate", code, *YEAR, "--stage", stage, *words, who=who)


def fill_in(book: Path) -> None:
    """Enter what is missing in R6, and close the entry."""
    for code in ("c", "r", "m"):
        does(book, "record", code, *YEAR, "--state", "中止")
    does(book, "year", "evaluate", *YEAR)


def meet(book: Path, *present: str) -> str:
    """Note a meeting of the committee."""
    words = [word for name in present for word in ("--present", name)]
    return does(
        book, "meeting", "add", *YEAR, "--stage", "committee", "--date", "2025-06-02", *words
    )


def make_ready(book: Path) -> None:
    """Bring R6 to where it can be sealed: all is in, and the committee has judged 2-1."""
    fill_in(book)
    meet(book, "田中", "鈴木", "高橋")
    evaluate(book, "1-1", "self", "--rating", "B")
    evaluate(book, "2-1", "committee", "--rating", "A")


def seal(book: Path, who: str = "事務局") -> None:
    """Seal R6."""
    make_ready(book)
    does(book, "seal", *YEAR, who=who)

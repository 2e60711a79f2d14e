"""A committee member's year in tmux: twenty indicators of okegawa, from opening to 提出.

    python benchmarks/member.py [columns rows]

Starts the program as a registered 委員 sees it (the own rows only), types full-width digits, chooses one
中止, is asked about one odd value and corrects it, pastes one block as from Excel, takes one value back,
writes one sentence and submits. Then the book is opened and must hold exactly that. Prints the
number of keystrokes (a pasted block counts as one, a full-width digit as one) and of seconds.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.person import Role
from shakyo_review.domain.plan import Owner, Plan
from shakyo_review.domain.tree_edits import change_node
from shakyo_review.domain.value import format_reading
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_demo
from shakyo_review.services.people import add
from shakyo_review.services.revising import revise
from shakyo_review.services.submitting import submissions
from shakyo_review.services.upkeep import verify

YEAR = 2025
PATIENCE = 20
ACTIONS = [
    "1-1-1-1",
    "1-1-1-3",
    "1-1-2-2",
    "1-2-1-1",
    "1-2-2-3",
    "2-1-1-1",
    "2-1-2-1",
    "2-1-2-2",
    "2-2-2-1",
    "3-1-1-1",
    "3-1-1-2",
    "3-1-2-2",
    "3-2-1-2",
    "3-2-2-1",
    "3-2-2-2",
    "4-1-1-1",
    "4-2-1-1",
    "4-2-1-4",
]
"""Actions without any actual in the sample year; they have twenty indicators."""
OWNER = Owner(part="社協", name="地域福祉課")
PASTED = ["１０", "24", "98人", " 7 ", "35.5％", "26", "1,015", "4.2日"]
SENTENCE = "地区社協を全部回り、困りごとを聞いた。"


class Member:
    """The program in a tmux window of its own, and the keys pressed so far."""

    def __init__(self, book: Path, columns: int, rows: int) -> None:
        self.server = f"member-{time.monotonic_ns()}"
        self.keys = 0
        program = f"{sys.executable} -m shakyo_review --book {book} --as 田中"
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), program
        )

    def _tmux(self, *arguments: str, given: str | None = None) -> str:
        done = subprocess.run(
            ["tmux", "-L", self.server, *arguments],
            check=True,
            capture_output=True,
            text=True,
            input=given,
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by their tmux names."""
        self._tmux("send-keys", *keys)
        self.keys += len(keys)

    def type(self, text: str) -> None:
        """Type characters, as the input method hands them over."""
        self._tmux("send-keys", "-l", text)
        self.keys += len(text)

    def paste(self, text: str) -> None:
        """Paste a block as the terminal does, in brackets."""
        self._tmux("load-buffer", "-", given=text)
        self._tmux("paste-buffer", "-p")
        self.keys += 1

    def see(self, wanted: str) -> str:
        """Wait until a text is on the screen."""
        end = time.monotonic() + PATIENCE
        while True:
            shown = self._tmux("capture-pane", "-p")
            if wanted in shown:
                return shown
            if time.monotonic() > end:
                raise SystemExit(f"「{wanted}」 not seen in\n{shown}")
            time.sleep(0.02)

    def ended(self) -> None:
        """Wait until the program has left, and with it the server."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = subprocess.run(
                ["tmux", "-L", self.server, "has-session"], capture_output=True, check=False
            )
            if found.returncode:
                return
            time.sleep(0.02)
        raise SystemExit("the program did not leave")

    def close(self) -> None:
        """End the window where it still stands; the server is this member's own."""
        subprocess.run(
            ["tmux", "-L", self.server, "kill-session"], capture_output=True, check=False
        )


def committee(plan: Plan) -> Plan:
    """Give the actions to the committee."""
    for code in ACTIONS:
        plan = change_node(plan, code, owners=(OWNER,))
    return plan


def book_of(folder: Path) -> Path:
    """Make the sample book with a member of the committee."""
    path = folder / "okegawa.db"
    make_demo(path, "okegawa", "事務局")
    with ReviewBook.open(path, "事務局") as book:
        revise(book, committee, from_year=None, reason="担当の割り当て")
        add(book, "事務局", Role.SECRETARIAT)
        add(book, "田中", Role.MEMBER, [OWNER.label])
    return path


def work(member: Member, codes: list[str]) -> None:
    """Do what the member does, looking at the screen as a person does."""

    def at(place: int) -> None:
        member.see(f"\n {codes[place]} ")

    member.see("0/20 入力済み")
    at(0)
    member.type("５２")
    member.press("C-a")
    member.see("実施内容 ＞  ")
    member.type(SENTENCE)
    member.press("Enter")
    at(1)
    member.type("２７")
    member.press("Enter")
    at(2)
    member.press("C-x")
    member.see("値がない理由")
    member.press("Enter")  # 中止 is the first of the list
    at(3)
    member.type("５９０")  # one digit too many
    member.press("Enter")
    member.see("桁を確かめて")
    at(4)
    member.press("Up")
    at(3)
    member.type("５９")
    member.press("Enter")
    at(4)
    member.paste("\r\n".join(PASTED) + "\r\n")
    member.see("8件の値を貼り付けます")
    member.press("Enter")
    member.see("8件を貼り付けて保存しました")
    member.press("F4")
    at(12)
    member.type("４７")
    member.press("Enter")
    at(13)
    member.press("C-z")  # that was another line of the paper
    at(12)
    for place, typed in enumerate(LAST, 12):
        member.type(typed)
        member.press("Enter")
        if place < 19:
            at(place + 1)
    member.see("20/20 入力済み")
    member.press("C-g")
    member.see("20/20件 入力済み")
    member.press("Enter")
    member.see("提出しました")
    member.press("C-q")
    member.ended()


LAST = ["１５", "５６", "８２５００", "３", "５１", "１", "９３１０", "３０９８"]
HELD = ["52", "27", "中止", "59", "10", "24", "98", "7", "35.5", "26", "1,015", "4.2"]
HELD += ["15", "56", "82,500", "3", "51", "1", "9,310", "3,098"]


def main() -> None:
    columns, rows = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (80, 24)
    if shutil.which("tmux") is None:
        raise SystemExit("tmux is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = book_of(Path(folder))
        with ReviewBook.open(path, "事務局") as book:
            plan = book.plan_of(YEAR)
            codes = [c for c in plan.indicators if OWNER in plan.owners_of(c)]
            before = dict(book.cells(YEAR).cells)
        start = time.monotonic()
        member = Member(path, columns, rows)
        try:
            work(member, codes)
        finally:
            member.close()
        seconds = time.monotonic() - start
        with ReviewBook.open(path, "事務局") as book:
            check(book, codes, before)
    print(
        f"{columns}x{rows}: {member.keys} keystrokes, {seconds:.1f} s, the book holds exactly that"
    )


def check(book: ReviewBook, codes: list[str], before: dict[CellKey, object]) -> None:
    """Hold the book against what was typed, and everything else against what stood there."""
    cells = book.cells(YEAR)
    keys = [CellKey(code, YEAR, Kind.ACTUAL) for code in codes]
    plan = book.plan_of(YEAR)
    held = [
        format_reading(cells.get(key).reading, plan.indicators[key.indicator].decimals)
        for key in keys
    ]
    notes = [cells.get(key).note for key in keys]
    share = next(one for one in submissions(book, YEAR) if one.owner == OWNER.label)
    others = {key: cell for key, cell in cells.cells.items() if key not in keys}
    found = {
        "values": held == HELD,
        "sentence": notes == [SENTENCE, *[""] * 19],
        "others as before": others == {k: c for k, c in before.items() if k not in keys},
        "submitted": share.submission is not None and share.submission.by == "田中",
        "nothing left, nothing changed since": (share.blanks, share.changed) == ((), 0),
        "history whole": not verify(book),
    }
    wrong = [name for name, right in found.items() if not right]
    if wrong:
        raise SystemExit(f"not as typed: {', '.join(wrong)}\n{held}\n{notes}\n{share}")


if __name__ == "__main__":
    main()

"""What the README says about the council pack, as ratios measured in one run.

    python benchmarks/pack.py

A plan of 150 indicators and 10 years: all documents in all formats; the PDF against Typst alone on the
same source; reading a workbook against bare python-calamine; the pack against LibreOffice turning the
workbook of the same report into PDF. Absolute times depend on the machine.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook
from typst import Fonts, compile_with_warnings

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Node, Plan
from shakyo_review.domain.value import Reading, State
from shakyo_review.exchange.long_csv import Entry
from shakyo_review.exchange.workbook import read_workbook
from shakyo_review.reports.charts.outlines import font_file
from shakyo_review.reports.formats import pdf
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_book
from shakyo_review.services.publishing import report_context
from shakyo_review.services.taking import take_over

FIRST, LAST = 2015, 2024
GOALS, MEASURES, ACTIONS = 5, 5, 6
ROUNDS = 3

PACK = """
import sys
from pathlib import Path
from shakyo_review.__main__ import main
sys.argv = ["shakyo-review", "--book", sys.argv[1], "report", "--year", "2024", "--pack", "--out", sys.argv[2]]
main()
"""


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of a piece of work in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def big_plan() -> Plan:
    """Return a plan of 150 actions with an indicator each, on three levels, ten years long."""
    goals = []
    for goal in range(1, GOALS + 1):
        measures = []
        for measure in range(1, MEASURES + 1):
            actions = []
            for action in range(1, ACTIONS + 1):
                code = f"{goal}-{measure}-{action}"
                indicator = Indicator(
                    code=f"{code}a",
                    name="見守り訪問の延べ回数",
                    unit="回",
                    direction="higher",
                    measure="annual",
                )
                actions.append(
                    Node(
                        code=code,
                        name="住民どうしの支え合い活動を広げる取組",
                        indicators=(indicator,),
                        owners=(f"担当{measure}課",),
                    )
                )
            measures.append(
                Node(
                    code=f"{goal}-{measure}",
                    name="地域のつながりをつくる施策",
                    children=tuple(actions),
                )
            )
        goals.append(
            Node(
                code=f"{goal}",
                name="ともに支え合うまちをつくる目標",
                children=tuple(measures),
            )
        )
    return Plan(
        code="pack",
        title="測定用の地域福祉活動計画",
        body="測定社会福祉協議会",
        first_year=FIRST,
        last_year=LAST,
        levels=("基本目標", "施策", "取組"),
        tree=tuple(goals),
    )


def full_book(path: Path) -> None:
    """Make a book with targets and actuals of all its years."""
    plan = big_plan()
    make_book(path, plan, "測定")
    entries = [
        Entry(
            0,
            CellKey(code, year, kind),
            Reading(
                State.VALUE,
                Decimal(100 + (i * 7 + year * 3) % 41 + (year - FIRST) * 2),
                text="地区の集まりで説明し、参加を呼びかけた。" if kind is Kind.ACTUAL else "",
            ),
            None,
            "",
        )
        for year in range(FIRST, LAST + 1)
        for kind in (Kind.TARGET, Kind.ACTUAL)
        for i, code in enumerate(plan.indicators)
    ]
    with ReviewBook.open(path, "測定") as book:
        take_over(book, entries)


def bare_typst(source: str, pictures: dict[str, str]) -> bytes:
    """Compile the source of a report as a program without us would."""
    made, _ = compile_with_warnings(
        source.encode(),
        font_paths=Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(font_file().parent)],
        ),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=pictures,
        pdf_standards=["ua-1", "a-2a"],
    )
    return made


def bare_calamine(path: Path) -> int:
    """Read every cell of a workbook."""
    book = CalamineWorkbook.from_path(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def told(ours: float, title: str, theirs: float, against: str) -> None:
    """Print one line."""
    print(f"{ours / theirs:6.2f}x  {title}: {ours:.2f} s; {against}: {theirs:.2f} s", flush=True)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        full_book(folder / "pack.db")
        out = folder / "out"
        pack = [sys.executable, "-c", PACK, str(folder / "pack.db"), str(out)]

        def whole() -> None:
            subprocess.run(pack, check=True, capture_output=True)

        whole()
        files = list(out.iterdir())
        size = sum(path.stat().st_size for path in files) / 1_000_000
        print(f"{len(files)} files, {size:.1f} MB; 150 indicators, 10 years")
        workbook = out / "pack-2024.xlsx"
        took = seconds(whole)
        with ReviewBook.open(folder / "pack.db", "測定") as book:
            context = report_context(book, LAST)
        pdf.render(context)
        source, pictures, _ = pdf.typst_source(context)
        told(
            seconds(lambda: pdf.render(context)),
            "PDF of the report, charts drawn already",
            seconds(lambda: bare_typst(source, pictures)),
            "Typst alone on the same source",
        )
        told(
            seconds(lambda: read_workbook(workbook), 9),
            "reading the report's workbook",
            seconds(lambda: bare_calamine(workbook), 9),
            "bare python-calamine",
        )
        office = shutil.which("soffice")
        if office is None:
            print(f"the whole pack: {took:.2f} s (no LibreOffice here to compare with)")
            return
        convert = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        convert += ["--convert-to", "pdf", "--outdir", str(folder / "office"), str(workbook)]

        def by_office() -> None:
            environment = {**os.environ, "HOME": str(folder)}
            subprocess.run(convert, check=True, capture_output=True, env=environment)

        by_office()  # the first start makes its profile
        told(
            took,
            f"the whole pack, {len(files)} files, a process of its own",
            seconds(by_office),
            "LibreOffice turning its workbook into one PDF",
        )


if __name__ == "__main__":
    main()

"""``plan update FILE.xlsx``: the table of the plan, changed in Excel and taken back."""

from pathlib import Path

import openpyxl
import pytest
from books import contents, new_book
from commandline import refusal, run

from shakyo_review.exchange.bundled import bundled_names


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plan of the small book, as it is written out."""
    monkeypatch.chdir(tmp_path)
    new_book(tmp_path / "review.db")
    run("plan", "export", "plan.xlsx")
    return tmp_path / "plan.xlsx"


def change(path: Path, *changes: tuple[str, str, object], drop: str = "") -> None:
    """Write into cells, by the code of the row and the head of the column; ``drop`` takes a column away."""
    made = openpyxl.load_workbook(path)
    sheet = made["計画"]
    [top] = [row[0].row for row in sheet.iter_rows() if row[0].value == "番号"]
    heads = {cell.value: cell.column for cell in sheet[top] if cell.value}
    for code, head, value in changes:
        [at] = [
            row[0].row
            for row in sheet.iter_rows(min_row=top + 1)
            if code in (row[heads["番号"] - 1].value, row[heads["指標番号"] - 1].value)
        ]
        sheet.cell(at, heads[head], value)
    if drop:
        sheet.delete_cols(heads[drop])
    made.save(path)


def test_an_unchanged_table_changes_nothing(table: Path) -> None:
    before = contents(Path("review.db"))
    told = refusal(run("plan", "update", table, "--dry-run"))
    assert told == "計画に変わるところがありません。何も書き込んでいません。"
    assert contents(Path("review.db")) == before


@pytest.mark.parametrize("name", [n for n in bundled_names() if n in ("zushi", "osaka")])
def test_the_table_of_a_real_plan_comes_back_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run("new", "review.db", "--plan", name)
    run("plan", "export", "plan.xlsx")
    assert "変わるところがありません" in run("plan", "update", "plan.xlsx", "--dry-run").err


def test_a_changed_table_revises_the_plan_and_leaves_the_rest(table: Path) -> None:
    whole = run("plan", "export", "before.yaml")
    assert whole.status == 0
    change(table, ("a", "指標", "のべ参加者数"), ("a", "R8", 560), ("2-1", "取組", "相談支援"))
    told = run("plan", "update", table, "--from", "R8", "--dry-run")
    assert told.status == 0, told.err
    assert "［改称］2-1 相談支援: 名前: 相談 → 相談支援" in told.out
    assert "参加者数 → のべ参加者数" in told.out
    done = run("plan", "update", table, "--from", "R8", "--reason", "見直し")
    assert done.status == 0, done.err
    assert "2-1 相談支援" in run("plan", "show").out
    assert "2-1 相談" in run("plan", "show", "--year", "R6").out
    run("plan", "export", "after.yaml")
    before, after = (Path(f"{n}.yaml").read_text(encoding="utf-8") for n in ("before", "after"))
    for kept in ("parts: sum", "branch_word: 区", "sources:", "name: 補助金", "direction: lower"):
        assert kept in before
        assert kept in after, kept


def test_a_column_that_is_not_there_changes_nothing(table: Path) -> None:
    change(table, drop="良い方向")
    assert "変わるところがありません" in run("plan", "update", table, "--dry-run").err


def test_a_table_without_codes_is_refused(table: Path) -> None:
    change(table, drop="指標番号")
    before = contents(Path("review.db"))
    told = refusal(run("plan", "update", table, "--reason", "見直し"))
    assert "シート「計画」に「指標番号」の列がありません" in told
    assert contents(Path("review.db")) == before

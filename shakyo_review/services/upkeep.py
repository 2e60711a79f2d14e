"""Looking after the book: backup, restore, a check of its health."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.errors import BookProblem, WrongUsage
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.settings import settings_path
from shakyo_review.storage import cells, database, history


def back_up(book: ReviewBook, target: Path) -> None:
    """Copy the book to a new file, as one consistent state."""
    if not target.parent.is_dir():
        raise WrongUsage(
            f"フォルダ「{target.parent}」がありません。", "先にフォルダを作ってください。"
        )
    database.backup(book.file, target)


def restore(source: Path, target: Path, who: str) -> Path | None:
    """Put a backup in the place of the book; the present book is kept under another name.

    Returns that name, None where no book was there. A backup that is not sound is refused, and
    the backup itself is never changed.
    """
    if target.is_symlink():
        target = target.resolve()
    if source.exists() and target.exists() and source.samefile(target):
        raise WrongUsage("控えと台帳が同じファイルです。", "別のファイルを指定してください。")
    if not target.parent.is_dir():
        raise WrongUsage(
            f"フォルダ「{target.parent}」がありません。", "先にフォルダを作ってください。"
        )
    copy = database.draft_of(target)
    kept: Path | None = None
    try:
        _copy_sound(source, copy)
        ReviewBook.open(
            copy, who
        ).close()  # an older backup is brought up to date, its plan is read
        if target.exists():
            kept = database.put_aside(target)
        database.give_name(copy, target)
    except BaseException:
        copy.unlink(missing_ok=True)
        if kept is not None and not target.exists():
            kept.rename(target)
        raise
    return kept


def _copy_sound(source: Path, copy: Path) -> None:
    backup = database.open_book(source, read_only=True)
    try:
        if database.inspect(backup):
            raise database.damaged(source)
        database.copy_state(backup, copy)
    finally:
        backup.close()


@dataclass(frozen=True, slots=True)
class Health:
    """One line of the health check: what was looked at, whether it is well, and a sentence."""

    title: str
    well: bool
    text: str


def examine(path: Path, who: str) -> list[Health]:
    """Look at the book from the outside in; changes nothing but bringing an older one up to date."""
    lines: list[Health] = []
    try:
        with ReviewBook.open(path, who) as book:
            lines.append(
                Health("台帳", True, f"{path}（{path.stat().st_size // 1024 + 1}KB）を開けました")
            )
            for line in _look_inside(book):
                lines.append(line)
    except (BookProblem, WrongUsage) as problem:
        lines.append(Health("ファイル" if lines else "台帳", False, str(problem)))
    settings = settings_path()
    found = "" if settings.exists() else "（まだありません。なくてもかまいません）"
    lines.append(Health("設定ファイル", True, f"{settings}{found}"))
    return lines


def _look_inside(book: ReviewBook) -> Iterator[Health]:
    if database.inspect(book.file):
        raise database.damaged(book.path)
    with database.explained(book.path):
        changes = sum(cell.version for cell in cells.read_cells(book.file.db))
        told = history.count_of_cells(book.file.db)
    yield Health("ファイル", True, "壊れていません")
    writable = not book.file.read_only
    yield Health(
        "書き込み", writable, "できます" if writable else "読み取り専用です。入力はできません"
    )
    plan = book.plan
    yield Health(
        "計画", True, f"{plan.title}（項目{len(plan.items)}件、指標{len(plan.indicators)}件）"
    )
    years = book.years_with(Kind.ACTUAL)
    yield Health("実績のある年度", True, "・".join(map(short_year, years)) or "まだありません")
    agrees = f"{book.count_history():,}件（値の変更{changes:,}回のすべて）"
    differs = f"値の変更は{changes:,}回ですが、履歴には{told:,}件あります。控えと比べてください"
    yield Health("履歴", changes == told, agrees if changes == told else differs)

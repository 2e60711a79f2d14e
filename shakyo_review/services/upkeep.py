"""Looking after the book: backup, restore, a check of its health."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shakyo_review.domain.cell import KIND_LABELS, Kind
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.errors import BookProblem, WrongUsage
from shakyo_review.services.book import ReviewBook, local_time
from shakyo_review.services.json_views import facts_text
from shakyo_review.services.settings import settings_path
from shakyo_review.storage import bookfiles, cells, database, history, verifying


def back_up(book: ReviewBook, target: Path) -> None:
    """Copy the book to a new file, as one consistent state."""
    bookfiles.backup(book.file, target)


def restore(source: Path, target: Path, who: str) -> Path | None:
    """Put a backup in the place of the book; the present book is kept under another name.

    Returns that name, None where no book was there. A backup that is not sound is refused, and
    the backup itself is never changed.
    """
    if target.is_symlink():
        target = target.resolve()
    if source.exists() and target.exists() and source.samefile(target):
        raise WrongUsage("控えと台帳が同じファイルです。", "別のファイルを指定してください。")
    bookfiles.check_folder(target)
    copy = bookfiles.draft_of(target)
    kept: Path | None = None
    try:
        _copy_sound(source, copy)
        ReviewBook.open(
            copy, who
        ).close()  # an older backup is brought up to date, its plan is read
        if target.exists():
            kept = bookfiles.put_aside(target)
        bookfiles.give_name(copy, target)
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
        bookfiles.copy_state(backup, copy)
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


WHAT_AGREEING_PROVES = (
    "分かるのは、履歴と、履歴に残る値が、この道具を使わず、つながりの計算もし直さずに書き換えられてはいないことだけです"
    "（計画の文面や、作成時のままの金額・基準値は履歴がないので調べていません）。"
)


def verify(book: ReviewBook) -> list[str]:
    """Return a sentence for everything in which history and figures do not agree."""
    with book.file.reading():
        return [_sentence(trouble) for trouble in verifying.verify(book.file.db)]


def _sentence(trouble: verifying.Trouble) -> str:
    match trouble:
        case verifying.Altered(number, place, who, at):
            one = "この行" if number == 1 else "この行か、すぐ前の行"
            where = "、".join((_place(place), who, _time(at)))
            return f"履歴の{number}番目（{where}）は、前とのつながりが合いません。{one}が書き換えられています。"
        case verifying.Removed(first, last, following):
            where = "の最後" if following is None else ""
            after = (
                f"次の{following}番目は、前とのつながりを確かめられません。" if following else ""
            )
            return f"履歴{where}の{_numbers(first, last)}がありません。消されたか、番号を変えられています。{after}"
        case verifying.Added(first, last):
            return f"履歴の{_numbers(first, last)}は、この道具が書いたものではありません。"
        case verifying.EndDiffers(missing):
            if missing:
                return "履歴の最後がどれかを示す控えが、台帳にありません。消されたか、書き換えられています。"
            return "履歴の最後の行が、台帳にある控えと合いません。最後の行か控えが書き換えられています。"
        case verifying.FigureDiffers(place, told, stands, has_history):
            there, now = _facts(told), _facts(stands)
            if not has_history:
                return f"{_place(place)}: 台帳には「{now}」とありますが、履歴がありません。"
            if there == now:  # what differs is not shown to people, or only nothing from nothing
                there, now = _raw(told), _raw(stands)
            if stands is None:
                return f"{_place(place)}: 履歴では「{there}」ですが、台帳に値がありません。"
            return f"{_place(place)}: 履歴では「{there}」ですが、台帳では「{now}」です。"
        case verifying.CountDiffers(place, version, changes):
            return f"{_place(place)}: 台帳では{version}回変えたことになっていますが、履歴には{changes}回あります。"


def _numbers(first: int, last: int) -> str:
    return f"{first}番目" if first == last else f"{first}番目から{last}番目まで"


def _place(place: verifying.Place) -> str:
    """Return where a figure stands; the history may have been changed to what is no place."""
    labels: Mapping[str, str] = {kind.value: label for kind, label in KIND_LABELS.items()}
    year = "" if place.year is None else short_year(place.year)
    kind = labels.get(place.kind, place.kind)
    return " ".join(part for part in (place.code, year, kind, place.branch, place.period) if part)


def _time(at: str) -> str:
    try:
        return local_time(at)
    except (ValueError, OverflowError):
        return at


def _facts(facts: verifying.Facts | None) -> str:
    try:
        return facts_text(facts)
    except (ValueError, TypeError):
        return _raw(facts)


def _raw(facts: verifying.Facts | None) -> str:
    return "空欄" if facts is None else json.dumps(facts, ensure_ascii=False, default=str)

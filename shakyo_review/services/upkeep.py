"""Looking after the book: backup, restore, a check of its health."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shakyo_review.domain.cell import KIND_LABELS, Kind
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.errors import BookProblem, WrongUsage
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import local_time
from shakyo_review.services.json_views import facts_text
from shakyo_review.services.people import check_restorable
from shakyo_review.services.settings import settings_path
from shakyo_review.services.telling import ENTITY_LABELS, fact_text, one_line, raw_text
from shakyo_review.storage import bookfiles, cells, database, facts, history, people, verifying
from shakyo_review.storage.claims import Facts, Place
from shakyo_review.storage.format import EDITION


def back_up(book: ReviewBook, target: Path) -> None:
    """Copy the book to a new file, as one consistent state."""
    bookfiles.backup(book.file, target)


def restore(source: Path, target: Path, who: str) -> Path | None:
    """Put a backup in the place of the book; the present book is kept under another name.

    Returns that name, None where no book was there. A backup that is not sound is refused, and
    the backup itself is never changed. Where people are registered in the present book, only the 事務局 may.
    """
    if target.is_symlink():
        target = target.resolve()
    if not source.exists():
        raise WrongUsage(
            f"控え「{source}」がありません。",
            "「backup」で作った控えの場所と名前を確かめてください。",
        )
    if target.exists() and source.samefile(target):
        raise WrongUsage("控えと台帳が同じファイルです。", "別のファイルを指定してください。")
    bookfiles.check_folder(target)
    check_restorable(target, who)
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
        _read_all(book)
        changes = cells.sum_of_versions(book.file.db)
        told = history.count_of_cells(book.file.db)
        head = history.read_head(book.file.db)
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
    if head is None:
        end = "履歴の最後がどれかを示す控えがありません。「verify」で調べてください"
        yield Health("履歴", False, end)
        return
    yield Health("履歴", changes == told, agrees if changes == told else differs)


def _read_all(book: ReviewBook) -> None:
    """Read every figure and fact: a row that makes none is damage."""
    for _ in cells.read_cells(book.file.db, book.editions):
        pass
    facts.read_all(book.file.db)
    people.read_people(book.file.db)


WHAT_AGREEING_PROVES = (
    "分かるのは、履歴と、計画・値・金額・評価などの記録・確定した内容が、この道具を使わず、つながりの計算もし直さずに"
    "書き換えられてはいないことだけです（つながりをすべて計算し直した書き換えと、台帳をまるごと古い控えに"
    "置き換えたことは見つかりません）。"
)


def verify(book: ReviewBook) -> list[str]:
    """Return a sentence for everything in which history and figures do not agree."""
    with book.file.reading():
        return [one_line(_sentence(trouble)) for trouble in verifying.verify(book.file.db)]


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
        case verifying.CountDiffers(place, version, changes, entity):
            where = _fact_place(entity, place) if entity else _place(place)
            return f"{where}: 台帳では{version}回変えたことになっていますが、履歴には{changes}回あります。"
        case verifying.Replaced():
            return _replaced_sentence(trouble)
        case verifying.FactDiffers():
            return _fact_sentence(trouble)
        case verifying.TextDiffers():
            return _text_sentence(trouble)


_FIGURES = frozenset({"cell", "funding", "indicator"})


def _replaced_sentence(trouble: verifying.Replaced) -> str:
    entity, told, found = trouble.entity, trouble.told, trouble.found
    head = f"履歴の{trouble.number}番目"
    if entity == EDITION:
        return f"{head}: 計画を改める直前の文面が、それまでの履歴にあるものと違います。書き換えられたあとで上書きされています。"
    figure = entity in _FIGURES
    where = _place(trouble.place) if figure else _fact_place(entity, trouble.place)
    there, now = (_facts(one) if figure else fact_text(entity, one) for one in (told, found))
    if there == now:
        there, now = raw_text(told), raw_text(found)
    return (
        f"{head}（{where}）: 変更の直前は「{now}」でしたが、それまでの履歴では「{there}」です。"
        "書き換えられたあとで上書きされています。"
    )


def _fact_sentence(trouble: verifying.FactDiffers) -> str:
    entity, told, stands = trouble.entity, trouble.told, trouble.stands
    where = _fact_place(entity, trouble.place)
    there, now = fact_text(entity, told), fact_text(entity, stands)
    if not trouble.has_history:
        return f"{where}: 台帳には「{now}」とありますが、履歴がありません。"
    if there == now:  # what differs is not in the phrase
        there, now = raw_text(told), raw_text(stands)
    if stands is None:
        return f"{where}: 履歴では「{there}」ですが、台帳にありません。"
    return f"{where}: 履歴では「{there}」ですが、台帳では「{now}」です。"


def _text_sentence(trouble: verifying.TextDiffers) -> str:
    if trouble.year is None:
        which, parts = "計画の", "文面・項目の番号・始まる年度のいずれか"
        number = f"第{trouble.number}版"
    else:
        which, parts = f"{short_year(trouble.year)}の", "確定した内容"
        number = f"確定（{trouble.number}回目）"
    if trouble.number < 1:  # the history was changed to what tells no number
        number = "番号の分からない版" if trouble.year is None else "確定（何回目か不明）"
    if not trouble.told:
        return f"{which}{number}: 台帳にありますが、履歴がありません。"
    if not trouble.stands:
        return f"{which}{number}: 履歴にありますが、台帳にありません。"
    return f"{which}{number}: {parts}が、履歴に残るものと違います。"


def _numbers(first: int, last: int) -> str:
    return f"{first}番目" if first == last else f"{first}番目から{last}番目まで"


def _place(place: Place) -> str:
    """Return where a figure stands; the history may have been changed to what is no place."""
    labels: Mapping[str, str] = {kind.value: label for kind, label in KIND_LABELS.items()}
    year = "" if place.year is None else short_year(place.year)
    kind = labels.get(place.kind, place.kind)
    return " ".join(part for part in (place.code, year, kind, place.branch, place.period) if part)


def _fact_place(entity: str, place: Place) -> str:
    """Return what a fact is about: 1-1 R6 評価 self."""
    code = "" if place.code == WHOLE_PLAN else place.code
    year = "" if place.year is None else short_year(place.year)
    label = ENTITY_LABELS.get(entity, entity)
    return " ".join(part for part in (code, year, label, place.kind, place.branch) if part)


def _time(at: str) -> str:
    return local_time(at)


def _facts(facts: Facts | None) -> str:
    try:
        return facts_text(facts)
    except (ValueError, TypeError):
        return _raw(facts)


def _raw(facts: Facts | None) -> str:
    return "空欄" if facts is None else json.dumps(facts, ensure_ascii=False, default=str)

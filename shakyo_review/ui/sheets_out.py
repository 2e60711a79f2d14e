"""記入シートを出す: which committees, one file or one each, and where to."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.owners import owners_in
from shakyo_review.domain.person import Role, folded
from shakyo_review.errors import WrongUsage
from shakyo_review.ui.dialogs.form import Field, Form, Line, Pick, Ticks

if TYPE_CHECKING:
    from shakyo_review.ui.app import ReviewApp

_ABOUT = (
    "担当が Excel で記入する表です。前年度の値が横にあり、黄色の欄だけに記入できます。"
    "戻ってきたら「取り込み」（Shift+F6）で読みます。"
)


def give_out(app: ReviewApp) -> None:
    """Ask for committees and folder, and write the sheets; a visitor's browser is given the file."""
    names = owners_in(app.book.plan_of(app.year))
    if not names:
        if app.review_screen is not None:
            app.review_screen.tell("計画に指標がないので、記入シートは出せません。", error=True)
        return

    def store(values: Mapping[str, str]) -> None:
        app.to_tell = _make(app, values)  # told when the screen behind is in front again

    fields: list[Field] = [
        Ticks("owners", "担当", names, _others(app, names), words=("出す", "出さない"), height=6),
        Pick(
            "how",
            "まとめ方",
            [("each", "担当ごとに1つのファイル"), ("one", "1つのファイル（担当ごとに1シート）")],
            height=2,
        ),
        Line("due", "提出期限", hint="6月30日 など（空でもかまいません）"),
    ]
    if not app.served:
        fields.append(Line("folder", "フォルダ", str(app.report_folder)))
    title = f"{year_label(app.year)}の記入シートを出します"
    form = Form(title, fields, store, about=[_ABOUT], ok="出す")
    app.push_screen(form)


def _others(app: ReviewApp, names: list[str]) -> list[str]:
    """Return the committees that are not ticked at first: for a 委員 those of others."""
    person = app.book.person
    if person is None or person.role is not Role.MEMBER:
        return []
    mine = set(map(folded, person.owners))
    others = [name for name in names if folded(name) not in mine]
    return [] if len(others) == len(names) else others


def _make(app: ReviewApp, values: Mapping[str, str]) -> str:
    """Make the files and hand them over; returns what to tell."""
    from shakyo_review.services.entry_sheets import sheet_files, write_files
    from shakyo_review.services.files import bundle

    owners = tuple(values["owners"].splitlines())
    if not owners:
        raise WrongUsage("担当が選ばれていません。", "1つ以上に印を付けてください。", what="担当")
    each, due = values["how"] == "each", values["due"].strip()
    files = sheet_files(app.book, app.year, owners, each=each, due=due)
    if app.served:
        name, content = next(iter(files.items()))
        if len(files) > 1:
            name, content = f"記入シート_{app.year}.zip", bundle(list(files.items()))
        app.deliver_binary(BytesIO(content), save_filename=name)
        return f"記入シートをお使いのブラウザに渡しました（{name}）。"
    typed = values["folder"].strip()
    if not typed:
        raise WrongUsage("フォルダが空です。", "出すフォルダを書いてください。", what="フォルダ")
    folder = Path(typed).expanduser()
    paths = write_files(folder, files)
    return f"記入シートを{len(paths)}個出しました。フォルダ: {folder.absolute()}"

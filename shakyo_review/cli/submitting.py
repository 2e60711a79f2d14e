"""The command by which an owner says that the year's figures are in."""

from typing import TYPE_CHECKING

import click

from shakyo_review.cli.common import (
    Calling,
    emit_json,
    json_option,
    pass_calling,
    tell,
    year_option,
)
from shakyo_review.cli.japanese import JapaneseCommand
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shakyo_review.domain.owners import Share
    from shakyo_review.services.book import ReviewBook


@click.command(cls=JapaneseCommand)
@year_option()
@click.option("--owner", metavar="NAME", help="提出する担当（省略時は自分の担当のすべて）。")
@click.option("--withdraw", is_flag=True, help="提出を取り下げます。")
@click.option("--reason", default="", metavar="T", help="空欄のまま提出する理由、取り下げる理由。")
@json_option
@pass_calling
def submit(
    calling: Calling, year: int, owner: str | None, withdraw: bool, reason: str, as_json: bool
) -> None:
    """担当の入力が済んだことを記録します（提出）。空欄が残っているときは理由が要ります。"""
    from shakyo_review.services import submitting
    from shakyo_review.services.submitted import submissions_view

    with calling.open() as book:
        owners = [owner] if owner else _own(book, year)
        for one in owners:
            if withdraw:
                submitting.withdraw(book, year, one, reason)
            else:
                submitting.submit(book, year, one, reason)
        shares = [share for share in submitting.submissions(book, year) if share.owner in owners]
    if as_json:
        emit_json({"fiscal_year": year, "submissions": submissions_view(shares)})
        return
    for line in submission_lines(shares):
        click.echo(line)
    done = "の提出を取り下げました。" if withdraw else "を提出しました。"
    tell(f"{year_label(year)}{done}")


def _own(book: "ReviewBook", year: int) -> list[str]:
    from shakyo_review.domain.owners import owners_in
    from shakyo_review.domain.person import folded

    known = owners_in(book.plan_of(year))
    mine = set(map(folded, book.person.owners)) if book.person is not None else set()
    own = [one for one in known if folded(one) in mine] or (known if len(known) == 1 else [])
    if not own:
        raise WrongUsage(
            "どの担当の提出かを --owner で指定してください。",
            f"担当: {'、'.join(known) or 'なし'}。",
        )
    return own


def submission_lines(shares: "Sequence[Share]") -> list[str]:
    """Return how far each owner has come and how the submission stands, a line each."""
    from shakyo_review.services.clock import local_time

    lines = []
    for share in shares:
        told = share.submitted_text
        if share.submission is not None:
            left = f"、空欄{share.submission.blanks}件" if share.submission.blanks else ""
            why = f"（{share.submission.reason}）" if share.submission.reason else ""
            told += f" {local_time(share.submission.at)} {share.submission.by}{left}{why}"
        lines.append(f"  {share.owner} {share.entered}/{share.total}件 入力済み {told}")
    return lines

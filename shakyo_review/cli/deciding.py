"""What the commands that change the plan share: how it was decided, and the preview."""

from collections.abc import Callable
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shakyo_review.cli.common import Calling, Year, emit_json, json_option, pass_calling, tell
from shakyo_review.errors import ValueProblem, WrongUsage, quoted

if TYPE_CHECKING:
    from shakyo_review.domain.plan import Owner, Plan
    from shakyo_review.services.revising import Outcome

_DECIDED: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--from",
        "from_year",
        type=Year(),
        help="改定が有効になる年度（省略すると、最新の計画の誤りの訂正になります）。",
    ),
    click.option(
        "--reason", default="", metavar="T", help="改定の理由（--dry-run のほかは必須）。"
    ),
    click.option("--meeting", default="", metavar="T", help="決めた会議（第2回懇話会 など）。"),
    click.option("--date", "day", metavar="D", help="決めた日（2025-03-10。省略時は今日）。"),
    click.option("--dry-run", is_flag=True, help="変わるところと判定への影響を示すだけです。"),
    json_option,
    pass_calling,
)

Decide = Callable[..., None]
"""Makes a revision of a change (or, with ``file``, of a plan file), as it was decided."""


def revision(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a revision; it gets the book and what makes the revision."""

    @wraps(command)
    def made(
        calling: Calling,
        from_year: int | None,
        reason: str,
        meeting: str,
        day: str | None,
        dry_run: bool,
        as_json: bool,
        **arguments: Any,
    ) -> None:
        from shakyo_review.services.revising import revise, update_from_file

        with calling.open() as book:

            def decide(
                change: "Callable[[Plan], Plan] | None" = None,
                *,
                file: Path | None = None,
                **more: Any,
            ) -> None:
                facts: dict[str, Any] = {
                    "from_year": from_year,
                    "reason": reason,
                    "meeting": meeting,
                    "day": day,
                    "dry_run": dry_run,
                    **more,
                }
                if file is not None:
                    outcome = update_from_file(book, file, **facts)
                else:
                    outcome = revise(book, change or (lambda plan: plan), **facts)
                _show(outcome, dry_run, as_json)

            command(book, decide, from_year=from_year, **arguments)

    return reduce(lambda done, option: option(done), reversed(_DECIDED), made)


def _show(outcome: "Outcome", dry_run: bool, as_json: bool) -> None:
    from shakyo_review.domain.fiscal_year import short_year, year_label
    from shakyo_review.domain.plan import WHOLE_PLAN
    from shakyo_review.services.revision_views import change_text, outcome_view

    if as_json:
        emit_json(outcome_view(outcome, dry_run))
        return
    revision = outcome.revision
    since = (
        "計画の訂正" if revision.corrects else f"{year_label(revision.effective_year)}からの改定"
    )
    click.echo(since)
    for change in revision.changes:
        click.echo(f"  {change_text(change)}")
    if outcome.letters:
        click.echo("判定が変わるところ（確定していない年度）")
    for letter in outcome.letters:
        name = letter.name if letter.code == WHOLE_PLAN else f"{letter.code} {letter.name}"
        before, after = letter.before or "－", letter.after or "－"
        click.echo(f"  {short_year(letter.year)} {name}: {before} → {after}")
    if not outcome.letters:
        click.echo("判定が変わるところはありません。")
    for note in outcome.notes:
        tell(f"{note}。")
    tell("試しただけで、何も書き込んでいません。" if dry_run else f"{since}を登録しました。")


def parent_code(code: str) -> str | None:
    """Return where an item is put: None for the top of the plan (ALL)."""
    from shakyo_review.domain.plan import WHOLE_PLAN

    return None if code == WHOLE_PLAN else code


def owner_named(text: str) -> "Owner":
    """Return the owner a person means: 社協, or 市（福祉課）."""
    import unicodedata

    from pydantic import ValidationError

    from shakyo_review.domain.plan import Owner

    folded = unicodedata.normalize("NFKC", text).strip()
    part, bracket, name = folded.partition("(")
    try:
        if bracket and name.endswith(")"):
            return Owner(part=part.strip(), name=name[:-1].strip())
        return Owner(part=text.strip(), name=text.strip())
    except ValidationError:
        raise ValueProblem(
            f"担当{quoted(text)}は読めません。", "社協、市（福祉課）のように書いてください。"
        ) from None


def part_named(text: str) -> tuple[str, str]:
    """Return code and name of a part: 1-1a=名前."""
    code, equals, name = text.partition("=")
    if not equals or not code.strip() or not name.strip():
        raise WrongUsage(
            f"--into の{quoted(text)}は読めません。", "「1-1a=名前」のように書いてください。"
        )
    return code.strip(), name.strip()

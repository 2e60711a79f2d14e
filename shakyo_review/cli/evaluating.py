"""Commands of the evaluation: letters by stage, stages side by side."""

from typing import TYPE_CHECKING, Any

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
from shakyo_review.cli.meetings import day_option, meeting_lines, stage_option
from shakyo_review.cli.tables import table
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.errors import ConflictFound, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shakyo_review.domain.evaluation import ItemEvaluation
    from shakyo_review.domain.plan import Plan
    from shakyo_review.domain.process import Stage
    from shakyo_review.services.book import ReviewBook

REMARK_WIDTH = 160
"""Remarks stand last and are told in full."""


def stages_table(
    plan: "Plan", rows: "Sequence[ItemEvaluation]", only: "Stage | None" = None
) -> str:
    """Return items with their stages side by side."""
    from shakyo_review.services.stage_views import letter_text, name_of, stage_remarks

    shown = [one for one in plan.evaluation.stages if only is None or one.code == only.code]
    lines = []
    for seen in rows:
        results = [s for s in seen.stages if s.stage in shown]
        remarks = [
            f"{s.stage.name}: {'、'.join(told)}" for s in results if (told := stage_remarks(s))
        ]
        lines.append(
            (
                seen.code,
                name_of(plan, seen.code),
                seen.computed or "－",
                *(letter_text(s) for s in results),
                seen.official_label or "－",
                "。".join([*(["段階で異なる"] if seen.differs else []), *remarks]),
            )
        )
    head = ("コード", "名前", "計算", *(one.name for one in shown), "評価", "備考")
    return table(head, lines, most=REMARK_WIDTH)


_ACTIONS = "--rating・--joined・--send-back・--recuse・--withdraw"
_GOES_WITH = {
    "--rating": {"--member", "--comment", "--reason", "--date", "--expect"},
    "--joined": {"--comment", "--reason", "--date", "--expect"},
    "--send-back": {"--reason", "--date"},
    "--recuse": {"--reason"},
    "--withdraw": {"--member", "--reason"},
}
"""What may stand beside what is done: nothing a person typed is passed over in silence."""


def _action(given: dict[str, Any], beside: dict[str, Any]) -> str:
    """Return the one thing asked for; ``WrongUsage`` for none, several, or what does not go with it."""
    asked = [name for name, value in given.items() if value not in (None, False)]
    if len(asked) != 1:
        raise WrongUsage(
            f"{_ACTIONS} のうち1つを指定してください。",
            "「evaluate 1-1 --year R6 --stage self --rating B」のように書きます。",
        )
    for name, value in beside.items():
        if value not in (None, "") and name not in _GOES_WITH[asked[0]]:
            raise WrongUsage(
                f"{name} は {asked[0]} と一緒には使えません。", "「--help」で使い方を見られます。"
            )
    return asked[0]


@click.command(cls=JapaneseCommand)
@click.argument("code")
@year_option()
@stage_option
@click.option("--rating", metavar="L", help="評価の記号（計画の評価基準の言葉）。")
@click.option("--joined", is_flag=True, help="委員の評価をまとめた記号にします。")
@click.option("--send-back", is_flag=True, help="前の段階の評価を差し戻します（理由が要ります）。")
@click.option("--recuse", metavar="M", help="委員 M を除斥します（理由が要ります）。")
@click.option("--withdraw", is_flag=True, help="この段階の評価を取り下げます（理由が要ります）。")
@click.option("--member", default="", metavar="M", help="委員 M の評価として記録します。")
@click.option("--comment", default="", metavar="T", help="所見。")
@click.option(
    "--reason",
    default="",
    metavar="T",
    help="理由（計算や前の段階の評価から離れるとき、差し戻し・除斥・取り下げのときに要ります）。",
)
@day_option
@click.option(
    "--expect", metavar="L", help="いまの評価が L のときだけ書きます（まだなければ ''）。"
)
@json_option
@pass_calling
def evaluate(
    calling: Calling,
    code: str,
    year: int,
    stage_code: str,
    rating: str | None,
    joined: bool,
    send_back: bool,
    recuse: str | None,
    withdraw: bool,
    member: str,
    comment: str,
    reason: str,
    day: str | None,
    expect: str | None,
    as_json: bool,
) -> None:
    """項目 CODE に評価の段階ごとの評価を付けます（差し戻し・除斥・取り下げもここで行います）。"""
    from shakyo_review.services import checked, evaluating
    from shakyo_review.services.reviewing import evaluation
    from shakyo_review.services.stage_views import evaluation_view

    action = _action(
        {
            "--rating": rating,
            "--joined": joined,
            "--send-back": send_back,
            "--recuse": recuse,
            "--withdraw": withdraw,
        },
        {
            "--member": member,
            "--comment": comment,
            "--reason": reason,
            "--date": day,
            "--expect": expect,
        },
    )
    with calling.open() as book:
        book.plan.check_year(year)
        plan = book.plan_of(year)
        stage = checked.find_stage(plan, stage_code)
        before = _letter(book, code, year, stage.code, member)
        match action:
            case "--send-back":
                seen = evaluating.send_back(book, code, year, stage.code, reason, day=day)
            case "--withdraw":
                seen = evaluating.withdraw(book, code, year, stage.code, reason, member=member)
            case "--recuse":
                evaluating.recuse(book, code, year, stage.code, recuse or "", reason)
                seen = evaluation(book, code, year)
            case _:
                version = None
                if expect is not None:
                    version = _expected(book, code, year, stage, member, expect)
                seen = evaluating.evaluate(
                    book,
                    code,
                    year,
                    stage.code,
                    rating,
                    member=member,
                    comment=comment,
                    reason=reason,
                    day=day,
                    expected_version=version,
                )
        after = _letter(book, code, year, stage.code, member)
        if action in ("--rating", "--joined") and before is not None and before != after:
            tell(f"前の評価{before}を{after}に変えました（前の評価は履歴に残っています）。")
    if as_json:
        emit_json({"fiscal_year": year, **evaluation_view(plan, seen)})
        return
    click.echo(stages_table(plan, [seen]))


def _fact(book: "ReviewBook", code: str, year: int, stage: str, member: str) -> Any:
    from shakyo_review.services.kept import RATING

    place = (code, stage, member)
    found = (f for f in book.facts(RATING, year) if (f.key.code, f.key.kind, f.key.part) == place)
    return next(found, None)


def _letter(book: "ReviewBook", code: str, year: int, stage: str, member: str) -> str | None:
    """Return a letter as it stands and whose it is, for a note on what was replaced."""
    fact = _fact(book, code, year, stage, member)
    return None if fact is None else f"「{fact.data['rating']}」（{fact.data['by']}）"


def _expected(
    book: "ReviewBook", code: str, year: int, stage: "Stage", member: str, expect: str
) -> int:
    """Return the version of a letter that is as a person expects it; ``ConflictFound`` for another."""
    from shakyo_review.services.checked import find_label

    fact = _fact(book, code, year, stage.code, member)
    current = "" if fact is None else str(fact.data["rating"])
    wanted = find_label(book.plan_of(year).scale, expect) if expect.strip() else ""
    if current != wanted:
        told = (
            f"{fact.data['by']}が「{current}」と評価しています" if fact else "まだ評価がありません"
        )
        raise ConflictFound(
            f"{code} {stage.name}は、{told}。",
            "いまの内容を確かめて、必要ならもう一度入力してください。上書きはしていません。",
        )
    return 0 if fact is None else int(fact.version)


@click.command(cls=JapaneseCommand)
@year_option()
@click.option(
    "--differ", is_flag=True, help="段階で異なるもの・差し戻されたもの・委員で割れたものだけ。"
)
@click.option("--stage", "stage_code", metavar="S", help="この段階だけ（コードか名前）。")
@click.option(
    "--agenda",
    "for_meeting",
    is_flag=True,
    help="会議で話し合うものだけ（意見が違うもの・判定が低いもの）を、その理由と並べます。",
)
@json_option
@pass_calling
def stages(
    calling: Calling,
    year: int,
    differ: bool,
    stage_code: str | None,
    for_meeting: bool,
    as_json: bool,
) -> None:
    """評価の段階を並べて出します（異なるもの・差し戻されたものが先）。"""
    from shakyo_review.services.checked import find_stage
    from shakyo_review.services.reviewing import meetings_of
    from shakyo_review.services.stage_views import stage_rows, stages_view

    if for_meeting:
        if differ or stage_code is not None:
            raise WrongUsage(
                "--agenda は --differ・--stage と一緒には使えません。", "どちらかを消してください。"
            )
        _agenda(calling, year, as_json)
        return
    with calling.open() as book:
        book.plan.check_year(year)
        plan = book.plan_of(year)
        stage = None if stage_code is None else find_stage(plan, stage_code)
        rows = stage_rows(book, year, stage, contested=differ)
        meetings = meetings_of(book, year)
    if as_json:
        emit_json(stages_view(plan, year, rows, meetings, stage))
        return
    click.echo(f"{plan.body}　{plan.title}")
    click.echo(f"{year_label(year)}の評価の段階")
    for line in meeting_lines(plan, meetings, stage):
        click.echo(line)
    click.echo("")
    if rows:
        click.echo(stages_table(plan, rows, stage))
    else:
        click.echo(
            "段階で異なる項目も、差し戻された項目も、委員で割れた項目もありません。"
            if differ
            else "評価する項目がありません。"
        )


def _agenda(calling: Calling, year: int, as_json: bool) -> None:
    """Print what a meeting has to talk about, each item with why."""
    from shakyo_review.services.agenda import agenda, agenda_view
    from shakyo_review.services.stage_views import name_of

    with calling.open() as book:
        book.plan.check_year(year)
        plan = book.plan_of(year)
        rows = agenda(book, year)
    if as_json:
        emit_json(agenda_view(plan, year, rows))
        return
    click.echo(f"{plan.body}　{plan.title}")
    click.echo(f"{year_label(year)}の会議で話し合うもの")
    click.echo("")
    if not rows:
        click.echo("意見が違う項目も、判定が低い項目もありません。")
        return
    lines = [
        (
            one.code,
            name_of(plan, one.code),
            one.seen.computed or "－",
            one.seen.official_label or "－",
            "済み" if one.settled else "",
            "。".join(point.text for point in one.points),
        )
        for one in rows
    ]
    head = ("コード", "名前", "計算", "評価", "済み", "話し合う理由")
    click.echo(table(head, lines, most=REMARK_WIDTH))

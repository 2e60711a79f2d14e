"""Commands of the Act step: opinions and answers, directions, promises to improve, values confirmed."""

from typing import TYPE_CHECKING

import click

from shakyo_review.cli.common import (
    Calling,
    Year,
    emit_json,
    json_option,
    pass_calling,
    tell,
    year_option,
)
from shakyo_review.cli.japanese import JapaneseCommand, JapaneseGroup
from shakyo_review.cli.meetings import day_option
from shakyo_review.cli.tables import table
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.errors import WrongUsage, quoted

if TYPE_CHECKING:
    from shakyo_review.domain.improvement import Promise
    from shakyo_review.domain.plan import Plan


@click.command(cls=JapaneseCommand)
@click.argument("code")
@year_option()
@click.option("--reason", required=True, metavar="T", help="値が正しいと言える理由。")
@click.option("--kind", metavar="K", help="この種類だけ（「check」に出る名前。省略時はすべて）。")
@json_option
@pass_calling
def confirm(
    calling: Calling, code: str, year: int, reason: str, kind: str | None, as_json: bool
) -> None:
    """指標 CODE の確かめたい値を、理由を付けて確認済みにします（値が変われば、また確かめます）。"""
    from shakyo_review.services.improving import confirm_value

    found = None if kind is None else _finding_kind(kind)
    with calling.open() as book:
        book.plan.check_year(year)
        confirmed = confirm_value(book, code, year, reason, found)
    if as_json:
        emit_json(
            {"indicator": code, "fiscal_year": year, "confirmed": confirmed, "reason": reason}
        )
        return
    for sentence in confirmed:
        click.echo(f"確認済み: {code} {sentence}（理由: {reason}）")


def _finding_kind(typed: str) -> str:
    from shakyo_review.domain.checks import FINDING_LABELS, ODD

    labels = {kind.value: kind.value for kind in ODD}
    labels |= {FINDING_LABELS[kind]: kind.value for kind in ODD}
    if typed not in labels:
        words = [label for kind, label in FINDING_LABELS.items() if kind in ODD]
        raise WrongUsage(
            f"確かめたい値の種類{quoted(typed)}はありません。", f"使える種類: {'、'.join(words)}。"
        )
    return labels[typed]


# --- opinions -------------------------------------------------------------------------------


@click.group(cls=JapaneseGroup)
def opinion() -> None:
    """委員会・懇話会の意見と、それへの回答を記録し、一覧にします。"""


@opinion.command("add", cls=JapaneseCommand)
@click.argument("code")
@year_option()
@click.option("--text", required=True, metavar="T", help="意見。")
@click.option("--member", default="", metavar="M", help="意見を述べた委員。")
@day_option
@json_option
@pass_calling
def add_opinion(
    calling: Calling,
    code: str,
    year: int,
    text: str,
    member: str,
    day: str | None,
    as_json: bool,
) -> None:
    """項目 CODE（計画全体は ALL）への意見を記録します。"""
    from shakyo_review.services import council

    with calling.open() as book:
        book.plan.check_year(year)
        number = council.add_opinion(book, code, year, text, member=member, day=day)
    if as_json:
        emit_json({"fiscal_year": year, "number": number, "code": code})
        return
    click.echo(f"{year_label(year)}の意見{number}番として記録しました（{code}）。")


@opinion.command("answer", cls=JapaneseCommand)
@click.argument("number", type=int)
@year_option()
@click.option("--text", required=True, metavar="T", help="回答。")
@day_option
@json_option
@pass_calling
def answer_opinion(
    calling: Calling, number: int, year: int, text: str, day: str | None, as_json: bool
) -> None:
    """その年度の意見 NUMBER 番に回答します（確定のあとでも回答できます）。"""
    from shakyo_review.services import council
    from shakyo_review.services.reviewing import opinions_of

    with calling.open() as book:
        book.plan.check_year(year)
        before = next((o.opinion for o in opinions_of(book, year) if o.number == number), None)
        council.answer_opinion(book, year, number, text, day=day)
    if before is not None and before.answer and before.answer != text:
        old = f"「{before.answer}」（{before.answered_by}）"
        tell(f"前の回答{old}を書き換えました（前の回答は履歴に残っています）。")
    if as_json:
        emit_json({"fiscal_year": year, "number": number, "answer": text})
        return
    click.echo(f"{year_label(year)}の意見{number}番に回答しました。")


@opinion.command("list", cls=JapaneseCommand)
@year_option()
@click.option("--open", "only_open", is_flag=True, help="まだ回答のない意見だけ。")
@json_option
@pass_calling
def list_opinions(calling: Calling, year: int, only_open: bool, as_json: bool) -> None:
    """その年度の意見と回答を出します。"""
    from shakyo_review.services.reviewing import opinions_of
    from shakyo_review.services.stage_views import name_of, opinions_view

    with calling.open() as book:
        book.plan.check_year(year)
        plan = book.plan_of(year)
        found = [o for o in opinions_of(book, year) if not (only_open and o.opinion.answer)]
    if as_json:
        emit_json(opinions_view(plan, year, found))
        return
    if not found:
        click.echo(f"{year_label(year)}の意見はありません。")
    for one in found:
        told = one.opinion
        who = f"{told.member}、" if told.member else ""
        click.echo(
            f"{one.number} {one.code} {name_of(plan, one.code)}（{who}{told.date}）: {told.text}"
        )
        answer = (
            f"{told.answer}（{told.answered_by}、{told.answered_on}）" if told.answer else "まだ"
        )
        click.echo(f"  回答: {answer}")


# --- directions and promises ------------------------------------------------------------------


@click.group(cls=JapaneseGroup)
def improve() -> None:
    """次年度の方向性と改善項目を記録し、前の年度の改善項目に結果を答えます。"""


@improve.command(cls=JapaneseCommand)
@click.argument("code")
@year_option()
@click.option("--word", required=True, metavar="W", help="方向性（計画の言葉。継続・改善 など）。")
@click.option("--note", default="", metavar="T", help="方向性の説明。")
@json_option
@pass_calling
def direction(calling: Calling, code: str, year: int, word: str, note: str, as_json: bool) -> None:
    """項目 CODE の次年度の方向性を決めます。"""
    from shakyo_review.services.improving import set_direction
    from shakyo_review.services.reviewing import directions_of
    from shakyo_review.services.stage_views import name_of

    with calling.open() as book:
        book.plan.check_year(year)
        before = directions_of(book, year).get(code)
        set_direction(book, code, year, word, note)
        name = name_of(book.plan_of(year), code)
    if as_json:
        emit_json({"fiscal_year": year, "code": code, "word": word, "note": note or None})
        return
    old = "なし" if before is None else before.word
    click.echo(f"{code} {name}: 方向性 {old} → {word}")


@improve.command("add", cls=JapaneseCommand)
@click.argument("code")
@year_option()
@click.option("--text", required=True, metavar="T", help="改善の内容。")
@click.option("--owner", default="", metavar="NAME", help="担当（省略時は項目の担当）。")
@click.option("--due", type=Year(), help="期限の年度（省略時は次の年度）。")
@json_option
@pass_calling
def add_improvement(
    calling: Calling, code: str, year: int, text: str, owner: str, due: int | None, as_json: bool
) -> None:
    """項目 CODE の改善項目を、YEAR 年度の評価とともに約束します（次の年度から結果を答えます）。"""
    from shakyo_review.services import improving
    from shakyo_review.services.reviewing import promises
    from shakyo_review.services.stage_views import promise_view

    with calling.open() as book:
        book.plan.check_year(year)
        number = improving.add_improvement(book, code, year, text, owner=owner, due=due)
        made = next(one for one in promises(book) if one.number == number)
        plan = book.plan_of(year)
    if as_json:
        emit_json(promise_view(plan, made))
        return
    told = made.improvement
    click.echo(
        f"改善項目{number}を記録しました（担当: {told.owner}、期限: {year_label(told.due)}）。"
    )


@improve.command("answer", cls=JapaneseCommand)
@click.argument("number")
@year_option()
@click.option(
    "--result", required=True, metavar="R", help="結果（できた・一部できた・できなかった）。"
)
@click.option("--text", required=True, metavar="T", help="結果の説明。")
@click.option("--closed", is_flag=True, help="できていなくても、次の年度からは尋ねません。")
@day_option
@json_option
@pass_calling
def answer_improvement(
    calling: Calling,
    number: str,
    year: int,
    result: str,
    text: str,
    closed: bool,
    day: str | None,
    as_json: bool,
) -> None:
    """前の年度までの改善項目 NUMBER（2024-3 など）に、YEAR 年度の結果を答えます。"""
    from shakyo_review.domain.improvement import RESULT_LABELS
    from shakyo_review.services import improving
    from shakyo_review.services.reviewing import promises
    from shakyo_review.services.stage_views import promise_view

    with calling.open() as book:
        book.plan.check_year(year)
        found = improving.find_result(result)
        before = next((one.answer_in(year) for one in promises(book) if one.number == number), None)
        improving.answer_improvement(book, number, year, found, text, closed=closed, day=day)
        made = next(one for one in promises(book) if one.number == number)
        plan = book.plan_of(year)
    if before is not None and (before.result, before.text) != (found, text):
        old = f"「{RESULT_LABELS[before.result]}: {before.text}」（{before.by}）"
        tell(f"前の回答{old}を書き換えました（前の回答は履歴に残っています）。")
    if as_json:
        emit_json(promise_view(plan, made))
        return
    done = "（以後は尋ねません）" if closed else ""
    click.echo(f"改善項目{number}: {short_year(year)} {RESULT_LABELS[found]}{done}")


@improve.command("list", cls=JapaneseCommand)
@year_option()
@json_option
@pass_calling
def list_improvements(calling: Calling, year: int, as_json: bool) -> None:
    """YEAR 年度に答える改善項目、YEAR 年度に約束した改善項目、方向性を出します。"""
    from shakyo_review.domain.improvement import tally
    from shakyo_review.services.reviewing import directions_of, promises, promises_asked
    from shakyo_review.services.stage_views import improvements_view, name_of

    with calling.open() as book:
        book.plan.check_year(year)
        plan = book.plan_of(year)
        directions = directions_of(book, year)
        asked = promises_asked(book, year)
        made = [one for one in promises(book) if one.year == year]
    if as_json:
        emit_json(improvements_view(plan, year, directions, made, asked))
        return
    label, counted = year_label(year), tally(asked, year)
    told = (
        f"できた{counted.kept}件、一部できた{counted.partly}件、"
        f"できなかった{counted.not_kept}件、未回答{counted.unanswered}件"
    )
    click.echo(f"{label}に結果を答える改善項目（{counted.asked}件{f'、{told}' if asked else ''}）")
    if asked:
        click.echo(_promise_table(plan, asked, year))
    click.echo(f"{label}の評価で約束した改善項目（{len(made)}件）")
    if made:
        click.echo(_promise_table(plan, made, None))
    click.echo(f"次年度の方向性（{len(directions)}件）")
    if directions:
        rows = [(code, name_of(plan, code), d.word, d.note) for code, d in directions.items()]
        click.echo(table(("コード", "名前", "方向性", "説明"), rows, most=120))


def _promise_table(plan: "Plan", found: "list[Promise]", year: int | None) -> str:
    """Return promises; with the answer of a year, or with the last one given."""
    from shakyo_review.domain.improvement import RESULT_LABELS
    from shakyo_review.services.stage_views import known_name

    rows = []
    for one in found:
        last = year if year is not None else max(one.answers, default=None)
        answer = None if last is None else one.answer_in(last)
        result = "未回答" if year is not None else "－"
        if answer is not None and last is not None:
            when = "" if year is not None else f"{short_year(last)} "
            result = f"{when}{RESULT_LABELS[answer.result]}: {answer.text}"
        made = one.improvement
        name = known_name(plan, one.code) or ""
        rows.append(
            (one.number, one.code, name, made.text, made.owner, short_year(made.due), result)
        )
    head = ("番号", "コード", "名前", "内容", "担当", "期限", "結果")
    return table(head, rows, most=120)

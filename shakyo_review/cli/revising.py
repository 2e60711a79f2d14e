"""Commands that change the plan: revisions from a fiscal year on, and corrections of slips."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shakyo_review.cli.common import Calling, Year, emit_json, json_option, pass_calling
from shakyo_review.cli.deciding import Decide, owner_named, parent_code, part_named, revision
from shakyo_review.cli.japanese import JapaneseCommand
from shakyo_review.errors import ValueProblem, WrongUsage, quoted

if TYPE_CHECKING:
    from shakyo_review.domain.plan import Plan
    from shakyo_review.services.book import ReviewBook


def _named(name: str) -> str:
    """Return a name without the blanks around it; a name of nothing else is refused."""
    if not name.strip():
        raise ValueProblem("名前が空です。", "名前を書いてください。何も変わっていません。")
    return name.strip()


@click.command("update", cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
@revision
def update(book: "ReviewBook", decide: Decide, file: Path, **_: Any) -> None:
    """計画を、計画ファイル FILE（.yaml か .xlsx）の内容に改めます。

    有効になる年度以降の年度の目標も、ファイルのとおりにします。実績と金額はそのままです。
    .xlsx は「plan export」で出した表を直したものです。表に列のないこと（規則・評価基準・財源など）はそのままです。
    """
    decide(file=file)


@click.command("rename", cls=JapaneseCommand)
@click.argument("code")
@click.argument("name")
@revision
def rename(book: "ReviewBook", decide: Decide, code: str, name: str, **_: Any) -> None:
    """項目か指標 CODE の名前を NAME に変えます。"""
    from shakyo_review.domain.tree_edits import change_indicator, change_node

    name = _named(name)

    def change(plan: "Plan") -> "Plan":
        edit = change_indicator if code in plan.indicators else change_node
        return edit(plan, code, name=name)

    decide(change)


@click.command("renumber", cls=JapaneseCommand)
@click.argument("code")
@click.argument("new")
@revision
def renumber(book: "ReviewBook", decide: Decide, code: str, new: str, **_: Any) -> None:
    """項目か指標 CODE のコードを変えます。値と評価は引き継ぎます。"""
    from shakyo_review.domain import tree_edits

    decide(lambda plan: tree_edits.renumber(plan, code, new))


@click.command("move", cls=JapaneseCommand)
@click.argument("code")
@click.option(
    "--to", "parent", required=True, metavar="PARENT|ALL", help="移り先（ALL は先頭の段）。"
)
@click.option("--after", metavar="CODE", help="この項目の次に置きます（省略時は最後）。")
@revision
def move(
    book: "ReviewBook", decide: Decide, code: str, parent: str, after: str | None, **_: Any
) -> None:
    """項目 CODE を、下位の項目ごとほかの場所に移します。"""
    from shakyo_review.domain import tree_edits

    decide(lambda plan: tree_edits.move(plan, code, parent_code(parent), after=after))


@click.command("stop", cls=JapaneseCommand)
@click.argument("code")
@revision
def stop(book: "ReviewBook", decide: Decide, code: str, **_: Any) -> None:
    """項目（下位の項目ごと）か指標 CODE をやめます。それまでの年度の値は残ります。"""
    from shakyo_review.domain import tree_edits

    decide(lambda plan: tree_edits.stop(plan, code))


@click.command("add", cls=JapaneseCommand)
@click.argument("parent", metavar="PARENT|ALL")
@click.argument("code")
@click.argument("name")
@click.option("--owner", "owners", multiple=True, metavar="O", help="担当（何度でも）。")
@click.option("--flag", "flags", multiple=True, metavar="F", help="印（重点 など。何度でも）。")
@click.option("--after", metavar="CODE", help="この項目の次に置きます（省略時は最後）。")
@revision
def add(
    book: "ReviewBook",
    decide: Decide,
    parent: str,
    code: str,
    name: str,
    owners: tuple[str, ...],
    flags: tuple[str, ...],
    after: str | None,
    **_: Any,
) -> None:
    """項目 CODE を加えます（置き場所が ALL なら先頭の段）。"""
    from shakyo_review.domain import tree_edits
    from shakyo_review.domain.plan import Node

    held = tuple(owner_named(owner) for owner in owners)
    name = _named(name)
    decide(
        lambda plan: tree_edits.add_node(
            plan,
            parent_code(parent),
            Node(code=code, name=name, owners=held, flags=flags),
            after=after,
        )
    )


@click.command("merge", cls=JapaneseCommand)
@click.argument("codes", nargs=-1, required=True, metavar="CODE CODE…")
@click.option("--code", required=True, metavar="NEW", help="統合した後のコード。")
@click.option("--name", required=True, metavar="NAME", help="統合した後の名前。")
@revision
def merge(
    book: "ReviewBook", decide: Decide, codes: tuple[str, ...], code: str, name: str, **_: Any
) -> None:
    """項目を1つに統合します。指標・財源・下位の項目は引き継ぎます。"""
    from shakyo_review.domain import tree_edits

    name = _named(name)
    decide(lambda plan: tree_edits.merge(plan, codes, code, name))


@click.command("split", cls=JapaneseCommand)
@click.argument("code")
@click.option(
    "--into",
    multiple=True,
    required=True,
    metavar="CODE=NAME",
    help="分割した後の項目（何度でも）。",
)
@revision
def split(book: "ReviewBook", decide: Decide, code: str, into: tuple[str, ...], **_: Any) -> None:
    """項目 CODE を分割します。指標・財源・下位の項目は、最初のものが引き継ぎます。"""
    from shakyo_review.domain import tree_edits

    parts = [part_named(one) for one in into]
    decide(lambda plan: tree_edits.split(plan, code, parts))


@click.command("target", cls=JapaneseCommand)
@click.argument("code")
@click.option("--year", "years", type=Year(), multiple=True, help="目標を変える年度（何度でも）。")
@click.option(
    "--target", "values", multiple=True, metavar="V", help="その年度の目標（--year と組）。"
)
@click.option("--final", metavar="V", help="最終目標。")
@click.option("--final-year", type=Year(), help="最終目標の年度（省略時は今のまま）。")
@revision
def target(
    book: "ReviewBook",
    decide: Decide,
    code: str,
    years: tuple[int, ...],
    values: tuple[str, ...],
    final: str | None,
    final_year: int | None,
    **_: Any,
) -> None:
    """指標 CODE の目標を変えます（年度の目標、または最終目標）。変える前の目標も残ります。"""
    from shakyo_review.domain.tree_edits import change_indicator
    from shakyo_review.domain.value import State
    from shakyo_review.services.entry import understand

    if len(years) != len(values) or not (years or final is not None or final_year is not None):
        raise WrongUsage(
            "変える目標を指定してください。",
            "「--year R7 --target 520」か「--final 600 --final-year R8」のように書きます。",
        )
    if len(set(years)) < len(years):
        raise WrongUsage("同じ年度の目標が2つあります。", "どちらかを消してください。")
    indicator = book.plan.indicator(code)
    targets = {
        (code, year): understand(indicator, value)
        for year, value in zip(years, values, strict=True)
    }
    promised: dict[str, Any] = indicator.final_target.model_dump()
    if final is not None:
        reading = understand(indicator, final)
        if reading.state is not State.VALUE or reading.denominator is not None or reading.forecast:
            raise ValueProblem(
                f"最終目標には1つの数だけを書けます（{quoted(final)}）。",
                "数字だけを書いてください。",
            )
        promised["value"] = reading.value
    if final_year is not None:
        promised["year"] = final_year
    if final is None and final_year is None:
        decide(targets=targets)
    else:
        decide(lambda plan: change_indicator(plan, code, final_target=promised), targets=targets)


@click.command("define", cls=JapaneseCommand)
@click.argument("code")
@click.option("--unit", metavar="U", help="単位。")
@click.option("--name", metavar="N", help="指標名。")
@click.option("--direction", metavar="D", help="良い方向（計画ファイルと同じ言葉）。")
@click.option("--measure", metavar="M", help="単年度・累計・時点の別（計画ファイルと同じ言葉）。")
@click.option("--decimals", type=int, metavar="N", help="小数の桁数。")
@click.option("--note", metavar="T", help="注記（何が変わったか）。")
@revision
def define(
    book: "ReviewBook", decide: Decide, code: str, from_year: int | None, **fields: Any
) -> None:
    """指標 CODE の定義を変えます。--from の年度より前の値とは比べなくなります。"""
    from shakyo_review.domain.tree_edits import change_indicator

    given = {name: value for name, value in fields.items() if value is not None}
    if from_year is not None:
        given["comparable_from"] = from_year
    if not given:
        raise WrongUsage("変えるところを指定してください。", "--unit・--name などか --from です。")
    decide(lambda plan: change_indicator(plan, code, **given))


@click.command("owner", cls=JapaneseCommand)
@click.argument("code")
@click.argument("owners", nargs=-1, required=True, metavar="OWNER…")
@revision
def owner(book: "ReviewBook", decide: Decide, code: str, owners: tuple[str, ...], **_: Any) -> None:
    """項目 CODE の担当（社協、市（福祉課） など）を変えます。"""
    from shakyo_review.domain.tree_edits import change_node

    held = tuple(owner_named(one) for one in owners)
    decide(lambda plan: change_node(plan, plan.action_of.get(code, code), owners=held))


@click.command("rules", cls=JapaneseCommand)
@click.option("--rule-set", metavar="NAME|FILE", help="規則の組の名前か、そのファイル（.yaml）。")
@click.option("--scale", metavar="NAME|FILE", help="評価基準の名前か、そのファイル（.yaml）。")
@revision
def rules(
    book: "ReviewBook", decide: Decide, rule_set: str | None, scale: str | None, **_: Any
) -> None:
    """規則の組か評価基準を変えます。先に --dry-run で、判定への影響を確かめてください。"""
    from shakyo_review.domain.rules import preset_names
    from shakyo_review.domain.scale_presets import PRESETS
    from shakyo_review.domain.tree_edits import change_plan
    from shakyo_review.services.revision_views import rule_set_named, scale_named

    fields: dict[str, Any] = {}
    if rule_set is not None:
        fields["rule_set"] = rule_set_named(rule_set)
    if scale is not None:
        fields["scale"] = scale_named(scale)
    if not fields:
        raise WrongUsage(
            "--rule-set か --scale を指定してください。",
            f"規則の組: {'、'.join(preset_names())}。評価基準: {'、'.join(PRESETS)}。",
        )
    decide(lambda plan: change_plan(plan, **fields))


@click.command("revisions", cls=JapaneseCommand)
@json_option
@pass_calling
def revisions(calling: Calling, as_json: bool) -> None:
    """計画の改定と訂正を、有効になった年度の順に挙げます。"""
    from shakyo_review.domain.fiscal_year import year_label
    from shakyo_review.services import revising
    from shakyo_review.services.revision_views import change_text, revision_view

    with calling.open() as book:
        found = revising.revisions(book)
    if as_json:
        emit_json({"revisions": [revision_view(one) for one in found]})
        return
    for one in found:
        what = "計画の訂正" if one.corrects else "からの改定"
        label = what if one.corrects else f"{year_label(one.effective_year)}{what}"
        where = f"　{one.meeting}" if one.meeting else ""
        click.echo(f"{label}（{one.date}{where}、{one.by}）")
        click.echo(f"  理由: {one.reason}")
        for change in one.changes:
            click.echo(f"  {change_text(change)}")
    if not found:
        click.echo("計画の改定はありません。")


COMMANDS = (
    *(update, rename, renumber, move, stop, add, merge, split),
    *(target, define, owner, rules, revisions),
)
"""The commands of ``plan`` that change it."""

"""The command that sets years side by side."""

from typing import TYPE_CHECKING, Any

import click

from shakyo_review.cli.common import Calling, Year, emit_json, json_option, pass_calling
from shakyo_review.cli.japanese import JapaneseCommand
from shakyo_review.cli.score_tables import NAME_WIDTH, REMARK_WIDTH, placed_name, point_text
from shakyo_review.cli.tables import table
from shakyo_review.domain.derivation import coverage_text
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.value import format_number, format_reading
from shakyo_review.errors import WrongUsage, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shakyo_review.domain.comparison import Badge, Comparison, GoalRow, IndicatorRow
    from shakyo_review.domain.comparison_filter import Wanted
    from shakyo_review.domain.plan import Plan

    Plans = Mapping[int, Plan]


@click.command(cls=JapaneseCommand)
@click.argument("years", nargs=-1, required=True, type=Year())
@click.option(
    "--owner", metavar="NAME", default="", help="この担当の行だけ（担当のないものは 担当未定）。"
)
@click.option("--goal", metavar="CODE", default="", help="この目標・施策の下の行だけ。")
@click.option(
    "--rating", metavar="R", default="", help="新しい年度の判定がこれの行だけ（判定なし も可）。"
)
@click.option(
    "--badge", metavar="B", default="", help="この印の行だけ（新規・休止・目標変更・改称 など）。"
)
@click.option(
    "--target-changed", is_flag=True, help="目標が変わった行だけ（--badge 目標変更 と同じ）。"
)
@click.option("--fell", is_flag=True, help="判定（なければ率・点数）が下がった行だけ。")
@click.option(
    "--sort",
    "order",
    type=click.Choice(["plan", "fall", "rating", "code"]),
    default="plan",
    help="並べ方: plan 計画の順、fall 下がった順、rating 判定の低い順、code コードの順。",
)
@click.option("--words", is_flag=True, help="違いを表ではなく文で出します。")
@json_option
@pass_calling
def compare(
    calling: Calling,
    years: tuple[int, ...],
    target_changed: bool,
    order: str,
    words: bool,
    as_json: bool,
    **wishes: Any,
) -> None:
    """年度を並べて比べます（2つ以上）。担当・目標・判定などで絞れます（重ねて指定できます）。"""
    from shakyo_review.domain.comparison_filter import Order, chosen, goals_shown
    from shakyo_review.services.comparison_views import comparison_view

    if len(set(years)) < 2:
        raise WrongUsage(
            "比べる年度を2つ以上指定してください。", "「compare R5 R6」のように書きます。"
        )
    if target_changed:
        if wishes["badge"] not in ("", "目標変更", "target_changed"):
            raise WrongUsage(
                "--target-changed と --badge は一緒には使えません。", "どちらかにしてください。"
            )
        wishes["badge"] = "target_changed"
    with calling.open() as book:
        for year in years:
            book.plan.check_year(year)
        result = book.compare(years)
        plans = {year: book.plan_of(year) for year in result.years}
    wanted = _wanted(result, plans, **wishes)
    by = Order(order)
    indicators = chosen(result.indicators, wanted, by, plans)
    if as_json:
        goals = chosen(result.goals, wanted, by, plans)
        emit_json(comparison_view(result, indicators, goals, plans))
        return
    if wanted.all:
        goals = [one for one in result.goals if one.years[-1].item.parent is None or one.badges]
        goals = [*chosen(goals, wanted, by, plans), result.overall]
    else:
        goals = chosen(goals_shown(result), wanted, by, plans)
        count = f"指標{len(result.indicators):,}件のうち{len(indicators):,}件"
        click.echo(f"絞りこみ: {wanted.words(plans[result.years[-1]])}（{count}）\n")
    if words:
        click.echo(_in_words(result, [*goals, *indicators], plans))
        return
    parts = [_compared_goals(result, goals, plans)] if goals else []
    parts += [_compared_indicators(result, indicators)] if indicators else []
    click.echo("\n\n".join(parts) or "あてはまる行はありません。")


def _wanted(
    result: "Comparison",
    plans: "Plans",
    *,
    owner: str,
    goal: str,
    rating: str,
    badge: str,
    fell: bool,
) -> "Wanted":
    """Return what is wanted; ``WrongUsage`` names what neither plan nor comparison knows."""
    from shakyo_review.domain.comparison import BADGE_LABELS, Badge
    from shakyo_review.domain.comparison_filter import Wanted, owners_in, ratings_in

    rows = [*result.indicators, *result.goals]

    def check(what: str, given: str, known: "Iterable[str]") -> None:
        if given and given not in (listed := list(known)):
            hint = f"使えるもの: {'、'.join(listed[:30]) or 'なし'}。"
            raise WrongUsage(f"{what}{quoted(given)}は、この比較にありません。", hint)

    check("担当", owner, owners_in(rows, plans))
    check("目標", goal, dict.fromkeys(code for plan in plans.values() for code in plan.items))
    plan = plans[result.years[-1]]
    check("判定", rating, dict.fromkeys([*plan.scale.labels, *ratings_in(rows, plan)]))
    names = {label: one for one, label in BADGE_LABELS.items()}
    names |= {one.value: one for one in Badge}
    if badge not in names:
        check("印", badge, BADGE_LABELS.values())
    return Wanted(owner, goal, rating, names.get(badge), fell)


def _in_words(
    result: "Comparison", rows: "Sequence[GoalRow | IndicatorRow]", plans: "Plans"
) -> str:
    from shakyo_review.domain.comparison_words import badge_words, difference_words, point_word

    point = point_word(plans[result.years[-1]])
    lines = []
    for row in rows:
        name = getattr(row, "name", "") or " ".join(filter(None, placed_name(row.years[-1])))
        code = f"{row.code} " if hasattr(row, "unit") else ""
        lines.append(f"{code}{name}")
        lines.append(f"  {difference_words(row, result.years, point=point)}")
        lines += [f"  {note}" for note in badge_words(row, result.years)]
    return "\n".join(lines) or "あてはまる行はありません。"


def _compared_goals(result: "Comparison", goals: "Sequence[GoalRow]", plans: "Plans") -> str:
    head = ["項目", "名前", *(f"{short_year(y)} 点数・判定" for y in result.years), "増減", "備考"]
    d = plans[result.years[-1]].rule_set.decimals
    rows = [
        [
            *placed_name(row.years[-1]),
            *(
                point_text(node, plans[year])
                for year, node in zip(result.years, row.years, strict=True)
            ),
            format_number(row.change.rate, d),
            "、".join([*_badge_words(row.badges), *_coverage_note(row, result.years)]),
        ]
        for row in goals
    ]
    return table(head, rows, right=range(2, len(head) - 1), most=REMARK_WIDTH)


def _badge_words(badges: "Iterable[Badge]") -> list[str]:
    from shakyo_review.domain.comparison import BADGE_LABELS

    words = "・".join(BADGE_LABELS[badge] for badge in badges)
    return [words] if words else []


def _coverage_note(row: "GoalRow", years: "Sequence[int]") -> list[str]:
    """Return how much was rated in each year, where that differs: the scores then stand on different things."""
    from shakyo_review.domain.alignment import NOT_IN_PLAN

    known = [
        (year, node)
        for year, node in zip(years, row.years, strict=True)
        if node.problem != NOT_IN_PLAN
    ]
    if len({(node.coverage.rated, node.coverage.ratable) for _, node in known}) < 2:
        return []
    told = "・".join(f"{short_year(year)} {coverage_text(node)}" for year, node in known)
    return [f"評価済みが違う（{told}）"]


def _compared_indicators(result: "Comparison", rows_wanted: "Sequence[IndicatorRow]") -> str:
    head = [
        "コード",
        "指標",
        "単位",
        *(f"{short_year(y)} 実績・率・判定" for y in result.years),
        "実績の増減",
        "備考",
    ]
    rows = [
        [
            row.code,
            row.name,
            row.unit,
            *(
                f"{format_reading(s.actual.reading, s.indicator.figure_decimals, blank='未入力')} {s.display} {s.rating or '－'}"
                for s in row.years
            ),
            format_number(row.change.actual, row.years[-1].indicator.figure_decimals),
            *(_badge_words(row.badges) or [""]),
        ]
        for row in rows_wanted
    ]
    return table(head, rows, right=range(3, len(head) - 1), most=NAME_WIDTH)

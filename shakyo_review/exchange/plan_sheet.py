"""A plan as an Excel table that reads back equal, and the empty table to be filled in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    MEASURE_LABELS,
    Direction,
    Figure,
    Indicator,
)
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.exchange.plan_rows import KIND_LABELS

_AHEAD = ("担当", "印", "再掲元")
_INDICATOR = ("指標番号", "指標", "単位", "良い方向", "値の性質", "目標の種類", "小数の桁数")
_LIMITS = ("下限", "上限")
_BASELINE = ("基準値", "基準年度")
_FINAL = ("最終目標", "最終目標年度", "出典", "備考")
_WIDTHS = {"番号": 9, "担当": 16, "指標": 26, "備考": 24, "良い方向": 13, "目標の種類": 14}
_CHOICES: dict[str, list[str]] = {
    "良い方向": [label for one, label in DIRECTION_LABELS.items() if one is not Direction.RANGE],
    "値の性質": list(MEASURE_LABELS.values()),
    "目標の種類": list(KIND_LABELS.values()),
}
_ROWS_TO_FILL = 300
_EXACT = 12
"""Digits a number keeps in a workbook for certain; longer ones are written as text."""
_HOW = (
    "計画の表の書き方",
    "",
    "「計画」シートの表に、上から順に書いてください。書いたら保存して、社協レビューで読み込みます。",
    "1行に1つの項目（目標・施策・取組）か、1つの指標を書きます。",
    "段の列は、上と同じなら空欄のままにします（セルの結合でもかまいません）。段を増やすときは列を足します。",
    "同じ取組に指標がいくつもあるときは、次の行に指標だけを書きます。",
    "番号は空欄でもかまいません（1、1-1、1-1-1 と付きます）。",
    "担当は「社協（総務課）、市」のように「、」で区切ります。空欄なら、上の項目の担当になります。",
    "良い方向は、増えるほど良い・減るほど良いを人が決めます。空欄なら評価せずに数値だけを出します。",
    "値の性質: 単年度（その年度の数）、累計（始まりからの数）、時点（調べた時点の数や割合）。空欄なら単年度です。",
    "目標の種類: 毎年の目標か、最終年度に向けた目標か。最終目標だけを書いたものは、最終年度の目標になります。",
    "％の値は、8％なら 8 と書きます。",
    "年度の列（R7 など）は、計画期間に合わせて足したり消したりできます。前年度までの実績は「R6実績」の列に書けます。",
)


def plan_sheet(plan: Plan) -> bytes:
    """Return a workbook with the plan and the figures it carries.

    Rules, scales, branches, money and the stages of the evaluation have no place in a table:
    ``left_out`` tells of them.
    """
    actual_years = sorted({y for one in plan.indicators.values() for y in one.actuals})
    target_years = {y for one in plan.indicators.values() for y in one.targets}
    years = sorted({*target_years, *range(plan.first_year, plan.last_year + 1)})
    heads = {"計画の名称": plan.title, "団体": plan.body, "計画のコード": plan.code}
    ranged = any(one.direction is Direction.RANGE for one in plan.indicators.values())
    names = _names(plan.levels, years, actual_years, ranged)
    period = (plan.first_year, plan.last_year)
    return _workbook(heads, period, names, list(_rows(plan)), len(plan.levels))


def empty_sheet(levels: Sequence[str], period: tuple[int, int]) -> bytes:
    """Return a workbook with the head of a plan's table and nothing in it."""
    names = _names(levels, range(period[0], period[1] + 1), (), False)
    return _workbook({"計画の名称": "", "団体": ""}, period, names, [], len(levels))


def left_out(plan: Plan) -> tuple[str, ...]:
    """Return in words what of a plan a table does not hold."""
    fresh = Plan(code="p", title="p", body="p", first_year=2000, last_year=2000, levels=plan.levels)
    found = [
        (plan.rule_set != fresh.rule_set or bool(plan.rule_sets), "率の規則"),
        (plan.scale != fresh.scale or bool(plan.scales), "評価基準"),
        (plan.evaluation != fresh.evaluation, "評価の進め方"),
        (bool(plan.branches), plan.branch_word),
        (any(item.node.funding for item in plan.items.values()), "財源"),
        (any(map(_has_more, plan.indicators.values())), "指標のくわしい定義"),
    ]
    return tuple(word for there, word in found if there)


_WRITTEN = frozenset(
    [
        "code",
        "name",
        "unit",
        "direction",
        "measure",
        "target_kind",
        "decimals",
        "low",
        "high",
        "baseline",
        "final_target",
        "source",
        "note",
        "targets",
        "actuals",
        "formerly",
        "example",
    ]
)


def _has_more(one: Indicator) -> bool:
    """Whether an indicator says what has no column: how its parts are joined, its rule, its weight."""
    return bool(one.model_fields_set - _WRITTEN) and any(
        getattr(one, name) != field.get_default(call_default_factory=True)
        for name, field in Indicator.model_fields.items()
        if name not in _WRITTEN
    )


def _names(
    levels: Sequence[str], years: Sequence[int] | range, actuals: Sequence[int], ranged: bool
) -> list[str]:
    limits = _LIMITS if ranged else ()
    return [
        *("番号", *levels, *_AHEAD, *_INDICATOR, *limits, *_BASELINE),
        *(f"{short_year(year)}実績" for year in actuals),
        *(short_year(year) for year in years),
        *_FINAL,
    ]


def _rows(plan: Plan) -> Iterator[dict[str, Any]]:
    for item in plan.items.values():
        row = _item(plan, item)
        own = item.node.indicators
        if not own or item.node.note:
            yield row
            row = {}
        for one in own:
            yield {**row, **_indicator(one)}
            row = {}


def _item(plan: Plan, item: Item) -> dict[str, Any]:
    return {
        "番号": item.code,
        f"段{item.level}": item.name,
        "担当": "、".join(owner.label for owner in item.node.owners),
        "印": "、".join(item.node.flags),
        "再掲元": item.node.repeats or "",
        "備考": item.node.note,
    }


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "指標番号": one.code,
        "指標": one.name,
        "単位": one.unit,
        "良い方向": DIRECTION_LABELS[one.direction],
        "値の性質": MEASURE_LABELS[one.measure],
        "目標の種類": KIND_LABELS[one.target_kind],
        "小数の桁数": Decimal(one.decimals),
        "下限": one.low,
        "上限": one.high,
        "基準値": one.baseline.value,
        "基準年度": "" if one.baseline.year is None else year_label(one.baseline.year),
        **{f"{short_year(year)}実績": figure for year, figure in one.actuals.items()},
        **{short_year(year): figure for year, figure in one.targets.items()},
        "最終目標": one.final_target.value,
        "最終目標年度": "" if one.final_target.year is None else year_label(one.final_target.year),
        "出典": one.source,
        "備考": one.note,
    }


def _workbook(
    heads: dict[str, str],
    period: tuple[int, int],
    names: list[str],
    rows: list[dict[str, Any]],
    levels: int,
) -> bytes:
    import xlsxwriter

    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # the same plan, the same bytes
        sheet = book.add_worksheet("計画")
        words = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        plain = book.add_format({"valign": "top"})
        bold = book.add_format({"bold": True})
        head = book.add_format(
            {"bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True, "valign": "top"}
        )
        told = {**heads, "計画期間": f"{short_year(period[0])}〜{short_year(period[1])}"}
        for number, (label, text) in enumerate(told.items()):
            sheet.write_string(number, 0, label, bold)
            sheet.write_string(number, 2, text)
        top = len(told) + 1
        texts = {"番号", *_AHEAD, *_INDICATOR[:-1], "基準年度", "最終目標年度", "出典", "備考"}
        last = top + max(len(rows), 0 if rows else _ROWS_TO_FILL)
        for column, name in enumerate(names):
            is_level = 1 <= column <= levels
            width = 24 if is_level else _WIDTHS.get(name, 9)
            sheet.set_column(column, column, width, words if is_level or name in texts else plain)
            sheet.write_string(top, column, name, head)
            if name in _CHOICES:
                rule = {"validate": "list", "source": _CHOICES[name], "ignore_blank": True}
                sheet.data_validation(top + 1, column, last, column, rule)
        sheet.freeze_panes(top + 1, 1 + levels)
        for number, row in enumerate(rows, top + 1):
            for column, name in enumerate(names):
                key = f"段{column - 1}" if 1 <= column <= levels else name
                _put(sheet, number, column, row.get(key))
        how = book.add_worksheet("書き方")
        how.set_column(0, 0, 110)
        for number, line in enumerate(_HOW):
            how.write_string(number, 0, line, bold if number == 0 else None)
    return made.getvalue()


def _put(sheet: Any, row: int, column: int, value: Figure | None) -> None:
    """Write a cell: numbers as numbers where none of their digits is lost, never a formula."""
    if isinstance(value, Decimal):
        if len(value.as_tuple().digits) <= _EXACT:
            sheet.write_number(row, column, float(value))
        else:
            sheet.write_string(row, column, f"{value:f}")
    elif value:
        sheet.write_string(row, column, value)

"""Reports of plans whose indicators have scales and rules of their own; labels that are no rank."""

from decimal import Decimal

import report_sample as sample

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.plan import Plan, map_indicators
from shakyo_review.domain.value import Reading, State, half_up
from shakyo_review.reports.context.results import CountRow, Overall

THREE = {
    "name": "3段階",
    "basis": "rate",
    "levels": [
        {"label": "a", "definition": "順調", "cut": 90},
        {"label": "b", "cut": 60},
        {"label": "c", "definition": "悪い"},
    ],
    "off_scale": [
        {"label": "取りやめ", "definition": "行わなかった", "states": ["cancelled"]},
        {"label": "－", "states": ["being_counted"]},
    ],
}
STOPPED = {
    "name": "中止のある基準",
    "levels": [{"label": "良", "cut": 80, "definition": "よい"}, {"label": "否"}],
    "off_scale": [
        {"label": "中止", "definition": "実施しなかった", "states": ["cancelled"]},
        {"label": "評価困難", "states": ["unknown"]},
    ],
}


def own(*codes: str, **fields: str) -> Plan:
    made = sample.plan(
        scales={"three": THREE, "unused": "kawasaki"}, rule_sets={"整数": {"decimals": 0}}
    )
    return map_indicators(
        made, lambda one: one.model_copy(update=fields) if one.code in codes else one
    )


def by_label(overall: Overall) -> dict[str, CountRow]:
    return {row.letter.text: row for row in overall.rows}


def test_an_indicators_letter_is_printed_with_its_own_scale() -> None:
    made = sample.context(own("1-1-1b", "2-1a", scale="three"))
    part = made.exceptions
    assert part.line == (
        "判定が C・D（評価基準「3段階」では c） の指標を、低い方から順に挙げます。"
    )
    # 2-1a has 66.7%: C on the plan's scale, b on its own and so above the line
    assert [(row.code, row.letter.text) for row in part.below] == [("1-1-1b", "c"), ("1-1-2a", "D")]
    assert part.below[0].letter.said == "c 悪い"
    assert part.below[0].letter.tone == "t3"
    assert part.below[0].why.endswith("c（60%未満）にあたります。")
    block = next(one for one in made.goals[1].indicators if one.code == "2-1a")
    assert block.years[-1].letter.text == "b"
    assert {row.letter.text for row in made.overall.rows} <= {*"ABCD", "－"}


def test_the_method_lists_every_scale_and_rule_set_in_use() -> None:
    made = sample.context(own("1-1-1b", "2-1a", scale="three", rule_set="整数"))
    facts = {fact.name: fact.text for fact in made.method.rules}
    assert facts["指標ごとの評価基準「3段階」"] == (
        "a 90%以上 ／ b 60%以上90%未満 ／ c 60%未満。"
        "aは順調、cは悪い、取りやめは行わなかった、－は順位なし。"
        "対象の指標は1-1-1b・2-1a。上の段には、計画の評価基準で判定し直して数えます"
    )
    assert facts["指標ごとの規則の組「標準」"] == (
        "率の表示は整数（四捨五入）。判定に使う値は丸める前の率。対象の指標は1-1-1b・2-1a"
    )
    assert not [name for name in facts if "川崎" in name], "a scale nobody uses is not told"
    plain = sample.context()
    assert not [fact.name for fact in plain.method.rules if fact.name.startswith("指標ごと")]


def test_labels_that_are_no_rank_are_counted_between_the_ranks_and_those_without_any() -> None:
    plan = sample.plan(scale=STOPPED, rule_set={"average_over": "indicators"})
    cells = [c for c in sample.figures() if c.key.indicator != "2-1a" or c.key.year != 2024]
    overall = sample.context(plan, cells).overall
    assert [row.letter.text for row in overall.rows] == ["良", "否", "中止", "－"]
    rows = by_label(overall)
    assert (rows["中止"].count, rows["中止"].definition) == ("1", "実施しなかった")
    assert (rows["－"].count, rows["－"].definition) == ("1", "評価なし")
    assert rows["良"].definition == "よい"
    shares = [Decimal(row.share.rstrip("%")) for row in overall.rows]
    assert half_up(sum(shares), 1) == 100
    assert overall.total.count == str(sum(int(row.count) for row in overall.rows)) == "7"
    assert [head.text for head in overall.count_heads] == ["良", "否", "中止", "－"]
    assert overall.goals[1].counts == ["1", "0", "1", "1"]
    assert overall.chart is not None
    assert sum(overall.chart.series[-1].counts) == 7


def test_a_label_of_an_indicators_own_scale_is_told_with_its_meaning() -> None:
    made = own("2-1b", scale="three")
    made = Plan.model_validate(
        {name: getattr(made, name) for name in Plan.model_fields}
        | {"rule_set": {"average_over": "indicators"}}
    )
    cells = [
        *(c for c in sample.figures() if c.key != CellKey("1-1-2a", 2024, Kind.ACTUAL)),
        Cell(CellKey("1-1-2a", 2024, Kind.ACTUAL), Reading(State.UNKNOWN), version=1),
    ]
    rows = by_label(sample.context(made, cells).overall)
    assert list(rows) == ["A", "B", "C", "D", "取りやめ", "－"]
    assert rows["取りやめ"].definition == "行わなかった"
    assert rows["－"].definition == "評価なし"

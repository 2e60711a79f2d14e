"""The steps say what was done: inputs, formula with the numbers, cut points, letter."""

from decimal import Decimal

import pytest
from builders import actual, indicator, node, on_the_way, percents, plan, score, score_one, target

from shakyo_review.domain.derivation import (
    Step,
    coverage_text,
    indicator_steps,
    level_condition,
    node_steps,
    scale_text,
)
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.domain.value import State


def told(steps: list[Step]) -> dict[str, str]:
    """The last sentence under each title."""
    return {step.title: step.text for step in steps}


def of(ind, *cells, **fields):
    return told(indicator_steps(score_one(ind, *cells, **fields)))


def test_progress_against_the_final_target():
    steps = of(on_the_way(unit="人"), actual("1,050"), target(160))
    assert steps["基準値"] == "100人（R2）"
    assert steps["最終目標"] == "200人（R7）"
    assert steps["R5の目標"] == "160人"
    assert steps["R5の実績"] == "1,050人"
    assert "進捗率" in steps["規則"]
    assert "最終目標に対して" in steps["規則"]
    assert steps["計算式"] == "100×(1,050－100)÷(200－100)＝950"
    assert steps["率"].startswith("950.0%（小数第1位まで")
    assert steps["経過割合に対して"] == "950÷60%（R2からR7までの5年のうち3年）＝1,583.3%"
    assert steps["判定の基準"] == "A 100%以上 ／ B 80%以上100%未満 ／ C 50%以上80%未満 ／ D 50%未満"
    assert steps["判定"].endswith("→ A")


def test_steps_come_in_the_order_in_which_one_calculates():
    titles = [step.title for step in indicator_steps(score_one(on_the_way(), actual(150)))]
    assert titles == [
        "指標",
        "基準値",
        "最終目標",
        "R5の目標",
        "R5の実績",
        "規則",
        "計算式",
        "率",
        "経過割合に対して",
        "判定の基準",
        "判定",
    ]


@pytest.mark.parametrize(
    ("ind", "t", "a", "formula"),
    [
        (indicator(), 3, 2, "100×2÷3＝66.6666…"),
        (indicator(), 8, 1, "100×1÷8＝12.5"),
        (indicator(), 3, "△2", "100×△2÷3＝△66.6666…"),
        (indicator(), 3200, 1, "100×1÷3,200＝0.0312…"),
        (indicator(), 1600, 1, "100×1÷1,600＝0.0625"),
        (indicator(decimals=1), "12.5", 10, "100×10÷12.5＝80"),
        (indicator(direction="keep_max"), 100, 105, "100×(2×100－105)÷100＝95"),
        (indicator(direction="lower", rule="inverse"), 50, 40, "100×50÷40＝125"),
        (indicator(rule="manual"), "随時", 85, "人が入れた割合＝85"),
    ],
)
def test_formulas(ind, t, a, formula):
    assert of(ind, target(t), actual(a))["計算式"] == formula


def test_formula_of_a_fall():
    steps = of(on_the_way(b=100, t=50, direction="lower"), actual(120))
    assert steps["計算式"] == "100×(120－100)÷(50－100)＝△40"
    assert steps["率"].startswith("△40.0%")


def test_formula_of_a_range():
    steps = of(indicator(direction="range", low=10, high=20), actual(8))
    assert "10から20まで" in steps["計算式"]
    assert steps["計算式"].endswith("8 → 80")
    assert "目標に対して" not in steps["規則"]


def test_fallback_is_named_with_its_cause():
    flat = of(on_the_way(b=100, t=100, direction="keep_max", rule="baseline"), actual(105))
    assert "維持以下" in flat["規則"]
    assert "基準値と目標が同じ" in flat["規則"]
    other_side = of(on_the_way(b=100, t=80), actual(88))
    assert "より良い方向にない" in other_side["規則"]


def test_the_target_of_the_path_says_so():
    steps = of(on_the_way(unit="回", against="year_target"), actual(150))
    assert steps["R5の目標"] == "160回（最終目標までの道筋から）"
    assert "R5の目標に対して" in steps["規則"]


@pytest.mark.parametrize(
    ("cells", "shown", "why"),
    [
        ([target(5)], "未入力", "未入力"),
        ([target(5), actual(State.CANCELLED)], "中止", "中止"),
        ([target(5), actual("随時")], "随時", "実績が文字"),
        ([target("随時"), actual(3)], "3", "目標が文字"),
        ([actual(3)], "3", "目標がない"),
        ([target(0), actual(3)], "3", None),
    ],
)
def test_why_there_is_no_letter(cells, shown, why):
    steps = of(indicator(), *cells)
    assert steps["R5の実績"] == shown
    if why is None:
        assert (
            steps["判定"]
            == "目標を達成しているので A（率は出せない: 目標が0以下のため率を出せない）"
        )
    else:
        assert steps["判定"] == f"なし（{why}）"
    assert "計算式" not in steps


def test_an_indicator_that_is_not_judged():
    steps = of(indicator(direction="none"), actual(371))
    assert "評価しない" in steps["規則"]
    assert steps["判定"] == "なし（評価しない指標）"


def test_met_or_not():
    steps = of(indicator(rule="met"), target(5), actual("5見込み"), scale="fukushima")
    assert steps["R5の実績"] == "5（見込み）"
    assert steps["判定の基準"] == "達成 目標を達成 ／ 未達成 目標に届かない"
    assert steps["判定"] == "目標を達成しているので 達成見込み"


def test_a_rule_without_a_rate_does_not_miss_one():
    assert of(indicator(rule="met"), target(5), actual(3))["判定"] == "目標に届かないので D"


def test_a_letter_by_position_does_not_pretend_to_come_from_the_rate():
    by_place = "目標と基準値に対する位置で判定 → "
    assert of(on_the_way(), actual(150), scale="nagayo")["判定"] == f"{by_place}A"
    assert of(on_the_way(), actual(50), scale="nagayo")["判定"] == f"{by_place}C"
    flat = on_the_way(b=0, t=0, direction="keep_max")
    assert of(flat, actual(0), scale="nagayo")["判定"] == f"{by_place}B"


def test_the_fallback_of_togo_is_told():
    ind = on_the_way(b=60, t=200, rule="simple")
    for a, sentence in (
        (180, "率 90%（丸める前の値で判定）→ B"),
        (90, "率 45%、基準値に対する位置で判定 → D"),
        (60, "率 30%、基準値に対する位置で判定 → E"),
    ):
        assert of(ind, actual(a), scale="togo")["判定"] == sentence


def test_which_number_the_letter_was_decided_on():
    paced = of(on_the_way(), actual(150))["判定"]
    assert paced == "経過割合に対する率 83.3333…%（丸める前の値で判定）→ B"
    by_rate = of(on_the_way(), actual(150), scale="library2013")["判定"]
    assert by_rate == "率 50%（丸める前の値で判定）→ C"
    printed = of(on_the_way(), actual(150), rule_set={"decide_on": "printed"})["判定"]
    assert printed == "経過割合に対する率 83.3%（表示の値で判定）→ B"


def test_an_off_scale_label_is_told_with_its_reason():
    scale = {
        "name": "記号",
        "levels": [{"label": "○", "cut": 100}, {"label": "×"}],
        "off_scale": [{"label": "中止", "states": ["cancelled"]}],
    }
    steps = of(indicator(), target(5), actual(State.CANCELLED), scale=scale)
    assert steps["判定"] == "中止（中止）"


def test_a_measurement_of_an_older_year_says_so():
    steps = of(indicator(unit="％"), target(50), actual(40, measured_year=2020))
    assert steps["R5の実績"] == "40％（令和2年度の値）"
    this = of(indicator(unit="％"), target(50), actual(40, measured_year=2023))
    assert this["R5の実績"] == "40％"


def test_examples_are_marked():
    steps = of(indicator(unit="人"), target(50, example=True), actual(40))
    assert steps["R5の目標"] == "50人（例示）"
    assert steps["R5の実績"] == "40人"


BRANCHES = [{"code": "e", "name": "東"}, {"code": "w", "name": "西"}]


def test_wards_are_added_before_the_readers_eyes():
    ind = indicator(parts="ratio", unit="％", decimals=1)
    cells = [target(50), actual("1/2", branch="e"), actual("30/100", branch="w")]
    steps = indicator_steps(score_one(ind, *cells, branches=BRANCHES))
    text = "\n".join(step.text for step in steps)
    assert "分子の計31÷分母の計102" in text.replace(".0", "")
    assert told(steps)["R5の実績"] == "30.4％"


def test_months_of_a_share_show_numerator_and_denominator():
    ind = indicator(parts="ratio", unit="％", decimals=1)
    cells = [actual("1/2", period="H1"), actual("30/100", period="H2")]
    text = "".join(step.text for step in indicator_steps(score_one(ind, target(50), *cells)))
    assert "31÷102" in text.replace(".0", "")


def test_what_is_still_missing_is_told():
    ind = indicator(parts="sum", unit="回")
    steps = of(ind, target(50), actual(20, branch="e"), branches=BRANCHES)
    assert steps["R5の実績"] == "集計中"
    assert "未入力: 西（ここまで 20）" in steps["実績の内訳"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sano", "7 100%以上 ／ 6 90%以上100%未満"),
        ("togo", "D 基準値より良い ／ E それ以外"),
        ("nagayo", "S 目標より良い ／ A 基準値より良い ／ B 基準値から10%以内 ／ C それ以外"),
        ("agency", "S 人が判定 ／ A 120%以上 ／ B 100%以上120%未満"),
        ("library2016", "A 110%以上（目標が上限のときは100%以上） ／ B 90%以上110%未満"),
        ("maru", "◎ 人が判定"),
    ],
)
def test_cut_points_in_words(name, text):
    assert text in scale_text(PRESETS[name])


def test_cuts_that_do_not_belong_to_their_level_in_words():
    better = PRESETS["abcd"].levels[0].model_copy(update={"inclusive": False})
    worse = PRESETS["abcd"].levels[1].model_copy(update={"cut": Decimal("66.5")})
    assert level_condition(better) == "100%超"
    assert level_condition(worse, better) == "66.5%以上100%以下"


# --- items ---------------------------------------------------------------------------------


def goal_steps(made, *cells, code="1"):
    return node_steps(made, score(made, *cells).nodes[code])


def test_a_goal_shows_its_sum_its_parts_and_what_is_left_out():
    made = plan(
        node(
            "1",
            node("1-1", indicator("a")),
            node("1-2", indicator("b"), weight=2),
            node("1-3", indicator("c")),
        )
    )
    steps = goal_steps(made, *percents({"a": 240, "b": 40, "c": State.CANCELLED}))
    text = told(steps)
    assert steps[0] == Step("基本目標", "1 項目1")
    assert text["規則"] == "率の加重平均（平均の対象: 施策2件）"
    parts = [step.text for step in steps if step.title == "内訳"]
    assert parts == [
        "1-1 項目1-1: 100.0% A",
        "1-2 項目1-2: 40.0% D、重み2",
        "1-3 項目1-3: 評価なし（平均に入れない）",
    ]
    assert text["評価済み"] == "指標3件中2件"
    assert text["判定の内訳"] == "A 1（33.4%）　B 0　C 0　D 1（33.3%）　－ 1（33.3%）"
    assert text["最も低い項目"] == "1-2 項目1-2（D）"
    assert text["点数"] == "180÷3＝60.0%（100%を超える率は100%、0%を下回る率は0%として平均）"
    assert text["判定"] == "C"


def test_an_action_by_its_worst_indicator_shows_no_mean():
    made = plan(node("1", indicator("a"), indicator("b")), rule_set={"action": "worst"})
    text = told(goal_steps(made, *percents({"a": 90, "b": 60})))
    assert text["規則"].startswith("最も低い指標")
    assert text["点数"] == "60.0%"
    assert text["判定"] == "C"


def test_points_are_no_percentages():
    tree = node("1", node("1-1", node("1-1-1", indicator("a")), node("1-1-2", indicator("b"))))
    rules = {"goal": "mean_of_points", "average_over": "children"}
    made = plan(tree, rule_set=rules, scale="ako")
    cells = percents({"a": 100, "b": 85})
    measure = goal_steps(made, *cells, code="1-1")
    assert [s.text for s in measure if s.title == "内訳"] == [
        "1-1-1 項目1-1-1: 95点 A",
        "1-1-2 項目1-1-2: 80点 B",
    ]
    assert told(measure)["点数"] == "175÷2＝87.5点"
    goal = goal_steps(made, *cells, code="1")
    assert [s.text for s in goal if s.title == "内訳"] == ["1-1 項目1-1: 87.5点 A"]
    assert told(goal)["点数"] == "87.5点"
    action = told(goal_steps(made, *cells, code="1-1-1"))
    assert action["点数"] == "95.0点"


def test_a_member_without_a_rate_is_told_to_stay_outside_the_mean():
    made = plan(
        node("1", node("1-1", indicator("a")), node("1-2", indicator("b", direction="keep_max")))
    )
    steps = goal_steps(made, *percents({"a": 60}), target(0, "b"), actual(3, "b"))
    assert "1-2 項目1-2: D（率がないので平均に入れない）" in [s.text for s in steps]
    assert told(steps)["点数"].startswith("60.0%")


def test_a_repeat_names_its_original():
    made = plan(node("1", node("1-1", indicator("a"))), node("2", node("2-1", repeats="1-1")))
    text = told(goal_steps(made, *percents({"a": 60}), code="2-1"))
    assert text["再掲"] == "1-1 項目1-1 の再掲。数えるのは再掲元だけ"


def test_a_problem_is_told_instead_of_a_score():
    made = plan(
        node("1", node("1-1", indicator("a")), node("1-2", indicator("b"))),
        rule_set={"goal": "mode"},
    )
    text = told(goal_steps(made, *percents({"a": 60, "b": 100})))
    assert text["判定"].startswith("なし（最も多い判定が並んでいる")
    empty = plan(node("1"))
    assert told(goal_steps(empty))["評価済み"] == "評価する指標がない"
    assert told(goal_steps(empty))["判定"] == "なし（対象なし）"


def test_the_whole_plan_has_steps_too():
    made = plan(node("1", indicator("a")))
    overall = score(made, *percents({"a": 60})).overall
    assert node_steps(made, overall)[0] == Step("計画全体", "ALL 第1次計画")
    assert coverage_text(overall) == "指標1件中1件"


def test_months_of_the_whole_plan_are_not_told_as_branches():
    months = [actual(10, period=f"{month:02}") for month in (*range(4, 13), 1, 2, 3)]
    steps = of(indicator(unit="回"), *months, target(100))
    assert "実績の内訳" in steps
    assert "実績のまとめ方" not in steps  # how branches are joined: there are none

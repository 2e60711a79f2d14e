import json
from decimal import Decimal
from pathlib import Path

import pytest

from shakyo_review.domain.indicator import Direction
from shakyo_review.domain.scale import Scale
from shakyo_review.errors import PlanProblem
from shakyo_review.exchange.plan_schema import SCHEMA_FILE, schema_text
from shakyo_review.exchange.plan_yaml import PlanFileProblem, parse_plan, plan_schema, read_plan

HEAD = """\
code: t
title: 計画
body: 社協
first_year: 2024
last_year: 2026
levels: [目標, 取組]
"""

PLAN = (
    HEAD
    + """\
tree:
  - code: "1"
    name: つながる
    indicators:
      - code: "1a"
        name: 回数
        unit: 回
        direction: higher
        measure: annual
"""
)


def problem(text: str) -> PlanFileProblem:
    with pytest.raises(PlanFileProblem) as caught:
        parse_plan(text, "plan.yaml")
    told = str(caught.value)
    assert "\n" not in told
    assert told.endswith(("。", "）"))
    for english in ("Input", "should", "Value error", "Traceback", "expected", "found"):
        assert english not in told
    assert caught.value.problems
    return caught.value


def test_a_plan_is_read():
    plan = parse_plan(PLAN, "plan.yaml")
    assert plan.indicator("1a").direction is Direction.HIGHER
    assert plan.items["1"].label == "目標"


def test_numbers_are_exact():
    text = (
        PLAN
        + "        weight: 0.08\n        decimals: 2\n        targets: {2024: 0.10, 2025: 1.5}\n"
    )
    indicator = parse_plan(text, "p").indicator("1a")
    assert indicator.weight == Decimal("0.08")
    assert str(indicator.targets[2024]) == "0.10"


def test_bare_numbers_serve_as_codes_and_names():
    text = HEAD + "tree:\n  - {code: 1, name: 2024}\n  - {code: 1.10, name: 見守り, repeats: 1}\n"
    plan = parse_plan(text, "p")
    assert list(plan.items) == ["1", "1.10"]
    assert plan.items["1"].name == "2024"
    assert plan.items["1.10"].node.repeats == "1"


def test_a_field_left_empty_is_a_field_not_written():
    plan = parse_plan(PLAN + "        note:\n        targets: {2024: , 2025: 3}\nscale:\n", "p")
    assert plan.indicator("1a").targets == {2025: 3}
    told = problem(PLAN.replace("direction: higher", "direction:"))
    assert told.problems == (
        "14行目 tree[0].indicators[0].direction: 欄がありません。「direction: 」（良い方向）に "
        "higher・lower・keep_min・keep_max・range・none のどれかを書いてください。",
    )


def test_null_where_it_means_something_stays():
    plan = parse_plan(HEAD + "rule_set: {cap: null, mean_floor: 10}\n", "p")
    assert plan.rule_set.cap is None
    assert plan.rule_set.mean_floor == 10


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "direction: highr",
            "14行目 tree[0].indicators[0].direction: 「highr」は使えません。「higher」",
        ),
        ("direction: 高いほど良い", "「higher」ではありませんか。"),
        ("direction: [a]", "14行目 tree[0].indicators[0].direction: 「一覧」は使えません。"),
    ],
)
def test_a_word_that_is_none_of_the_choices(line, told):
    assert told in str(problem(PLAN.replace("direction: higher", line)))


@pytest.mark.parametrize(
    ("added", "told"),
    [
        (
            "unti: 回",
            "16行目 tree[0].indicators[0].unti: 「unti」という欄はありません。「unit」の書き間違い",
        ),
        ("単位2: 回", "欄の名前と字下げを確かめてください。"),
        ("decimals: 1.5", "decimals: 「1.5」は整数として読めません。"),
        ("decimals: 9", "decimals: 「9」は使えません。4 以下の数を書いてください。"),
        ("weight: -1", "「-1」は使えません。0 以上の数を書いてください。"),
        ("weight: 多い", "weight: 「多い」は数として読めません。"),
        ("weight: .nan", "は数として読めません。"),
        ("main: 2", "main: 「2」は使えません。true か false"),
        (
            "baseline: {value: 1, year: R6}",
            "baseline.year: 「R6」は整数として読めません。年度なら西暦で 2024",
        ),
        ("baseline: 12", "baseline: 「12」は使えません。「欄: 値」の組で書いてください。"),
        ("baseline: {value: 0.5}", "baseline の 0.5 は decimals: 0 より桁が多くなっています。"),
        ("baseline: {value: 1e999999}", "桁が多すぎます。15桁まで"),
        (
            "baseline: {value: 12345678901234567890}",
            "16行目 tree[0].indicators[0].baseline.value: 桁が",
        ),
        ("weight: 1e-400000", "weight: 桁が多すぎます。"),
        ("targets: {R6: 5}", "targets.R6: 「R6」は整数として読めません。年度なら西暦で 2024"),
        ("targets: {2024: [1]}", "targets.2024: ここに書けるのは1つの値です。"),
        ("targets: {2024: 1.5}", "targets.2024: 「1.5」は小数の桁が多すぎます。"),
        ("targets: {2024: 5人}", "targets.2024: 「5人」の「人」は、この指標の単位と違います。"),
        ("targets: {2031: 5}", "targets.2031: 令和13年度は計画の期間"),
        (f"targets: {{2024: {'長' * 210}}}", "は長すぎます。202文字まで"),
        ("direction2: a\n        unti: b", "（ほか 1 件）"),
        ("rule: milestone", "rule: milestone には milestones が要ります。"),
        ("note: [a, b]", "note: ここに書けるのは1つの値です。"),
        ("milestones: 5", "milestones: 「5」は一覧ではありません。"),
        ("name: 二度目", "16行目: 「name」が2回書かれています（はじめは12行目）。"),
        ('targets: {2024: 1, "2024": 2}', "「2024」が2回書かれています"),
        ("note: *x", "引用符"),
        ("note: &x y", "「&」や「*」で始まる値（参照）は使えません。"),
        ("note: !important", "「!」で始まる値（タグ）は使えません。"),
        ("note: !!python/object:os.system x", "タグ"),
        ("note: @x", "値が記号で始まっています。"),
        ('note: "\\ud800"', "文字にできない文字コード"),
        ("? [a]\n        : b", "欄の名前に、一覧や組は使えません。"),
        ("1: x", "「1」という欄はありません。"),
    ],
)
def test_a_field_is_named_with_its_line(added, told):
    found = problem(PLAN + f"        {added}\n")
    assert told in str(found)
    assert str(found).startswith("plan.yaml の ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "空です。"),
        ("# 何もない\n", "空です。"),
        ("ただの文", "「欄: 値」の形になっていません。"),
        ("- a\n- b\n", "「欄: 値」の形になっていません。"),
        ("title：計画\nbody：社協\n", "半角の「: 」"),
        ("a: 1\nbody：社協\nb: 2\n", "2行目: YAML として読めません。「：」が全角です。"),
        ("a: 1\n  b: 2\n", "2行目: YAML として読めません。"),
        ("a:\n\tb: 1\n", "2行目: YAML として読めません。字下げにタブ"),
        ("a:\n  b: [1, 2\nc: 3\n", "2行目: YAML として読めません。この行から始まるかっこ"),
        ("a: 1\nb: 'x\n", "2行目: YAML として読めません。この行から始まる引用符"),
        ("a: 1\nb: \x07\n", "2行目: 使えない文字（制御文字）"),
        ("a: 1\n---\nb: 2\n", "2行目: 文書が2つあります"),
        ("a: " + "[" * 100 + "]" * 100, "入れ子が深すぎます"),
        ("a: " + "[" * 5000, "入れ子が深すぎます"),
        ('a: "\\U0011ffff"', "YAML として読めません。"),
        ("%YAML 9.9\n---\na: 1", "YAML として読めません。"),
        ("x" * 2_000_001, "大きすぎます"),
    ],
)
def test_what_is_no_plan_at_all(text, told):
    assert told in str(problem(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD.replace("2026", "2020"), "4行目: first_year が last_year より後になっています。"),
        (HEAD.replace("code: t\n", ""), "1行目 code: 欄がありません。「code: …」（コード"),
        (HEAD.replace("code: t", "code: あ"), "1行目 code: 「あ」はコードに使えません。"),
        (HEAD.replace("code: t", 'code: ""'), "code: 空です。"),
        (HEAD.replace("title: 計画", 'title: "a\\nb"'), "title: 「a?b」に改行か制御文字"),
        (HEAD.replace("[目標, 取組]", "[]"), "6行目 levels: 空です。1つ以上"),
        (
            HEAD + "rule_set: nai\n",
            "7行目 rule_set: 規則の組「nai」はありません。使える名前: standard",
        ),
        (HEAD + "scale: nai\n", "7行目 scale: 評価基準「nai」はありません。"),
        (HEAD + "scale: 1\n", "7行目 scale: 「1」は使えません。決まった名前か、"),
        (HEAD + "kind: ativity\n", "「activity」ではありませんか。"),
        (
            HEAD + "branches: [{code: a, name: あ}, {code: b, name: い},\n {code: a, name: う}]\n",
            "8行目 branches[2].code: branches に同じコードが2つあります。",
        ),
        (
            HEAD + "tree:\n- code: x\n  name: a\n  branches: [nai]\n",
            "10行目 tree[0].branches: 項目「x」（a）の区・支所「nai」は branches にありません。",
        ),
        (HEAD + "tree: [{code: a, name: b, branches: al}]\n", "コードの一覧（[a, b]）か all"),
        (
            HEAD + "tree: [{code: a, name: b, branches: [あ]}]\n",
            "tree[0].branches[0]: 「あ」はコード",
        ),
        (
            HEAD + "tree: [{code: a, name: b, owners: [{nam: c}]}]\n",
            "owners[0].nam: 「nam」という欄",
        ),
        (HEAD + "tree: [{code: a, name: b, owners: [1]}]\n", "owners[0]: 「1」は使えません。"),
        (HEAD + "tree: {code: a}\n", "tree: 「組」は一覧ではありません。"),
        (
            HEAD + "tree:\n- {code: a, name: a, repeats: b}\n- {code: b, name: b, repeats: a}\n",
            "8行目 tree[0].repeats: 再掲がめぐっています",
        ),
        (
            HEAD + "tree:\n- {code: a, name: a, repeats: z}\n",
            "8行目 tree[0].repeats: 再掲「a」の再掲元",
        ),
        (
            HEAD + "tree:\n- {code: a, name: a, level: 7}\n",
            "tree[0].level: 項目「a」（a）は上から8段目",
        ),
    ],
)
def test_a_plan_that_contradicts_itself(text, told):
    assert told in str(problem(text))


def test_of_a_code_used_twice_the_second_is_named():
    text = HEAD + (
        'tree:\n- code: "1"\n  name: a\n  children:\n    - {code: "1-1", name: b}\n'
        '- code: "1-1"\n  name: c\n'
    )
    found = problem(text)
    assert str(found) == (
        "plan.yaml の 12行目 tree[1].code: コード「1-1」が2回使われています。"
        "どちらかのコードを変えてください。"
    )
    assert found.code == "1-1"
    assert isinstance(found, PlanProblem)


def test_ten_problems_at_most_are_told_in_the_order_of_the_file():
    nodes = "".join(f"- {{code: n{n}, name: n, colour{n}: x}}\n" for n in range(14))
    found = problem(HEAD + "tree:\n" + nodes)
    assert len(found.problems) == 10
    assert str(found).endswith("（ほか 13 件）")
    assert [p.split("行目")[0] for p in found.problems] == [str(n) for n in range(8, 18)]


def test_files(tmp_path: Path):
    def told(path: Path) -> str:
        with pytest.raises(PlanFileProblem) as caught:
            read_plan(path)
        assert caught.value.problems
        return str(caught.value)

    assert "ファイル「なし.yaml」がありません。" in told(tmp_path / "なし.yaml")
    assert "がありません。" in told(tmp_path / "plan.yaml" / "x")
    assert "はフォルダです。" in told(tmp_path)
    assert "を読めません。" in told(tmp_path / ("長" * 300))
    assert "を読めません。" in told(tmp_path / "a\x00b")
    path = tmp_path / "plan.yaml"
    for data, words in (
        (b"", "空です。"),
        (PLAN.encode("utf-16"), "UTF-16"),
        (PLAN.encode("utf-16-le"), "テキストファイルではありません。"),
        (PLAN.encode("euc_jp"), "EUC-JP"),
        (PLAN.encode("iso2022_jp"), "JIS"),
        (b"PK\x03\x04\x00\x00", "表計算のファイル"),
        (b"title: \xff\xff\x80", "文字コードが読めません。"),
        (b"x" * 2_000_001, "大きすぎます"),
    ):
        path.write_bytes(data)
        assert words in told(path)
    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        path.write_bytes(PLAN.encode(encoding))
        assert read_plan(path).title == "計画"
    path.write_bytes(PLAN.replace("\n", "\r\n").encode())
    assert read_plan(path).title == "計画"


def test_an_unreadable_file(tmp_path: Path, monkeypatch):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")

    def deny(self):
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", deny)
    with pytest.raises(PlanFileProblem, match="読む権限がありません"):
        read_plan(path)


def test_presets_by_name():
    plan = parse_plan(HEAD + "rule_set: gifu\nscale: togo\n", "p")
    assert plan.rule_set.decimals == 0
    assert plan.scale == Scale.preset("togo")


def test_the_shipped_schema_is_the_generated_one():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "python -m shakyo_review.exchange.plan_yaml"
    )
    assert json.loads(schema_text()) == plan_schema()


def test_the_schema_speaks_japanese():
    schema = plan_schema()
    assert schema["title"] == "計画"
    for name, definition in schema["$defs"].items():
        for field, described in definition.get("properties", {}).items():
            assert not described.get("title", "あ").isascii(), (name, field)
            assert "title" in described, (name, field)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            PLAN + "        scale: nai\n",
            "16行目 tree[0].indicators[0].scale: 指標「1a」（回数）の scale に書かれた評価基準「nai」はありません。",
        ),
        (
            PLAN + "        scale: abcd\n        rule_set: nai\n",
            "17行目 tree[0].indicators[0].rule_set: 指標「1a」（回数）の rule_set に書かれた規則の組「nai」はありません。",
        ),
        (HEAD + "scales:\n  x: abcd\n  y: nai\n", "9行目 scales.y: 評価基準「nai」はありません。"),
        (HEAD + "rule_sets:\n  x: nai\n", "8行目 rule_sets.x: 規則の組「nai」はありません。"),
        (
            HEAD + "scales:\n  level: {name: x, levels: [{label: A, kut: 1}]}\n",
            "8行目 scales.level.levels[0].kut: 「kut」という欄はありません。「cut」の書き間違い",
        ),
        (
            HEAD + "scales:\n  levels: {name: x, level: [{label: A}]}\n",
            "8行目 scales.levels.level: 「level」という欄はありません。「levels」の書き間違い",
        ),
        (HEAD + "rule_sets: gifu\n", "7行目 rule_sets: "),
        (HEAD + "scales: {-1: abcd}\n", "7行目 scales: 名前「-1」を、+ や - で始まらない"),
    ],
)
def test_named_scales_and_rule_sets_that_are_wrong(text, told):
    problems = problem(text).problems
    assert any(one.startswith(told) for one in problems), problems


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEAD + "scale:\n  name: x\n  levels:\n    - {label: A, kut: 1}\n",
            "10行目 scale.levels[0].kut: 「kut」という欄はありません。",
        ),
        (
            HEAD + "scale:\n  name: x\n  levels:\n    - {definition: よい}\n",
            "10行目 scale.levels[0].label: 欄がありません。",
        ),
        (HEAD.replace("[目標, 取組]", "[{a: 1}]"), "6行目 levels[0]: "),
        (
            HEAD + "evaluation:\n  stages:\n    - {code: a, name: b, when: c}\n",
            "9行目 evaluation.stages[0].when: ",
        ),
    ],
)
def test_a_fault_in_the_only_entry_of_a_list_is_told_alone(text, told):
    found = problem(text)
    assert len(found.problems) == 1, found.problems
    assert found.problems[0].startswith(told)
    assert "空です" not in str(found)


def test_an_empty_list_beside_another_fault_is_still_told():
    found = problem(HEAD.replace("[目標, 取組]", "[]") + "scale: {name: x, levels: []}\n")
    assert [one.split(": ")[0] for one in found.problems] == ["6行目 levels", "7行目 scale.levels"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PLAN.replace("name: 回数", 'name: "　"'), "12行目 tree[0].indicators[0].name: "),
        (PLAN.replace("name: つながる", 'name: " "'), "9行目 tree[0].name: "),
    ],
)
def test_names_of_blanks(text: str, told: str) -> None:
    (found,) = problem(text).problems
    assert found.startswith(told)

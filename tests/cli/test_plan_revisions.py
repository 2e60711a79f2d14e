"""Changing the plan by commands: what a secretary types, sees first, and finds again."""

from pathlib import Path
from typing import Any

import pytest
from books import SMALL_PLAN, contents, new_book, opened
from commandline import Done, english, run

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.services.upkeep import verify

KNOWN = frozenset(["kita", "minami"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_book(tmp_path / "b.db")


def plan(path: Path, *words: object) -> Done:
    return run("--book", path, "--as", "山田", "plan", *words)


DECIDED = (
    "--from",
    "R7",
    "--reason",
    "中間見直し",
    "--meeting",
    "第2回懇話会",
    "--date",
    "2025-03-10",
)

CHANGES: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "rename": (
        ("rename", "1-1", "新しい集い"),
        ["［改称］1-1 新しい集い: 名前: 集いの場づくり → 新しい集い"],
    ),
    "rename an indicator": (
        ("rename", "a", "延べ人数"),
        ["［改称］a 延べ人数: 名前: 参加者数 → 延べ人数"],
    ),
    "renumber": (("renumber", "a", "a5"), ["［番号変更］a5 参加者数: 番号: a → a5"]),
    "move": (
        ("move", "2-1", "--to", "1", "--after", "1-1"),
        ["［移動］2-1 相談: 場所: 2 支える → 1 つながる"],
    ),
    "to the top": (
        ("move", "2-1", "--to", "ALL"),
        ["［移動］2-1 相談: 場所: 2 支える → 計画の先頭"],
    ),
    "stop": (("stop", "m"), ["［休止］m 測定値: 指標をやめる"]),
    "add": (
        (
            "add",
            "2",
            "2-2",
            "見守り",
            "--owner",
            "社協",
            "--owner",
            "市（福祉課）",
            "--flag",
            "新規",
        ),
        ["［新規］2-2 見守り: 取組を追加"],
    ),
    "merge": (
        ("merge", "1-1", "2-1", "--code", "3", "--name", "まとめ"),
        [
            "［統合］3 まとめ: 1-1 集いの場づくり・2-1 相談 を統合",
            "［その他］1-2 集いの場づくり（再掲）: 再掲元 1-1 → 3",
        ],
    ),
    "split": (
        ("split", "2-1", "--into", "2-1a=窓口", "--into", "2-1b=訪問"),
        [
            "［分割］2-1a 窓口: 2-1 相談 から分割",
            "［分割］2-1b 訪問: 2-1 相談 から分割",
        ],
    ),
    "a target": (
        ("target", "a", "--year", "R7", "--target", "６００", "--year", "R8", "--target", "未調査"),
        [
            "［目標変更］a 参加者数: R7の目標: 520 → 600人",
            "［目標変更］a 参加者数: R8の目標: 空欄 → 調査未実施",
        ],
    ),
    "the final target": (
        ("target", "b", "--final", "0.2"),
        ["［目標変更］b 利用率: 最終目標: 0.10％（R8） → 0.20％（R8）"],
    ),
    "a definition": (
        ("define", "a", "--unit", "回", "--name", "延べ参加回数"),
        [
            "［改称］a 延べ参加回数: 名前: 参加者数 → 延べ参加回数",
            "［定義変更］a 延べ参加回数: R7から定義を変える（それより前とは比べない）",
            "［定義変更］a 延べ参加回数: 単位 人 → 回",
        ],
    ),
    "owners": (
        ("owner", "1-1", "市(福祉課)", "住民"),
        ["［担当変更］1-1 集いの場づくり: 担当: 社協 → 市（福祉課）・住民"],
    ),
    "rules": (
        ("rules", "--rule-set", "gifu"),
        [
            "［規則・基準］計画: 規則の組: 名前 標準 → 岐阜型（0を下限、整数）、率の小数の桁数 1 → 0、率の下限 なし → 0"
        ],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_revision_is_seen_first_then_made_and_found_again(path: Path, name: str) -> None:
    words, lines = CHANGES[name]
    before = contents(path)
    seen = plan(path, *words, "--from", "R7", "--dry-run")
    assert (seen.status, seen.err) == (0, "試しただけで、何も書き込んでいません。\n")
    assert contents(path) == before
    done = plan(path, *words, *DECIDED)
    assert (done.status, done.err) == (0, "令和7年度からの改定を登録しました。\n")
    assert done.out == seen.out
    told = done.out.splitlines()
    assert told[0] == "令和7年度からの改定"
    assert told[1 : len(lines) + 1] == [f"  {line}" for line in lines]
    listed = plan(path, "revisions")
    assert listed.out.splitlines() == [
        "令和7年度からの改定（2025-03-10　第2回懇話会、山田）",
        "  理由: 中間見直し",
        *(f"  {line}" for line in lines),
    ]
    assert english(listed.out) == set()
    (kept,) = plan(path, "revisions", "--json").json["revisions"]
    assert (kept["fiscal_year"], kept["meeting"], kept["reason"], kept["by"]) == (
        2025,
        "第2回懇話会",
        "中間見直し",
        "山田",
    )
    assert [f"［{c['label']}］" for c in kept["changes"]] == [
        line.split("］")[0] + "］" for line in lines
    ]
    with opened(path) as book:
        assert verify(book) == []
        assert book.compare([2023, 2024, 2025, 2026])


def test_the_letters_that_change_are_shown_before(path: Path) -> None:
    run("--book", path, "record", "a", "--year", "R7", "--actual", "510")
    words = ("target", "a", "--year", "R7", "--target", "1000", "--from", "R7", "--dry-run")
    shown = plan(path, *words).out
    assert "判定が変わるところ（確定していない年度）" in shown
    assert "  R7 a 参加者数: B → C" in shown.splitlines()
    document = plan(path, *words, "--json").json
    assert document["dry_run"] is True
    letters = {(one["fiscal_year"], one["code"]): one for one in document["letters"]}
    assert letters[2025, "a"] == {
        "fiscal_year": 2025,
        "code": "a",
        "name": "参加者数",
        "before": "B",
        "after": "C",
    }
    assert not any(year == 2024 for year, _ in letters)


def test_a_scale_of_another_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "name: 二段\nlevels:\n  - {label: よい, cut: 90}\n  - {label: もう少し}\n", "utf-8"
    )
    done = plan(
        path, "rules", "--scale", tmp_path / "s.yaml", "--from", "R6", "--dry-run", "--json"
    )
    assert {one["after"] for one in done.json["letters"]} <= {"よい", "もう少し"}
    assert done.json["letters"]


def test_a_plan_file_exported_and_read_again(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    assert plan(path, "export", file).status == 0
    before = contents(path)
    told = plan(path, "update", file, *DECIDED)
    assert (told.status, told.error) == (
        2,
        "計画に変わるところがありません。何も書き込んでいません。",
    )
    assert contents(path) == before
    text = file.read_text("utf-8").replace("name: 相談\n", "name: 総合相談\n")
    file.write_text(text, "utf-8")
    assert "［改称］2-1 総合相談" in plan(path, "update", file, *DECIDED).out
    assert plan(path, "update", file, *DECIDED).status == 2


def test_the_plan_of_a_year_is_shown(path: Path) -> None:
    plan(path, "renumber", "a", "a5", *DECIDED)
    assert "・a 参加者数" in plan(path, "show", "--year", "R6").out
    assert "・a5 参加者数" in plan(path, "show", "--year", "R7").out
    assert "・a5 参加者数" in plan(path, "show").out
    codes = [i["code"] for i in plan(path, "show", "--year", "R6", "--json").json["indicators"]]
    assert codes[0] == "a"
    assert plan(path, "show", "--year", "R20").status == 2
    assert plan(path, "show", "osaka", "--year", "R6").status == 2


def test_a_correction_needs_no_year(path: Path) -> None:
    done = plan(path, "rename", "1-1", "集いの場", "--reason", "誤字")
    assert (done.status, done.err) == (0, "計画の訂正を登録しました。\n")
    assert plan(path, "revisions").out.startswith("計画の訂正（")
    assert plan(path, "show", "--year", "R6").out.count("集いの場\n") == 1
    with opened(path) as book:
        assert len(book.editions.all) == 1


def test_a_book_without_revisions(path: Path) -> None:
    assert plan(path, "revisions").out == "計画の改定はありません。\n"
    assert plan(path, "revisions", "--json").json == {"revisions": []}


def test_no_plan_changes_what_was_recorded(path: Path) -> None:
    plan(path, "renumber", "a", "a5", *DECIDED)
    plan(path, "define", "a5", "--decimals", "1", *DECIDED)
    with opened(path) as book:
        assert book.cells(2025).get(CellKey("a5", 2025, Kind.TARGET)).reading.value == 520
        assert book.cells(2024).get(CellKey("a", 2024, Kind.ACTUAL)).reading.value == 480


BAD_RULE = SMALL_PLAN.replace("direction: lower,", "direction: lower, rule: nonsense,")

REFUSED: dict[str, tuple[tuple[Any, ...], int, str]] = {
    "no reason": (("rename", "1-1", "新", "--from", "R7"), 1, "改定の理由が空です"),
    "outside the plan": (("rename", "1-1", "新", "--from", "R9", "--reason", "x"), 2, "計画の期間"),
    "no year": (("rename", "1-1", "新", "--from", "いつか", "--reason", "x"), 2, "「いつか」"),
    "no day": (("rename", "1-1", "新", *DECIDED[:6], "--date", "きのう"), 2, "「きのう」"),
    "the same name": (("rename", "1-1", "集いの場づくり", *DECIDED), 2, "変わるところがありません"),
    "an unknown code": (("rename", "9", "新", *DECIDED), 2, "「9」は計画にありません"),
    "a code twice": (("renumber", "1-1", "2-1", *DECIDED), 1, "2回使われています"),
    "no code": (("renumber", "1-1", "こーど", *DECIDED), 1, "変えられません"),
    "under itself": (("move", "1", "--to", "1-1", *DECIDED), 2, "その下にある1-1へは移せません"),
    "after nothing": (
        ("move", "1-1", "--to", "2", "--after", "1-2", *DECIDED),
        2,
        "並んでいません",
    ),
    "shown again": (("stop", "1-1", *DECIDED), 2, "再掲されています"),
    "undone with figures": (("stop", "a", "--reason", "誤り"), 2, "なかったことにはできません"),
    "one alone": (("merge", "1-1", "--code", "3", "--name", "x", *DECIDED), 2, "2つ以上"),
    "no name": (("split", "2-1", "--into", "x", "--into", "y=乙", *DECIDED), 2, "「x」"),
    "a part alone": (("split", "2-1", "--into", "x=甲", *DECIDED), 2, "2つ以上"),
    "no target": (("target", "a", *DECIDED), 2, "変える目標"),
    "a year without target": (("target", "a", "--year", "R7", *DECIDED), 2, "変える目標"),
    "a year twice": (
        (
            "target",
            "a",
            "--year",
            "R7",
            "--target",
            "1",
            "--year",
            "2025",
            "--target",
            "2",
            *DECIDED,
        ),
        2,
        "同じ年度の目標",
    ),
    "a target before": (
        ("target", "a", "--year", "R6", "--target", "1", *DECIDED),
        2,
        "令和6年度の目標は",
    ),
    "a target after": (("target", "a", "--year", "R9", "--target", "1", *DECIDED), 2, "計画の期間"),
    "a target in words": (("target", "b", "--final", "増加", *DECIDED), 1, "1つの数だけ"),
    "too many digits": (("target", "a", "--final", "1.5", *DECIDED), 1, "小数の桁が多すぎます"),
    "the final year": (("target", "b", "--final-year", "R2", *DECIDED), 1, "基準値の年度より後"),
    "no definition": (("define", "a", "--reason", "x"), 2, "変えるところ"),
    "no direction": (("define", "a", "--direction", "うえ", *DECIDED), 1, "変えられません"),
    "decimals": (("define", "b", "--decimals", "0", *DECIDED), 1, "桁が多くなっています"),
    "no owner": (("owner", "1-1", " ", *DECIDED), 1, "担当"),
    "no rules": (("rules", *DECIDED), 2, "--rule-set か --scale"),
    "unknown rules": (("rules", "--rule-set", "きまり", *DECIDED), 1, "「きまり」はありません"),
    "an unknown scale": (("rules", "--scale", "ものさし", *DECIDED), 1, "「ものさし」はありません"),
    "no file of rules": (("rules", "--scale", "ない.yaml", *DECIDED), 1, "ない.yaml"),
    "no file": (("update", "ない.yaml", *DECIDED), 1, "ない.yaml"),
    "a rule that cannot be read": (("update", BAD_RULE, *DECIDED), 1, "行目"),
    "no weight": (
        (
            "update",
            SMALL_PLAN.replace("code: a\n", "code: a\n            weight: 0\n").replace(
                "code: b\n", "code: b\n            weight: 0\n"
            ),
            *DECIDED,
        ),
        1,
        "重みが、すべて0",
    ),
    "another plan": (
        ("update", SMALL_PLAN.replace("code: small", "code: big"), *DECIDED),
        1,
        "「big」",
    ),
    "figures after the end": (
        (
            "update",
            SMALL_PLAN.replace("last_year: 2026", "last_year: 2024").replace(", 2025: 520", ""),
            "--from",
            "R6",
            "--reason",
            "x",
        ),
        2,
        "令和7年度の値が入っている",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_one_sentence_and_the_book_stays(
    path: Path, tmp_path: Path, name: str
) -> None:
    words, status, told = REFUSED[name]
    if len(str(words[1])) > 100:
        (tmp_path / "p.yaml").write_text(words[1], "utf-8")
        words = (words[0], tmp_path / "p.yaml", *words[2:])
    before = contents(path)
    for more in ((), ("--dry-run",)):
        if more and name == "no reason":
            continue
        done = plan(path, *words, *more)
        assert told in done.error
        assert done.status == status, done
        assert done.out == ""
        assert "不具合" not in done.error
        assert done.error.endswith("。")
    assert contents(path) == before


def test_a_sealed_year_is_told(path: Path) -> None:
    with opened(path) as book:
        from shakyo_review.services import sealing
        from shakyo_review.services.entry import record, understand

        for code in ("c", "r", "m"):
            one = book.plan.indicators[code]
            record(book, CellKey(code, 2024, Kind.ACTUAL), understand(one, "調査未実施"))
        sealing.start_evaluation(book, 2024)
        sealing.seal(book, 2024)
    before = contents(path)
    for words in (("--from", "R6"), ()):
        done = plan(path, "rename", "1-1", "新", "--reason", "x", *words)
        assert done.status == 2
        assert "令和6年度" in done.error
        assert "確定している" in done.error
    assert contents(path) == before
    target = ("target", "a", "--year", "R8", "--target", "700", "--reason", "転記の誤り")
    assert plan(path, *target).status == 0  # the plan of the sealed year is not touched

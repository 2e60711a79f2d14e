"""Two whole years of a real plan by commands alone: what a council does, and what has to stay as it was."""

from pathlib import Path

import pytest
from books import contents
from commandline import Done, run

FIRST = {
    # code: target, actual (figures of this test, not of the plan)
    "1-1-1-s1a": ("27", "２６チーム"),
    "1-1-1-s1b": ("530", "526"),
    "1-1-1-s1c": ("700", "６９１人"),
    "1-1-2-s1a": ("46", "47か所"),
    "2-1-1-s1a": ("66", "62"),
    "2-1-1-s1b": ("80", "38"),
    "2-1-1-s4a": ("28", "28"),
}
SECOND = {
    "1-1-1-s1a": ("29", "29"),
    "1-1-1-s1b": ("545", "538"),
    "1-1-1-s1c": ("760", "742"),
    "1-1-2-s1a": ("48", "49"),
    "2-1-1-s1a": ("68", "中止"),
    "2-1-1-s1b": ("80", "61"),
    "2-1-1-s4a": ("28", "27"),
}
MEMBERS = ("青木", "井上", "上田", "江口", "太田")


class Council:
    """A book and the people who work on it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def does(self, *words: object, who: str = "事務局", status: int = 0) -> Done:
        done = run("--book", self.path, "--as", who, *words)
        assert done.status == status, (words, done)
        assert "Traceback" not in done.err
        return done

    def enters(self, year: str, figures: dict[str, tuple[str, str]]) -> None:
        for code, (target, actual) in figures.items():
            self.does("record", code, "--year", year, "--target", target, who="社協")
            self.does("record", code, "--year", year, "--actual", actual, who="社協")

    def judges(
        self, code: str, year: str, stage: str, label: str, *more: str, who: str = "社協"
    ) -> None:
        self.does(
            "evaluate", code, "--year", year, "--stage", stage, "--rating", label, *more, who=who
        )


@pytest.fixture
def council(tmp_path: Path) -> Council:
    path = tmp_path / "zushi.db"
    assert run("new", path, "--plan", "zushi").status == 0
    return Council(path)


def first_year(council: Council) -> None:
    """Targets, actuals, an odd value, three stages with a disagreement, opinions, promises, the seal."""
    does, judges = council.does, council.judges
    does("year", "open", "--year", "R5")
    council.enters("R5", FIRST)
    assert does("check", "--year", "R5").status == 0
    # nobody evaluates a year that has not begun, and later stages wait for the end of the entry
    does("evaluate", "1", "--year", "R6", "--stage", "self", "--rating", "A", status=2)
    does("evaluate", "1", "--year", "R5", "--stage", "internal", "--rating", "A", status=2)
    judges("1-1-1-s1", "R5", "self", "B", "--comment", "チームを2つ増やした")
    judges("2-1-1-s1", "R5", "self", "C", "--comment", "学生の登録が減った")
    does("year", "evaluate", "--year", "R5")
    refused = does("record", "1-1-1-s1a", "--year", "R5", "--actual", "27", status=1)
    assert "理由" in refused.error

    # the office departs with a reason; without one it is refused
    done = does(
        "evaluate", "2-1-1-s1", "--year", "R5", "--stage", "internal", "--rating", "D", status=1
    )
    assert "離れます" in done.error
    judges("2-1-1-s1", "R5", "internal", "D", "--reason", "目標の半分に届かない", who="事務局長")
    does(
        *("evaluate", "2-1-1-s1", "--year", "R5", "--stage", "committee", "--send-back"),
        *("--reason", "登録が減った理由を書いてください"),
    )
    assert "差し戻されたまま" in does("seal", "--year", "R5", status=1).error
    judges("2-1-1-s1", "R5", "internal", "C", "--comment", "大学の休校による", who="事務局長")

    # five members, one recused, one absent, two of each letter: a tie, settled by talk
    does(
        *("meeting", "add", "--year", "R5", "--stage", "committee", "--date", "2024-06-25"),
        *("--title", "第1回懇話会", "--absent", "太田"),
        *[word for name in MEMBERS[:4] for word in ("--present", name)],
    )
    does(
        *("evaluate", "2-1-1-s1", "--year", "R5", "--stage", "committee", "--recuse", "井上"),
        *("--reason", "センターの運営委員"),
    )
    done = does(
        *("evaluate", "2-1-1-s1", "--year", "R5", "--stage", "committee", "--rating", "B"),
        *("--member", "井上"),
        status=2,
    )
    assert "除斥" in done.error
    for member, label in (("青木", "B"), ("上田", "C"), ("江口", "C"), ("太田", "B")):
        does(
            *("evaluate", "2-1-1-s1", "--year", "R5", "--stage", "committee"),
            *("--rating", label, "--member", member),
        )
    does("evaluate", "2-1-1-s1", "--year", "R5", "--stage", "committee", "--joined", status=1)
    judges("2-1-1-s1", "R5", "committee", "C", "--reason", "話し合いで決定", who="懇話会")
    judges("1-1-1-s1", "R5", "internal", "B", who="事務局長")
    judges("1-1-1-s1", "R5", "committee", "Ａ", "--reason", "新しい地区に広げた", who="懇話会")

    does(
        "opinion",
        "add",
        "2-1-1-s1",
        "--year",
        "R5",
        "--text",
        "若い人への声かけを",
        "--member",
        "青木",
    )
    does("opinion", "add", "ALL", "--year", "R5", "--text", "図を増やしてほしい")
    does("opinion", "answer", "1", "--year", "R5", "--text", "大学と話し合います")
    does("improve", "direction", "2-1-1-s1", "--year", "R5", "--word", "改善")
    does("improve", "add", "2-1-1-s1", "--year", "R5", "--text", "大学での説明会を年2回開く")
    does(
        *("improve", "add", "1-1-2-s1", "--year", "R5", "--text", "サロンの空白地区をなくす"),
        *("--due", "R7"),
    )
    does("seal", "--year", "R5")
    does("publish", "--year", "R5", "--date", "2024-08-01")


def second_year(council: Council) -> None:
    """The next year: a target changed in mid-course, promises answered, the seal."""
    does, judges = council.does, council.judges
    opened = does("year", "open", "--year", "R6")
    assert "改善項目が2件" in opened.out
    council.enters("R6", SECOND)
    does(
        *("plan", "target", "2-1-1-s1b", "--from", "R6", "--year", "R6", "--target", "70"),
        *("--reason", "学生数の減少", "--meeting", "第2回懇話会", "--date", "2024-10-10"),
    )
    judges("2-1-1-s1", "R6", "self", "B")
    does("year", "evaluate", "--year", "R6")
    refused = does("seal", "--year", "R6", status=1)
    assert "2023-1" in refused.error
    does(
        *("improve", "answer", "2023-1", "--year", "R6", "--result", "partly"),
        *("--text", "1回開いた", "--closed"),
    )
    judges("2-1-1-s1", "R6", "internal", "B", who="事務局長")
    judges("2-1-1-s1", "R6", "committee", "B", who="懇話会")
    does("improve", "add", "2-1-1-s1", "--year", "R6", "--text", "高校にも声をかける")
    does("seal", "--year", "R6")


def third_year(council: Council) -> None:
    """The year after: another plan, other rules, other numbers, new figures and answers."""
    does = council.does
    for code, new in (("2-1-1-s1", "学生と若者のボランティア"), ("1", "地域づくり")):
        does("plan", "rename", code, new, "--from", "R7", "--reason", "言葉の見直し")
    does("plan", "renumber", "2-1-1-s1b", "2-1-1-s1x", "--from", "R7", "--reason", "番号の整理")
    does("plan", "renumber", "1-1-2-s1a", "2-1-1-s1b", "--from", "R7", "--reason", "番号の整理")
    does("plan", "stop", "2-1-1-s4", "--from", "R7", "--reason", "連絡協議会の解散")
    does("plan", "move", "1-1-2-s1", "--to", "1-1-1", "--from", "R7", "--reason", "施策の整理")
    does("plan", "rules", "--scale", "library2016", "--from", "R7", "--reason", "基準の見直し")
    does("year", "open", "--year", "R7")
    for code, target, actual in (("2-1-1-s1x", "70", "90"), ("1-1-1-s1a", "30", "12")):
        does("record", code, "--year", "R7", "--target", target)
        does("record", code, "--year", "R7", "--actual", actual)
    does(
        *("improve", "answer", "2023-2", "--year", "R7", "--result", "kept"),
        *("--text", "全地区に広がった"),
    )
    does("evaluate", "2-1-1-s1", "--year", "R7", "--stage", "self", "--rating", "A")


def published(council: Council, year: str) -> dict[str, str]:
    """Return what people were shown of a sealed year, word for word."""
    council.does("report", "--year", year, "--out", council.path.with_name("out"))
    (report,) = council.path.with_name("out").glob(f"*{2018 + int(year[1:])}.html")
    return {
        "score": council.does("score", "--year", year, "--json").out,
        "tables": council.does("score", "--year", year).out,
        "derivation": council.does("explain", "2-1-1-s1", "--year", year).out,
        "stages": council.does("stages", "--year", year, "--json").out,
        "money": council.does("budget", "--year", year, "--json").out,
        "report": report.read_text(encoding="utf-8"),
    }


def test_two_years(council: Council) -> None:
    does = council.does
    first_year(council)
    said = does("score", "--year", "R5", "--json").out
    score = does("score", "--year", "R5", "--json").json
    assert score["sealed"] is True
    letters = {row["code"]: (row["rating"], row["official"]) for row in score["goals"]}
    # 26/27 = 96.3, 526/530 = 99.2, 691/700 = 98.7: mean 98.1 is B; people say A
    assert letters["1-1-1-s1"] == ("B", "A")
    # 62/66 = 93.9 and 38/80 = 47.5: mean 70.7 is C
    assert letters["2-1-1-s1"] == ("C", "C")
    rates = {row["code"]: (row["rate"], row["rating"]) for row in score["indicators"]}
    assert rates["2-1-1-s1b"] == ("47.5", "D")
    assert rates["1-1-2-s1a"] == ("102.2", "A")

    first = {**published(council, "R5"), "score": said}
    second_year(council)
    # what was sealed stays word for word, whatever came after
    assert published(council, "R5") == first
    second, compared_then = published(council, "R6"), does("compare", "R5", "R6", "--json").out
    refused = does(
        "plan", "update", *_plan_file(council), "--from", "R6", "--reason", "x", status=2
    )
    assert "確定している" in refused.error
    third_year(council)
    assert published(council, "R5") == first
    assert published(council, "R6") == second
    assert does("compare", "R5", "R6", "--json").out == compared_then
    score = does("score", "--year", "R7", "--json").json
    letters = {row["code"]: row["rating"] for row in score["indicators"]}
    assert letters["2-1-1-s1x"] == "A", "the third year stands under the new number and scale"

    compared = does("compare", "R5", "R6", "--json").json
    row = next(one for one in compared["indicators"] if one["code"] == "2-1-1-s1b")
    assert row["years"]["2023"]["rating"] == "D"
    assert (row["years"]["2024"]["target"], row["years"]["2024"]["rate"]) == ("70", "87.1")
    assert "target_changed" in row["badges"]
    assert row["change"]["actual"] == "23"
    stopped = next(one for one in compared["indicators"] if one["code"] == "2-1-1-s1a")
    assert "cancelled" in stopped["badges"]

    asked = does("improve", "list", "--year", "R7", "--json").json["asked"]
    assert [one["number"] for one in asked] == ["2023-2", "2024-1"]
    assert does("verify").status == 0
    assert does("doctor").status == 0
    does("backup", council.path.with_name("copy.db"))
    does("restore", council.path.with_name("copy.db"))
    assert published(council, "R5") == first
    assert does("score", "--year", "R5", "--json").out == said


def _plan_file(council: Council) -> list[Path]:
    path = council.path.with_name("plan.yaml")
    council.does("plan", "export", path)
    return [path]


def test_sealing_twice_writes_nothing(council: Council) -> None:
    first_year(council)
    before = contents(council.path)
    done = council.does("seal", "--year", "R5")
    assert "すでに" in done.out
    council.does("seal", "--year", "R5", who="別の人", status=1)
    assert contents(council.path) == before


def test_a_sealed_year_refuses_changes(council: Council) -> None:
    first_year(council)
    before = contents(council.path)
    for words in (
        ("record", "1-1-1-s1a", "--year", "R5", "--actual", "30", "--reason", "訂正"),
        ("evaluate", "1", "--year", "R5", "--stage", "self", "--rating", "A"),
        ("improve", "add", "1", "--year", "R5", "--text", "x"),
        ("plan", "rename", "1", "x", "--from", "R5", "--reason", "x"),
    ):
        refused = council.does(*words, status=2)
        assert "確定している" in refused.error, words
    assert contents(council.path) == before


def test_an_erratum_is_sealed_beside_what_was_published(council: Council) -> None:
    first_year(council)
    said = council.does("score", "--year", "R5", "--json").out
    council.does(
        *("errata", "add", "2-1-1-s1b", "--year", "R5", "--actual", "83", "--reason", "転記の誤り")
    )
    now = council.does("score", "--year", "R5", "--json").json
    rating = next(one for one in now["indicators"] if one["code"] == "2-1-1-s1b")
    assert (rating["actual"], rating["rating"]) == ("83", "A")
    letters = {row["code"]: (row["rating"], row["official"]) for row in now["goals"]}
    assert letters["2-1-1-s1"] == ("B", "C"), "the letter people gave stays"
    assert council.does("score", "--year", "R5", "--seal", "1", "--json").out == said
    assert "転記の誤り" in council.does("errata", "list", "--year", "R5").out
    assert council.does("verify").status == 0

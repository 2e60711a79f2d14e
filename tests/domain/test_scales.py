"""Every scale shipped, at, just below and just above each of its cuts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from builders import actual, indicator, on_the_way, score_one, target
from pydantic import ValidationError

from shakyo_review.domain.rate import Reason
from shakyo_review.domain.rating import Standing, letter
from shakyo_review.domain.scale import Basis, Scale
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.errors import PlanProblem

D = Decimal
HAIR = Fraction(1, 10**9)

# From design and field notes, not from the presets: labels and the lower cut of each but the last.
PUBLISHED = {
    "abcd": ("ABCD", (100, 80, 50)),
    "library2013": ("ABCD", (110, 80, 50)),
    "library2016": ("ABCD", (110, 90, 60)),
    "agency": ("ABCD", (120, 100, 80)),
    "sano": ("7654321", (100, 90, 80, 70, 60, 50)),
    "nagoya_port": (("順調", "やや遅れ", "遅れ"), (80, 60)),
    "tama": (("着実", "概ね", "要改善"), (100, 60)),
    "miyagi": ("ABCD", (100, 80, 60)),
    "ako": ("ABC", (100, 80)),
    "fuji": (("80%以上", "50%以上", "20%以上", "20%未満"), (80, 50, 20)),
    "musashino": (("達成", "未達成"), (100,)),
}
JUDGED = {
    "akiruno": "SABC",
    "kawasaki": "12345",
    "kawasaki3": "ⅠⅡⅢ",
    "hodatsushimizu": "54321",
    "shingu": "54321",
    "sasebo": "ABCD",
    "sasebo3": "ABC",
    "maru": "◎○△×",
    "asahikawa": "○△×",
    "nagasaki": "○×",
    "fukuoka_goal": "ABCD",
    "kanagawa": ("順調", "概ね順調", "やや遅れ", "遅れ"),
    "library_process": "ABCD",
    "osaka_fund": "SABCD",
}
BY_POSITION = {"togo", "nagayo", "fukushima", "fukuoka_city", "chiho_sosei"}


def at(name, number):
    level = letter(PRESETS[name], None, Standing(Fraction(number)))
    return None if level is None else level.label


def test_every_preset_is_covered_here():
    assert set(PRESETS) == set(PUBLISHED) | set(JUDGED) | BY_POSITION


def test_no_two_presets_are_the_same():
    """A plan is written back with the name of the preset it equals."""
    assert len({scale.name for scale in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("name", JUDGED)
def test_scales_of_words_run_from_the_best_to_the_worst(name):
    scale = PRESETS[name]
    assert scale.labels == tuple(JUDGED[name])
    points = [level.points for level in scale.levels]
    assert points == sorted(points, reverse=True)


@pytest.mark.parametrize(
    ("name", "cut", "better", "worse"),
    [
        (name, cut, labels[i], labels[i + 1])
        for name, (labels, cuts) in PUBLISHED.items()
        for i, cut in enumerate(cuts)
    ],
)
def test_the_cut_itself_belongs_to_the_better_level(name, cut, better, worse):
    assert at(name, cut - HAIR) == worse
    assert at(name, cut) == better
    assert at(name, cut + HAIR) == better


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_ends_of_the_scale_are_open(name):
    labels, _ = PUBLISHED[name]
    assert at(name, 10**9) == labels[0]
    assert at(name, -(10**9)) == labels[-1]


@pytest.mark.parametrize(
    ("number", "label"), [(100, "B"), (100 + HAIR, "A"), (80, "C"), (80 + HAIR, "B"), (0, "C")]
)
def test_a_cut_that_does_not_belong_to_its_level(number, label):
    scale = Scale.model_validate(
        {
            "name": "超",
            "levels": [
                {"label": "A", "cut": 100, "inclusive": False},
                {"label": "B", "cut": 80, "inclusive": False},
                {"label": "C"},
            ],
        }
    )
    assert letter(scale, None, Standing(Fraction(number))).label == label


@pytest.mark.parametrize(("number", "label"), [(0, "B"), (-HAIR, "C"), (HAIR, "B"), (1, "B")])
def test_a_cut_at_zero(number, label):
    levels = [{"label": "A", "cut": 50}, {"label": "B", "cut": 0}, {"label": "C"}]
    scale = Scale.model_validate({"name": "零", "levels": levels})
    assert letter(scale, None, Standing(Fraction(number))).label == label


def test_one_may_be_the_best():
    scale = Scale.model_validate(
        {
            "name": "1が最良",
            "levels": [{"label": "1", "cut": 100}, {"label": "2", "cut": 80}, {"label": "3"}],
        }
    )
    assert [letter(scale, None, Standing(Fraction(n))).label for n in (100, 99, 5)] == list("123")
    assert scale.rank("1") < scale.rank("3")
    kawasaki = PRESETS["kawasaki"]
    assert kawasaki.rank("1") == 0
    assert kawasaki.levels[0].points > kawasaki.levels[-1].points
    assert PRESETS["hodatsushimizu"].rank("5") == 0


@pytest.mark.parametrize("name", sorted(JUDGED))
def test_scales_of_words_give_no_letter_by_number(name):
    assert PRESETS[name].basis is Basis.JUDGED
    one = score_one(indicator(), target(100), actual(100), scale=name)
    assert one.display == "100.0%"
    assert one.rating is None
    assert one.reason is Reason.BY_HAND


def test_a_level_given_by_people_only_is_never_calculated():
    assert PRESETS["agency"].labels[0] == "S"
    assert at("agency", 500) == "A"


@pytest.mark.parametrize(
    ("a", "label"),
    [
        (200, "A"),
        (199, "B"),
        (160, "B"),
        (159, "C"),
        (100, "C"),
        (99, "D"),  # below half of the target, better than the baseline 60
        (61, "D"),
        (60, "E"),
        (10, "E"),
    ],
)
def test_togo_falls_back_on_the_baseline(a, label):
    one = score_one(on_the_way(b=60, t=200, rule="simple"), actual(a), scale="togo")
    assert one.rating == label


def test_togo_guesses_nothing_without_a_baseline():
    ind = indicator(rule="simple")
    assert score_one(ind, target(200), actual(100), scale="togo").rating == "C"
    unknown = score_one(ind, target(200), actual(90), scale="togo")
    assert unknown.rating is None
    assert unknown.reason is Reason.NO_LEVEL


@pytest.mark.parametrize(
    ("direction", "b", "t", "a", "label"),
    [
        ("higher", 100, 200, 201, "S"),
        ("higher", 100, 200, 200, "A"),
        ("higher", 100, 200, 101, "A"),
        ("higher", 100, 200, 100, "B"),
        ("higher", 100, 200, 90, "B"),
        ("higher", 100, 200, 89, "C"),
        ("lower", 100, 50, 49, "S"),
        ("lower", 100, 50, 50, "A"),
        ("lower", 100, 50, 99, "A"),
        ("lower", 100, 50, 100, "B"),
        ("lower", 100, 50, 110, "B"),
        ("lower", 100, 50, 111, "C"),
    ],
)
def test_nagayo_looks_at_the_position_not_at_a_rate(direction, b, t, a, label):
    one = score_one(on_the_way(direction=direction, b=b, t=t), actual(a), scale="nagayo")
    assert one.rating == label


def test_nagayo_needs_no_rate():
    flat = on_the_way(b=0, t=0, direction="keep_max")
    assert score_one(flat, actual("△1"), scale="nagayo").rating == "S"
    assert score_one(flat, actual(0), scale="nagayo").rating == "B"
    assert score_one(flat, actual(1), scale="nagayo").rating == "C"


@pytest.mark.parametrize(("a", "label"), [(103, "B"), (104, "A"), (97, "B"), (90, "B"), (89, "C")])
def test_a_change_within_the_survey_tolerance_is_no_change(a, label):
    one = score_one(on_the_way(b=100, t=200, tolerance=3), actual(a), scale="nagayo")
    assert one.rating == label


@pytest.mark.parametrize(
    ("direction", "a", "label"),
    [
        ("higher", "56.0", "a"),  # the straight path from 50 to 60 is at 56
        ("higher", "55.9", "b"),
        ("higher", "53.0", "b"),
        ("higher", "47.1", "b"),  # less than 3 points below: no change
        ("higher", "47.0", "c"),
        ("lower", "44.0", "a"),
        ("lower", "44.1", "b"),
        ("lower", "52.9", "b"),
        ("lower", "53.0", "c"),
    ],
)
def test_fukuoka_looks_at_the_path_and_at_the_initial_value(direction, a, label):
    ind = on_the_way(
        direction=direction,
        b=50,
        t=60 if direction == "higher" else 40,
        against="year_target",
        tolerance=D("2.9"),
        decimals=1,
    )
    assert score_one(ind, actual(a), scale="fukuoka_city").rating == label


@pytest.mark.parametrize(
    ("a", "label"),
    [
        (201, "上回った"),
        (200, "上回った"),
        (199, "相当程度"),
        (140, "相当程度"),
        (139, "改善"),
        (101, "改善"),
        (100, "悪化"),
        (20, "悪化"),
    ],
)
def test_chiho_sosei_by_target_share_and_start(a, label):
    one = score_one(on_the_way(b=100, t=200, rule="simple"), actual(a), scale="chiho_sosei")
    assert one.rating == label


@pytest.mark.parametrize(
    ("ceiling", "t", "a", "label"),
    [
        (100, 100, 100, "A"),  # the target is itself the ceiling: 100 cannot be beaten
        (100, 100, 99, "B"),
        (100, 100, 90, "B"),
        (100, 100, 89, "C"),
        (100, 80, 80, "B"),
        (100, 80, 88, "A"),
        (None, 100, 100, "B"),
        (None, 100, 110, "A"),
    ],
)
def test_library2016_where_the_target_is_the_ceiling(ceiling, t, a, label):
    one = score_one(indicator(ceiling=ceiling), target(t), actual(a), scale="library2016")
    assert one.rating == label


def test_library2013_had_no_such_case():
    assert (
        score_one(indicator(ceiling=100), target(100), actual(100), scale="library2013").rating
        == "B"
    )


def test_published_points():
    assert [level.points for level in PRESETS["ako"].levels] == [95, 80, 35]
    assert [level.points for level in PRESETS["sano"].levels] == [7, 6, 5, 4, 3, 2, 1]


def test_labels_that_are_no_rank():
    akiruno = PRESETS["akiruno"]
    assert [label.label for label in akiruno.off_scale] == ["F", "X", "Y", "Z"]
    assert akiruno.level("F") is None
    assert akiruno.rank("F") == len(akiruno.levels)
    assert akiruno.level("") is None


@pytest.mark.parametrize(
    ("levels", "more", "told"),
    [
        ([{"label": "A"}, {"label": "A"}], {}, "同じ記号"),
        ([{"label": "A"}], {"off_scale": [{"label": "A"}]}, "同じ記号"),
        ([{"label": "A", "cut": 80}, {"label": "B", "cut": 80}], {}, "順に小さく"),
        ([{"label": "A", "cut": 50}, {"label": "B", "cut": 80}], {}, "順に小さく"),
        ([{"label": "A", "cut": 50}], {"when_met": "◎"}, "when_met の「◎」"),
        ([], {}, "at least 1"),
    ],
)
def test_a_scale_that_contradicts_itself(levels, more, told):
    with pytest.raises(ValidationError, match=told):
        Scale.model_validate({"name": "x", "levels": levels, **more})


def test_an_unknown_preset_names_those_that_exist():
    with pytest.raises(PlanProblem, match=r"「zzz」.*abcd.*togo"):
        Scale.preset("zzz")

"""What facts say in a short phrase, whatever stands in the file."""

import pytest
from builders import harmless
from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.services.telling import ENTITY_LABELS, fact_text

PHRASES = [
    ("rating", {"rating": "B"}, "B"),
    ("rating", {"rating": "B", "comment": "よくできた"}, "B（よくできた）"),
    ("rating", {"rating": "B", "waiting": True}, "B（差し戻し中）"),
    ("rating", None, "なし"),
    ("rating", {"comment": "記号がない"}, '{"comment":"記号がない"}'),
    (
        "improvement",
        {"text": "広報を変える", "owner": "社協", "due": 2025},
        "広報を変える（担当: 社協、期限: R7）",
    ),
    ("improvement", {"text": "広報を変える", "due": "いつか"}, "広報を変える（期限: いつか）"),
    ("answer", {"result": "kept", "text": "変えた"}, "できた（変えた）"),
    (
        "answer",
        {"result": "not", "text": "人手", "closed": True},
        "できなかった（人手、以後は尋ねない）",
    ),
    ("answer", {"result": "謎"}, "謎"),
    ("year", {"state": "published"}, "公表"),
    ("year", {"state": "謎"}, "謎"),
    ("opinion", {"text": "足りない"}, "足りない"),
    ("opinion", {"text": "足りない", "answer": "増やす"}, "足りない（回答: 増やす）"),
    (
        "meeting",
        {"date": "2025-05-20", "title": "第1回", "present": ["あ", "い"], "absent": []},
        "2025-05-20 第1回 出席2人・欠席0人",
    ),
    ("recusal", {"reason": "利害関係"}, "利害関係"),
    ("direction", {"word": "継続", "note": "広げて"}, "継続（広げて）"),
    ("confirmation", {"text": "急増", "reason": "新規"}, "急増（理由: 新規）"),
    (
        "erratum",
        {
            "old": {"state": "value", "value": "1"},
            "new": {"state": "value", "value": "2"},
            "reason": "誤記",
        },
        "1 → 2（誤記）",
    ),
    ("edition", {"number": 1, "effective_year": 0, "digest": "x"}, "第1版"),
    (
        "edition",
        {"number": 2, "effective_year": 2025, "changes": ["取組を足した"]},
        "第2版（R7から、取組を足した）",
    ),
    ("person", {"role": "member", "owners": ["社協", "市"]}, "委員（担当: 社協・市）"),
    ("person", {"role": "謎", "owners": 3}, "謎"),
    ("person", None, "なし"),
    ("seal", {"number": 2, "digest": "x"}, "2回目"),
    ("cell", {"state": "value", "value": "480"}, "480"),
    ("cell", None, "空欄"),
    ("funding", {"value": "1200"}, "1200"),
    ("謎", {"b": [1], "a": "あ"}, '{"b":[1],"a":"あ"}'),
    ("謎", [1], "[1]"),
    ("rating", {"rating": "B\x1b[31m\nC"}, "B [31m C"),
]


@pytest.mark.parametrize(("entity", "data", "phrase"), PHRASES)
def test_phrases(entity: str, data: object, phrase: str) -> None:
    assert fact_text(entity, data) == phrase


NAMES = sorted(
    {
        *("rating", "comment", "waiting", "text", "owner", "due", "result", "closed", "state"),
        *("answer", "date", "title", "present", "absent", "reason", "word", "note", "number"),
        *("effective_year", "changes", "old", "new", "value", "denominator", "year", "forecast"),
    }
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=8,
)


@given(st.sampled_from([*ENTITY_LABELS, "謎"]), VALUES)
def test_garbage_is_told_in_one_harmless_line(entity: str, data: object) -> None:
    assert harmless(fact_text(entity, data))


def test_what_cannot_even_be_written_as_json() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert fact_text("謎", deep) == "読めない内容"

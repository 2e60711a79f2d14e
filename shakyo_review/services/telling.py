"""What a row of the history says, in a short phrase for people.

The file may have been changed by other means than this program: whatever stands there is told,
nothing of it is believed.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.improvement import RESULT_LABELS
from shakyo_review.domain.person import ROLE_LABELS
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.domain.year_state import YEAR_STATE_LABELS

ENTITY_LABELS = {
    "rating": "評価",
    "meeting": "会議",
    "recusal": "除斥",
    "opinion": "意見",
    "direction": "方向性",
    "improvement": "改善項目",
    "answer": "改善の結果",
    "confirmation": "確認済みの値",
    "erratum": "正誤",
    "submission": "提出",
    "year": "年度の状態",
    "seal": "確定",
    "edition": "計画",
    "revision": "改定",
    "cell": "値",
    "funding": "金額",
    "indicator": "指標",
    "book": "台帳",
    "person": "利用者",
}
"""What the entities of the history are called."""

_FIGURES = ("cell", "funding", "indicator", "book")
_RESULTS: Mapping[str, str] = {result.value: label for result, label in RESULT_LABELS.items()}
_ROLES: Mapping[str, str] = {role.value: label for role, label in ROLE_LABELS.items()}
_STATES: Mapping[str, str] = {state.value: label for state, label in YEAR_STATE_LABELS.items()}


def fact_text(entity: str, data: object) -> str:
    """Return what a fact says in one line: a letter and its comment, a promise, the state of a year …."""
    from shakyo_review.services.json_views import facts_text

    if entity in _FIGURES:
        try:
            return one_line(facts_text(data))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return raw_text(data)
    if data is None:
        return "なし"
    told = _PHRASES.get(entity)
    phrase = told(data) if told is not None and isinstance(data, Mapping) else ""
    return phrase or raw_text(data)


def raw_text(data: object) -> str:
    """Return facts as they stand, as compact JSON in one line."""
    try:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    except (ValueError, TypeError, RecursionError):
        text = "読めない内容"
    return one_line(text)


def one_line(text: str) -> str:
    """Return a text in one line, with nothing a terminal would act upon."""
    return "".join(c if c.isprintable() or c == "　" else " " for c in text).strip()


def _word(data: Mapping[str, Any], name: str) -> str:
    """Return a text or a number of a fact, '' where it is neither."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return one_line(str(value))


def _year(data: Mapping[str, Any], name: str) -> str:
    year = data.get(name)
    return short_year(year) if type(year) is int else _word(data, name)


def _aside(*parts: str) -> str:
    """Return what is said beside the main thing: （…、…）, '' where nothing is."""
    said = "、".join(part for part in parts if part)
    return f"（{said}）" if said else ""


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if text else ""


def _beside(phrase: str, *parts: str) -> str:
    """Return a phrase with its asides, '' where there is no phrase."""
    return f"{phrase}{_aside(*parts)}" if phrase else ""


def _rating(data: Mapping[str, Any]) -> str:
    waiting = "差し戻し中" if data.get("waiting") else ""
    return _beside(_word(data, "rating"), _word(data, "comment"), waiting)


def _meeting(data: Mapping[str, Any]) -> str:
    counts = []
    for name, label in (("present", "出席"), ("absent", "欠席")):
        people = data.get(name, ())
        if isinstance(people, list | tuple):
            counts.append(f"{label}{len(people)}人")
    day = " ".join(part for part in (_word(data, "date"), _word(data, "title")) if part)
    return f"{day} {'・'.join(counts)}".strip() if day else ""


def _recusal(data: Mapping[str, Any]) -> str:
    return _word(data, "reason")


def _opinion(data: Mapping[str, Any]) -> str:
    return _beside(_word(data, "text"), _labelled("回答", _word(data, "answer")))


def _direction(data: Mapping[str, Any]) -> str:
    return _beside(_word(data, "word"), _word(data, "note"))


def _improvement(data: Mapping[str, Any]) -> str:
    owner = _labelled("担当", _word(data, "owner"))
    return _beside(_word(data, "text"), owner, _labelled("期限", _year(data, "due")))


def _answer(data: Mapping[str, Any]) -> str:
    result = _word(data, "result")
    closed = "以後は尋ねない" if data.get("closed") else ""
    return _beside(_RESULTS.get(result, result), _word(data, "text"), closed)


def _confirmation(data: Mapping[str, Any]) -> str:
    return _beside(_word(data, "text"), _labelled("理由", _word(data, "reason")))


def _erratum(data: Mapping[str, Any]) -> str:
    if "old" not in data or "new" not in data:
        return ""
    old, new = (fact_text("cell", data[name]) for name in ("old", "new"))
    return _beside(f"{old} → {new}", _word(data, "reason"))


def _submission(data: Mapping[str, Any]) -> str:
    blanks = _word(data, "blanks")
    left = f"空欄{blanks}件" if blanks not in ("", "0") else ""
    number = _word(data, "number")
    again = f"{number}回目" if number else ""
    return _beside("提出", again, left, _word(data, "reason")) if _word(data, "by") else ""


def _state(data: Mapping[str, Any]) -> str:
    state = _word(data, "state")
    return _STATES.get(state, state)


def _edition(data: Mapping[str, Any]) -> str:
    number = _word(data, "number")
    begin = data.get("effective_year")
    since = f"{_year(data, 'effective_year')}から" if type(begin) is int and begin > 0 else ""
    changes = data.get("changes")
    lines = changes if isinstance(changes, list | tuple) else ()
    told = (one_line(line) for line in lines if isinstance(line, str))
    return _beside(f"第{number}版" if number else "", since, *told)


def _revision(data: Mapping[str, Any]) -> str:
    changes = data.get("changes")
    lines = [c for c in changes if isinstance(c, Mapping)] if isinstance(changes, list) else []
    told = (_labelled(_place(line), _word(line, "text")) for line in lines)
    meeting = _word(data, "meeting")
    return _beside(f"{_year(data, 'effective_year')}から", meeting, *told)


def _place(line: Mapping[str, Any]) -> str:
    """Return what a change of the plan is about: code and name, 計画 for the whole."""
    if line.get("code") == WHOLE_PLAN:
        return "計画"
    return f"{_word(line, 'code')} {_word(line, 'name')}".strip()


def _person(data: Mapping[str, Any]) -> str:
    role, owners = _word(data, "role"), data.get("owners")
    held = owners if isinstance(owners, list | tuple) else ()
    told = "・".join(one_line(one) for one in held if isinstance(one, str))
    return _beside(_ROLES.get(role, role), _labelled("担当", told))


def _seal(data: Mapping[str, Any]) -> str:
    number = _word(data, "number")
    return f"{number}回目" if number else ""


_PHRASES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "rating": _rating,
    "meeting": _meeting,
    "recusal": _recusal,
    "opinion": _opinion,
    "direction": _direction,
    "improvement": _improvement,
    "answer": _answer,
    "confirmation": _confirmation,
    "erratum": _erratum,
    "submission": _submission,
    "year": _state,
    "seal": _seal,
    "edition": _edition,
    "revision": _revision,
    "person": _person,
}

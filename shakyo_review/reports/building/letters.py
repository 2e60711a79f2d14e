"""The letters people gave, beside the computed ones: official letter, stages, directions."""

from collections.abc import Iterable, Sequence

from shakyo_review.domain.evaluation import ItemEvaluation, StageResult, scale_for
from shakyo_review.domain.goals import UNRATED, original
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.domain.process import Stage
from shakyo_review.reports.context.parts import Fact, Letter
from shakyo_review.reports.context.year import DepartedRow, Official, StageRow
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import (
    NO_LETTER,
    indicator_letter,
    level_letter,
    member_name,
    node_letter,
)


def given_letter(plan: Plan, code: str, label: str | None, text: str = "") -> Letter:
    """Return a letter of the scale an item or indicator is judged on."""
    if label is None:
        return NO_LETTER
    return level_letter(scale_for(plan, code), label, text=text)


def official_of(m: Material, code: str) -> Official | None:
    """Return the letter people gave an item or indicator (of its source, for a 再掲); None without one."""
    item = m.plan.items.get(code)
    seen = m.story.evaluations.get(code if item is None else original(m.plan, item).code)
    if seen is None or seen.official is None or seen.official_label is None:
        return None
    differs = seen.computed is not None and seen.official_label != seen.computed
    return Official(
        letter=given_letter(m.plan, seen.code, seen.official_label),
        stage=seen.official.stage.name,
        differs=differs,
        reason=_reason(seen) if differs else "",
    )


def official_before(m: Material, code: str) -> Letter:
    """Return the letter people gave an item in the year it is compared with."""
    item = m.plan.items.get(code)
    source = code if item is None else original(m.plan, item).code
    return given_letter(m.plan, source, m.story.before.get(source))


def before_words(m: Material, code: str) -> str:
    """Return last year's letter of people in words, where there is no column for it: 評価 A, or ''."""
    given = official_before(m, code).text
    return "" if given == UNRATED else f"評価 {given}"


def _reason(seen: ItemEvaluation) -> str:
    """Return why the official letter departs: the last reason given for that same letter, else a comment."""
    same = [
        s
        for s in reversed(seen.stages)
        if seen.official is not None
        and s.stage.when is seen.official.stage.when
        and s.label == seen.official_label
        and s.letter is not None
    ]
    for name in ("reason", "comment"):
        for result in same:
            text = getattr(result.letter, name)
            if text:
                return text if result is seen.official else f"{text}（{result.stage.name}）"
    return ""


def departed_rows(m: Material) -> list[DepartedRow]:
    """Return every item and indicator whose official letter is not the computed one, in print order."""
    rows = []
    for code in _in_order(m.plan):
        official = official_of(m, code)
        if official is not None and official.differs and code in m.story.evaluations:
            rows.append(
                DepartedRow(
                    code=code,
                    name=member_name(m.plan, code),
                    computed=given_letter(m.plan, code, m.story.evaluations[code].computed),
                    official=official,
                )
            )
    return rows


def judged_count(m: Material) -> int:
    """Return how many items and indicators have an official letter."""
    return sum(seen.official is not None for seen in m.story.evaluations.values())


def _in_order(plan: Plan) -> Iterable[str]:
    for code, item in plan.items.items():
        yield code
        for indicator in item.node.indicators:
            yield indicator.code


# --- stages side by side ----------------------------------------------------------------------


def stage_table(m: Material, under: Sequence[Item]) -> tuple[list[str], list[StageRow]]:
    """Return the names of the stages that said something under a goal, and a row for each item judged."""
    codes = [
        code for item in under for code in (item.code, *(i.code for i in item.node.indicators))
    ]
    told = [
        seen
        for code in codes
        if (seen := m.story.evaluations.get(code)) is not None
        and (code in m.story.directions or any(_spoke(s) for s in seen.stages))
    ]
    stages = [
        stage
        for stage in m.plan.evaluation.stages
        if any((s := seen.stage(stage.code)) is not None and _spoke(s) for seen in told)
    ]
    return [stage.name for stage in stages], [_row(m, seen, stages) for seen in told]


def _spoke(result: StageResult) -> bool:
    return result.letter is not None or bool(result.members)


def _row(m: Material, seen: ItemEvaluation, stages: Sequence[Stage]) -> StageRow:
    direction = m.story.directions.get(seen.code)
    results = [result for stage in stages if (result := seen.stage(stage.code)) is not None]
    remarks = [fact for result in results for fact in _remarks(result)]
    if direction is not None and direction.note:
        remarks.append(Fact(name="方向性", text=direction.note))
    return StageRow(
        code=seen.code,
        name=member_name(m.plan, seen.code),
        computed=given_letter(m.plan, seen.code, seen.computed),
        before=_before(m, seen.code),
        letters=[_stage_letter(m.plan, seen.code, result) for result in results],
        direction=UNRATED if direction is None else direction.word,
        official=official_of(m, seen.code),
        remarks=remarks,
    )


def _before(m: Material, code: str) -> Letter:
    """Return last year's letter of an item or indicator: of people, else the computed one."""
    given = official_before(m, code)
    if given.text != UNRATED:
        return given
    if code in m.plan.indicators:
        return indicator_letter(m.before_indicator(code))
    return node_letter(m.plan, m.before_node(code))


def _stage_letter(plan: Plan, code: str, result: StageResult) -> Letter:
    if result.letter is None:
        waiting = "未定" if result.members else UNRATED
        return NO_LETTER.model_copy(
            update={"text": waiting, "said": f"{result.stage.name} {waiting}"}
        )
    if result.letter.waiting:
        text = f"差し戻し中（{result.letter.rating}）"
        return NO_LETTER.model_copy(update={"text": text, "said": text})
    return given_letter(plan, code, result.label)


def _remarks(result: StageResult) -> list[Fact]:
    if result.letter is None:
        return []
    told = [("", result.letter.comment), ("の理由", result.letter.reason)]
    return [Fact(name=f"{result.stage.name}{what}", text=text) for what, text in told if text]

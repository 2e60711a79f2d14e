"""The JSON documents of the command contract. Decimals are strings, absent ones null."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from shakyo_review.domain.cell import CellKey
from shakyo_review.domain.checks import Finding
from shakyo_review.domain.derivation import Step
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import NodeScore, YearScore
from shakyo_review.domain.indicator import Dated, Indicator
from shakyo_review.domain.plan import WHOLE_PLAN, Item, Plan
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import STATE_LABELS, State, half_up, plain
from shakyo_review.storage.history import Change as HistoryRow

Json = dict[str, Any]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def plan_view(plan: Plan) -> Json:
    """Return ``plan show --json``."""
    return {
        "plan": {
            "code": plan.code,
            "title": plan.title,
            "body": plan.body,
            "kind": plan.kind.value,
            "first_year": plan.first_year,
            "last_year": plan.last_year,
            "period_note": plan.period_note,
            "philosophy": plan.philosophy,
            "levels": list(plan.levels),
            "parties": list(plan.parties),
            "branches": [{"code": b.code, "name": b.name} for b in plan.branches],
            "rule_set": plan.rule_set.name,
            "scale": plan.scale.name,
            "rule_sets": {name: rules.name for name, rules in plan.rule_sets.items()},
            "scales": {name: scale.name for name, scale in plan.scales.items()},
            "evaluation": plan.evaluation.model_dump(mode="json"),
        },
        "nodes": [_node(plan, item) for item in plan.items.values()],
        "indicators": [_indicator(plan, indicator) for indicator in plan.indicators.values()],
        "funding": [line for item in plan.items.values() for line in _funding(item)],
    }


def _placed(item: Item) -> Json:
    return {key: getattr(item, key) for key in ("code", "parent", "level", "label", "name")}


def _node(plan: Plan, item: Item) -> Json:
    node = item.node
    return {
        **_placed(item),
        "owners": [{"part": owner.part, "name": owner.name} for owner in item.owners],
        "flags": list(node.flags),
        "repeats": node.repeats,
        "merged_from": list(node.merged_from),
        **{key: getattr(node, key) for key in ("formerly", "split_from")},
        "branches": list(plan.branch_codes if node.branches == "all" else node.branches),
        "method": node.method,
        "note": node.note,
        "weight": _text(node.weight),
        "example": node.example,
    }


def _dated(dated: Dated) -> Json:
    return {"value": _text(dated.value), "year": dated.year}


def _indicator(plan: Plan, indicator: Indicator) -> Json:
    rule = indicator.rate_rule
    return {
        "code": indicator.code,
        "action": plan.action_of[indicator.code],
        "name": indicator.name,
        "unit": indicator.unit,
        "direction": indicator.direction.value,
        "measure": indicator.measure.value,
        "kind": indicator.kind.value,
        "target_kind": indicator.target_kind.value,
        "path": indicator.path.value,
        "pace_percent": _text(indicator.pace_percent),
        "steps": {str(year): _text(value) for year, value in indicator.steps.items()},
        "baseline": _dated(indicator.baseline),
        "final_target": _dated(indicator.final_target),
        "parts": indicator.parts.value,
        "periods": indicator.period_rule.value,
        "decimals": indicator.decimals,
        "ceiling": _text(indicator.ceiling),
        "low": _text(indicator.low),
        "high": _text(indicator.high),
        "tolerance": _text(indicator.tolerance),
        "jump": _text(indicator.jump),
        "cadence": indicator.cadence,
        "weight": _text(indicator.weight),
        "main": indicator.main,
        "rule": None if rule is None else rule.value,
        "against": indicator.judged_against.value,
        "formerly": indicator.formerly,
        **{key: getattr(indicator, key) for key in ("rule_set", "scale", "comparable_from")},
        "source": indicator.source,
        "note": indicator.note,
        "example": indicator.example,
    }


def _funding(item: Item) -> Iterable[Json]:
    for place, line in enumerate(item.node.funding, 1):
        for year in sorted({*line.budget, *line.settlement}, reverse=True):
            yield {
                "code": f"{item.code}.f{place}",
                "node": item.code,
                "name": line.name,
                "source": list(line.sources),
                "fiscal_year": year,
                "budget": line.budget.get(year),
                "settlement": line.settlement.get(year),
                "forecast": year in line.forecast,
            }


Official = Mapping[str, tuple[str, str]]
"""The official letter of judged items and the name of the stage that gave it."""


def document(view: Json) -> str:
    """Return a document as it is printed and sealed."""
    return json.dumps(view, ensure_ascii=False, indent=2)


def score_view(score: YearScore, official: Official, *, sealed: bool) -> Json:
    """Return ``score --json``: the computed letters, and beside them the official ones."""
    plan = score.plan

    def given(code: str) -> Json:
        label, stage = official.get(code, (None, None))
        return {"official": label, "official_stage": stage}

    return {
        "plan": plan.code,
        "fiscal_year": score.year,
        "rule_set": plan.rule_set.name,
        "scale": plan.scale.name,
        "sealed": sealed,
        "overall": {**goal_view(plan, score.overall), **given(WHOLE_PLAN)},
        "goals": [{**goal_view(plan, n), **given(n.item.code)} for n in score.nodes.values()],
        "indicators": [
            {**_scored(plan, s), **given(s.indicator.code)} for s in score.indicators.values()
        ],
    }


def goal_view(plan: Plan, node: NodeScore) -> Json:
    """Return the score of an item of the plan."""
    d = plan.rule_set.decimals
    return {
        **_placed(node.item),
        "rating": node.rating,
        "given": node.given,
        "computed": node.computed if node.given else node.rating,
        "score": plain(None if node.score is None else half_up(node.score, d), d),
        "averaged_over": node.averaged_over,
        "rule": node.rule,
        "coverage": {
            "what": node.coverage.what,
            "rated": node.coverage.rated,
            "ratable": node.coverage.ratable,
            "missing": list(node.coverage.missing),
            "reasons": dict(zip(node.coverage.missing, node.coverage.reasons, strict=True)),
        },
        "counts": dict(node.counts),
        "worst": None if node.worst is None else node.worst.code,
        "problem": node.problem,
        "repeats": node.repeats,
        "example": node.example,
    }


def _scored(plan: Plan, s: IndicatorScore) -> Json:
    return {
        "code": s.indicator.code,
        "action": plan.action_of[s.indicator.code],
        "name": s.indicator.name,
        "unit": s.indicator.unit,
        "rule_set": s.rules.name,
        "scale": s.scale.name,
        **figures_view(s),
    }


def figures_view(s: IndicatorScore) -> Json:
    """Return target, actual, rate and letter of an indicator in a year."""
    d = s.indicator.figure_decimals
    reading = s.actual.reading
    return {
        "direction": s.indicator.direction.value,
        "rule": s.rule if s.result is None else s.result.rule,
        "baseline": plain(s.indicator.baseline.value, d),
        "target": plain(s.target.value, d),
        "target_text": s.target.whole.reading.text or None,
        "final_target": plain(s.indicator.final_target.value, d),
        "actual": None if reading.value is None else f"{reading.value:f}",
        "actual_text": reading.text or None,
        "state": reading.state.value,
        "forecast": reading.forecast,
        "measured_year": s.actual.measured_year,
        "rate": plain(s.printed_rate, s.rules.decimals),
        "display": s.display,
        "pace": plain(s.printed_pace, s.rules.decimals),
        "met": s.met,
        "rating": s.rating,
        "reason": None if s.reason is None else s.reason.value,
        "reason_text": s.reason_text,
        "note": s.actual.note,
        "example": s.example,
    }


def steps_view(code: str, kind: str, year: int, steps: list[Step]) -> Json:
    """Return ``explain --json``."""
    return {
        "code": code,
        "kind": kind,
        "fiscal_year": year,
        "steps": [{"title": step.title, "text": step.text} for step in steps],
    }


def findings_view(year: int, findings: list[Finding]) -> Json:
    """Return ``check --json``."""
    return {
        "fiscal_year": year,
        "findings": [
            {
                "kind": f.kind.value,
                "indicator": f.indicator,
                "name": f.name,
                "committee": f.committee,
                "odd": f.odd,
                "text": f.text,
                "confirmed": f.confirmed or None,
            }
            for f in findings
        ],
    }


def facts_text(facts: object) -> str:
    """Return what a history row says of a cell, for people."""
    if not isinstance(facts, dict):
        return "空欄"
    state = facts.get("state")
    text = facts.get("value") or facts.get("text") or facts.get("title") or ""
    if facts.get("denominator"):
        text = f"{text}/{facts['denominator']}"
    if state and state not in ("value", "text"):
        text = "空欄" if state == "not_entered" else STATE_LABELS[State(state)]
    if not text and "value" not in facts and "year" in facts:
        text = "空欄"
    marks = [short_year(facts["year"])] if "year" in facts else []
    marks += [word for key, word in (("forecast", "見込み"), ("example", "例示")) if facts.get(key)]
    note = f" 注記「{facts['note']}」" if facts.get("note") else ""
    return f"{text}{'（' + '・'.join(marks) + '）' if marks else ''}{note}"


def history_view(rows: list[HistoryRow]) -> Json:
    """Return ``history --json``."""
    return {
        "changes": [
            {
                "number": row.number,
                "at": row.at,
                "who": row.who,
                "entity": row.entity,
                "code": row.code,
                "fiscal_year": row.fiscal_year,
                "kind": row.kind,
                "branch": row.branch,
                "period": row.period,
                "old": row.old,
                "new": row.new,
                "reason": row.reason,
            }
            for row in rows
        ]
    }


def outcome_view(key: CellKey, version: int, changed: bool, warnings: Iterable[str]) -> Json:
    """Return ``record --json``."""
    return {
        "indicator": key.indicator,
        "fiscal_year": key.year,
        "kind": key.kind.value,
        "branch": key.branch,
        "period": key.period,
        "version": version,
        "changed": changed,
        "warnings": list(warnings),
    }

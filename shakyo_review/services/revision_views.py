"""Revisions as commands show them, and rule sets and scales by name or file."""

from pathlib import Path
from typing import Any

from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.domain.revision import CHANGE_LABELS, LetterChange, PlanChange, Revision
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.scale import Scale
from shakyo_review.errors import PlanProblem, ReviewError
from shakyo_review.exchange.plan_yaml import load_model
from shakyo_review.exchange.textfile import read_text_file, shown_name
from shakyo_review.services.revising import Outcome

Json = dict[str, Any]

MAX_BYTES = 100_000


def change_text(change: PlanChange) -> str:
    """Return a change in one line: ［改称］1-1 集いの場: 名前: … → …."""
    name = "計画" if change.code == WHOLE_PLAN else f"{change.code} {change.name}"
    return f"［{CHANGE_LABELS[change.kind]}］{name}: {change.text}"


def _change(change: PlanChange) -> Json:
    return {
        "kind": change.kind.value,
        "label": CHANGE_LABELS[change.kind],
        "code": change.code,
        "name": change.name,
        "text": change.text,
    }


def revision_view(revision: Revision) -> Json:
    """Return one revision of ``plan revisions --json``."""
    return {
        "number": revision.number,
        "fiscal_year": revision.effective_year,
        "corrects": revision.corrects,
        "reason": revision.reason,
        "meeting": revision.meeting,
        "date": revision.date,
        "by": revision.by,
        "changes": [_change(change) for change in revision.changes],
    }


def outcome_view(outcome: Outcome, dry_run: bool) -> Json:
    """Return what a command that changes the plan says with ``--json``."""

    def letter(one: LetterChange) -> Json:
        return {
            "fiscal_year": one.year,
            "code": one.code,
            "name": one.name,
            "before": one.before,
            "after": one.after,
        }

    return {
        "dry_run": dry_run,
        "revision": revision_view(outcome.revision),
        "letters": [letter(one) for one in outcome.letters],
        "notes": list(outcome.notes),
    }


def _refuse(message: str, hint: str) -> ReviewError:
    return PlanProblem(message, hint)


def _file(name: str) -> Path | None:
    path = Path(name)
    return path if path.suffix.lower() in (".yaml", ".yml") or path.is_file() else None


def rule_set_named(name: str) -> RuleSet:
    """Return a rule set by its name, or the one of a YAML file."""
    path = _file(name)
    if path is None:
        return RuleSet.preset(name)
    text = read_text_file(path, limit=MAX_BYTES, refuse=_refuse)
    return load_model(RuleSet, text, shown_name(path))


def scale_named(name: str) -> Scale:
    """Return a scale by its name, or the one of a YAML file."""
    path = _file(name)
    if path is None:
        return Scale.preset(name)
    text = read_text_file(path, limit=MAX_BYTES, refuse=_refuse)
    return load_model(Scale, text, shown_name(path))

"""The committee sheets: what each one answers for, on one page."""

from collections.abc import Sequence

from shakyo_review.domain.checks import FindingKind
from shakyo_review.domain.goals import UNRATED
from shakyo_review.domain.improvement import Promise
from shakyo_review.domain.owners import NO_OWNER, owned_by, owners_in
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.reports.building.exceptions import standing_below
from shakyo_review.reports.building.letters import official_of
from shakyo_review.reports.building.story import asked_row, made_row
from shakyo_review.reports.context.documents import CommitteeRow, CommitteeSheet
from shakyo_review.reports.context.parts import Fact
from shakyo_review.reports.context.year import AskedRow, MadeRow
from shakyo_review.reports.fitting import fit, lines, shorten
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import (
    actual_figure,
    indicator_letter,
    item_name,
    letter_counts,
    rate_figure,
    target_figure,
)

MISSING = (FindingKind.MISSING_ACTUAL, FindingKind.MISSING_PART, FindingKind.MISSING_TARGET)
ROOM = 46.0
"""Lines of a sheet (4.2 mm each) for rows, promises and what is missing; head and table heads are apart."""
MISSING_ROOM, PROMISE_ROOM = 8.0, 16.0
"""Of these, the most for what is missing and for the promises."""
NOTE = 180
"""Half-width characters of a note on a sheet."""
NAME_COLUMN, NOTE_COLUMN, PROMISE_COLUMN = 36, 96, 56
"""Half-width characters of a line in a column of the sheet."""


def build_committees(m: Material) -> list[CommitteeSheet]:
    """Build a sheet for everybody who answers for an indicator, in print order."""
    return [_sheet(m, owner, place) for place, owner in enumerate(owners_in(m.plan), 1)]


def _sheet(m: Material, owner: str, place: int) -> CommitteeSheet:
    own = [s for code, s in m.score.indicators.items() if owned_by(m.plan, code, [owner])]
    own.sort(key=standing_below)
    missing = _missing(m, owner)
    shown_missing = fit(missing, lambda fact: 1, MISSING_ROOM)
    asked = [p for p in m.story.asked if _is_theirs(p, owner)]
    made = [p for p in m.story.made if _is_theirs(p, owner)]
    shown_asked = fit([asked_row(m, p, NOTE) for p in asked], _promise_lines, PROMISE_ROOM)
    left = PROMISE_ROOM - sum(map(_promise_lines, shown_asked))
    shown_made = fit([made_row(m.plan, p, NOTE) for p in made], _promise_lines, left)
    room = ROOM - len(shown_missing) - (PROMISE_ROOM - left)
    room -= sum(map(_promise_lines, shown_made))
    rows = [_row(m, score, owner) for score in own]
    shown = fit(rows, _row_lines, room)
    return CommitteeSheet(
        anchor=f"committee-{place}",
        owner=owner,
        facts=_facts(m, own),
        rows=shown,
        rows_more=_more(m, "指標", len(rows) - len(shown)),
        has_official=any(row.official is not None for row in shown),
        asked=shown_asked,
        made=shown_made,
        promises_more=_more(
            m, "改善項目", len(asked) + len(made) - len(shown_asked) - len(shown_made)
        ),
        missing=shown_missing,
        missing_more=_more(m, "もの", len(missing) - len(shown_missing)),
    )


def _more(m: Material, what: str, left: int) -> str:
    return f"ほかの{left}件の{what}は、{m.elsewhere}" if left else ""


def _facts(m: Material, own: Sequence[IndicatorScore]) -> list[Fact]:
    judged = [score for score in own if score.rule is not None]
    rated, ratable = sum(s.rated for s in judged), sum(s.rated or s.ratable for s in judged)
    facts = [
        ("受け持つ指標", f"{len(own)}件（うち評価する指標 {len(judged)}件）"),
        ("評価済み", f"{ratable}件中{rated}件"),
        ("判定ごとの件数", letter_counts(own) or UNRATED),
    ]
    if m.before is not None:
        earlier = [s for one in own if (s := m.before_indicator(one.indicator.code)) is not None]
        facts.append((f"{m.word_before}の件数", letter_counts(earlier) or UNRATED))
    return [Fact(name=name, text=text) for name, text in facts]


def _row(m: Material, score: IndicatorScore, owner: str) -> CommitteeRow:
    ind = score.indicator
    earlier = m.before_indicator(ind.code)
    others = [one.label for one in m.plan.owners_of(ind.code) if one.label != owner]
    return CommitteeRow(
        code=ind.code,
        name=f"{ind.name}（{ind.unit}）" if ind.unit else ind.name,
        action=item_name(m.plan.items[m.plan.action_of[ind.code]]),
        target=target_figure(score),
        actual=actual_figure(score),
        rate=rate_figure(score),
        letter=indicator_letter(score),
        official=official_of(m, ind.code),
        actual_before=actual_figure(earlier),
        letter_before=indicator_letter(earlier),
        done=shorten(score.actual.note, NOTE),
        shared="・".join(others),
    )


def _row_lines(row: CommitteeRow) -> float:
    """Return how many lines of the sheet a row takes."""
    place = f"{row.action}　ほかの担当 {row.shared}" if row.shared else row.action
    name = lines(f"{row.code} {row.name}", NAME_COLUMN) + 0.85 * lines(place, NAME_COLUMN + 4)
    return name + (lines(row.done, NOTE_COLUMN) + 0.4 if row.done else 0) + 0.5


def _promise_lines(row: AskedRow | MadeRow) -> float:
    answer = row.answer if isinstance(row, AskedRow) else ""
    return max(lines(row.text, PROMISE_COLUMN), lines(answer, 34)) + lines(row.item, 60) * 0.8 + 0.4


def _is_theirs(promise: Promise, owner: str) -> bool:
    named = promise.improvement.owner
    return owner == named or owner in named.split("・") or (owner == NO_OWNER and not named)


def _missing(m: Material, owner: str) -> list[Fact]:
    return [
        Fact(name=f"{finding.indicator} {finding.name}", text=finding.text)
        for finding in m.findings
        if finding.kind in MISSING and owned_by(m.plan, finding.indicator, [owner])
    ]

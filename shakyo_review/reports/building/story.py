"""The chapters on people: how the evaluation went, what is promised, how the plan changed."""

from collections import Counter

from shakyo_review.domain.cell import KIND_LABELS, PERIOD_LABELS
from shakyo_review.domain.evaluation import Meeting, attendance
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import UNRATED
from shakyo_review.domain.improvement import RESULT_LABELS, Promise, tally
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.process import Stage
from shakyo_review.domain.revision import CHANGE_LABELS, Revision
from shakyo_review.domain.value import Reading, format_percent, format_reading
from shakyo_review.reports.context.year import (
    AskedRow,
    ErratumRow,
    ImprovementPart,
    MadeRow,
    MeetingRow,
    OpinionRow,
    PlanChanges,
    Proceedings,
    RecusalRow,
    ReturnedRow,
    RevisionBlock,
    RevisionChange,
)
from shakyo_review.reports.fitting import shorten
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import day_text, member_name
from shakyo_review.reports.story import Correction, Said, Standing

UNANSWERED = "未回答"
NOT_SEALED = "未確定（作成時点の値）"


def standing_text(standing: Standing) -> str:
    """Return the state of a year for the cover: 確定（2026年6月25日、1回目）, or that it is not sealed."""
    if not standing.number:
        return NOT_SEALED
    parts = [day_text(standing.day)] if standing.day else []
    parts.append(f"{standing.number}回目")
    if standing.errata:
        parts.append(f"そのあとの正誤{standing.errata}件")
    return f"確定（{'、'.join(parts)}）"


def published_text(standing: Standing) -> str:
    """Return the day of publication for the cover; '' where there is none."""
    return f"公表　{day_text(standing.published)}" if standing.published else ""


def _named(plan: Plan, code: str) -> str:
    """Return code and name of an item or indicator; 計画全体 for the whole; a code known no more alone."""
    if code == WHOLE_PLAN:
        return "計画全体"
    return f"{code} {member_name(plan, code)}".strip()


def _source(who: str, day: str) -> str:
    return "、".join(part for part in (who, day_text(day) if day else "") if part)


# --- 評価の経過と意見 -------------------------------------------------------------------------


def build_proceedings(m: Material) -> Proceedings | None:
    """Build the chapter on how the evaluation went; None where nothing is told."""
    opinions = [_opinion(m.plan, one) for one in m.story.opinions]
    part = Proceedings(
        meetings=_meetings(m),
        recusals=_recusals(m),
        returned=_returned(m),
        opinions_line=_opinions_line(opinions),
        opinions=opinions,
    )
    told = part.meetings or part.recusals or part.returned or part.opinions
    return part if told else None


def _meetings(m: Material) -> list[MeetingRow]:
    held = [
        (meeting.date, place, stage, meeting)
        for place, stage in enumerate(m.plan.evaluation.stages)
        for meeting in m.story.meetings.get(stage.code, ())
    ]
    return [
        MeetingRow(
            date=day_text(date),
            stage=stage.name,
            title=meeting.title or UNRATED,
            present="、".join(meeting.present) or UNRATED,
            absent="、".join(meeting.absent) or UNRATED,
            attendance=_attendance(stage, meeting),
        )
        for date, _, stage, meeting in sorted(held, key=lambda one: one[:2])
    ]


def _attendance(stage: Stage, meeting: Meeting) -> str:
    present, seats = attendance(stage, meeting)
    if not seats:
        return UNRATED
    quorum = "" if stage.quorum is None else f"（定足数 {format_percent(stage.quorum)}）"
    return f"{seats}人中{present}人{quorum}"


def _recusals(m: Material) -> list[RecusalRow]:
    order = {code: place for place, code in enumerate((*m.plan.items, *m.plan.indicators))}
    stages = {stage.code: stage.name for stage in m.plan.evaluation.stages}
    found = sorted(m.story.recusals.items(), key=lambda one: order.get(one[0][0], len(order)))
    return [
        RecusalRow(
            stage=stages.get(stage, stage),
            item=_named(m.plan, code),
            member=member,
            reason=recusal.reason or UNRATED,
        )
        for (code, stage), members in found
        for member, recusal in members.items()
    ]


def _returned(m: Material) -> list[ReturnedRow]:
    rows = []
    for seen in m.story.evaluations.values():
        for result in seen.stages:
            backs = () if result.letter is None else result.letter.returned
            for place, back in enumerate(backs):
                last = place == len(backs) - 1
                if result.letter is not None and last and result.letter.waiting:
                    after = "差し戻し中"
                else:
                    now = (
                        result.letter.rating if last and result.letter else backs[place + 1].rating
                    )
                    after = f"{now} のまま再提出" if now == back.rating else f"{now} に改めた"
                rows.append(
                    ReturnedRow(
                        item=_named(m.plan, seen.code),
                        date=day_text(back.date),
                        stage=f"{result.stage.name} {back.rating}",
                        sender=back.stage,
                        reason=back.reason,
                        after=after,
                    )
                )
    return rows


def _opinion(plan: Plan, said: Said) -> OpinionRow:
    one = said.opinion
    return OpinionRow(
        number=str(said.number),
        about=_named(plan, said.code),
        text=one.text,
        source=_source(one.member, one.date),
        answered=bool(one.answer),
        answer=one.answer or UNANSWERED,
        answer_source=_source(one.answered_by, one.answered_on) if one.answer else "",
    )


def _opinions_line(opinions: list[OpinionRow]) -> str:
    if not opinions:
        return ""
    left = sum(not one.answered for one in opinions)
    rest = f"まだ回答していないものが{left}件あります" if left else "すべてに回答しました"
    return f"意見は{len(opinions)}件です。{rest}。"


# --- 改善 -------------------------------------------------------------------------------------


def build_improvement(m: Material) -> ImprovementPart | None:
    """Build the chapter on promises to improve; None where there are none."""
    asked, made = list(m.story.asked), list(m.story.made)
    if not (asked or made or m.story.directions):
        return None
    return ImprovementPart(
        directions_line=_directions_line(m),
        asked_line=_asked_line(m),
        asked=[asked_row(m, one) for one in asked],
        made=[made_row(m.plan, one) for one in made],
    )


def _directions_line(m: Material) -> str:
    counts = Counter(direction.word for direction in m.story.directions.values())
    if not counts:
        return ""
    order = [*m.plan.evaluation.directions, *sorted(counts)]
    told = [f"{word}{counts[word]}件" for word in dict.fromkeys(order) if counts[word]]
    goals = m.chapter("goals")
    where = f"（項目ごとの方向性は{goals}にあります）" if goals else ""
    return f"次年度の方向性は、{'、'.join(told)}です{where}。"


def _asked_line(m: Material) -> str:
    if not m.story.asked:
        return ""
    counted = tally(m.story.asked, m.score.year)
    return (
        f"これまでに決めた改善項目のうち、{m.head.full}に答えを求めたものは{counted.asked}件です"
        f"（できた {counted.kept}件・一部できた {counted.partly}件・できなかった {counted.not_kept}件"
        f"・未回答 {counted.unanswered}件）。"
    )


def _promise(plan: Plan, promise: Promise, most: int) -> dict[str, str]:
    made = promise.improvement
    return {
        "number": promise.number,
        "item": _named(plan, promise.code),
        "text": shorten(made.text, most) if most else made.text,
        "owner": made.owner or UNRATED,
        "due": year_label(made.due),
    }


def made_row(plan: Plan, promise: Promise, most: int = 0) -> MadeRow:
    """Return a promise made this year; its text is shortened to ``most`` half-width characters, if given."""
    return MadeRow(**_promise(plan, promise, most))


def asked_row(m: Material, promise: Promise, most: int = 0) -> AskedRow:
    """Return a promise of an earlier year with this year's answer, texts shortened as in ``made_row``."""
    answer = promise.answer_in(m.score.year)
    result = UNANSWERED if answer is None else RESULT_LABELS[answer.result]
    if answer is not None and answer.closed:
        result += "（これで終わり）"
    told = "" if answer is None else answer.text
    return AskedRow(
        **_promise(m.plan, promise, most),
        result=result,
        answer=shorten(told, most) if most else told,
    )


# --- 計画の変更 -------------------------------------------------------------------------------


def build_changes(m: Material) -> PlanChanges | None:
    """Build the chapter on changes of the plan and errata; None where there are none."""
    revisions, errata = m.story.revisions, m.story.corrections
    if not (revisions or errata):
        return None
    titles = [("計画の変更", revisions), ("正誤", errata)]
    return PlanChanges(
        title="・".join(title for title, found in titles if found),
        revisions=[_revision(one) for one in revisions],
        errata=[_erratum(one) for one in errata],
    )


def _revision(one: Revision) -> RevisionBlock:
    since = f"{year_label(one.effective_year)}から"
    return RevisionBlock(
        since=f"{since}（誤りの訂正）" if one.corrects else since,
        reason=one.reason,
        decided=_source(one.meeting, one.date),
        changes=[
            RevisionChange(
                label=CHANGE_LABELS[change.kind],
                item="計画全体" if change.code == WHOLE_PLAN else f"{change.code} {change.name}",
                text=change.text,
            )
            for change in one.changes
        ],
        span=str(len(one.changes) + 1),
    )


def _erratum(one: Correction) -> ErratumRow:
    place = [
        short_year(one.year),
        one.code,
        one.name,
        one.branch,
        PERIOD_LABELS.get(one.period, ""),
    ]
    return ErratumRow(
        number=str(one.number),
        place=" ".join(part for part in (*place, KIND_LABELS[one.kind]) if part),
        old=_reading(one.old, one),
        new=_reading(one.new, one),
        reason=one.reason,
        date=day_text(one.date),
    )


def _reading(reading: Reading, one: Correction) -> str:
    text = format_reading(reading, one.decimals, blank="空欄")
    return (
        f"{text}{one.unit}" if reading.value is not None and reading.denominator is None else text
    )

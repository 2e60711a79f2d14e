"""Why a figure is changed, and where a target was decided."""

from collections.abc import Callable, Mapping, Sequence

from textual.app import App

from shakyo_review.services.entry import ReasonNeeded
from shakyo_review.ui.dialogs.form import REASON, Form, Line

MEETING = "meeting"


def with_meeting(reason: str, meeting: str) -> str:
    """Return a reason with the meeting that decided it: 支所の統合のため（第2回懇話会）."""
    reason, meeting = reason.strip(), meeting.strip()
    return f"{reason}（{meeting}）" if meeting else reason


def ask_reason(
    app: App[None],
    title: str,
    about: Sequence[str],
    then: Callable[[str | None], None],
    *,
    meeting: bool = False,
    hint: str = "",
) -> None:
    """Ask for a reason and go on with it; with None where the person leaves the question."""
    given: list[str] = []

    def take(values: Mapping[str, str]) -> None:
        if not values[REASON].strip():
            raise ReasonNeeded("理由を書いてください。", "書かずにやめるときは Esc を押します。")
        given.append(with_meeting(values[REASON], values.get(MEETING, "")))

    fields = [Line(REASON, "理由", hint=hint)]
    if meeting:
        fields.append(Line(MEETING, "決めた会議", hint="あれば書きます（例: 第2回懇話会）"))
    form = Form(title, fields, take, about=about)
    app.push_screen(form, lambda stored: then(given[-1] if stored else None))

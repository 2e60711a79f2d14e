"""One text asked of a person: a reason, an opinion, an answer."""

from collections.abc import Callable, Sequence

from shakyo_review.ui.dialogs.form import REASON, Form, Line, Lines, Seen


class AskText(Form):
    """A line, or several lines, with a title and a hint; ``store`` takes the text."""

    def __init__(
        self,
        title: str,
        store: Callable[[str], object],
        *,
        label: str = "理由",
        value: str = "",
        hint: str = "",
        about: Sequence[str] = (),
        several: bool = False,
        ok: str = "決める",
        seen: Seen | None = None,
    ) -> None:
        field = (
            Lines(REASON, label, value, hint, height=6)
            if several
            else Line(REASON, label, value, hint)
        )
        super().__init__(
            title,
            [field],
            lambda values: _done(store(values[REASON])),
            about=about,
            ok=ok,
            seen=seen,
        )


def _done(_: object) -> None:
    """Take no notice of what a service gives back."""

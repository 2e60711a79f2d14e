"""The question before a submission (提出)."""

from shakyo_review.ui.dialogs.form import Form


class SubmitForm(Form):
    """A form that lists what is not in yet at full height."""

"""What the services say, in the words of the screens: a key where a command is named."""

from shakyo_review.errors import ReviewError

STEP = "Ctrl+G（年度を進める）"
_KEYS = {
    "「year open」": STEP,
    "「year evaluate」": STEP,
    "「year entry」か「reopen」": STEP,
    "「year ready」": STEP,
    "「reopen」": STEP,
    "「opinion list」": "Ctrl+O（意見）",
}


def sentence(problem: ReviewError) -> str:
    """Return what a person reads where something cannot be done."""
    text = str(problem)
    for command, key in _KEYS.items():
        text = text.replace(command, key)
    return text

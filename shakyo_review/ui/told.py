"""What the services say, in the words of the screens: a key where a command is named."""

from shakyo_review.errors import ReviewError

STEP = "Ctrl+G（年度を進める）"
_KEYS = {
    "「year open」": STEP,
    "「year evaluate」": STEP,
    "「year entry」か「reopen」": STEP,
    "「year ready」": STEP,
    "「errata」で正誤として残すか、「reopen」で確定を解いてください": (
        f"「入力」の画面で値を打って正誤として残すか、{STEP}で確定を解いてください"
    ),
    "「errata」": "「入力」の Ctrl+T（正誤）",
    "「reopen」": STEP,
    "「opinion list」": "Ctrl+O（意見）",
    "「meeting」": "Ctrl+B（会議・出席）",
    "計画の「evaluation」": "計画に決めた評価の段階",
    "「plan show」": "Ctrl+L（計画）",
    "「check」": "「入力」の画面",
    "「verify」": "「履歴」の Ctrl+G（確かめる）",
    "（--take）": "",
    "（--take、--cell）": "",
    "変更の理由（--reason）を添えてください": "変更の理由を書いてください",
    "やめる年度を --from で指定してください": "やめる年度を選んでください",
    "記号を指定してください": "評価を選んでください",
    "記号と理由を指定してください": "評価を選び、理由を書いてください",
}


def sentence(problem: ReviewError) -> str:
    """Return what a person reads where something cannot be done."""
    text = str(problem)
    for command, key in _KEYS.items():
        text = text.replace(command, key)
    return text

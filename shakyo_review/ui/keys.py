"""The one table of keys: bindings, the hint line, the help screen and the manual come from it.

No plain letter is a command (kana mode swallows it); no Ctrl+H/I/J/M, Ctrl+Enter, Shift+Enter,
F10-F12 (terminals do not send them, or send them as something else).
"""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One key: how it is pressed, what it does (action), how it is called, and where it holds."""

    id: str
    keys: str
    shown: str
    action: str
    label: str
    help: str
    where: str
    hint: bool = False
    first: bool = False
    """Whether it comes before the widget in focus (which may scroll with the same key)."""

    def binding(self) -> Binding:
        """Return the textual binding."""
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=self.hint,
            key_display=self.shown,
            tooltip=self.help,
            id=self.id,
            priority=self.first,
        )


EVERYWHERE = "どの画面でも"
ENTRY = "入力"
SCORES = "評価"
COMPARE = "年度比較"
REPORT = "報告書"
HOME = "はじめ"

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("help", "f1", "F1", "show_help", "ヘルプ", "この画面で使えるキーの一覧を出します", EVERYWHERE, hint=True),
    Key("home", "f5", "F5", "go('home')", "はじめ", "はじめの画面（進み具合）へ移ります", EVERYWHERE),
    Key("entry", "f6", "F6", "go('entry')", "入力", "目標・実績の入力へ移ります", EVERYWHERE),
    Key("scores", "f7", "F7", "go('scores')", "評価", "目標ごとの評価と、その理由へ移ります", EVERYWHERE),
    Key("compare", "f8", "F8", "go('compare')", "年度比較", "年度を並べた比較へ移ります", EVERYWHERE),
    Key("report", "f9", "F9", "go('report')", "報告書", "報告書を作る画面へ移ります", EVERYWHERE),
    Key("year_back", "ctrl+pageup", "Ctrl+PgUp", "year(-1)", "前の年度", "1つ前の年度に切り替えます", EVERYWHERE, first=True),
    Key("year_next", "ctrl+pagedown", "Ctrl+PgDn", "year(1)", "次の年度", "1つ後の年度に切り替えます", EVERYWHERE, first=True),
    Key("choose_year", "ctrl+n", "Ctrl+N", "choose_year", "年度を選ぶ", "年度の一覧から選びます", EVERYWHERE),
    Key("palette", "ctrl+p", "Ctrl+P", "command_palette", "操作を探す", "操作の名前で探して実行します", EVERYWHERE),
    Key("saved", "ctrl+s", "Ctrl+S", "saved", "保存の確認", "最後に保存した時刻を示します（入力はそのつど保存されます）", EVERYWHERE),
    Key("back", "escape", "Esc", "back", "戻る", "はじめの画面へ戻ります", EVERYWHERE),
    Key("quit", "ctrl+q", "Ctrl+Q", "quit", "終わる", "終わります。入力はすべて保存されています", EVERYWHERE, hint=True),
    Key("choose", "enter", "Enter", "choose", "選ぶ", "右の一覧で選んだ作業へ進みます（上下の矢印で動きます）", HOME, hint=True),
    Key("fold", "enter", "Enter", "fold", "ひらく", "選んだ行の下をひらきます。もう一度押すとたたみます", SCORES, hint=True),
    Key("fold_in", "left", "←", "fold_in", "たたむ", "選んだ行をたたみます。たたまれた行では1つ上の段へ移ります", SCORES),
    Key("fold_out", "right", "→", "fold_out", "ひらく", "選んだ行をひらきます", SCORES),
    Key("fold_all", "ctrl+e", "Ctrl+E", "fold_all", "全部ひらく", "すべての行をひらきます。もう一度押すと、すべてたたみます", SCORES, hint=True),
    Key("reason", "ctrl+w", "Ctrl+W", "reason", "理由を読む", "理由の欄へ移り、矢印で送って読みます。もう一度押すと表へ戻ります", SCORES, hint=True),
    Key("switch", "ctrl+t", "Ctrl+T", "switch", "目標・指標", "目標ごとの表と、指標ごとの表を切り替えます", COMPARE, hint=True),
    Key("by_fall", "ctrl+r", "Ctrl+R", "by_fall", "並べかえ", "下がったものから順に並べます。もう一度押すと計画の順に戻ります", COMPARE, hint=True),
    Key("make", "ctrl+g", "Ctrl+G", "make", "作成する", "選んだ形式の報告書を作ります", REPORT, hint=True),
    Key("confirm", "enter", "Enter", "confirm", "確定", "入力を確定（保存）して、下の行へ進みます", ENTRY, hint=True),
    Key("next_field", "tab", "Tab", "next_field(1)", "次の欄", "確定して、まだ値のない次の欄へ進みます", ENTRY),
    Key("last_field", "shift+tab", "Shift+Tab", "next_field(-1)", "前の欄", "確定して、まだ値のない前の欄へ戻ります", ENTRY),
    Key("cancel", "escape", "Esc", "cancel", "やめる", "入力をやめて、元の値のままにします。入力中でなければ、はじめの画面へ戻ります", ENTRY),
    Key("edit", "f2", "F2", "edit", "直す", "今の値を残したまま直します（数字を打てば置きかえ）", ENTRY, hint=True),
    Key("find", "f3", "F3", "find", "探す", "取組や指標の名前で探します", ENTRY),
    Key("next_blank", "f4", "F4", "next_blank(1)", "次の空欄", "まだ入っていない実績へ進みます", ENTRY, hint=True),
    Key("last_blank", "shift+f4", "Shift+F4", "next_blank(-1)", "前の空欄", "まだ入っていない実績へ戻ります", ENTRY),
    Key("clear", "delete", "Delete", "clear", "消す", "値を消して未入力に戻します（Ctrl+Z で戻せます）", ENTRY),
    Key("undo", "ctrl+z", "Ctrl+Z", "undo", "元に戻す", "直前の変更を取り消します", ENTRY, hint=True),
    Key("redo", "ctrl+y", "Ctrl+Y", "redo", "やり直す", "取り消した変更をやり直します", ENTRY),
    Key("same_above", "ctrl+d", "Ctrl+D", "same_above", "上と同じ", "1つ上の値を写します", ENTRY),
    Key("unfold", "ctrl+e", "Ctrl+E", "unfold", "内訳", "内訳（区・支所や月ごとの行）を開く／閉じる", ENTRY),
    Key("committee", "ctrl+o", "Ctrl+O", "choose_committee", "担当", "自分の担当の行だけにする、またはすべてを出します", ENTRY),
    Key("why", "ctrl+w", "Ctrl+W", "why", "理由", "率と判定の理由（算出過程）を出します", ENTRY),
    Key("copy", "ctrl+c", "Ctrl+C", "copy", "写す", "今の値を写し取ります。貼り付けは端末の貼り付けを使います", ENTRY),
)
# fmt: on
"""Every key of the program. Screens bind those of their own place beside those that hold everywhere."""


def bindings_for(where: str) -> list[Binding]:
    """Return the bindings of one screen."""
    return [key.binding() for key in KEYS if key.where == where]


def keys_of(where: str) -> list[Key]:
    """Return what the help screen lists for a screen: its own keys, then those that hold everywhere."""
    return [key for key in KEYS if key.where == where] + [
        key for key in KEYS if key.where == EVERYWHERE
    ]


def hint_line(where: str) -> str:
    """Return the one line of key hints at the foot of a screen."""
    return "  ".join(f"{key.shown} {key.label}" for key in keys_of(where) if key.hint)


def manual_table() -> str:
    """Return the tables of keys for the manual, one per screen."""
    lines: list[str] = []
    for where in dict.fromkeys(key.where for key in KEYS):
        lines += [f"**{where}**", "", "| キー | 名前 | はたらき |", "|---|---|---|"]
        lines += [
            f"| {key.shown} | {key.label} | {key.help} |" for key in KEYS if key.where == where
        ]
        lines.append("")
    return "\n".join(lines).strip()


if __name__ == "__main__":
    print(manual_table())

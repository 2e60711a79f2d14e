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
MEETING = "会議"
IMPROVE = "改善"
COMPARE = "年度比較"
PLAN = "計画"
HISTORY = "履歴"
REPORT = "報告書"
HOME = "はじめ"
INCOMING = "取り込み"

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("help", "f1", "F1", "show_help", "ヘルプ", "この画面で使えるキーの一覧を出します", EVERYWHERE, hint=True),
    Key("home", "f5", "F5", "go('home')", "はじめ", "はじめの画面（進み具合）へ移ります", EVERYWHERE),
    Key("entry", "f6", "F6", "go('entry')", "入力", "目標・実績の入力へ移ります", EVERYWHERE),
    Key("scores", "f7", "F7", "go('scores')", "評価", "目標ごとの評価と、その理由へ移ります", EVERYWHERE),
    Key("improve", "ctrl+k", "Ctrl+K", "go('improve')", "改善", "今後の方向性と、改善項目の約束・結果へ移ります", EVERYWHERE, first=True),
    Key("compare", "f8", "F8", "go('compare')", "年度比較", "年度を並べた比較へ移ります", EVERYWHERE),
    Key("report", "f9", "F9", "go('report')", "報告書", "報告書を作る画面へ移ります", EVERYWHERE),
    Key("plan", "ctrl+l", "Ctrl+L", "go('plan')", "計画", "計画の内容（体系・指標・目標）と、その改定へ移ります", EVERYWHERE),
    Key("history", "ctrl+r", "Ctrl+R", "go('history')", "履歴", "だれが、いつ、何を、なぜ変えたかの一覧へ移ります", EVERYWHERE),
    Key("sheets_out", "shift+f5,f17", "Shift+F5", "sheets_out", "記入シートを出す", "担当が Excel で記入する表（記入シート）を、担当ごとに書き出します", EVERYWHERE),
    Key("incoming", "shift+f6,f18", "Shift+F6", "go('incoming')", "取り込み", "記入シート・進捗管理シート・CSV を取り込む画面へ移ります。変わるところを先に見せます", EVERYWHERE),
    Key("history_here", "ctrl+u", "Ctrl+U", "history_here", "この行の履歴", "選んだ行（指標・取組）の履歴だけを出します", EVERYWHERE),
    Key("year_back", "ctrl+pageup", "Ctrl+PgUp", "year(-1)", "前の年度", "1つ前の年度に切り替えます", EVERYWHERE, first=True),
    Key("year_next", "ctrl+pagedown", "Ctrl+PgDn", "year(1)", "次の年度", "1つ後の年度に切り替えます", EVERYWHERE, first=True),
    Key("choose_year", "ctrl+n", "Ctrl+N", "choose_year", "年度を選ぶ", "年度の一覧から選びます", EVERYWHERE),
    Key("palette", "ctrl+p", "Ctrl+P", "command_palette", "操作を探す", "操作の名前で探して実行します", EVERYWHERE),
    Key("saved", "ctrl+s", "Ctrl+S", "saved", "保存の確認", "最後に保存した時刻を示します（入力はそのつど保存されます）", EVERYWHERE),
    Key("back", "escape", "Esc", "back", "戻る", "はじめの画面へ戻ります", EVERYWHERE),
    Key("quit", "ctrl+q", "Ctrl+Q", "quit", "終わる", "終わります。入力はすべて保存されています", EVERYWHERE, hint=True),
    Key("choose", "enter", "Enter", "choose", "選ぶ", "右の一覧で選んだ作業へ進みます（上下の矢印で動きます）", HOME, hint=True),
    Key("year_step", "ctrl+g", "Ctrl+G", "year_step", "年度を進める", "記入・評価・確定・公表のどこまで来たかと、残っていることを出し、次へ進めます", HOME, hint=True),
    Key("merge", "ctrl+b", "Ctrl+B", "app.go('incoming')", "別の台帳を合わせる", "別々に記入した台帳の写しを、この台帳に合わせます（取り込みの画面で、写しのファイルを選びます）", HOME),
    Key("people", "f2", "F2", "app.people", "利用者", "だれが使っているかを選びます。事務局は、利用者を登録し、役割・担当・合言葉を決めます", HOME, hint=True),
    Key("rate", "f2", "F2", "rate", "評価を付ける", "選んだ行に、段階（自己評価など）ごとの評価と所見を付けます", SCORES, hint=True),
    Key("send_back", "f3", "F3", "send_back", "差し戻し", "前の段階の評価を、理由を付けて差し戻します", SCORES),
    Key("next_unrated", "f4", "F4", "next_unrated", "次の未評価", "まだ評価が付いていない次の行へ進みます", SCORES),
    Key("member", "ctrl+y", "Ctrl+Y", "member", "委員の評価", "委員ひとりずつの評価を記録します", SCORES),
    Key("meeting", "ctrl+b", "Ctrl+B", "meeting", "会議・出席", "会議の日と、委員の出席・欠席を記録し、定足数を確かめます", SCORES),
    Key("recuse", "ctrl+x", "Ctrl+X", "recuse", "除斥", "委員が、選んだ行の評価から外れることを、理由を付けて記録します", SCORES),
    Key("withdraw", "delete", "Delete", "withdraw", "取り下げ", "付けた評価を、理由を付けて取り下げます", SCORES),
    Key("opinion", "ctrl+o", "Ctrl+O", "opinion", "意見", "懇話会・委員会の意見を書き、回答します", SCORES),
    Key("direction", "ctrl+d", "Ctrl+D", "direction", "方向性", "次の年度の方向性（継続・改善など）を決めます", SCORES),
    Key("promise", "ctrl+t", "Ctrl+T", "promise", "改善項目", "次の年度に向けた改善の約束を足します", SCORES),
    Key("agenda", "ctrl+a", "Ctrl+A", "agenda", "会議", "会議の画面（大きな字）へ移り、意見が違う項目と判定が低い項目だけを順に見ます", SCORES, hint=True),
    Key("differing", "ctrl+f", "Ctrl+F", "differing", "段階を並べる", "段階ごとの評価を横に並べ、違うものから順に出します。もう一度押すと、目標の表に戻ります", SCORES, hint=True),
    Key("scores_step", "ctrl+g", "Ctrl+G", "year_step", "年度を進める", "残っていることを確かめ、評価・確定・公表へ進めます", SCORES),
    Key("fold", "enter", "Enter", "fold", "ひらく", "選んだ行の下をひらきます。もう一度押すとたたみます", SCORES),
    Key("fold_in", "left", "←", "fold_in", "たたむ", "選んだ行をたたみます。たたまれた行では1つ上の段へ移ります", SCORES),
    Key("fold_out", "right", "→", "fold_out", "ひらく", "選んだ行をひらきます", SCORES),
    Key("fold_all", "ctrl+e", "Ctrl+E", "fold_all", "全部ひらく", "すべての行をひらきます。もう一度押すと、すべてたたみます", SCORES),
    Key("reason", "ctrl+w", "Ctrl+W", "reason", "理由を読む", "理由の欄へ移り、矢印で数値を選びます。Enter でその内訳や履歴へ進み、Esc で戻ります", SCORES),
    Key("scores_back", "escape", "Esc", "leave", "戻る", "理由の欄や段階の表から、目標の表へ戻ります。目標の表では、はじめの画面へ戻ります", SCORES),
    Key("turn_on", "right,pagedown", "→", "turn(1)", "次の項目", "次の項目へ進みます（PgDn でも進みます）", MEETING, hint=True, first=True),
    Key("turn_back", "left,pageup", "←", "turn(-1)", "前の項目", "前の項目へ戻ります（PgUp でも戻ります）", MEETING, hint=True, first=True),
    Key("meeting_rate", "f2", "F2", "rate", "評価を付ける", "この項目に、段階ごとの評価と所見を付けます", MEETING, hint=True),
    Key("meeting_list", "f3", "F3", "list", "一覧", "話し合う項目の一覧から選びます（済みの項目は後ろにあります）", MEETING, hint=True),
    Key("settle", "enter", "Enter", "settle", "済みにする", "この項目を済みとして後ろへ回します。もう一度押すと戻します（この画面だけの印です）", MEETING),
    Key("meeting_opinion", "ctrl+o", "Ctrl+O", "opinion", "意見", "この項目への意見を書き、回答します", MEETING),
    Key("meeting_member", "ctrl+y", "Ctrl+Y", "member", "委員の評価", "委員ひとりずつの評価を記録します", MEETING),
    Key("meeting_direction", "ctrl+d", "Ctrl+D", "direction", "方向性", "次の年度の方向性を決めます", MEETING),
    Key("meeting_promise", "ctrl+t", "Ctrl+T", "promise", "改善項目", "次の年度に向けた改善の約束を足します", MEETING),
    Key("meeting_held", "ctrl+b", "Ctrl+B", "meeting", "会議・出席", "会議の日と、委員の出席・欠席を記録します", MEETING),
    Key("meeting_reason", "ctrl+w", "Ctrl+W", "reason", "理由を読む", "率と判定の理由（算出過程）を出します", MEETING),
    Key("meeting_back", "escape", "Esc", "back_to_scores", "評価へ戻る", "評価の画面の、この項目の行へ戻ります", MEETING),
    Key("answer", "enter", "Enter", "answer", "答える", "選んだ改善項目の結果（できた・一部できた・できなかった）を書きます", IMPROVE, hint=True),
    Key("add_promise", "f2", "F2", "promise", "改善項目を足す", "この年度の評価から、次の年度に向けた改善の約束を足します", IMPROVE, hint=True),
    Key("next_unanswered", "f4", "F4", "next_unanswered", "次の未回答", "まだ結果が書かれていない改善項目へ進みます", IMPROVE, hint=True),
    Key("add_direction", "ctrl+d", "Ctrl+D", "direction", "方向性", "取組などを選んで、次の年度の方向性を決めます", IMPROVE),
    Key("other_table", "tab", "Tab", "app.focus_next", "上下の表", "上の表（答える改善項目）と下の表（この年度に決めたこと）を行き来します", IMPROVE),
    Key("switch", "ctrl+t", "Ctrl+T", "switch", "目標・指標", "目標ごとの表と、指標ごとの表を切り替えます", COMPARE, hint=True),
    Key("compare_years", "f2", "F2", "choose_years", "並べる年度", "並べて比べる年度を選びます（スペースキーで印を付けます）", COMPARE),
    Key("compare_narrow", "f3", "F3", "narrow", "絞りこむ", "担当・目標・判定・下がったもの・目標の変更・注意の印で絞ります。重ねて絞れます。名前でも探せます", COMPARE, hint=True),
    Key("next_fall", "f4", "F4", "next_fall", "次の低下", "下がった行のうち、次のものへ進みます", COMPARE),
    Key("order", "ctrl+f", "Ctrl+F", "order", "並べかえ", "押すたびに、計画の順・下がった順・判定の順（低いものから）・コード順に並べかえます", COMPARE, hint=True),
    Key("compare_whole", "enter", "Enter", "whole", "くわしく", "選んだ行の、年度ごとの値、違い、算出のしかたをすべて出します", COMPARE),
    Key("compare_widen", "escape", "Esc", "widen", "すべて出す", "絞りこみをやめます。絞りこんでいなければ、はじめの画面へ戻ります", COMPARE),
    Key("plan_fold", "enter", "Enter", "fold", "ひらく", "選んだ行の下をひらきます。もう一度押すとたたみます", PLAN),
    Key("plan_in", "left", "←", "fold_in", "たたむ", "選んだ行をたたみます。たたまれた行では1つ上の段へ移ります", PLAN),
    Key("plan_out", "right", "→", "fold_out", "ひらく", "選んだ行をひらきます", PLAN),
    Key("plan_change", "f2", "F2", "change", "変える", "選んだ行を変えます（名前・番号・担当・目標・追加・移動・休止・統合・分割）", PLAN, hint=True),
    Key("plan_find", "f3", "F3", "find", "探す", "取組や指標の名前で探します", PLAN, hint=True),
    Key("plan_next", "f4", "F4", "next_wanted", "次の未決定", "担当や目標がまだ決まっていない次の行へ進みます", PLAN),
    Key("plan_rules", "ctrl+t", "Ctrl+T", "change_rules", "規則・基準", "率の規則の組、評価基準、計画の名称を変えます", PLAN),
    Key("plan_add", "ctrl+g", "Ctrl+G", "add", "加える", "選んだ行の次に、項目（指標の行では指標）を続けて加えます", PLAN, hint=True),
    Key("plan_undo", "ctrl+z", "Ctrl+Z", "undo", "元に戻す", "計画を作っている間（実績が入るまで）、直前の変更を元に戻します", PLAN),
    Key("plan_read", "ctrl+w", "Ctrl+W", "read", "くわしく", "くわしい内容の欄へ移り、矢印で送って読みます。もう一度押すと表へ戻ります", PLAN, hint=True),
    Key("plan_all", "ctrl+e", "Ctrl+E", "fold_all", "全部ひらく", "すべての行をひらきます。もう一度押すと、すべてたたみます", PLAN),
    Key("whole", "enter", "Enter", "whole", "くわしく", "選んだ変更の内容をすべて出します。まとめられた行（取り込みなど）では、ひらく・たたむ", HISTORY, hint=True),
    Key("narrow", "f3", "F3", "narrow", "絞りこむ", "絞りこみの欄へ移ります。コード・年度・人・ことばを空白で区切って並べます", HISTORY, hint=True),
    Key("kind", "ctrl+t", "Ctrl+T", "choose_kind", "種類", "変更の種類（値・評価・改定など）で絞ります", HISTORY),
    Key("person", "ctrl+o", "Ctrl+O", "choose_person", "人", "変えた人で絞ります", HISTORY),
    Key("widen", "escape", "Esc", "widen", "すべて出す", "絞りこみをやめます。絞りこんでいなければ、はじめの画面へ戻ります", HISTORY),
    Key("bring_back", "f2", "F2", "bring_back", "値を戻す", "選んだ行の値（変更の前か後）に、理由を付けて戻します", HISTORY, hint=True),
    Key("verify", "ctrl+g", "Ctrl+G", "verify", "確かめる", "履歴のつながりと、値・確定した結果が合っているかを調べます", HISTORY),
    Key("make", "ctrl+g", "Ctrl+G", "make", "作成する", "選んだ文書を、選んだ形式で作ります", REPORT, hint=True),
    Key("report_chapters", "f2", "F2", "chapters", "省く章", "評価報告書に載せる章と、省く章を選びます", REPORT, hint=True),
    Key("report_all", "ctrl+a", "Ctrl+A", "choose_all", "すべて選ぶ", "すべての文書を、すべての形式で作るように選びます。もう一度押すと、評価報告書だけに戻します", REPORT, hint=True),
    Key("report_stop", "escape", "Esc", "leave_report", "やめる", "作成をやめます（ファイルは書きません）。作成中でなければ、はじめの画面へ戻ります", REPORT),
    Key("report_open", "ctrl+o", "Ctrl+O", "open", "ひらく", "できた報告書を開きます（パソコンの画面で使っているとき）", REPORT),
    Key("report_copy", "ctrl+c", "Ctrl+C", "copy_place", "場所を写す", "できた報告書の場所と名前を写し取ります", REPORT),
    Key("incoming_decide", "enter", "Enter", "decide", "選ぶ", "選んだ行を、取り込むか台帳のままにするかを切りかえます。列の一覧では読み方を、指標の分からない行では指標を選びます", INCOMING, hint=True),
    Key("incoming_source", "f2", "F2", "take_all('source')", "みな取り込む", "食い違う値をすべて「取り込む」にします（食い違いがなければ、すべての行）", INCOMING),
    Key("incoming_book", "f3", "F3", "take_all('book')", "みな台帳", "食い違う値をすべて「台帳のまま」にします（食い違いがなければ、すべての行）", INCOMING),
    Key("incoming_next", "f4", "F4", "next_open", "次の未決定", "まだ決まっていない次の行へ進みます", INCOMING, hint=True),
    Key("incoming_write", "ctrl+g", "Ctrl+G", "go_on", "書き込む", "列の読み方を決めて進みます。一覧では、決めたとおりに台帳へ書き込みます", INCOMING, hint=True),
    Key("incoming_columns", "ctrl+t", "Ctrl+T", "columns", "列の読み方", "進捗管理シートの列の読み方を見なおします", INCOMING),
    Key("incoming_years", "ctrl+f", "Ctrl+F", "all_years", "全部の年度", "進捗管理シートのすべての年度を読みます。もう一度押すと、画面の年度だけに戻ります", INCOMING),
    Key("incoming_back", "escape", "Esc", "step_back", "戻る", "ファイルを選ぶところへ戻ります（書き込みません）。そこでは、はじめの画面へ戻ります", INCOMING),
    Key("confirm", "enter", "Enter", "confirm", "確定", "入力を確定（保存）して、下の行へ進みます", ENTRY),
    Key("next_field", "tab", "Tab", "next_field(1)", "次の欄", "確定して、まだ値のない次の欄へ進みます", ENTRY),
    Key("last_field", "shift+tab", "Shift+Tab", "next_field(-1)", "前の欄", "確定して、まだ値のない前の欄へ戻ります", ENTRY),
    Key("cancel", "escape", "Esc", "cancel", "やめる", "入力をやめて、元の値のままにします。入力中でなければ、はじめの画面へ戻ります", ENTRY),
    Key("edit", "f2", "F2", "edit", "直す", "今の値を残したまま直します（数字を打てば置きかえ）", ENTRY, hint=True),
    Key("find", "f3", "F3", "find", "探す", "取組や指標の名前で探します", ENTRY),
    Key("next_blank", "f4", "F4", "next_blank(1)", "次の空欄", "まだ入っていない実績へ進みます", ENTRY, hint=True),
    Key("last_blank", "shift+f4,f16", "Shift+F4", "next_blank(-1)", "前の空欄", "まだ入っていない実績へ戻ります", ENTRY),
    Key("shift_move", "shift+up,shift+down,shift+left,shift+right", "Shift+矢印", "shift_move('down')", "確定して移る", "入力を確定して、矢印の方向へ進みます（入力中でも左右へ動けます）", ENTRY),
    Key("no_value", "ctrl+x", "Ctrl+X", "no_value", "値がない理由", "中止・調査未実施・集計中・対象外などを一覧から選びます。言葉を打っても同じです", ENTRY),
    Key("note", "ctrl+a", "Ctrl+A", "note", "実施内容", "この年度に行ったことを、ことばで書きます。書いた行には「文」の印が付きます", ENTRY),
    Key("clear", "delete", "Delete", "clear", "消す", "値を消して未入力に戻します（Ctrl+Z で戻せます）", ENTRY),
    Key("undo", "ctrl+z", "Ctrl+Z", "undo", "元に戻す", "直前の変更を取り消します", ENTRY, hint=True),
    Key("redo", "ctrl+y", "Ctrl+Y", "redo", "やり直す", "取り消した変更をやり直します", ENTRY),
    Key("same_above", "ctrl+d", "Ctrl+D", "same_above", "上と同じ", "1つ上の値を写します", ENTRY),
    Key("unfold", "ctrl+e", "Ctrl+E", "unfold", "内訳", "内訳（区・支所、月・四半期ごとの行）を開く、または閉じます", ENTRY),
    Key("committee", "ctrl+o", "Ctrl+O", "choose_committee", "担当", "どの担当の行を出すかを選びます", ENTRY),
    Key("all_rows", "ctrl+f", "Ctrl+F", "all_rows", "全部の行", "すべての担当の行を出します。もう一度押すと、前の担当の行だけに戻ります", ENTRY),
    Key("submit", "ctrl+g", "Ctrl+G", "submit", "提出", "担当の入力が済んだことを記録します。空欄が残っていれば、その一覧と理由の欄を出します", ENTRY, hint=True),
    Key("why", "ctrl+w", "Ctrl+W", "why", "理由", "率と判定の理由（算出過程）を出します", ENTRY),
    Key("confirm_value", "ctrl+b", "Ctrl+B", "confirm_value", "確認済み", "確かめたい値（「?」の印。けた違いなど）を、理由を付けて「確認済み」にします", ENTRY),
    Key("erratum", "ctrl+t", "Ctrl+T", "erratum", "正誤", "確定した年度の値の誤りを、理由を付けて直します。値を打っても同じです", ENTRY),
    Key("copy", "ctrl+c", "Ctrl+C", "copy", "写す", "今の値を写し取ります。貼り付けは端末の貼り付けを使います", ENTRY),
)
# fmt: on
"""Every key of the program. Screens bind those of their own place beside those that hold everywhere."""


def bindings_for(where: str) -> list[Binding]:
    """Return the bindings of one screen."""
    return [key.binding() for key in KEYS if key.where == where]


def keys_of(where: str) -> list[Key]:
    """Return what the help screen lists for a screen: its own keys, then those that hold everywhere.

    A key the screen has for itself means only that there.
    """
    own = [key for key in KEYS if key.where == where]
    taken = {key.keys for key in own}
    return own + [key for key in KEYS if key.where == EVERYWHERE and key.keys not in taken]


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

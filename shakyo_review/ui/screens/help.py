"""ヘルプ: the keys of the screen it was opened from, and how the work goes."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Button, Static

from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.marks import fit
from shakyo_review.ui.widgets.prose import Para, Prose

HOW_TO = {
    keys.HOME: (
        "右の一覧から上下の矢印で選び、Enter を押すと、その作業へ移ります。マウスでも選べます。",
        "左の「次にすること」が、いま必要なことです。その下に、進み具合と確かめたい値が出ます。",
        "左の続きは、Tab で左へ移ってから矢印で送ります（マウスのホイールでも送れます）。",
    ),
    keys.ENTRY: (
        "実績の欄に数字を打って Enter を押すと保存され、次の行へ進みます。保存の操作はいりません。",
        "「512」「５１２」「1,234人」「△3」のどれでも読めます。行わなかった取組は「中止」、数えている途中なら「集計中」と打ちます。",
        "「中止」などは、Ctrl+X の一覧からも選べます。行ったことは Ctrl+A で、ことばで書けます。",
        "Excel の表を写して貼り付けると、変わるところを先に見せます。決めるまで何も変わりません。",
        "間違えたときは Ctrl+Z で元に戻せます。何度でも戻せます。",
        "担当の分がすべて入ったら、Ctrl+G で提出します。提出したあとでも直せます。",
        "入っている目標を変えるときと、評価が始まってから値を変えるときは、理由を尋ねます。Esc でやめると元の値のままです。",
        "けた違いなど確かめたい値には知らせが出ます。正しければ Ctrl+B で、理由を書いて「確認済み」にします。",
        "確定した年度の値を打つと、正誤として理由を尋ねます。確定したときの内容も残ります。",
    ),
    keys.INCOMING: (
        "ファイルを選ぶと、台帳から変わるところが一覧になります。書き込むのは Ctrl+G を押したときだけです。",
        "「要決定」は、記入シートを渡したあとに台帳でも変わった値です。Enter で1件ずつ、F2・F3 でまとめて決めます。",
        "「取り込む」の行も、Enter で「台帳のまま」に変えられます。",
        "進捗管理シート（お手もとの表）は、はじめての見出しのときだけ、列の読み方を確かめます。読み方は台帳が覚えます。",
        "別々に記入した台帳の写し（.db）も選べます。写しだけで変わったものは取り込み、両方で変わったものを「要決定」にします。",
        "「指標は？」の行は、名前だけでは指標が決まらなかった行です。Enter で指標を選ぶと、次から同じに読みます。",
        "「知らせ」は、読めなかったセルや読まなかった列です。直すときは、元の表を直してもう一度取り込みます。",
    ),
    keys.SCORES: (
        "「+」の付いた行は、Enter で下の段をひらきます。もう一度押すとたたみます。",
        "行を選ぶと、その判定の理由（使った数字、計算式、判定の基準）が、右か下の欄に出ます。",
        "「評価済」の 6/9 は、評価する指標 9件のうち 6件に判定が付いたことを表します。",
        "［再掲］は、ほかの場所に書かれた取組です。数えるのは再掲元だけです。",
        "「判定」は計算の結果、「評価」は人が付けたものです。計算や前の段階と違う評価には、理由が要ります。",
        "委員会は、Ctrl+B で会議の出席を記録し、Ctrl+Y で委員ひとりずつの評価を入れ、F2 でまとめます。",
        "付け直してもらうときは F3（差し戻し）、付けまちがいは Delete（取り下げ）です。どちらも理由が残ります。",
        "Ctrl+F で、段階ごとの評価を横に並べます。Ctrl+A は、会議に映す大きな字の画面です。",
        "すべて済んだら Ctrl+G で年度を確定します。残っていることがあれば、そこに並びます。",
    ),
    keys.MEETING: (
        "意見が分かれた項目と、目標に届かなかった項目だけを、1件ずつ大きな字で出します。",
        "→ で次へ、← で前へ進みます。話し合いが済んだら Enter で「済み」にします（この画面だけの印です）。",
        "その場で、F2 で評価を、Ctrl+O で意見を書けます。全部の項目は「評価」の画面にあります。",
    ),
    keys.COMPARE: (
        "いちばん新しい年度と、その前の年度を先に並べています。右へ送ると、もっと前の年度が見えます。",
        "Ctrl+F を押すたびに、下がった順などに並べかえます。",
        "選んだ行の違いは、下に文で出ます。Enter で、すべての年度の値と算出のしかたを出します。",
        "「率の差」「点の差」は、前の年度から何ポイント変わったかです。△は下がったことを表します。",
        "「推移」は古い年度から左から右へ並び、値のない年度は空きになります。",
        "「注」「注意」の目標変更・新規・休止などが付いたものは、数字だけではくらべられません。下に説明が出ます。",
        "F3 で担当・目標・判定などを重ねて絞り、Esc でやめます。F2 で、並べる年度を選べます。",
    ),
    keys.IMPROVE: (
        "上の表は、前の年度までの約束です。Enter で、できたか・できなかったかと、その説明を書きます。",
        "「未回答!」は期限の来た約束です。答えるまで、この年度は確定できません。",
        "下の表は、この年度に決めたことです。F2 で改善項目を、Ctrl+D で今後の方向性を足します。",
        "この年度に足した改善項目は、次の年度の上の表に並びます。",
    ),
    keys.PLAN: (
        "行を選ぶと、下か右に、担当・指標・目標などが出ます。Enter で下の段をひらきます。",
        "Ctrl+G で、選んだ行の次に項目や指標を加えます。続けて加えられます。",
        "F2 で、選んだ行を変えます。いつから変えるか、理由、決めた会議を尋ね、変わるところを見せてから決めます。",
        "確定した年度の内容と判定は、計画を変えても変わりません。",
    ),
    keys.HISTORY: (
        "新しい順に並びます。だれが、いつ、何を、なぜ変えたかが分かります。Enter で1件のすべてを出します。",
        "取り込みなど、一度に変えたものは1行にまとまっています。Enter でひらき、もう一度押すとたたみます。",
        "F3 で絞りこみます。例: 「1-1 R6」は 1-1 の令和6年度だけ、「田中」は田中さんの変更だけです。",
        "まちがえて変えた値は、その行で F2 を押すと、理由を付けて前の値に戻せます。",
        "Ctrl+G で、履歴のつながりと、値・確定した結果が合っているかを確かめます。",
    ),
    keys.REPORT: (
        "形式と出力先を確かめて「作成する」を押します。できたファイルの場所が下に出ます。",
        "報告書の数字は、画面の数字と同じです。何度作り直してもかまいません。",
    ),
}
"""How the work on a screen goes, in plain words."""

ALWAYS = (
    "入力した値は、確定するたびに台帳（ファイル）へ保存されます。そのまま終わってもなくなりません。",
    "Tab で次の欄へ、Shift+Tab で前の欄へ移ります。画面の上の「入力」「評価」などはクリックでも移れます。",
)


class HelpScreen(Dialog[None]):
    """The keys of one screen, exactly as the table of keys has them."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape,f1", "leave", "とじる"),
        Binding("down", "scroll(1)", "下へ"),
        Binding("up", "scroll(-1)", "上へ"),
    ]
    CSS = """
    HelpScreen { background: $background; }
    HelpScreen .dialog { width: 76; height: 90%; }
    HelpScreen VerticalScroll { height: 1fr; }
    HelpScreen #text { height: auto; }
    """

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where

    def compose(self) -> ComposeResult:
        """Yield the text."""
        with Vertical(classes="dialog"):
            yield Static(f"ヘルプ: {self.where}", classes="dialog-title", markup=False)
            with VerticalScroll():
                yield Static(Prose(tuple(help_paragraphs(self.where))), id="text", markup=False)
            yield Button("とじる（Esc）", classes="dialog-foot")

    def on_mount(self) -> None:
        """Let the arrows scroll at once."""
        self.query_one(VerticalScroll).focus()

    def on_button_pressed(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_scroll(self, step: int) -> None:
        """Scroll by a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def help_paragraphs(where: str) -> list[Para | Text]:
    """Return the text: the way of working first, then every key."""
    lines: list[Para | Text] = [
        Para(f"・{text}", hang=2) for text in (*HOW_TO.get(where, ()), *ALWAYS)
    ]
    lines += [Text(""), Text("キーの一覧", style="bold")]
    for key in keys.keys_of(where):
        pad = " " * max(12 - cell_len(key.shown), 1)
        lines.append(Para(fit(f"{key.shown}{pad}{key.label}: {key.help}"), hang=12))
    return lines

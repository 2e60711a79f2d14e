"""The README of the open data: what is in the folder, and how to read it."""

from collections.abc import Sequence

from shakyo_review.domain.plan import Plan
from shakyo_review.exchange.open_data import Table


def readme(plan: Plan, tables: Sequence[Table], left: int, *, hidden: bool) -> str:
    """Return the README (Markdown). ``left`` figures have no place in the table for importing."""
    listed = "\n".join(
        f"| `{t.schema.path}` | {t.schema.title} | {len(t.rows):,} | {t.schema.about} |"
        for t in tables
    )
    return (
        "\n\n".join(
            [
                f"# {plan.title}（{plan.body}）の全データ",
                "社協レビューの台帳1冊の全内容です。社協レビューがなくても読める、ふつうの形式だけで書かれています。",
                _FILES,
                f"## 表\n\n| ファイル | 内容 | 行数 | 説明 |\n|---|---|---:|---|\n{listed}",
                _READING,
                _again(left),
                _people(hidden=hidden),
                "## 利用条件\n\n利用条件（ライセンス）は、このデータを公開する団体が決めて `datapackage.json` の `licenses` に書いてください。書かれていないうちは、自由に使えるものではありません。",
            ]
        )
        + "\n"
    )


_FILES = """\
## 中身

- `datapackage.json`: すべての表の列・単位・表どうしのつながりの説明（Frictionless Data Package）
- `data/`: 表（CSV）
- `book.json`: 表・計画・結果のすべてを1つにまとめた JSON
- `plan/`: 計画（版ごとの YAML）
- `results/`: 年度ごとの結果（`score --json` と同じ JSON。確定した年度は確定した内容）
- `seals/`: 確定した年度の内容そのもの
- `import/`: 計画と値から台帳を作り直すためのファイル"""

_READING = """\
## 読み方

- 文字コードは UTF-8（BOM なし）、区切りはコンマ、改行は CRLF です。
- 年度は、4月に始まる年度の西暦です（2024 は令和6年度）。
- 値は指標の単位のままの数です（桁区切りや単位の文字は付きません）。金額は千円です。
- 空欄は「ない」ことを表し、0 ではありません。値がない理由は `state` と `state_label` にあります。
- 項目や指標のコードは改定で変わることがあります。年度をまたいで比べるときは、変わらない番号（`thing_id`・`indicator_id` など）を使ってください。
- 文章は、書かれたとおりに入っています。ただし CSV では、`=`・`+`・`-`・`@` などで始まる文章の前に `'` を1つ付けています（表計算ソフトが計算式として動かさないためです。`book.json` には付いていません）。
- 表計算ソフトでは、開くのではなく、「データ」の「テキストまたは CSV から」で UTF-8 を選び、文章の列を「文字列」として読み込んでください。"""


def _again(left: int) -> str:
    told = (
        f"\n\nいまの計画に場所のない値{left:,}件は `import/figures.csv` に入っていません（`data/figures.csv` にはあります）。"
        if left
        else ""
    )
    return f"""\
## 台帳を作り直す

```
shakyo-review new 新しい台帳.db --plan import/plan.yaml
shakyo-review --book 新しい台帳.db import import/figures.csv
```

計画・目標・実績・予算額・決算額が戻り、同じ規則なら同じ率と判定になります。例示の印、評価・意見・改善項目・履歴・確定は戻りません（`data/` に残っています）。{told}"""


def _people(*, hidden: bool) -> str:
    told = (
        "人の名前は「委員1」「委員2」…に置き換えました（同じ人は同じ番号です）。文章に書かれた1文字の名前や、略した名前は残っていることがあり、名前と同じ文字の地名などは置き換わっていることがあります。公開する前に目で確かめてください。原本と違うので、確定した内容（`seals/`）は入れていません。"
        if hidden
        else "評価・意見・履歴などには、記入した人の名前が入っています。公開するときは `--without-names` を付けて書き出してください。"
    )
    return f"## 名前\n\n{told}\n\n合言葉と、利用者の登録は入っていません。"

"""The head of a plan's table in a workbook: found by its words, wherever it stands."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from shakyo_review.domain.fiscal_year import parse_year
from shakyo_review.errors import ReviewError
from shakyo_review.exchange.workbook import Cell, Sheet

LOOKED_THROUGH = 40
"""Rows from the top in which the head is looked for."""

_WORDS: dict[str, str] = {
    "code": "番号 コード NO NO. 項目番号 取組番号 事業番号",
    "level": "階層 段 レベル",
    "item": "項目 項目名 名称 名前",
    "owners": "担当 担当課 担当部署 担当者 担当係 実施主体 所管 所管課 主管課 主担当 担当・実施主体",
    "flags": "印 フラグ 重点等",
    "repeats": "再掲 再掲元",
    "indicator_code": "指標番号 指標コード 指標NO 指標NO.",
    "indicator": "指標 指標名 評価指標 成果指標 活動指標 数値目標 目標項目 KPI 指標・数値目標",
    "unit": "単位",
    "direction": "良い方向 よい方向 方向 望ましい方向",
    "measure": "値の性質 性質 集計 累計・単年度 単年度・累計",
    "target_kind": "目標の種類 目標の立て方",
    "decimals": "小数 小数桁 小数の桁数",
    "baseline": "基準値 基準 現状値 現状 現況値 現況 策定時 策定時の値 初期値",
    "baseline_year": "基準年度 基準年 現状年度 現状の年度 策定年度",
    "final": "最終目標 最終目標値 目標値 目標 計画目標",
    "final_year": "最終目標年度 最終目標の年度 最終年度 目標年度 目標の年度",
    "low": "下限",
    "high": "上限",
    "source": "出典",
    "note": "備考 注記 摘要",
}
_FIELDS = {word: name for name, words in _WORDS.items() for word in words.split()}
_DATED = frozenset({"baseline", "final"})
_LEVEL_WORDS = frozenset(
    [
        "基本目標",
        "基本方針",
        "基本施策",
        "基本計画",
        "実施計画",
        "重点目標",
        "重点課題",
        "重点項目",
        "推進項目",
        "推進目標",
        "柱",
        "施策",
        "施策の方向",
        "取組",
        "取組み",
        "取り組み",
        "具体的な取組",
        "具体的取組",
        "具体的な取り組み",
        "事業",
        "事業名",
        "実施項目",
        "活動",
        "活動方針",
        "活動目標",
        "大項目",
        "中項目",
        "小項目",
        "大目標",
        "中目標",
        "小目標",
        "方針",
        "課題",
        "細事業",
    ]
)
_YEAR = re.compile(r"(?:令和|平成|昭和|R|H)\.?(?:元|\d{1,2})(?:年度?)?|(?:19|20)\d\d(?:年度?)?")
HEADS = {
    **dict.fromkeys(("計画の名称", "計画名称", "計画名", "計画の名前"), "title"),
    **dict.fromkeys(("団体", "団体名", "社協名", "策定主体", "法人名"), "body"),
    **dict.fromkeys(("計画期間", "計画の期間", "期間"), "period"),
    "計画のコード": "code",
}
"""What may stand above the table, with its value to the right."""


def folded(text: Cell) -> str:
    """Return a head or a label as it is compared: half width, without blanks and a closing colon."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text))).rstrip(":").upper()


@dataclass(slots=True)
class Columns:
    """Where what stands: ``levels`` are (column, word) from the top; years by column.

    ``row`` is the first row below the head (from 0); ``codes`` are columns of codes: one for all
    levels, or one left of each; ``ignored`` are heads nobody knows.
    """

    row: int = 0
    top: int = 0
    fields: dict[str, int] = field(default_factory=dict)
    levels: list[tuple[int, str]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    targets: dict[int, int] = field(default_factory=dict)
    actuals: dict[int, int] = field(default_factory=dict)
    years: dict[str, int] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

    @property
    def known(self) -> int:
        """How much of the head is understood."""
        return len(self.fields) + len(self.levels) + len(self.targets) + len(self.actuals)

    @property
    def usable(self) -> bool:
        """Whether it is the head of a plan: items, and something about them."""
        named = bool(self.levels) or "item" in self.fields
        return named and self.known >= 2


def find_columns(sheet: Sheet) -> Columns | None:
    """Return the head of a sheet that is understood best; None where there is none."""
    best: Columns | None = None
    for place in range(min(len(sheet.rows), LOOKED_THROUGH)):
        under = sheet.rows[place + 1] if place + 1 < len(sheet.rows) else ()
        found = [_columns(list(sheet.rows[place]), place)]
        if under and _is_second_row(under):
            found.append(_columns(_joined(sheet.rows[place], under), place, rows=2))
        for one in found:
            if one.usable and (best is None or one.known > best.known):
                best = one
    return best


def _is_second_row(row: Sequence[Cell]) -> bool:
    texts = [folded(cell) for cell in row if cell != ""]
    years = [text for text in texts if _year_in(text) is not None]
    return len(years) >= 1 and len(texts) <= 2 * len(years) + 2


def _joined(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Cell]:
    """Return a head of two rows as one: 目標 over R5 … R9 is R5目標 … R9目標."""
    heads: list[Cell] = []
    above: Cell = ""
    for over, under in zip(upper, lower, strict=True):
        above = over if over != "" else above if under != "" else ""
        heads.append(f"{under}{above}" if under != "" else over)
    return heads


def _year_in(text: str) -> int | None:
    found = _YEAR.search(text)
    if found is None:
        return None
    try:
        return parse_year(found[0])
    except ReviewError:
        return None


def _columns(heads: Sequence[Cell], place: int, rows: int = 1) -> Columns:
    made = Columns(row=place + rows, top=place)
    unknown: list[tuple[int, str]] = []
    for number, head in enumerate(heads):
        text = folded(head)
        if not text:
            continue
        bare = re.sub(r"[()（）\[\]]", "", _YEAR.sub("", text)) or text
        bare = bare.removesuffix("時点")
        year = _year_in(text)
        name = _FIELDS.get(text) or _FIELDS.get(re.sub(r"\(.*?\)", "", text)) or _FIELDS.get(bare)
        if year is not None and "実績" in text:
            made.actuals.setdefault(year, number)
        elif year is not None and name in _DATED and (name == "baseline" or "最終" in text):
            made.fields.setdefault(name, number)
            made.years.setdefault(name, year)
        elif year is not None and (name == "final" or bare in ("目標値", "年度", "年", text)):
            made.targets.setdefault(year, number)
        elif text in _LEVEL_WORDS or re.fullmatch(r"(?:第?[1-9]階層|レベル[1-9]|[1-9]段目)", text):
            made.levels.append((number, str(head).strip()))
        elif name == "code":
            made.codes.append(number)
        elif name is not None and year is None and name not in made.fields:
            made.fields[name] = number
        elif text in ("重点", "新規"):
            made.marks[number] = str(head).strip()
        else:
            unknown.append((number, str(head).strip()))
    _own_words(made, unknown)
    return made


def _own_words(made: Columns, unknown: list[tuple[int, str]]) -> None:
    """Take heads nobody knows for levels where they stand left of all that is known of an item."""
    if "item" in made.fields and "level" not in made.fields:
        made.levels.append((made.fields.pop("item"), "項目"))
    others = [n for name, n in made.fields.items() if name != "final"]
    if "final" in made.fields and made.fields["final"] < min(others, default=0):
        made.levels.append((made.fields.pop("final"), "目標"))  # left of all: a level of that name
    places = [*made.fields.items(), *((str(y), n) for y, n in made.targets.items())]
    right = min((n for name, n in places if name not in ("item", "level")), default=0)
    for number, head in unknown:
        if number < right and "item" not in made.fields:
            made.levels.append((number, head))
        else:
            made.ignored.append(head)
    made.levels.sort()


def heads_above(sheet: Sheet, columns: Columns) -> dict[str, str]:
    """Return what stands above the table: title, body, period, code."""
    found: dict[str, str] = {}
    for row in sheet.rows[: columns.top]:
        for number, cell in enumerate(row):
            label, colon, rest = str(cell).replace("：", ":").partition(":")
            name = HEADS.get(folded(label))
            if name is not None and name not in found:
                right = (str(one).strip() for one in row[number + 1 :] if one != "")
                value = rest.strip() if colon and rest.strip() else next(right, "")
                if value:
                    found[name] = value
    return found


def period_of(text: str) -> tuple[int, int] | None:
    """Read a period: R5〜R9, 令和5年度から令和9年度まで, 2023-2027; None where it is none."""
    years = [_year_in(found[0]) for found in _YEAR.finditer(folded(text))]
    known = [year for year in years if year is not None]
    return (known[0], known[-1]) if known and known[0] <= known[-1] else None

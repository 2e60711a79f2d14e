"""The words at the head of a council's own 進捗管理シート: what a column is about, and of which year.

Only words that leave no doubt are understood; a rate, a part of the year and last year's figure are never
taken for the year's own (evaluation-practice §2, §5).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from shakyo_review.domain.fiscal_year import parse_year
from shakyo_review.errors import ReviewError


class Field(StrEnum):
    """What a column can be read as."""

    CODE = "code"
    ITEM = "item"
    INDICATOR = "indicator"
    UNIT = "unit"
    OWNER = "owner"
    BRANCH = "branch"
    KIND = "kind"
    TARGET = "target"
    ACTUAL = "actual"
    STATE = "state"
    NOTE = "note"


FIELD_LABELS = {
    Field.CODE: "番号",
    Field.ITEM: "取組",
    Field.INDICATOR: "指標",
    Field.UNIT: "単位",
    Field.OWNER: "担当",
    Field.BRANCH: "区・支所",
    Field.KIND: "目標・実績の別",
    Field.TARGET: "目標",
    Field.ACTUAL: "実績",
    Field.STATE: "状態",
    Field.NOTE: "実施内容",
}
FIGURES = (Field.TARGET, Field.ACTUAL, Field.STATE, Field.NOTE)
"""Fields that say something of a year; the others say of what."""
SEVERAL = frozenset({Field.CODE, Field.ITEM, *FIGURES})
"""Fields of which there may be several columns: levels of the plan, years."""

_WORDS: dict[Field, str] = {
    Field.CODE: "番号 コード NO NO. NO, ID 項目番号 取組番号 事業番号 施策番号 指標番号 指標コード 指標NO 指標NO. 整理番号 管理番号 項番",
    Field.ITEM: "基本目標 基本方針 基本施策 基本計画 実施計画 重点目標 重点課題 重点項目 推進項目 推進目標 柱 施策 施策名"
    " 施策の方向 取組 取組み 取り組み 取組名 取組み名 取組名称 取組項目 具体的な取組 具体的取組 具体的な取り組み 事業 事業名"
    " 事業名称 取組・事業名 取組(事業)名 取組・事業 実施項目 実施事業 活動 活動名 活動方針 活動目標 大項目 中項目 小項目 大目標 中目標 小目標"
    " 方針 細事業 項目 項目名 名称",
    Field.INDICATOR: "指標 指標名 指標名称 指標項目 評価指標 評価指標名 成果指標 活動指標 数値目標 目標項目 目標指標 指標・数値目標"
    " 評価項目 KPI",
    Field.UNIT: "単位",
    Field.OWNER: "担当 担当課 担当課名 担当部署 担当部署名 担当者 担当係 担当課・係 実施主体 所管 所管課 主管課 主担当 担当・実施主体",
    Field.BRANCH: "区・支所 区 区名 支所 支所名 地区 地区名 支部 支部名 圏域 圏域名 区・支所名 ブロック",
    Field.KIND: "目標・実績 目標/実績 目標実績 目標・実績の別 区分 種別",
    Field.TARGET: "目標 目標値 目標数 目標数値 数値目標 計画値 目安 目安値",
    Field.ACTUAL: "実績 実績値 実績数 実績数値",
    Field.STATE: "状態 実績の状態 値の状態",
    Field.NOTE: "実施内容 取組内容 取組の内容 取組状況 取組の状況 実施状況 実施の状況 取組実績 主な取組 主な取組内容 活動内容 活動実績"
    " 実績内容 実施した内容 実施したこと 実績・主な取組 主な取組・実績 取組内容・実績 実施内容・実績 具体的な取組内容 取組結果 実施結果"
    " 事業実績",
}
_FIELDS: dict[str, Field] = {}
for _field, _listed in _WORDS.items():
    for _word in _listed.split():
        _FIELDS.setdefault(_word, _field)
YEAR_WORD = re.compile(
    r"(?:令和|平成|昭和|R|H)\.?(?:元|\d{1,2})(?:年度?)?|(?:FY)?(?:19|20)\d\d(?:年度?)?"
)
_DAY = re.compile(rf"(?:{YEAR_WORD.pattern})(?<!度)[./]?\d{{1,2}}[月./]")
"""The beginning of a day or a month: 令和7年3月31日 is no day of 令和7年度."""
_THIS_YEAR = re.compile(
    r"^(?:今|本|当)?(?:年度末|年度|年間|年|末)?の?(?=(?:目標|実績|取組|実施|計画|目安|状態))"
)
_RATE = re.compile(r"(?:達成|進捗|進ちょく|執行|到達|充足)(?:率|度)|^率|前年比|対前年|増減")
_NOT_THE_YEAR = re.compile(
    r"[上下]半?期|[前後]期|中間|見込|四半期|累計|累積|前年|昨年|前回|次年|翌年|来年|最終|全国|県平均|国平均|基準|時点|現在|\d月|\.\d|\d/\d|[-~〜～]"
)
_TARGET_WORDS = frozenset(_WORDS[Field.TARGET].split()) | {"計画", "予定"}
_ACTUAL_WORDS = frozenset(_WORDS[Field.ACTUAL].split())
_BRACKETS = str.maketrans("", "", "()[]{}<>【】〔〕「」『』〈〉《》")


def folded(text: str) -> str:
    """Return a head as it is compared: half width, without blanks, in capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper().rstrip(":*※")


def year_of(text: str) -> int | None:
    """Return the one fiscal year named in a folded text; None where there is none, or more than one."""
    years = set(_years(text))
    return years.pop() if len(years) == 1 else None


def names_years(text: str) -> bool:
    """Whether a folded text names any year."""
    return bool(_years(text))


def _years(text: str) -> list[int]:
    found = map(_year, YEAR_WORD.findall(_DAY.sub("", text)))
    return [year for year in found if year is not None]


def _year(word: str) -> int | None:
    try:
        return parse_year(word)
    except ReviewError:
        return None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the words over a column say: the field (None: not known), the year, whether it is a rate.

    ``pattern`` is the head without its year: under it a choice is kept for the coming years.
    """

    field: Field | None
    year: int | None
    rate: bool
    pattern: str


@lru_cache(maxsize=5000)
def meaning_of(parts: tuple[str, ...]) -> Meaning:
    """Return what the words over a column mean, from the top one to the one right above the figures."""
    texts = [folded(part) for part in parts]
    whole = "/".join(texts)
    pattern = YEAR_WORD.sub("{年}", whole)
    year = year_of(whole)
    if _RATE.search(whole):
        return Meaning(None, year, True, pattern)
    found = None
    bare = [one for one in map(_bare, texts) if one]
    for words in (["".join(bare)], bare[-1:]):
        found = found or (_FIELDS.get(words[0]) if words else None)
    if found is None and texts:
        found = _FIELDS.get(_bare(re.sub(r"\(.*?\)", "", texts[-1])))
    if found in FIGURES and (names_years(whole) and year is None):
        found = None  # more than one year: R5〜R9
    if found in (Field.TARGET, Field.ACTUAL) and _NOT_THE_YEAR.search(YEAR_WORD.sub("", whole)):
        found = None
    return Meaning(found, year, False, pattern)


def _bare(text: str) -> str:
    """Return a head without its year, its brackets and what only joins the words."""
    text = YEAR_WORD.sub("", text).translate(_BRACKETS)
    text = re.sub(r"^[\d.、:)]+|^の", "", text) or ""
    return _THIS_YEAR.sub("", text)


def field_named(word: str) -> Field | None:
    """Return the field a person names: 実績, 指標名, 実施内容; None for an unknown word."""
    text = folded(word)
    labels = {label: field for field, label in FIELD_LABELS.items()}
    return labels.get(text) or _FIELDS.get(text)


@lru_cache(maxsize=5000)
def kind_named(text: str) -> Field | str | None:
    """Return what a word in a column of 目標・実績 says of its row; '' for a rate, None for anything else."""
    word = folded(text)
    if _RATE.search(word) or word in ("率", "%"):
        return ""
    bare = word.translate(_BRACKETS)
    if bare in _TARGET_WORDS:
        return Field.TARGET
    if bare in _ACTUAL_WORDS:
        return Field.ACTUAL
    return _FIELDS[bare] if _FIELDS.get(bare) in (Field.STATE, Field.NOTE) else None

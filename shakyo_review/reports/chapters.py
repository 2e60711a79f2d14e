"""The chapters of the full report, in the order councils print them (evaluation-practice.md §4)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shakyo_review.reports.context import ChapterKind

CHAPTERS: "dict[ChapterKind, str]" = {
    "plan": "計画の概要・体系",
    "method": "評価の方法と基準",
    "overall": "全体の結果",
    "exceptions": "目標に届かなかったもの・評価できなかったもの",
    "goals": "目標ごとの結果",
    "comparison": "年度比較",
    "changes": "計画の変更と正誤",
    "improvement": "改善",
    "money": "予算・決算と結果",
    "proceedings": "評価の経過と意見",
    "appendix": "資料",
}
"""Every chapter by kind, with its title."""

"""Members by name: one person is one person, whatever the spaces."""

from pathlib import Path

from books import new_book, opened

from shakyo_review.services.council import hold_meeting
from shakyo_review.services.evaluating import evaluate, recuse
from shakyo_review.services.reviewing import evaluation, members_known


def test_spaces_make_no_other_person(tmp_path: Path) -> None:
    with opened(new_book(tmp_path / "b.db")) as book:
        hold_meeting(book, 2024, "self", day="2026-06-25", present=["山田　太郎"], absent=["鈴木"])
        for member, label in (("山田 太郎", "A"), (" 山田太郎 ", "B"), ("鈴　木", "D")):
            seen = evaluate(book, "1-1", 2024, "self", label, member=member)
        result = seen.stage("self")
        assert result is not None
        assert result.proposal is not None
        assert {name: one.rating for name, one in result.members.items()} == {
            "山田　太郎": "B",
            "鈴木": "D",
        }
        assert result.proposal.left_out == {"鈴木": "欠席"}
        recuse(book, "1-1", 2024, "self", "山田  太郎", "役員を務める")
        again = evaluation(book, "1-1", 2024).stage("self")
        assert again is not None
        assert list(again.recused) == ["山田　太郎"]
        assert members_known(book, 2024, "self") == ["山田　太郎", "鈴木"]

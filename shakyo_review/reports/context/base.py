"""What every part of a report's context is built on: the base model and the letter."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Tone = Literal["t0", "t1", "t2", "t3", "none"]
"""How good a letter is, for colour, hatch and frame: t0 best … t3 lowest, none without a rank."""


def told(text: str) -> Any:
    """Return a required field with its description."""
    return Field(description=text)


class Part(BaseModel):
    """The base of everything in a report: no unknown field, no silent conversion, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Letter(Part):
    """A letter of the plan's scale as it is printed."""

    text: str = told("判定の記号。判定がないときは －")
    said: str = told("読み上げ用の文（例: B おおむね達成した）")
    tone: Tone = told("良い方から t0〜t3、順位がなければ none")
    shape: str = told("白黒でも分かる形（●◆▲■）。ないこともある")
    example: bool = told("例示の数値による判定か")

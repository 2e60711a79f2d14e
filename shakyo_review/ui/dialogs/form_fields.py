"""The kinds of fields a form may ask for."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A field of one line."""

    name: str
    label: str
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Lines(Line):
    """A field of several lines."""

    height: int = 3


@dataclass(frozen=True, slots=True)
class Pick:
    """A field of which one is chosen: (value, what is shown) and the place of the one in force."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    chosen: int = 0
    height: int = 6


@dataclass(frozen=True, slots=True)
class Ticks:
    """A field of names that are ticked or not; its value is the names ticked, a line each."""

    name: str
    label: str
    names: Sequence[str]
    off: Sequence[str] = ()
    words: tuple[str, str] = ("出席", "欠席")
    height: int = 6


Field = Line | Lines | Pick | Ticks

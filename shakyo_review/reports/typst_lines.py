"""From a line of the Typst code that was made back to the line of the template it came from."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

_MARK = re.compile("\x02([^\x02\x03]*)\x1f([0-9]+)\x03")


class Place(NamedTuple):
    """A line of a template."""

    template: str
    line: int


class LineMarks(Extension):
    """Puts an invisible mark before every line of a template's own text."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Mark the texts of a template; what is printed by ``{{ }}`` stays unmarked."""
        name = (stream.name or "").rpartition(":")[2]
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, "data", _marked(token.value, name, token.lineno))
            else:
                yield token


def _marked(text: str, name: str, line: int) -> str:
    lines = text.split("\n")
    return "\n".join(f"\x02{name}\x1f{line + n}\x03{one}" for n, one in enumerate(lines))


def traced(text: str) -> tuple[str, list[Place]]:
    """Return the code without its marks, and for each of its lines the place it came from."""
    places: list[Place] = []
    place = Place("", 0)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        marks = _MARK.findall(line)
        first = marks[0] if marks else None
        places.append(Place(first[0], int(first[1])) if first else place)
        if marks:
            place = Place(marks[-1][0], int(marks[-1][1]))
            lines[number] = _MARK.sub("", line)
    return "\n".join(lines), places

"""Which indicator of the plan a row of a council's sheet is about: by code, else by name, never by a guess."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from shakyo_review.domain.person import folded as same_owner
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import fold_unit
from shakyo_review.errors import quoted
from shakyo_review.exchange.tracking import Line

_MARKS = str.maketrans("", "", "()[]{}<>【】〔〕「」『』〈〉《》・･、。,.:;*※★☆◎○●■□◆◇")
_DASHES = re.compile("[－−‐‑–—―ー─-]")
_CIRCLED = re.compile(r"^[\s①-⑳❶-❿㋐-㋾]+")
_LEADING = re.compile(r"^\(?[0-9]+(?:[-.][0-9]+)*(?:[).、:]\s*|\s+)(?=\S)")
_LAST_BRACKET = re.compile(r"^(.+?)\s*[(\[]([^()\[\]]+)[)\]]$")
_LEAST = 4
"""Characters that one name must share with another to be taken for a shorter form of it."""


@dataclass(frozen=True, slots=True)
class Match:
    """The indicator a row is about; '' and why where it is not known for certain."""

    code: str
    why: str = ""


def name_key(text: str) -> str:
    """Return a name as it is compared: widths, blanks, brackets and marks do not matter."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _DASHES.sub("-", "".join(plain.split()).translate(_MARKS))


def loose_key(text: str, units: Iterable[str] = ()) -> str:
    """Return a name without a number in front, and without a unit in brackets behind it."""
    plain = unicodedata.normalize("NFKC", _CIRCLED.sub("", text)).strip()
    plain = _LEADING.sub("", plain)
    found = _LAST_BRACKET.match(plain)
    known = {fold_unit(unit) for unit in units if unit}
    if found is not None and _unit_in(found[2]) in known:
        plain = found[1]
    return name_key(plain)


def _unit_in(bracket: str) -> str:
    """Return the unit that stands in a bracket: (回), (単位:回), (回/年)."""
    return fold_unit(re.split(r"[/・]", bracket.removeprefix("単位").lstrip(": "))[0])


def code_key(text: str) -> str:
    """Return a code as it is compared."""
    return _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", text).split())).casefold()


class Matcher:
    """Finds the indicators of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def match(self, line: Line) -> Match:
        """Return the indicator a row is about."""
        coded = self._coded(line)
        named = self._named(line)
        if coded is not None:
            others = {one for one in named if one != coded}
            if line.indicator and others and coded not in named:
                other = sorted(others)[0]
                return Match("", f"番号は「{coded}」、指標名は「{other}」を指しています")
            return Match(coded)
        return self._by_name(line, named)

    def _coded(self, line: Line) -> str | None:
        codes = (self._codes.get(code_key(code)) for code in line.codes)
        return next((code for code in codes if code is not None), None)

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {code_key(code): code for code in self.plan.indicators}

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        return _listed((name_key(one.name), code) for code, one in self.plan.indicators.items())

    @cached_property
    def _loose_names(self) -> dict[str, list[str]]:
        return _listed(
            (loose_key(one.name, [one.unit]), code) for code, one in self.plan.indicators.items()
        )

    def _named(self, line: Line) -> list[str]:
        """Return the indicators of the name a row gives."""
        if not line.indicator:
            return []
        exact = self._names.get(name_key(line.indicator))
        if exact:
            return exact
        units = {one.unit for one in self.plan.indicators.values()}
        found = self._loose_names.get(loose_key(line.indicator, [*units, line.unit]), [])
        bracket = _LAST_BRACKET.match(unicodedata.normalize("NFKC", line.indicator).strip())
        if bracket is None or not found:
            return found
        inside = _unit_in(bracket[2])
        return [
            code
            for code in found
            if fold_unit(self.plan.indicators[code].unit) == inside
            or loose_key(line.indicator) == loose_key(self.plan.indicators[code].name)
        ]

    def _by_name(self, line: Line, named: list[str]) -> Match:
        texts = [text for text in line.items if text]
        within, unknown = self._within(line)
        if not line.indicator:
            return self._by_item(line, texts, within, unknown)
        if not named:
            return Match("", f"指標{quoted(line.indicator)}は計画にありません")
        inside = [code for code in named if within is None or code in within]
        if unknown and len(named) == 1 and named[0] in inside:
            if not self._alike(unknown, named[0]):
                return Match("", f"取組{quoted(unknown)}は計画にありません")
        elif unknown and len(inside) > 1:
            return Match(
                "", f"取組{quoted(unknown)}は計画になく、同じ名前の指標が{len(inside)}件あります"
            )
        if not inside:
            return Match(
                "", f"指標{quoted(line.indicator)}は、取組{quoted(texts[-1])}にはありません"
            )
        return self._only(line, inside, f"名前が{quoted(line.indicator)}の指標")

    def _by_item(
        self, line: Line, texts: list[str], within: set[str] | None, unknown: str
    ) -> Match:
        if not texts and not line.codes:
            return Match("", "どの指標の行か書かれていません")
        if unknown:
            named = self._names.get(name_key(unknown)) or self._loose_names.get(
                loose_key(unknown), []
            )
            inside = [code for code in named if within is None or code in within]
            if len(inside) == 1:
                return Match(inside[0])
            return Match("", f"取組{quoted(unknown)}は計画にありません")
        if within is None:
            within = self._numbered(line)
            if not within:
                return Match("", f"番号{quoted(line.codes[0])}は計画にありません")
        return self._only(line, sorted(within, key=self._order), f"取組{quoted(line.name)}の指標")

    def _only(self, line: Line, codes: list[str], what: str) -> Match:
        numbered = self._numbered(line)
        codes = [code for code in codes if code in numbered] or codes
        if len(codes) > 1 and line.owner:
            said = {same_owner(one) for one in re.split(r"[、,・/\n]", line.owner) if one.strip()}
            own = [code for code in codes if said & self._owners(code)]
            codes = own or codes
        if len(codes) == 1:
            return Match(codes[0])
        if not codes:
            return Match("", f"{what}は計画にありません")
        listed = "、".join(codes[:4]) + (" ほか" if len(codes) > 4 else "")
        return Match("", f"{what}は{len(codes)}件あります（{listed}）")

    def _owners(self, code: str) -> set[str]:
        return {
            same_owner(text)
            for owner in self.plan.owners_of(code)
            for text in (owner.label, owner.name, owner.part)
        }

    def _order(self, code: str) -> int:
        return list(self.plan.indicators).index(code)

    def _within(self, line: Line) -> tuple[set[str] | None, str]:
        """Return the indicators under the items a row names (None: it names none that is known).

        With it the lowest name that the plan does not have, '' where it has it.
        """
        found: set[str] | None = None
        unknown = ""
        for text in line.items:
            codes = self._items.get(name_key(text)) or self._loose_items.get(loose_key(text))
            if codes is None:
                codes = [
                    self._item_codes[key] for key in [code_key(text)] if key in self._item_codes
                ]
            unknown = "" if codes else text
            if codes:
                under = {one for code in codes for one in self._under(code)}
                found = under if found is None else found & under
        return found, unknown

    def _numbered(self, line: Line) -> set[str]:
        """Return the indicators under the items whose numbers a row gives (it may be a running number)."""
        items = (self._item_codes.get(code_key(code)) for code in line.codes)
        return {one for item in items if item is not None for one in self._under(item)}

    @cached_property
    def _item_codes(self) -> dict[str, str]:
        return {code_key(code): code for code in self.plan.items}

    @cached_property
    def _items(self) -> dict[str, list[str]]:
        return _listed((name_key(item.name), code) for code, item in self.plan.items.items())

    @cached_property
    def _loose_items(self) -> dict[str, list[str]]:
        return _listed((loose_key(item.name), code) for code, item in self.plan.items.items())

    def _under(self, code: str) -> set[str]:
        """Return the indicators of an item and of all under it."""
        return self._below[code]

    @cached_property
    def _below(self) -> dict[str, set[str]]:
        below: dict[str, set[str]] = {code: set() for code in self.plan.items}
        for indicator, action in self.plan.action_of.items():
            for item in self.plan.path_of(action):
                below[item.code].add(indicator)
        return below

    def _alike(self, text: str, code: str) -> bool:
        """Whether a name is a shorter or longer form of that of an item the indicator stands under."""
        said = loose_key(text)
        for item in self.plan.path_of(self.plan.action_of[code]):
            name = loose_key(item.name)
            short, long = sorted((said, name), key=len)
            if len(short) >= _LEAST and short in long:
                return True
        return False


def _listed(pairs: Iterator[tuple[str, str]] | Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, code in pairs:
        found.setdefault(key, []).append(code)
    return found

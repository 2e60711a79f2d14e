"""How often a passphrase may be guessed: few tries per name and address, then growing waits."""

import ipaddress
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from shakyo_review.domain.person import folded

FREE_FOR_NAME = 5
FREE_FOR_ADDRESS = 20
"""A meeting room often stands behind one address, so it has more tries than a name."""
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0
"""Seconds of the first wait, doubled with every further failure up to the longest."""
FORGOTTEN_AFTER = 3600.0
FAILURES_A_MINUTE = 60
"""The ceiling for everybody together."""
MOST_KEPT = 10_000


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: float = 0.0

    def wait(self, free: int, now: float) -> float:
        if self.count < free:
            return 0.0
        length = min(FIRST_WAIT * 2.0 ** min(self.count - free, 20), LONGEST_WAIT)
        return max(self.last + length - now, 0.0)


class Tries:
    """Failures by name and by address. Names that nobody has count like any other."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._names: dict[str, _Failures] = {}
        self._addresses: dict[str, _Failures] = {}
        self._minute: deque[float] = deque()

    def begin(self, name: str, address: str) -> float:
        """Begin a try: 0 where it may be made (it counts as failed until ``succeeded``), else seconds to wait."""
        now = self.clock()
        while self._minute and self._minute[0] <= now - 60:
            self._minute.popleft()
        by_name = self._of(self._names, folded(name), now)
        by_address = self._of(self._addresses, _network(address), now)
        wait = max(by_name.wait(FREE_FOR_NAME, now), by_address.wait(FREE_FOR_ADDRESS, now))
        if len(self._minute) >= FAILURES_A_MINUTE:
            wait = max(wait, self._minute[0] + 60 - now)
        if wait > 0:
            return wait
        for one in (by_name, by_address):
            one.count, one.last = one.count + 1, now
        self._keep(self._names, folded(name), by_name)
        self._keep(self._addresses, _network(address), by_address)
        self._minute.append(now)
        return 0.0

    def succeeded(self, name: str, address: str) -> None:
        """Take the try back: the name begins anew, the address has one failure less."""
        self._names.pop(folded(name), None)
        if one := self._addresses.get(_network(address)):
            one.count = max(one.count - 1, 0)
        if self._minute:
            self._minute.pop()

    @staticmethod
    def _of(kept: dict[str, _Failures], key: str, now: float) -> _Failures:
        one = kept.get(key)
        return _Failures() if one is None or now - one.last > FORGOTTEN_AFTER else one

    @staticmethod
    def _keep(kept: dict[str, _Failures], key: str, one: _Failures) -> None:
        """Keep the failures of a try that was made; asking again and again while waiting keeps nothing."""
        if key not in kept and len(kept) >= MOST_KEPT:
            del kept[min(kept, key=lambda one: kept[one].last)]
        kept[key] = one


def _network(address: str) -> str:
    """Return what counts as one address: an IPv6 host may choose any within its /64."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)

"""Looks of the last days, by what they have in common; and alarms that were given lately."""

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from services.audit.watching.looks import Look

Key = TypeVar("Key")


class Recent(Generic[Key]):
    """Looks by key, forgotten once they are older than the period."""

    def __init__(self, period: timedelta) -> None:
        self._period = period
        self._by_key: dict[Key, deque[Look]] = defaultdict(deque)
        self._order: deque[tuple[datetime, Key]] = deque()

    def add(self, key: Key, look: Look) -> Sequence[Look]:
        """All looks of this key in the period that ends with this one, the oldest first."""
        while self._order and self._order[0][0] <= look.at - self._period:
            _, oldest = self._order.popleft()
            self._by_key[oldest].popleft()
            if not self._by_key[oldest]:
                del self._by_key[oldest]
        self._order.append((look.at, key))
        self._by_key[key].append(look)
        return self._by_key[key]


class Told(Generic[Key]):
    """Which alarms were given lately, so that one matter raises one alarm and not one with every further look."""

    def __init__(self, period: timedelta) -> None:
        self._period = period
        self._last: dict[Key, datetime] = {}

    def is_new(self, key: Key, at: datetime) -> bool:
        """Whether nothing was told about this lately; notes that it is told now."""
        last = self._last.get(key)
        if last is not None and at - last < self._period:
            return False
        self._last[key] = at
        return True

"""Looks of the last days, by what they have in common; and matters that were told lately."""

import uuid
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


class ToldLately:
    """Which matters were told lately, so that each raises one alarm and not one with every further look."""

    def __init__(self, period: timedelta) -> None:
        self._period = period
        self._last: dict[uuid.UUID, datetime] = {}
        """By matter, in the order of being told."""

    def note(self, matter: uuid.UUID, at: datetime) -> None:
        """Notes that it is told at this time."""
        self._last.pop(matter, None)
        self._last[matter] = at

    def is_new(self, matter: uuid.UUID, at: datetime) -> bool:
        """Whether nothing was told about this lately; what is longer ago is forgotten."""
        while self._last and at - self._last[oldest := next(iter(self._last))] >= self._period:
            del self._last[oldest]
        last = self._last.get(matter)
        return last is None or at - last >= self._period

"""How often somebody may ask: so many times in a period, at once or spread (the generic cell rate algorithm).

All that is kept of somebody is one time: when they will have nothing of their allowance used.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times in each period."""

    times: int
    period: timedelta = timedelta(minutes=1)

    @property
    def interval(self) -> timedelta:
        """What one time uses of the period."""
        return self.period / self.times

    def after(self, free_at: datetime | None, at: datetime) -> datetime | timedelta:
        """When all is free again, once this time is counted; or how long to wait for it to be allowed."""
        free_at = max(free_at or at, at)
        too_far = (free_at + self.interval) - (at + self.period)
        return too_far if too_far > timedelta() else free_at + self.interval


class RatesInMemory:
    """The rate of each of many, as this process has counted it; who has used nothing is forgotten."""

    SWEPT_ABOVE = 10_000
    """How many are remembered before those who have used nothing are forgotten."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._free_at: dict[object, datetime] = {}

    def wait(self, who: object, at: datetime) -> timedelta | None:
        """Counts one more time; or how long to wait for it, and then it is not counted."""
        after = self._rate.after(self._free_at.get(who), at)
        if isinstance(after, timedelta):
            return after
        if len(self._free_at) >= self.SWEPT_ABOVE:
            self._free_at = {one: free_at for one, free_at in self._free_at.items() if free_at > at}
        self._free_at[who] = after
        return None

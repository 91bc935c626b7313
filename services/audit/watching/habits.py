"""Other hours than a person's own; and one account in two places."""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from itertools import pairwise

from services.audit.watching.alarms import Alarm, alarm
from services.audit.watching.looks import Look
from services.audit.watching.recent import Recent
from services.audit.watching.thresholds import Thresholds

HOURS = 24


class Habit:
    """When a person searches. What is recent is no habit yet: else odd hours would teach that they are not odd."""

    def __init__(self) -> None:
        self._by_hour = [0] * HOURS
        self._recent: deque[datetime] = deque()

    @property
    def looks(self) -> int:
        """How many searches the habit rests on."""
        return sum(self._by_hour)

    def learn(self, at: datetime, older_than: timedelta) -> None:
        """Takes note of a search, and makes those that are old enough by now a habit."""
        while self._recent and self._recent[0] <= at - older_than:
            self._by_hour[self._recent.popleft().hour] += 1
        self._recent.append(at)

    def around(self, hour: int, hours: int) -> int:
        """How many of them were at this hour of the day, give or take so many."""
        return sum(self._by_hour[near % HOURS] for near in range(hour - hours, hour + hours + 1))


class OffHours:
    """Searches at hours at which the person has hardly ever searched. Whose shift changes teaches it anew."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._odd = Recent[str](thresholds.odd_period)
        self._habits: dict[str, Habit] = defaultdict(Habit)

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due."""
        limits, habit = self._thresholds, self._habits[look.person_id]
        habit.learn(look.at, older_than=limits.odd_period)
        known, usual = habit.looks, habit.around(look.at.hour, limits.habit_hours)
        if known < limits.habit_looks or usual >= limits.habit_share * known:
            return None
        looks = self._odd.add(look.person_id, look)
        if len(looks) < limits.odd_looks:
            return None
        return alarm("off_hours", looks, f"{len(looks)} searches at hours of which {known} earlier ones had {usual}")


class SharedAccount:
    """One account that is in two places at the same time."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._recent = Recent[str](thresholds.shared_within)

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due."""
        looks = self._recent.add(look.person_id, look)
        places = [(one.session, one.address) for one in looks]
        # Somebody who signs in elsewhere changes once; two who share an account change to and fro.
        changes = sum(before != after for before, after in pairwise(places))
        addresses = len({one.address for one in looks})
        if changes < self._thresholds.shared_changes or addresses < 2:
            return None
        return alarm("shared_account", looks, f"{changes} changes between {addresses} addresses")

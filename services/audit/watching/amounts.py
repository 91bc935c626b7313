"""Too much at once; and much more than colleagues."""

import statistics
from collections import defaultdict

from services.audit.watching.alarms import Alarm, alarm
from services.audit.watching.looks import Look
from services.audit.watching.recent import Recent
from services.audit.watching.thresholds import Thresholds


class Burst:
    """A person, or a script, that searches faster than anybody reads."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._recent = Recent[str](thresholds.burst_period)

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due."""
        looks = self._recent.add(look.person_id, look)
        if len(looks) < self._thresholds.burst_looks:
            return None
        minutes = self._thresholds.burst_period.total_seconds() / 60
        return alarm("burst", looks, f"{len(looks)} searches in {minutes:g} minutes")


class Breadth:
    """A person who looks for many more vehicles than colleagues do."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._recent = Recent[str](thresholds.breadth_period)
        self._usual: dict[str, dict[str, int]] = defaultdict(dict)
        """By agency and person, the plates of a week when the person last searched."""

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due."""
        looks = self._recent.add(look.person_id, look)
        plates = len({one.plate for one in looks if one.plate})
        colleagues = self._usual[look.agency_id]
        colleagues[look.person_id] = plates
        if plates < self._thresholds.breadth_plates:
            return None
        median = statistics.median(colleagues.values())
        if plates < self._thresholds.breadth_times * median:
            return None
        return alarm("breadth", looks, f"{plates} plates in a week, colleagues {median:g}")

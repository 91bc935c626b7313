"""The same plate again and again; and one case for ever so many plates."""

from services.audit.watching.alarms import Alarm, alarm
from services.audit.watching.looks import Look
from services.audit.watching.recent import Recent, Told
from services.audit.watching.thresholds import Thresholds


class RepeatTarget:
    """A person who keeps looking for one plate: a former partner, a neighbour."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._recent = Recent[tuple[str, str]](thresholds.target_period)
        self._told = Told[tuple[str, str]](thresholds.silence)

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due."""
        target = (look.person_id, look.plate)
        looks = self._recent.add(target, look)
        days, cases = len({one.at.date() for one in looks}), len({one.case for one in looks})
        limits = self._thresholds
        if (days < limits.target_days and cases < limits.target_cases) or not self._told.is_new(target, look.at):
            return None
        return alarm("repeat_target", looks, f"one plate on {days} days, under {cases} cases")


class OffCase:
    """A person for whom one case number opens every door."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._recent = Recent[tuple[str, str]](thresholds.case_period)
        self._told = Told[tuple[str, str]](thresholds.silence)

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due."""
        case = (look.person_id, look.case)
        looks = self._recent.add(case, look)
        plates = len({one.plate for one in looks})
        if plates < self._thresholds.case_plates or not self._told.is_new(case, look.at):
            return None
        return alarm("off_case", looks, f"{plates} plates under one case")

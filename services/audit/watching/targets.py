"""The same plate again and again; and one case for ever so many plates."""

from services.audit.watching.alarms import Alarm, alarm
from services.audit.watching.looks import Look
from services.audit.watching.recent import Recent
from services.audit.watching.thresholds import Thresholds


class RepeatTarget:
    """A person who keeps looking for one plate: a former partner, a neighbour."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._recent = Recent[tuple[str, str]](thresholds.target_period)

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due; a question without a plate is nobody's target."""
        if not look.plate:
            return None
        target = (look.person_id, look.plate)
        looks = self._recent.add(target, look)
        days, cases = len({one.at.date() for one in looks}), len({one.case for one in looks})
        limits = self._thresholds
        if days < limits.target_days and cases < limits.target_cases:
            return None
        return alarm(
            "repeat_target",
            looks,
            f"one plate on {days} days, under {cases} {'case' if cases == 1 else 'cases'}",
            about=look.plate,
        )


class OffCase:
    """A person for whom one case number opens every door."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._recent = Recent[tuple[str, str]](thresholds.case_period)

    def take(self, look: Look) -> Alarm | None:
        """The alarm that this look makes due."""
        if not look.case or not look.plate:
            return None
        case = (look.person_id, look.case)
        looks = self._recent.add(case, look)
        plates = len({one.plate for one in looks})
        if plates < self._thresholds.case_plates:
            return None
        return alarm("off_case", looks, f"{plates} plates under one case", about=look.case)

"""When an agency's next audit is due, by its policy."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from plateward.policy.profile import AgencyProfile


@dataclass(frozen=True, slots=True)
class Schedule:
    """How an agency stands with its audits."""

    every_days: int
    last_closed_at: datetime | None
    due_at: datetime
    overdue_days: int
    """Whole days since it was due; 0 while it is not."""

    @property
    def overdue(self) -> bool:
        """Whether the audit should be done by now."""
        return self.overdue_days > 0


def schedule(profile: AgencyProfile, begun_at: datetime, last_closed_at: datetime | None, at: datetime) -> Schedule:
    """How the agency stands at this time; `begun_at` is when it began to look at reads here."""
    every_days = profile.audits.every_days
    due_at = (last_closed_at or begun_at) + timedelta(days=every_days)
    overdue_days = max(0, -((due_at - at) // timedelta(days=1)))
    return Schedule(every_days, last_closed_at, due_at, overdue_days)

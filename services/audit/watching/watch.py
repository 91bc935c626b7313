"""The watch over the access log: every rule sees every search, and each matter is told once."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from services.audit.watching.alarms import Alarm, Rule
from services.audit.watching.amounts import Breadth, Burst
from services.audit.watching.habits import OffHours, SharedAccount
from services.audit.watching.looks import Look
from services.audit.watching.recent import ToldLately
from services.audit.watching.targets import OffCase, RepeatTarget
from services.audit.watching.thresholds import Thresholds
from services.audit.watching.words import VagueReason

RULES = (RepeatTarget, OffHours, SharedAccount, VagueReason, Burst, OffCase, Breadth)


class Watch:
    """On by default, and whole: no rule can be left out, only its thresholds be set."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        limits = thresholds or Thresholds()
        self._rules: list[Rule] = [rule(limits) for rule in RULES]
        self._told = ToldLately(limits.silence)

    def remember(self, look: Look) -> None:
        """Takes note of a look that was watched before: what it gave reason for was told then."""
        for rule in self._rules:
            rule.take(look)

    def note_told(self, matter: uuid.UUID, at: datetime) -> None:
        """Takes note of what was told before; the oldest first."""
        self._told.note(matter, at)

    def take(self, look: Look) -> list[Alarm]:
        """The alarms that this look makes due; looks come in the order of their times."""
        found = [alarm for rule in self._rules if (alarm := rule.take(look))]
        due = [alarm for alarm in found if self._told.is_new(alarm.matter, alarm.at)]
        for alarm in due:
            self._told.note(alarm.matter, alarm.at)
        return due

    def over(self, looks: Iterable[Look]) -> Iterator[Alarm]:
        """All alarms of these looks."""
        for look in looks:
            yield from self.take(look)

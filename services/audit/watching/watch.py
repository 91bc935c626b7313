"""The watch over the access log: every rule sees every search."""

from collections.abc import Iterable, Iterator

from services.audit.watching.alarms import Alarm, Rule
from services.audit.watching.amounts import Breadth, Burst
from services.audit.watching.habits import OffHours, SharedAccount
from services.audit.watching.looks import Look
from services.audit.watching.targets import OffCase, RepeatTarget
from services.audit.watching.thresholds import Thresholds
from services.audit.watching.words import VagueReason

RULES = (RepeatTarget, OffHours, SharedAccount, VagueReason, Burst, OffCase, Breadth)


class Watch:
    """On by default, and whole: no rule can be left out, only its thresholds be set."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self._rules: list[Rule] = [rule(thresholds or Thresholds()) for rule in RULES]

    def take(self, look: Look) -> list[Alarm]:
        """The alarms that this look makes due; looks come in the order of their times."""
        return [alarm for rule in self._rules if (alarm := rule.take(look))]

    def over(self, looks: Iterable[Look]) -> Iterator[Alarm]:
        """All alarms of these looks."""
        for look in looks:
            yield from self.take(look)

"""Whether the time can be believed: what a clock that jumps would have deleted early cannot be brought back.

Three witnesses are heard: this process's clock, the database's, and the latest time that a purge has believed; and
between two rounds the machine's own count of seconds, which nobody sets. Where they disagree nothing is purged, and a
person has to say that the time is right. Time that goes backwards only delays.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

APART_MAX = timedelta(minutes=5)
"""How far this process's clock and the database's may be apart."""

DRIFT_MAX = timedelta(minutes=10)
"""How much further than the machine's count of seconds the clock may have moved since this process started."""


class ClockDoubt(Exception):
    """The time cannot be believed; says what does not fit, and what to do."""


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What the clocks say at one moment. `counted_seconds` never goes back and never jumps."""

    process: datetime
    database: datetime
    counted_seconds: float


class TrustedTime:
    """The time as far as it is believed, for one process."""

    def __init__(self, jump_max: timedelta) -> None:
        """`jump_max`: for how long nothing may have run before a person has to say that the time is right."""
        self._jump_max = jump_max
        self._first: Witnesses | None = None

    def believed(self, witnesses: Witnesses, reached: datetime | None) -> datetime:
        """The earlier of the two clocks; raises ClockDoubt. `reached` is the latest time believed before."""
        if abs(witnesses.process - witnesses.database) > APART_MAX:
            raise ClockDoubt(
                f"this machine's clock says {witnesses.process.isoformat()}, the database's "
                f"{witnesses.database.isoformat()}: set them"
            )
        now = min(witnesses.process, witnesses.database)
        first = self._first or witnesses
        counted = timedelta(seconds=witnesses.counted_seconds - first.counted_seconds)
        if witnesses.process - first.process > counted + DRIFT_MAX:
            raise ClockDoubt(
                f"the clock has jumped ahead to {witnesses.process.isoformat()}; if that is right, restart the process"
            )
        if reached is not None and now - reached > self._jump_max:
            raise ClockDoubt(
                f"the last purge was at {reached.isoformat()}, and it is said to be {now.isoformat()}; if that is "
                "right: plateward retention confirm-clock"
            )
        self._first = first
        return now

"""When a delivery that failed is tried again, and which of those that wait goes next. Pure.

Messages go in the order of the feed, one at a time, and all wait while their receiver fails. One that keeps failing is
set aside as soon as another gets through: it is then tried beside the rest, until it is given up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before each further try, as Standard Webhooks has them: ten tries in three days and three and a half hours."""

TRIES_MAX = len(PAUSES) + 1

JITTER = 0.2
"""By how much of itself a pause may be longer, so that what failed together does not come back together."""

RETRY_AFTER_MAX = timedelta(hours=24)
"""A receiver that asks to be left alone for longer is asked after this all the same."""

DOUBTED_AFTER = 3
"""After so many failures one after the other it is every other time the next message that is tried."""


def pause_after(failures: int, chance: float, retry_after: timedelta | None) -> timedelta | None:
    """How long to wait after so many failures, the first being 1; None where it is given up.

    `chance` is from 0 to 1; `retry_after` is what the receiver asked for.
    """
    if failures >= TRIES_MAX:
        return None
    pause = PAUSES[failures - 1] * (1 + JITTER * chance)
    return max(pause, min(retry_after or timedelta(), RETRY_AFTER_MAX))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is still to be made."""

    id: UUID
    sequence: int
    tries: int
    aside: bool
    due_at: datetime
    """Of one that was set aside: when it is tried again."""


def next_of(waiting: Sequence[Waiting], failures: int, at: datetime) -> Waiting | None:
    """Which goes next, of those in the order of the feed; None where nothing is due."""
    in_line = [one for one in waiting if not one.aside]
    if in_line:
        doubted = failures >= DOUBTED_AFTER and failures % 2 == 1 and len(in_line) > 1
        return in_line[1] if doubted else in_line[0]
    return next((one for one in waiting if one.due_at <= at), None)

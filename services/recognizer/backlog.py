"""Which frames a recogniser looks at when there are more than it can look at.

The further behind it is, the further apart are the frames of a camera that it looks at; so the rate follows the
machine, whatever an engine costs, and a camera that sends a picture now and then loses none.
"""

from datetime import datetime, timedelta
from typing import Literal

from plateward.contracts.frames import Frame

Fate = Literal["look", "skipped", "stale"]

UNHURRIED = timedelta(seconds=0.5)
"""Who is no further behind than this looks at every frame."""

_SHARE_OF_LAG = 4
"""At two seconds behind, frames are looked at half a second apart."""

_FARTHEST_APART = timedelta(seconds=2)


def fate(frame: Frame, last_looked_at: datetime | None, now: datetime, age_max: timedelta) -> Fate:
    """What to do with a camera's next frame; `last_looked_at` is the image time of the last frame looked at."""
    behind = now - frame.received_at
    if behind > age_max:
        return "stale"
    if behind <= UNHURRIED or last_looked_at is None:
        return "look"
    apart = min(behind / _SHARE_OF_LAG, _FARTHEST_APART)
    return "look" if abs(frame.captured_at - last_looked_at) >= apart else "skipped"

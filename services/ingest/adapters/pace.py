"""How fast a source gives its frames, and how long it is left alone when it fails."""

import asyncio
import random
import time

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


class Pace:
    """Frames a fixed time apart. What was late is not made up for: after a hold-up there is no burst."""

    def __init__(self, seconds_apart: float) -> None:
        self._seconds_apart = seconds_apart
        self._due_at = time.monotonic()

    async def until_due(self) -> None:
        """Returns when the next frame is due: the first at once."""
        await asyncio.sleep(self._due_at - time.monotonic())
        self._due_at = max(self._due_at, time.monotonic() - self._seconds_apart) + self._seconds_apart


class BackOff:
    """Pauses that double from one to sixty seconds, each with a random part, so that sources don't return together."""

    def __init__(self) -> None:
        self._failures = 0

    def after_failure(self) -> float:
        """How many seconds to pause now."""
        longest = min(FIRST_PAUSE_SECONDS * 2.0**self._failures, LONGEST_PAUSE_SECONDS)
        self._failures = min(self._failures + 1, 16)
        return longest * random.uniform(0.75, 1.0)  # noqa: S311  (nothing is to be kept from guessing)

    def reset(self) -> None:
        """It works again."""
        self._failures = 0

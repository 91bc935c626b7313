"""Cameras remembered for a few seconds, so that not every frame asks the database."""

import time
from collections import OrderedDict
from collections.abc import Callable

from services.ingest.cameras import Cameras, RegisteredCamera

CACHED_SECONDS = 5.0
"""A changed key or state is in force after this long at the latest."""

CACHED_MAX = 10_000
"""Ids remembered at most, unknown ones among them; the oldest answer goes first."""


class CameraCache:
    """The answers of another register of cameras, "there is none" too, each for at most five seconds."""

    def __init__(self, cameras: Cameras, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._cameras = cameras
        self._monotonic = monotonic
        self._answers: OrderedDict[str, tuple[float, RegisteredCamera | None]] = OrderedDict()

    async def find(self, camera_id: str) -> RegisteredCamera | None:
        """The camera of this id, if there is one; raises Unavailable."""
        # The age is counted from before the question: the answer may be as old as that.
        asked_at = self._monotonic()
        answer = self._answers.get(camera_id)
        if answer is not None and asked_at - answer[0] < CACHED_SECONDS:
            return answer[1]
        found = await self._cameras.find(camera_id)
        self._answers[camera_id] = (asked_at, found)
        self._answers.move_to_end(camera_id)
        if len(self._answers) > CACHED_MAX:
            self._answers.popitem(last=False)
        return found

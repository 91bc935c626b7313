"""Self-checks that the gateway asks for: each sends one rendered frame down the line."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from plateward.contracts.self_checks import SELF_CHECK_PLATE, SelfCheckAsked
from plateward.kernel.kafka.consumer import Received
from plateward.scenes import Vehicle, View, encode_jpeg, render_scene
from services.ingest.adapters.frames_topic import FramesTopic
from services.ingest.self_checks import SIZE_PX, check_frame, is_over

log = structlog.get_logger("services.ingest")


class SelfChecks:
    """The effect of the topic `self-checks`."""

    def __init__(self, frames: FramesTopic, now: Callable[[], datetime]) -> None:
        self._frames, self._now = frames, now

    async def take(self, received: Sequence[Received[SelfCheckAsked]]) -> None:
        """Sends the frame of each check that somebody still waits for; raises Unavailable."""
        for one in received:
            if is_over(one.event, self._now()):
                log.warning("ingest.self-check-too-late", agency=one.event.agency_id)
                continue
            jpeg = await asyncio.to_thread(_picture)
            await self._frames.publish(check_frame(one.event, jpeg, self._now()), jpeg)


def _picture() -> bytes:
    """A sedan by day that any recogniser reads."""
    vehicle = Vehicle(SELF_CHECK_PLATE, "CA", "silver")
    return encode_jpeg(render_scene([(vehicle, View(distance_m=8.0), 0)], size=SIZE_PX, seed=1).image)

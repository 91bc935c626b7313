"""Says on `camera-status` which cameras deliver: at a camera's first frame, and every 30 seconds while frames come.

A camera that falls silent is not reported again: the age of its last record says so.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

import structlog

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.event import derive_id
from plateward.contracts.topics import CAMERA_STATUS
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from plateward.kernel.status import Status
from services.ingest.cameras import Camera

log = structlog.get_logger("services.ingest.heartbeat")

EVERY_SECONDS = 30.0
"""How often a camera that delivers is reported."""


class Heartbeat:
    """Which cameras have delivered since they were last reported, and when each is to be reported again."""

    def __init__(
        self,
        publisher: Publisher,
        status: Status,
        *,
        clock: Callable[[], datetime] = now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._publisher, self._status = publisher, status
        self._clock, self._monotonic = clock, monotonic
        self._heard: dict[str, tuple[Camera, datetime]] = {}
        self._not_before: dict[str, float] = {}
        self._news = asyncio.Event()

    def heard(self, camera: Camera, at: datetime) -> None:
        """Notes that a frame of this camera was accepted, received at that time."""
        self._heard[camera.id] = (camera, at)
        if self._is_due(camera.id):
            self._news.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Reports until told to stop."""
        stop = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                self._status.beat("heartbeat")
                await self.report()
                await self._until_news(stop)
        finally:
            stop.cancel()

    async def report(self) -> None:
        """Reports the cameras that are due; those that Kafka does not acknowledge stay due."""
        self._news.clear()
        for camera, last_frame_at in [heard for key, heard in self._heard.items() if self._is_due(key)]:
            try:
                await self._publish(camera, last_frame_at)
            except NotAcknowledged as error:
                log.warning("heartbeat.not_acknowledged", error=str(error))
                return
            self._not_before[camera.id] = self._monotonic() + EVERY_SECONDS
            if self._heard[camera.id][1] == last_frame_at:
                del self._heard[camera.id]

    async def _publish(self, camera: Camera, last_frame_at: datetime) -> None:
        at = self._clock()
        event = CameraStatus(
            camera_id=camera.id, agency_id=camera.agency_id, state=camera.state, at=at, last_frame_at=last_frame_at
        )
        event_id = derive_id("camera-status", camera.id, at.isoformat())
        await self._publisher.publish(CAMERA_STATUS, event, key=camera.id, event_id=event_id, time=at)

    def _is_due(self, camera_id: str) -> bool:
        return self._monotonic() >= self._not_before.get(camera_id, 0.0)

    async def _until_news(self, stop: asyncio.Task[bool]) -> None:
        news = asyncio.create_task(self._news.wait())
        await asyncio.wait({news, stop}, timeout=EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()

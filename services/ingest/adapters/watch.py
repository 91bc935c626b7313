"""Says on `camera-status` how each camera is: when that changes, and every 30 seconds while frames come.

A frame after a pause is said at once; what changes on file within `look_every_seconds`, silence within twice that.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg
import structlog

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.event import derive_id
from plateward.contracts.topics import CAMERA_STATUS
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from plateward.kernel.pauses import first_of
from plateward.kernel.status import Status
from services.ingest.adapters.pulse_store import PulseStore, Speaker, Watched
from services.ingest.cameras import Camera
from services.ingest.condition import SAID_AGAIN_AFTER, Pulse, condition, is_to_be_said

log = structlog.get_logger("services.ingest.watch")


class Watch:
    """What this process has had of each camera since it last spoke.

    Rests on one event loop: what is heard while it speaks waits for the next time.
    """

    def __init__(
        self,
        store: PulseStore,
        publisher: Publisher,
        status: Status,
        *,
        look_every_seconds: float,
        bad_frames: int,
        clock: Callable[[], datetime] = now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._publisher, self._status = store, publisher, status
        self._look_every_seconds, self._bad_frames = look_every_seconds, bad_frames
        self._clock, self._monotonic = clock, monotonic
        self._heard: dict[str, Pulse] = {}
        self._heard_lately: dict[str, float] = {}
        self._news = asyncio.Event()

    def heard(self, camera: Camera, at: datetime, *, blank: bool) -> None:
        """Notes that a frame of this camera was taken; a blank one shows nothing."""
        self._heard[camera.id] = self._heard.get(camera.id, Pulse()).taken(at, blank=blank)
        paused_before = self._monotonic() - SAID_AGAIN_AFTER.total_seconds()
        if self._heard_lately.get(camera.id, -float("inf")) <= paused_before:
            self._news.set()
        self._heard_lately[camera.id] = self._monotonic()

    def spoilt(self, camera: Camera) -> None:
        """Notes that a frame of this camera did not decode."""
        self._heard[camera.id] = self._heard.get(camera.id, Pulse()).spoilt()

    async def run(self, stopping: asyncio.Event) -> None:
        """Looks and speaks until told to stop; while database or Kafka do not answer, what was heard waits."""
        while not stopping.is_set():
            self._status.beat("watch")
            self._news.clear()
            try:
                await self.look()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, NotAcknowledged) as error:
                log.warning("watch.waits", why=type(error).__name__)
            await first_of(self._news, stopping, within_seconds=self._look_every_seconds)

    async def look(self) -> None:
        """Adds what was heard to what all processes have, and says what is new; raises NotAcknowledged.

        What is new is said before it is noted as said: a process that dies between says it again.
        """
        heard, self._heard = self._heard, {}
        try:
            async with self._store.speaking() as speaker:
                for watched in await speaker.add(heard):
                    await self._say(speaker, watched)
        except BaseException:
            self._heard = {
                camera: heard.get(camera, Pulse()).then(self._heard.get(camera, Pulse()))
                for camera in heard.keys() | self._heard.keys()
            }
            raise

    async def _say(self, speaker: Speaker, watched: Watched) -> None:
        camera, pulse, at = watched.registration, watched.pulse, self._clock()
        # Another process may have had a frame since it last looked.
        how = condition(camera, pulse, at, self._bad_frames, late=timedelta(seconds=self._look_every_seconds))
        if not is_to_be_said(how, pulse, watched.said, at):
            return
        event = CameraStatus(
            camera_id=camera.camera_id,
            agency_id=camera.agency_id,
            state=how.state,
            at=at,
            last_frame_at=pulse.last_frame_at,
            fault=how.fault,
        )
        event_id = derive_id("camera-status", camera.camera_id, at.isoformat())
        await self._publisher.publish(CAMERA_STATUS, event, key=camera.camera_id, event_id=event_id, time=at)
        await speaker.said(event)

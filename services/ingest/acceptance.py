"""The one way by which a frame is taken, whichever door it comes to: read, checked, made fit, published."""

import asyncio
import hashlib
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plateward.contracts.frames import Frame, frame_id
from plateward.kernel.clock import now
from services.ingest.body import read_body
from services.ingest.cameras import Camera, require_in_service
from services.ingest.capture_time import capture_time
from services.ingest.frame_check import CheckedImage, check_image
from services.ingest.image_size import ImageSize
from services.ingest.metrics import ACKNOWLEDGE_SECONDS, FRAME_BYTES, FRAMES_ACCEPTED
from services.ingest.refusals import Refused
from services.ingest.room import Room


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken: of one frame, and of all at a time."""

    frame_bytes_max: int
    pixels_max: int
    frames_in_flight_max: int
    upload_seconds_max: float


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG that fits on `frames`, the size that a decoder makes of it, and whether it shows nothing."""

    data: bytes
    size: ImageSize
    blank: bool = False


class Images(Protocol):
    """What decodes pictures."""

    async def fit(self, image: CheckedImage) -> Jpeg:
        """The picture as a JPEG that fits on the topic, unchanged if it is one; raises Refused if it won't decode."""


class Frames(Protocol):
    """Where accepted frames go."""

    async def publish(self, frame: Frame, jpeg: bytes) -> None:
        """Returns when the frame is durable; raises Unavailable when that cannot be had in time."""


class Listener(Protocol):
    """Who wants to know how a camera is."""

    def heard(self, camera: Camera, at: datetime, *, blank: bool) -> None:
        """A frame of this camera was accepted; a blank one shows nothing."""

    def spoilt(self, camera: Camera) -> None:
        """A frame of this camera did not decode."""


class Acceptance:
    """Takes frames, at most so many at a time."""

    def __init__(
        self,
        *,
        images: Images,
        frames: Frames,
        listener: Listener,
        limits: Limits,
        room: Room | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._images, self._frames, self._listener = images, frames, listener
        self._limits, self._clock = limits, clock
        self._room = room or Room(limits.frames_in_flight_max)

    async def accept(self, camera: Camera, chunks: AsyncIterable[bytes], captured_at: str | None = None) -> Frame:
        """Takes one frame of a camera that has been identified, and returns once it is durable.

        `chunks` are the picture's bytes, and are not read before there is room for them; `captured_at` is a time of
        RFC 3339. Raises Refused when the frame can't be taken: then nothing of it is published. Raises Unavailable
        when it can't be taken now: Kafka may yet take what it has not acknowledged in time, so who offers the frame
        again does so under the same time; it is the same frame then.
        """
        received_at = self._clock()
        require_in_service(camera)
        taken_at = capture_time(captured_at, received_at)
        with self._room.place():
            data = await read_body(
                chunks, bytes_max=self._limits.frame_bytes_max, seconds_max=self._limits.upload_seconds_max
            )
            jpeg = await self._decoded(camera, data)
            frame = Frame(
                id=frame_id(camera.id, taken_at, hashlib.sha256(data).hexdigest()),
                camera_id=camera.id,
                agency_id=camera.agency_id,
                place=camera.place,
                captured_at=taken_at,
                received_at=received_at,
                width_px=jpeg.size.width_px,
                height_px=jpeg.size.height_px,
            )
            with ACKNOWLEDGE_SECONDS.time():
                await self._frames.publish(frame, jpeg.data)
        FRAMES_ACCEPTED.inc()
        FRAME_BYTES.inc(len(data))
        self._listener.heard(camera, received_at, blank=jpeg.blank)
        return frame

    async def _decoded(self, camera: Camera, data: bytes) -> Jpeg:
        """The picture; raises Refused, having noted it for the camera when it is the picture that is broken."""
        try:
            image = await asyncio.to_thread(check_image, data, pixels_max=self._limits.pixels_max)
            return await self._images.fit(image)
        except Refused as refused:
            if refused.reason in ("not-an-image", "undecodable"):
                self._listener.spoilt(camera)
            raise

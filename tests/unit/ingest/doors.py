"""Ingest's ports in memory, and an acceptance that stands on them."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import datetime

from plateward.contracts.cameras import CameraPlace
from plateward.contracts.frames import Frame
from services.ingest.acceptance import Acceptance, Limits
from services.ingest.adapters.images import DecodingThreads
from services.ingest.cameras import Camera, RegisteredCamera, key_hash
from services.ingest.refusals import Unavailable

KEY = "the-key-of-camera-1"
PLACE = CameraPlace(name="Route 66 at Main", latitude=35.2, longitude=-111.65, bearing_deg=90.0)
CAMERA = Camera("camera-1", "flagstaff", PLACE)
LIMITS = Limits(frame_bytes_max=200_000, pixels_max=1_000_000, frames_in_flight_max=2, upload_seconds_max=20)


class CamerasInMemory:
    """One camera, and who was asked for."""

    def __init__(self, camera: Camera = CAMERA) -> None:
        self.on_file = {camera.id: RegisteredCamera(camera, (key_hash(KEY),))}
        self.asked: list[str] = []
        self.asked_once = asyncio.Event()

    async def find(self, camera_id: str) -> RegisteredCamera | None:
        self.asked.append(camera_id)
        self.asked_once.set()
        return self.on_file.get(camera_id)


class FramesInMemory:
    """What was offered, and published: nothing while `unavailable`, and not before `open` is set."""

    def __init__(self) -> None:
        self.published: asyncio.Queue[tuple[Frame, bytes]] = asyncio.Queue()
        self.offered: list[uuid.UUID] = []
        self.waiting = asyncio.Semaphore(0)
        self.open = asyncio.Event()
        self.open.set()
        self.unavailable = False

    async def publish(self, frame: Frame, jpeg: bytes) -> None:
        self.offered.append(frame.id)
        self.waiting.release()
        await self.open.wait()
        if self.unavailable:
            raise Unavailable("kafka")
        await self.published.put((frame, jpeg))


class HeardInMemory:
    """The cameras that were heard, and those whose frames were broken."""

    def __init__(self) -> None:
        self.cameras: list[str] = []
        self.blank: list[str] = []
        self.broken: list[str] = []

    def heard(self, camera: Camera, at: datetime, *, blank: bool) -> None:
        self.cameras.append(camera.id)
        if blank:
            self.blank.append(camera.id)

    def spoilt(self, camera: Camera) -> None:
        self.broken.append(camera.id)


def acceptance(
    images: DecodingThreads, frames: FramesInMemory, heard: HeardInMemory | None = None, limits: Limits = LIMITS
) -> Acceptance:
    return Acceptance(images=images, frames=frames, listener=heard or HeardInMemory(), limits=limits)


async def sent(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk

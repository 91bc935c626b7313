"""A running ingest, and how its tests look at what it does."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.topics import Topic
from plateward.kernel.lifecycle import Loop
from services.ingest.cameras import Camera
from services.ingest.settings import IngestSettings
from tests.support.cameras import PLACE, a_camera
from tests.unit.ingest.pictures import jpeg, soft

KEY = secrets.token_urlsafe(32)
CAMERA = Camera(f"camera-{secrets.token_hex(4)}", "flagstaff", PLACE)
OUT_OF_SERVICE = replace(CAMERA, id=f"{CAMERA.id}-out")
OF_FOLDER = replace(CAMERA, id=f"{CAMERA.id}-folder")
FRAME = jpeg(soft(640, 480))
AUTHORISED = {"Authorization": f"Bearer {KEY}"}
PASSWORD = secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Ingest:
    """A running ingest: a client of it, and what it stands on."""

    client: httpx.AsyncClient
    settings: IngestSettings
    folder: Path

    async def send(self, picture: bytes, camera: str = CAMERA.id, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(f"/v1/cameras/{camera}/frames", content=picture, headers=AUTHORISED | named)


def on_file(camera: Camera, key: str = KEY, **changes: Any) -> CameraRegistration:
    """The camera as the gateway tells of it: in service, except for the changes."""
    return a_camera(camera.id, key, agency_id=camera.agency_id, place=camera.place, **changes)


async def until(loop: Loop, stopping: asyncio.Event) -> None:
    await loop(stopping)


async def answering(client: httpx.AsyncClient) -> None:
    """Returns once the server takes connections and is ready."""
    while True:
        try:
            if (await client.get("/readyz")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.05)


@asynccontextmanager
async def reading(settings: IngestSettings, topic: Topic) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader of what comes on a topic from now on."""
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka.bootstrap_servers, group_id=None)
    await consumer.start()
    try:
        partitions = [TopicPartition(topic.name, partition) for partition in range(topic.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_end(*partitions)
        yield consumer
    finally:
        await consumer.stop()


async def next_of(consumer: AIOKafkaConsumer, camera_id: str) -> ConsumerRecord:
    async with asyncio.timeout(20):
        while (record := await consumer.getone()).key != camera_id.encode():
            pass
        return record

"""Ingest's table of cameras, lost and built again as docs/operations/cameras.md says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from plateward.contracts.event import encode
from plateward.contracts.topics import CAMERAS
from plateward.embedded.readiness import poll_until
from plateward.kernel.kafka.topics import prepare_topics
from services.ingest import factory
from services.ingest.adapters.camera_store import CameraStore
from services.ingest.settings import IngestSettings
from tests.integration.ingest.running import CAMERA, on_file, until

LOST = replace(CAMERA, id=f"{CAMERA.id}-lost")
PARTITIONS = [TopicPartition(CAMERAS.name, partition) for partition in range(CAMERAS.partitions)]


@asynccontextmanager
async def listening(settings: IngestSettings) -> AsyncIterator[None]:
    """Ingest, without its door."""
    stopping = asyncio.Event()
    async with factory.running(settings) as running, asyncio.TaskGroup() as tasks:
        for loop in running.loops:
            tasks.create_task(until(loop, stopping))
        yield
        stopping.set()


async def test_the_cameras_are_built_again_from_their_topic(
    settings: IngestSettings, store: CameraStore, migrated: str
) -> None:
    mine = settings.model_copy(update={"sources_file": None})

    async def known() -> bool:
        return await store.find(LOST.id) is not None

    await prepare_topics(mine.kafka)
    await registered(mine, version=7)
    async with listening(mine), asyncio.timeout(30):
        await poll_until(known)
    session = await asyncpg.connect(migrated)
    await session.execute("DELETE FROM ingest.cameras")
    await session.close()
    assert not await known()
    await set_back(mine)
    async with listening(mine), asyncio.timeout(30):
        await poll_until(known)
    found = await store.find(LOST.id)
    assert found is not None and found.camera == LOST


async def registered(settings: IngestSettings, version: int) -> None:
    """Has the topic say that there is the camera."""
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka.bootstrap_servers) as producer:
        await producer.send_and_wait(
            CAMERAS.name, key=LOST.id.encode(), value=encode(on_file(LOST, "a key", version=version))
        )


async def set_back(settings: IngestSettings) -> None:
    """Sets the offsets of ingest's group to the earliest."""
    async with AIOKafkaConsumer(
        bootstrap_servers=settings.kafka.bootstrap_servers,
        group_id="plateward-ingest-cameras",
        enable_auto_commit=False,
    ) as consumer:
        consumer.assign(PARTITIONS)
        await consumer.commit(dict(await consumer.beginning_offsets(PARTITIONS)))

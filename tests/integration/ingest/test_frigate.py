"""Frigate's reads, from a real MQTT broker to the topic."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiomqtt
import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from amqtt.broker import Broker

from plateward.contracts.dead_letters import DeadLetter
from plateward.contracts.event import decode
from plateward.contracts.reads import PlateRead, ReadImages
from plateward.contracts.topics import PLATE_READS
from plateward.embedded.ports import free_port
from services.ingest import factory
from services.ingest.adapters.camera_store import CameraStore
from services.ingest.settings import IngestSettings, MqttSettings
from tests.integration.ingest.running import CAMERA, OUT_OF_SERVICE, Ingest, reading, until
from tests.support.edge import document

TOPIC = "frigate/tracked_object_update"


class RealBroker:
    """An MQTT broker that can be stopped and started on the same port."""

    def __init__(self) -> None:
        self.port = free_port()
        self._broker: Broker | None = None

    async def start(self) -> None:
        self._broker = Broker(
            {
                "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{self.port}"}},
                "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
            }
        )
        await self._broker.start()

    async def stop(self) -> None:
        if self._broker is not None:
            await self._broker.shutdown()
            self._broker = None

    async def publish(self, payload: bytes) -> None:
        async with aiomqtt.Client("127.0.0.1", self.port) as client:
            await client.publish(TOPIC, payload, qos=1)


@pytest.fixture
async def broker(settings: IngestSettings, ingest: Ingest, store: CameraStore) -> AsyncIterator[RealBroker]:
    """A broker, and an ingest that listens to it."""
    real = RealBroker()
    await real.start()
    mqtt = MqttSettings(
        host="127.0.0.1",
        port=real.port,
        tls=False,
        cameras={"north_drive": CAMERA.id, "south_drive": OUT_OF_SERVICE.id, "gone": "unregistered"},
    )
    stopping = asyncio.Event()
    listening = settings.model_copy(update={"mqtt": mqtt, "sources_file": None})
    async with factory.running(listening) as running, asyncio.TaskGroup() as tasks:
        for loop in running.loops:
            tasks.create_task(until(loop, stopping))
        yield real
        stopping.set()
    await real.stop()


def message(at: datetime, **changes: Any) -> bytes:
    return json.dumps(document("frigate-lpr.json", at) | changes).encode()


async def heard(
    broker: RealBroker, payload: bytes, consumer: AIOKafkaConsumer, wanted: Callable[[ConsumerRecord], bool]
) -> ConsumerRecord:
    """The record that a message becomes. It is published until it is heard: nobody says when ingest has subscribed."""
    async with asyncio.timeout(30):
        while True:
            await broker.publish(payload)
            found = await consumer.getmany(timeout_ms=500)
            for record in (record for records in found.values() for record in records):
                if wanted(record):
                    return record


async def test_a_message_becomes_a_read(broker: RealBroker, settings: IngestSettings) -> None:
    at = datetime.now(UTC) - timedelta(minutes=1)
    async with reading(settings, PLATE_READS) as consumer:
        records = [await heard(broker, message(at), consumer, of_camera) for _ in range(2)]
    first, again = (decode(record.value, PlateRead) for record in records)
    assert first == again
    assert (first.plate, first.confidence, first.source) == ("KDT4471", 0.93, "edge:frigate")
    assert (first.images, first.vehicle, first.state) == (ReadImages(), None, None)
    assert abs(first.captured_at - at) < timedelta(milliseconds=1)


def of_camera(record: ConsumerRecord) -> bool:
    return decode(record.value, PlateRead).camera_id == CAMERA.id


async def test_a_broker_that_comes_back_is_heard_again(broker: RealBroker, settings: IngestSettings) -> None:
    at = datetime.now(UTC) - timedelta(minutes=2)
    async with reading(settings, PLATE_READS) as consumer:
        await heard(broker, message(at), consumer, of_camera)
        await broker.stop()
        await broker.start()
        later = message(at, plate="ZWQ9087", id="later")
        record = await heard(broker, later, consumer, lambda it: decode(it.value, PlateRead).plate == "ZWQ9087")
    assert record.key == b"2W09087"


AT = datetime.now(UTC)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (message(AT)[:-9], "one whole JSON document"),
        (b"[" * 50_000, "nested"),
        (bytes(70_000), "at most 65536 bytes"),
        (message(AT, score=93), "score: must be a number from 0 to 1"),
        (message(AT, plate="--"), "plate: must have 1 to 12 letters"),
        (message(AT, camera="west_drive"), "camera: must be one that"),
        (message(AT, camera="gone"), "camera: must be one that"),
        (message(AT, camera="south_drive"), "camera: must be in service"),
        (message(AT + timedelta(hours=1)), "60 seconds in the future"),
        (message(AT - timedelta(hours=25)), "24 hours ago"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_refused_is_buried(
    broker: RealBroker, settings: IngestSettings, payload: bytes, reason: str
) -> None:
    async with reading(settings, PLATE_READS.dead) as consumer:
        record = await heard(broker, payload, consumer, lambda it: reason in decode(it.value, DeadLetter).reason)
    letter = decode(record.value, DeadLetter)
    assert (letter.topic, letter.refused_by, letter.original_value()) == (TOPIC, "ingest", payload)

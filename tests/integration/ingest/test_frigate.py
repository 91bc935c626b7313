"""Frigate's reads, from a real MQTT broker to the topic."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import aiomqtt
import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from amqtt.broker import Broker
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from structlog.testing import capture_logs

from plateward.contracts.dead_letters import DeadLetter
from plateward.contracts.event import decode
from plateward.contracts.reads import PlateRead, ReadImages
from plateward.contracts.topics import PLATE_READS
from plateward.embedded.ports import free_port
from plateward.embedded.readiness import poll_until
from plateward.kernel.kafka.publisher import open_publisher
from services.ingest import factory
from services.ingest.adapters.camera_store import CameraStore
from services.ingest.adapters.mqtt import FrigateSubscriber
from services.ingest.edge_acceptance import EdgeAcceptance
from services.ingest.settings import IngestSettings, MqttSettings
from tests.integration.ingest.running import CAMERA, OUT_OF_SERVICE, PASSWORD, Ingest, reading, until
from tests.support.certificates import self_signed
from tests.support.edge import document

TOPIC = "frigate/tracked_object_update"


ANYBODY = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}


class RealBroker:
    """An MQTT broker that can be stopped and started on the same port."""

    def __init__(self, plugins: Mapping[str, Any] = ANYBODY, **listener: Any) -> None:
        self.port = free_port()
        self._plugins, self._listener = plugins, listener
        self.client: dict[str, Any] = {}
        self._broker: Broker | None = None

    async def start(self) -> None:
        listener = {"type": "tcp", "bind": f"127.0.0.1:{self.port}"} | self._listener
        self._broker = Broker({"listeners": {"default": listener}, "plugins": dict(self._plugins)})
        await self._broker.start()

    async def stop(self) -> None:
        if self._broker is not None:
            # amqtt may hang where an acknowledgement comes while it shuts down: what is on its way may arrive before.
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await poll_until(self._quiet)
            await self._broker.shutdown()
            self._broker = None

    async def _quiet(self) -> bool:
        assert self._broker is not None
        return all(session.inflight_out_count == 0 for session, _ in self._broker._sessions.values())

    def unacknowledged(self, client_id: str) -> int | None:
        """How many messages a client was sent and has not acknowledged; None before it has subscribed."""
        assert self._broker is not None
        session, _ = self._broker._sessions.get(client_id, (None, None))
        subscribers = self._broker._subscriptions.get(TOPIC, [])
        there = any(each.client_id == client_id for each, _ in subscribers)
        return session.inflight_out_count if session is not None and there else None

    async def publish(self, *payloads: bytes) -> None:
        async with aiomqtt.Client("127.0.0.1", self.port, **self.client) as client:
            for payload in payloads:
                await client.publish(TOPIC, payload, qos=1)


@pytest.fixture(scope="module")
async def broker(settings: IngestSettings, ingest: Ingest, store: CameraStore) -> AsyncIterator[RealBroker]:
    """A broker, and an ingest that listens to it."""
    real = RealBroker()
    await real.start()
    async with listening(settings, port=real.port, tls=False):
        yield real
    await real.stop()


@asynccontextmanager
async def listening(settings: IngestSettings, **broker: Any) -> AsyncIterator[None]:
    """An ingest that listens to this broker."""
    names = {"north_drive": CAMERA.id, "south_drive": OUT_OF_SERVICE.id, "gone": "unregistered"}
    mqtt = MqttSettings(host="127.0.0.1", cameras=names, **broker)
    stopping = asyncio.Event()
    mine = settings.model_copy(update={"mqtt": mqtt, "sources_file": None})
    async with factory.running(mine) as running, asyncio.TaskGroup() as tasks:
        for loop in running.loops:
            tasks.create_task(until(loop, stopping))
        yield
        stopping.set()


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


class Held:
    """An acceptance that takes reads, and is not done with them until it may."""

    def __init__(self) -> None:
        self.begun, self.may = asyncio.Event(), asyncio.Event()

    async def accept(self, *_: object) -> None:
        self.begun.set()
        await self.may.wait()


async def test_a_message_is_acknowledged_when_it_has_been_taken_and_not_before(
    settings: IngestSettings, ingest: Ingest, store: CameraStore
) -> None:
    broker, acceptance, stopping = RealBroker(), Held(), asyncio.Event()
    mqtt = MqttSettings(
        host="127.0.0.1", port=broker.port, tls=False, client_id="one", cameras={"north_drive": CAMERA.id}
    )

    async def subscribed() -> bool:
        return broker.unacknowledged("one") is not None

    async def both_delivered() -> bool:
        return broker.unacknowledged("one") == 2

    async def both_acknowledged() -> bool:
        return broker.unacknowledged("one") == 0

    await broker.start()
    async with open_publisher(settings.kafka, source="ingest") as publisher, asyncio.timeout(60):
        subscriber = FrigateSubscriber(
            mqtt, cameras=store, acceptance=cast("EdgeAcceptance", acceptance), publisher=publisher
        )
        listening = asyncio.create_task(subscriber.run(stopping))
        await poll_until(subscribed)
        await broker.publish(message(datetime.now(UTC)), message(datetime.now(UTC)))
        await acceptance.begun.wait()
        await poll_until(both_delivered)
        acceptance.may.set()
        await poll_until(both_acknowledged)
        stopping.set()
        await listening
    await broker.stop()


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[RealBroker]:
    """A broker that speaks TLS and knows one user."""
    files = self_signed(tmp_path)
    passwords = tmp_path / "passwords"
    passwords.write_text(f"plateward:{PasswordHash((Argon2Hasher(),)).hash(PASSWORD)}\n")
    users = {"amqtt.plugins.authentication.FileAuthPlugin": {"password_file": str(passwords)}}
    real = RealBroker(users, ssl=True, certfile=str(files.certificate), keyfile=str(files.key))
    real.client = {
        "username": "plateward",
        "password": PASSWORD,
        "tls_context": ssl.create_default_context(cafile=files.certificate),
    }
    await real.start()
    yield real
    await real.stop()


async def test_a_broker_with_tls_and_a_password_is_heard(
    guarded: RealBroker, settings: IngestSettings, ingest: Ingest, tmp_path: Path
) -> None:
    ours = {"port": guarded.port, "ca_file": tmp_path / "certificate.pem", "username": "plateward"}
    at = datetime.now(UTC) - timedelta(minutes=3)
    async with listening(settings, **ours, password=PASSWORD), reading(settings, PLATE_READS) as consumer:
        record = await heard(guarded, message(at, id="guarded"), consumer, of_camera)
    assert decode(record.value, PlateRead).source == "edge:frigate"


@pytest.mark.parametrize("wrong", ["password", "ca_file"])
async def test_a_broker_that_refuses_or_is_not_the_one_expected_is_tried_again(
    guarded: RealBroker, settings: IngestSettings, ingest: Ingest, tmp_path: Path, wrong: str
) -> None:
    ours = {"ca_file": tmp_path / "certificate.pem", "password": PASSWORD}
    ours[wrong] = "wrong" if wrong == "password" else None
    with capture_logs() as logs:
        async with listening(settings, port=guarded.port, username="plateward", **ours), asyncio.timeout(20):
            await poll_until(lambda: told(logs, "mqtt.lost"))
    assert PASSWORD not in str(logs) and "wrong" not in str(logs)


async def told(logs: Sequence[Mapping[str, Any]], event: str) -> bool:
    return any(entry["event"] == event for entry in logs)


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

"""Cameras that deliver are reported at their first frame, and then every 30 seconds."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.topics import CAMERA_STATUS
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from plateward.kernel.status import Status
from services.ingest.adapters.heartbeat import EVERY_SECONDS, Heartbeat
from tests.unit.ingest.doors import CAMERA

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


class PublisherInMemory(Publisher):
    """Keeps what is published; acknowledges nothing while `down`."""

    def __init__(self) -> None:
        self.published: asyncio.Queue[CameraStatus] = asyncio.Queue()
        self.down = False

    async def publish(self, topic: Any, event: Any, *, key: str, **_: Any) -> None:
        if self.down:
            raise NotAcknowledged(topic.name)
        assert (topic, key) == (CAMERA_STATUS, event.camera_id)
        await self.published.put(event)


class Time:
    """Both clocks, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def clock(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return 1_000 + self.seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def publisher() -> PublisherInMemory:
    return PublisherInMemory()


@pytest.fixture
def heartbeat(publisher: PublisherInMemory, time: Time) -> Heartbeat:
    return Heartbeat(publisher, Status(), clock=time.clock, monotonic=time.monotonic)


def reported(publisher: PublisherInMemory) -> list[CameraStatus]:
    return [publisher.published.get_nowait() for _ in range(publisher.published.qsize())]


async def test_the_first_frame_is_reported_at_once(heartbeat: Heartbeat, publisher: PublisherInMemory) -> None:
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(heartbeat.run(stopping))
        await asyncio.sleep(0)
        heartbeat.heard(CAMERA, START)
        status = await publisher.published.get()
        stopping.set()
    assert status == CameraStatus(
        camera_id="camera-1", agency_id="flagstaff", state="working", at=START, last_frame_at=START
    )


async def test_then_every_thirty_seconds_while_frames_come(
    heartbeat: Heartbeat, publisher: PublisherInMemory, time: Time
) -> None:
    for second in range(65):
        time.seconds = second
        heartbeat.heard(CAMERA, time.clock())
        await heartbeat.report()
    assert [(status.at - START).total_seconds() for status in reported(publisher)] == [0, 30, 60]


async def test_a_frame_between_is_reported_when_it_is_due(
    heartbeat: Heartbeat, publisher: PublisherInMemory, time: Time
) -> None:
    for second in (0, 10):
        time.seconds = second
        heartbeat.heard(CAMERA, time.clock())
        await heartbeat.report()
    time.seconds = EVERY_SECONDS
    await heartbeat.report()
    assert [status.last_frame_at for status in reported(publisher)] == [START, START + timedelta(seconds=10)]


async def test_a_silent_camera_is_not_reported(heartbeat: Heartbeat, publisher: PublisherInMemory, time: Time) -> None:
    heartbeat.heard(CAMERA, time.clock())
    await heartbeat.report()
    time.seconds = 10 * EVERY_SECONDS
    await heartbeat.report()
    assert len(reported(publisher)) == 1


async def test_what_kafka_did_not_acknowledge_stays_due(
    heartbeat: Heartbeat, publisher: PublisherInMemory, time: Time
) -> None:
    publisher.down = True
    heartbeat.heard(CAMERA, START)
    await heartbeat.report()
    publisher.down = False
    time.seconds = 1
    await heartbeat.report()
    assert [status.last_frame_at for status in reported(publisher)] == [START]

"""What this process heard is added once, whatever fails in between, and a frame after a pause is news."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.topics import CAMERA_STATUS
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from plateward.kernel.status import Status
from services.ingest.adapters.pulse_store import PulseStore, Speaker, Watched
from services.ingest.adapters.watch import Watch
from services.ingest.condition import Pulse
from tests.support.cameras import a_camera
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


class PulsesInMemory:
    """One camera; what is done while speaking is lost when that fails, as in a transaction."""

    def __init__(self) -> None:
        self.registration = a_camera(CAMERA.id, "key", silent_after_seconds=60, in_service_since=START)
        self.pulse, self.last_said = Pulse(), cast("CameraStatus | None", None)

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator["PulsesInMemory"]:
        before = self.pulse, self.last_said
        try:
            yield self
        except BaseException:
            self.pulse, self.last_said = before
            raise

    async def add(self, later: Mapping[str, Pulse]) -> list[Watched]:
        self.pulse = self.pulse.then(later.get(CAMERA.id, Pulse()))
        return [Watched(self.registration, self.pulse, self.last_said)]

    async def said(self, status: CameraStatus) -> None:
        self.last_said = status


class Time:
    """Both clocks, moved by hand."""

    seconds = 0.0

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
def watch(publisher: PublisherInMemory, time: Time) -> Watch:
    store = cast("PulseStore", PulsesInMemory())
    assert {name for name in vars(Speaker) if not name.startswith("_")} <= set(vars(PulsesInMemory))
    return Watch(
        *(store, publisher, Status()),
        look_every_seconds=5,
        bad_frames=2,
        clock=time.clock,
        monotonic=time.monotonic,
    )


def reported(publisher: PublisherInMemory) -> list[CameraStatus]:
    return [publisher.published.get_nowait() for _ in range(publisher.published.qsize())]


async def test_a_frame_after_a_pause_is_said_without_waiting(
    watch: Watch, publisher: PublisherInMemory, time: Time
) -> None:
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch.run(stopping))
        assert (await publisher.published.get()).last_frame_at is None  # it is on file
        for seconds in (30, 3_000):
            time.seconds = seconds
            watch.heard(CAMERA, time.clock(), blank=False)
            assert (await publisher.published.get()).last_frame_at == time.clock()
        stopping.set()


async def test_then_every_thirty_seconds_while_frames_come(
    watch: Watch, publisher: PublisherInMemory, time: Time
) -> None:
    for second in range(65):
        time.seconds = second
        watch.heard(CAMERA, time.clock(), blank=False)
        await watch.look()
    assert [(status.at - START).total_seconds() for status in reported(publisher)] == [0, 30, 60]


async def test_silence_is_said_once_and_so_is_its_end(watch: Watch, publisher: PublisherInMemory, time: Time) -> None:
    watch.heard(CAMERA, time.clock(), blank=False)
    for second in (0, 65, 66, 70, 120):
        time.seconds = second
        await watch.look()
    watch.heard(CAMERA, time.clock(), blank=False)
    await watch.look()
    assert [(status.state, status.fault) for status in reported(publisher)] == [
        ("working", None),
        ("faulty", "silent since 2026-05-01T12:00:00Z"),
        ("working", None),
    ]


async def test_broken_frames_are_a_fault(watch: Watch, publisher: PublisherInMemory) -> None:
    watch.heard(CAMERA, START, blank=False)
    watch.spoilt(CAMERA)
    await watch.look()
    watch.spoilt(CAMERA)
    await watch.look()
    assert [status.fault for status in reported(publisher)] == [None, "frames do not decode"]


async def test_what_kafka_did_not_acknowledge_is_said_later(
    watch: Watch, publisher: PublisherInMemory, time: Time
) -> None:
    publisher.down = True
    watch.spoilt(CAMERA)
    with pytest.raises(NotAcknowledged):
        await watch.look()
    publisher.down = False
    watch.spoilt(CAMERA)
    await watch.look()
    assert [status.fault for status in reported(publisher)] == ["frames do not decode"]

"""Two recognisers share the cameras, and one is killed: every frame is accounted for, and each pass stays one read."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from plateward.contracts.envelope import header
from plateward.contracts.event import decode, encode
from plateward.contracts.examples import EXAMPLES
from plateward.contracts.frames import FRAME_HEADER, Frame, FrameOutcome
from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import FRAME_OUTCOMES, FRAMES, PLATE_READS
from plateward.embedded.ports import free_port
from plateward.embedded.processes import Event, ProcessGroup
from plateward.embedded.readiness import poll_until
from plateward.embedded.services import OneMachine
from plateward.kernel.clock import now
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.settings import KafkaSettings
from plateward.scenes import Vehicle, View, encode_jpeg, render_scene
from tests.integration.topic_reading import everything_on
from tests.support.asking import asking
from tests.support.stack import KafkaServer

PATIENCE_SECONDS = 180
PLATES = ("7KXR214", "4HFJ336", "8PDV688", "2BFJ642", "6VTK070", "9HWM315", "5KRX927", "3TNP481")
"""A camera each, on a partition each."""
FRAMES_EACH = 6
APART = timedelta(milliseconds=200)
NOT_STALE = str(PATIENCE_SECONDS * 4)

_FRAME = next(example for example in EXAMPLES if isinstance(example, Frame))


@dataclass(frozen=True)
class Two:
    """Two recognisers, and what goes to them and comes from them."""

    processes: ProcessGroup
    producer: AIOKafkaProducer
    settings: KafkaSettings
    urls: dict[str, str]

    async def send(self, frame: Frame, jpeg: bytes, partition: int) -> None:
        headers = [(FRAME_HEADER, encode(frame))]
        key = frame.camera_id.encode()
        await self.producer.send_and_wait(FRAMES.name, jpeg, key=key, headers=headers, partition=partition)

    async def outcomes(self) -> list[FrameOutcome]:
        return [decode(record.value, FrameOutcome) for record in await everything_on(self.settings, FRAME_OUTCOMES)]

    async def reads(self) -> list[PlateRead]:
        # Other tests put on the same topic what is no event at all.
        records = await everything_on(self.settings, PLATE_READS)
        events = [record for record in records if header(record.headers, "ce_type") == PlateRead.TYPE]
        return [decode(record.value, PlateRead) for record in events]

    async def has_looked(self, name: str) -> bool:
        """Whether this one has looked at a frame."""
        async with asking() as client:
            metrics = (await client.get(f"{self.urls[name]}/metrics")).text
        return 'plateward_recognised_frames_total{outcome="read"}' in metrics


@pytest.fixture
async def two(kafka: KafkaServer, tmp_path: Path) -> AsyncIterator[Two]:
    settings = KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)
    await prepare_topics(settings)
    programs, urls = [], {}
    for name in ("one", "other"):
        machine = OneMachine(tmp_path, kafka.bootstrap_servers, "postgresql://none").with_port(
            "recognizer", free_port()
        )
        machine.make_keys()
        program = machine.program("recognizer", PLATEWARD_RECOGNIZER_FRAME_AGE_MAX_SECONDS=NOT_STALE)
        programs.append(replace(program, name=name, log=tmp_path / f"{name}.log"))
        urls[name] = machine.url("recognizer")
    events: list[Event] = []
    async with (
        AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, enable_idempotence=True) as producer,
        ProcessGroup(programs, report=events.append, ready_seconds=PATIENCE_SECONDS) as processes,
    ):
        await processes.start_all()
        yield Two(processes, producer, settings, urls)


@pytest.mark.timeout(4 * PATIENCE_SECONDS)
async def test_when_one_of_two_is_killed_no_frame_is_lost_and_no_pass_told_under_two_ids(two: Two) -> None:
    run, began = uuid.uuid4().hex[:8], now()
    pictures = {plate: driving_away(plate) for plate in PLATES}
    sent: dict[uuid.UUID, str] = {}

    async def send(steps: range) -> None:
        for step in steps:
            for partition, plate in enumerate(PLATES):
                frame = frame_of(f"{run}-{plate}", began + step * APART)
                sent[frame.id] = plate
                await two.send(frame, pictures[plate][step], partition)

    await send(range(FRAMES_EACH // 2))
    await until(lambda: both_have_looked(two))
    await send(range(FRAMES_EACH // 2, FRAMES_EACH))
    two.processes.kill("one")
    await two.processes.ended("one")

    async def accounted() -> bool:
        return sent.keys() <= {outcome.frame_id for outcome in await two.outcomes()}

    await until(accounted)
    outcomes = {each.frame_id: each for each in await two.outcomes() if each.frame_id in sent}
    assert outcomes.keys() == sent.keys()
    told = [read for read in await two.reads() if read.camera_id.startswith(run)]
    assert {read.plate for read in told} == set(PLATES)
    assert len({read.id for read in told}) == len(PLATES), "a pass is one read, whoever told it"
    # What the outcomes say of a frame, twice if it was looked at by both, is what was told.
    named = {read for each in await two.outcomes() if each.frame_id in sent for read in each.read_ids}
    assert named == {read.id for read in told}


async def both_have_looked(two: Two) -> bool:
    return all([await two.has_looked(name) for name in two.urls])


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(condition)


def frame_of(camera: str, at: datetime) -> Frame:
    return msgspec.structs.replace(
        _FRAME, id=uuid.uuid5(uuid.NAMESPACE_OID, f"{camera} {at}"), camera_id=camera, captured_at=at, received_at=now()
    )


def driving_away(plate: str) -> list[bytes]:
    views = [View(distance_m=8 + 0.4 * step) for step in range(FRAMES_EACH)]
    vehicle = Vehicle(plate, "CA", "silver")
    return [encode_jpeg(render_scene([(vehicle, view, 0)], size=(960, 540), seed=3).image) for view in views]

"""Publishing, consuming and dead letters on a real Kafka."""

import asyncio
import secrets
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import msgspec
import pytest
from aiokafka import ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.envelope import header
from plateward.contracts.event import decode, encode
from plateward.contracts.examples import AT, EXAMPLES
from plateward.contracts.topics import RECORD_BYTES_MAX, Topic
from plateward.kernel.kafka.commits import Begun, Polled
from plateward.kernel.kafka.consumer import Received, RecordConsumer, Refused, TopicConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher, open_publisher
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from tests.integration.topic_reading import committed, everything_on, letters_on
from tests.support.stack import KafkaServer

PATIENCE_SECONDS = 120
"""Starting a broker takes its time on a machine that is busy."""
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
EXAMPLE = next(example for example in EXAMPLES if isinstance(example, CameraStatus))

Effect = Callable[[Sequence[Received[CameraStatus]]], Awaitable[None]]
Consumers = Callable[..., TopicConsumer[CameraStatus]]


def status_of(camera: str) -> CameraStatus:
    return msgspec.structs.replace(EXAMPLE, camera_id=camera)


@pytest.fixture(scope="module")
def settings(kafka: KafkaServer) -> KafkaSettings:
    return KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)


@pytest.fixture
async def admin(settings: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap_servers)
    await admin.start()
    yield admin
    await admin.close()


@pytest.fixture
async def publisher(settings: KafkaSettings) -> AsyncIterator[Publisher]:
    async with open_publisher(settings, source="test") as publisher:
        yield publisher


@pytest.fixture
async def topic(admin: AIOKafkaAdminClient) -> Topic:
    """A topic of its own, with its dead-letter topic."""
    topic = Topic(f"t-{secrets.token_hex(6)}", "camera", CameraStatus, ("test",), ("test",), 1, timedelta(hours=1))
    await admin.create_topics(
        [NewTopic(one.name, one.partitions, 1, topic_configs=one.settings) for one in (topic, topic.dead)]
    )
    return topic


@pytest.fixture
def consumer(settings: KafkaSettings, topic: Topic, publisher: Publisher) -> Consumers:
    """A consumer of the topic, of the topic's own group."""

    def of(effect: Effect, **changes: object) -> TopicConsumer[CameraStatus]:
        known: dict[str, object] = {"decoder": lambda record: decode(record.value, CameraStatus)}
        return TopicConsumer(
            settings,
            topic=topic,
            group=topic.name,
            effect=effect,
            dead_letters=DeadLetters(publisher, "test"),
            status=Status(),
            **(known | changes),  # type: ignore[arg-type]
        )

    return of


class Taken:
    """An effect that keeps the names of the cameras that it was given, and tells when it has had one."""

    def __init__(self) -> None:
        self.cameras: list[str] = []
        self._had: dict[str, asyncio.Event] = {}

    async def __call__(self, received: Sequence[Received[CameraStatus]]) -> None:
        for one in received:
            self.cameras.append(one.event.camera_id)
            self.has(one.event.camera_id).set()

    def has(self, camera: str) -> asyncio.Event:
        return self._had.setdefault(camera, asyncio.Event())


@asynccontextmanager
async def at_work(consumer: TopicConsumer[CameraStatus]) -> AsyncIterator[None]:
    """While it lasts, the consumer consumes; then it stops, having committed what it took."""
    stopping = asyncio.Event()
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as tasks:
        tasks.create_task(consumer.run(stopping))
        try:
            yield
        finally:
            stopping.set()


async def publish(publisher: Publisher, topic: Topic, *cameras: str) -> None:
    for camera in cameras:
        await publisher.publish(topic, status_of(camera), key=camera, event_id=uuid.uuid4(), time=AT)


async def test_an_event_is_on_the_topic_with_its_envelope(
    settings: KafkaSettings, topic: Topic, publisher: Publisher
) -> None:
    event, event_id = status_of("c1"), uuid.uuid4()
    await publisher.publish(
        topic, event, key="c1", event_id=event_id, time=AT, traceparent=TRACE, extra=[("note", b"n")]
    )
    (record,) = await everything_on(settings, topic)
    assert (record.key, record.value) == (b"c1", encode(event))
    assert {name: header(record.headers, name) for name, _ in record.headers} == {
        "ce_specversion": "1.0",
        "ce_id": str(event_id),
        "ce_type": "plateward.camera-status.v1",
        "ce_source": "plateward/test",
        "ce_time": AT.isoformat(),
        "content-type": "application/json",
        "traceparent": TRACE,
        "note": "n",
    }


async def test_what_the_broker_refuses_is_not_acknowledged(topic: Topic, publisher: Publisher) -> None:
    too_large = bytes(RECORD_BYTES_MAX + 1)
    with pytest.raises(NotAcknowledged, match=f"^{topic.name}: MessageSizeTooLargeError$"):
        await publisher.send(topic.name, key=None, value=too_large, headers=[])


async def test_offsets_are_committed_after_the_effect_and_not_before(
    settings: KafkaSettings, topic: Topic, publisher: Publisher, consumer: Consumers
) -> None:
    seen: list[dict[int, int]] = []

    async def look(received: Sequence[Received[CameraStatus]]) -> None:
        seen.append(await committed(settings, topic, topic.name))
        await taken(received)

    taken = Taken()
    await publish(publisher, topic, "c1", "c2", "c3")
    async with at_work(consumer(look, batch_max=1)):
        await taken.has("c3").wait()
    assert [offsets.get(0, 0) for offsets in seen] == [0, 1, 2]
    assert await committed(settings, topic, topic.name) == {0: 3}


async def test_what_an_effect_has_begun_is_done_before_its_records_are_committed(
    settings: KafkaSettings, topic: Topic, publisher: Publisher
) -> None:
    begun: list[asyncio.Future[None]] = []
    has_begun = asyncio.Event()

    async def begin(polled: Polled) -> Begun:
        begun.append(asyncio.get_running_loop().create_future())
        has_begun.set()
        return begun[-1:]

    consumer = RecordConsumer(settings, topic=topic, group=topic.name, effect=begin, status=Status(), batch_max=10)
    await publish(publisher, topic, "c1")
    async with asyncio.timeout(PATIENCE_SECONDS):
        stopping = asyncio.Event()
        consuming = asyncio.create_task(consumer.run(stopping))
        await has_begun.wait()
        stopping.set()
        assert await committed(settings, topic, topic.name) == {}
        begun[0].set_result(None)
        await consuming
    assert await committed(settings, topic, topic.name) == {0: 1}


async def test_what_was_begun_and_failed_is_not_committed(
    settings: KafkaSettings, topic: Topic, publisher: Publisher
) -> None:
    async def fail() -> None:
        raise NotAcknowledged("the broker has gone")

    async def begin(polled: Polled) -> Begun:
        return [asyncio.ensure_future(fail())]

    # Far from due: the commit that fails is that of the end, or of the time that has passed.
    consumer = RecordConsumer(
        settings, topic=topic, group=topic.name, effect=begin, status=Status(), batch_max=10, commit_max=1_000
    )
    await publish(publisher, topic, "c1")
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(NotAcknowledged):
            await consumer.run(asyncio.Event())
    assert await committed(settings, topic, topic.name) == {}


async def test_an_effect_that_failed_comes_again_after_a_restart(
    settings: KafkaSettings, topic: Topic, publisher: Publisher, consumer: Consumers
) -> None:
    async def fail(received: Sequence[Received[CameraStatus]]) -> None:
        raise ConnectionError("the database has gone")

    await publish(publisher, topic, "c1", "c2")
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(ConnectionError):
            await consumer(fail).run(asyncio.Event())
    assert await committed(settings, topic, topic.name) == {}
    assert await letters_on(settings, topic) == [], "a dependency that is down drops no record"

    taken = Taken()
    async with at_work(consumer(taken)):
        await taken.has("c2").wait()
    assert taken.cameras == ["c1", "c2"]


async def test_what_was_committed_does_not_come_again(topic: Topic, publisher: Publisher, consumer: Consumers) -> None:
    first, second = Taken(), Taken()
    await publish(publisher, topic, "c1")
    async with at_work(consumer(first)):
        await first.has("c1").wait()
    await publish(publisher, topic, "c2")
    async with at_work(consumer(second)):
        await second.has("c2").wait()
    assert (first.cameras, second.cameras) == (["c1"], ["c2"])


async def test_bad_records_are_buried_whole_and_the_line_goes_on(
    settings: KafkaSettings, topic: Topic, publisher: Publisher, consumer: Consumers
) -> None:
    garbage = bytes(range(256))
    await publish(publisher, topic, "c1")
    await publisher.send(topic.name, key=b"\xffkey", value=garbage, headers=[("note", b"\xfe"), ("ce_type", b"x")])
    await publisher.send(topic.name, key=b"null", value=None, headers=[("null", None)])  # type: ignore[list-item]
    await publisher.send(topic.name, key=b"deep", value=b'{"x":' + b"[" * 100_000, headers=[])
    await publish(publisher, topic, "c2")
    taken = Taken()
    async with at_work(consumer(taken)):
        await taken.has("c2").wait()
    assert taken.cameras == ["c1", "c2"]
    assert await committed(settings, topic, topic.name) == {0: 5}

    letters = await letters_on(settings, topic)
    assert [letter.original_value() for letter in letters] == [garbage, None, b'{"x":' + b"[" * 100_000]
    assert [(letter.topic, letter.partition, letter.offset) for letter in letters] == [
        (topic.name, 0, offset) for offset in (1, 2, 3)
    ]
    assert all(letter.refused_by == "test" and letter.reason.startswith("CameraStatus: ") for letter in letters)
    assert letters[0].headers == {"note": "\ufffd", "ce_type": "x"}
    assert [letter.key for letter in letters] == ["\ufffdkey", "null", "deep"]
    assert [record.key for record in await everything_on(settings, topic.dead)] == [b"\xffkey", b"null", b"deep"]


async def test_what_a_decoder_refuses_is_buried_with_its_reason(
    settings: KafkaSettings, topic: Topic, publisher: Publisher, consumer: Consumers
) -> None:
    def refuse_c1(record: ConsumerRecord) -> CameraStatus:
        status = decode(record.value, CameraStatus)
        if status.camera_id == "c1":
            raise Refused("camera_id: c1 is nobody's")
        return status

    await publish(publisher, topic, "c1", "c2")
    taken = Taken()
    async with at_work(consumer(taken, decoder=refuse_c1)):
        await taken.has("c2").wait()
    (letter,) = await letters_on(settings, topic)
    assert letter.reason == "camera_id: c1 is nobody's"
    assert decode(letter.original_value(), CameraStatus) == status_of("c1")


async def test_a_record_buried_twice_has_one_id(settings: KafkaSettings, topic: Topic, publisher: Publisher) -> None:
    await publisher.send(topic.name, key=b"k", value=b"garbage", headers=[])
    (record,) = await everything_on(settings, topic)
    letters = DeadLetters(publisher, "test")
    await letters.bury(record, "is garbage")
    await letters.bury(record, "is garbage")
    await DeadLetters(publisher, "another").bury(record, "is garbage")
    ids = [header(buried.headers, "ce_id") for buried in await everything_on(settings, topic.dead)]
    assert ids[0] == ids[1] != ids[2]


async def test_the_largest_record_has_room_on_the_dead_letter_topic(
    settings: KafkaSettings, topic: Topic, publisher: Publisher
) -> None:
    largest = bytes(RECORD_BYTES_MAX - 1_000)
    await publisher.send(topic.name, key=b"k", value=largest, headers=[])
    (record,) = await everything_on(settings, topic)
    await DeadLetters(publisher, "test").bury(record, "is too dull")
    (letter,) = await letters_on(settings, topic)
    assert letter.original_value() == largest


async def test_while_kafka_is_down_nothing_counts_as_durable_and_afterwards_the_line_goes_on(
    kafka: KafkaServer, topic: Topic, publisher: Publisher, consumer: Consumers
) -> None:
    taken = Taken()
    async with at_work(consumer(taken)):
        await publish(publisher, topic, "before")
        await taken.has("before").wait()
        async with down(kafka):
            assert not await publisher.reachable()
            await publish_in_vain(publisher, topic)
        await publish(publisher, topic, "after")
        await taken.has("after").wait()
    assert await publisher.reachable()


async def test_a_service_can_end_while_kafka_is_down(
    kafka: KafkaServer, settings: KafkaSettings, topic: Topic, publisher: Publisher, consumer: Consumers
) -> None:
    """With a publisher that has something unsent, too: else it would neither go on nor be started again."""
    taken, running = Taken(), AsyncExitStack()
    ending = await running.enter_async_context(open_publisher(settings, source="ending"))
    await running.enter_async_context(at_work(consumer(taken)))
    await publish(publisher, topic, "before")
    await taken.has("before").wait()
    async with down(kafka), asyncio.timeout(PATIENCE_SECONDS):
        await publish_in_vain(ending, topic)
        await running.aclose()


@asynccontextmanager
async def down(kafka: KafkaServer) -> AsyncIterator[None]:
    """While it lasts, there is no Kafka."""
    await kafka.stop()
    try:
        yield
    finally:
        await kafka.start()


async def publish_in_vain(publisher: Publisher, topic: Topic) -> None:
    with pytest.raises(NotAcknowledged, match=f"^{topic.name}: "):
        await publisher.publish(topic, status_of("c"), key="c", event_id=uuid.uuid4(), time=AT, within_seconds=0.5)

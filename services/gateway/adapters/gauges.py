"""Measuring all the time how far each service is behind its topics, and how far the line's clocks are apart."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from plateward.contracts.heartbeats import Heartbeat
from plateward.contracts.topics import (
    ACCESS,
    CAMERA_STATUS,
    CAMERAS,
    FRAMES,
    HEARTBEATS,
    HITS,
    HOLDS,
    LIST_ALARMS,
    PLATE_READS,
    SELF_CHECKS,
    Topic,
)
from plateward.kernel.clock import now
from plateward.kernel.kafka.connection import connection
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from services.gateway.health.lights import ClockOffset, Lag

log = structlog.get_logger("services.gateway")

MEASURED_EVERY_SECONDS = 10.0

ANSWER_WITHIN_SECONDS = 20.0

MARKS_MAX = 500
"""How many ends of a partition are remembered: over an hour's, and then only that it is long behind."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A topic that a service reads in a consumer group."""

    service: str
    group: str
    topic: Topic


FOLLOWED = (
    Followed("recogniser", "plateward-recognizer", FRAMES),
    Followed("matcher", "plateward-matcher", PLATE_READS),
    Followed("retention", "plateward-retention-reads", PLATE_READS),
    Followed("retention", "plateward-retention-hits", HITS),
    Followed("retention", "plateward-retention-holds", HOLDS),
    Followed("audit", "plateward-audit", ACCESS),
    Followed("ingest", "plateward-ingest-cameras", CAMERAS),
    Followed("ingest", "plateward-ingest-self-checks", SELF_CHECKS),
    Followed("gateway", "plateward-gateway-hits", HITS),
    Followed("gateway", "plateward-gateway-camera-status", CAMERA_STATUS),
    Followed("gateway", "plateward-gateway-list-alarms", LIST_ALARMS),
)


@dataclass(slots=True)
class Marks:
    """When a partition was first seen to reach each end that its group has not passed yet."""

    seen: list[tuple[datetime, int]] = field(default_factory=list)

    def behind_since(self, done: int, end: int, at: datetime) -> datetime | None:
        """Since when something waits there; None where all is done."""
        self.seen = [mark for mark in self.seen if mark[1] > done]
        if end > done and (not self.seen or end > self.seen[-1][1]) and len(self.seen) < MARKS_MAX:
            self.seen.append((at, end))
        return self.seen[0][0] if self.seen else None


class KafkaGauges:
    """Keeps the newest measurements; what cannot be measured is not known, and ends nothing."""

    def __init__(self, settings: KafkaSettings, pool: asyncpg.Pool, publisher: Publisher, status: Status) -> None:
        self._settings, self._pool, self._publisher, self._status = settings, pool, publisher, status
        self._process = f"gateway {uuid.uuid4()}"
        self._marks: dict[tuple[str, TopicPartition], Marks] = {}
        self._lags: Sequence[Lag] | None = None
        self._clocks: Sequence[ClockOffset] = ()

    @property
    def lags(self) -> Sequence[Lag] | None:
        """How far each service is behind; None where that cannot be told."""
        return self._lags

    @property
    def clocks(self) -> Sequence[ClockOffset]:
        """How far other clocks are from this process's."""
        return self._clocks

    async def run(self, stopping: asyncio.Event) -> None:
        """Measures until told to stop; what is being measured then is let go."""
        measuring, stop = asyncio.create_task(self._measure_on()), asyncio.create_task(stopping.wait())
        await asyncio.wait({measuring, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        measuring.cancel()
        with suppress(asyncio.CancelledError):
            await measuring

    async def _measure_on(self) -> None:
        while True:
            try:
                async with _kafka(self._settings) as (admin, consumer):
                    while True:
                        await self._measure(admin, consumer)
                        await self._pause()
            except (KafkaError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as reason:
                log.warning("gateway.not-measured", reason=type(reason).__name__)
                self._lags = None
                await self._pause()

    async def _pause(self) -> None:
        self._status.beat("gauges")
        await asyncio.sleep(MEASURED_EVERY_SECONDS)

    async def _measure(self, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer) -> None:
        async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
            self._lags = [await self._lag(one, admin, consumer) for one in FOLLOWED]
            clocks = (await self._database_clock(), await self._broker_clock())
        self._clocks = [clock for clock in clocks if clock is not None]

    async def _lag(self, one: Followed, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer) -> Lag:
        partitions = [TopicPartition(one.topic.name, number) for number in range(one.topic.partitions)]
        kept = await admin.list_consumer_group_offsets(one.group, partitions=partitions)
        begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
        at, records, waiting = now(), 0, list[datetime]()
        for partition in partitions:
            known = kept.get(partition)
            # What was deleted from the topic before it was read waits for nobody any more.
            done = max(begins[partition], known.offset if known is not None else 0)
            records += ends[partition] - done
            marks = self._marks.setdefault((one.group, partition), Marks())
            since = marks.behind_since(done, ends[partition], at)
            waiting += [] if since is None else [since]
        return Lag(one.service, one.topic.name, records, min(waiting, default=None))

    async def _database_clock(self) -> ClockOffset:
        before = now()
        there: datetime = await self._pool.fetchval("SELECT clock_timestamp()")
        return _offset("database", there, before, now())

    async def _broker_clock(self) -> ClockOffset | None:
        """By the time that the broker writes on a record; None where it keeps the sender's."""
        before = now()
        try:
            stamp = await self._publisher.stamp(HEARTBEATS, Heartbeat(process=self._process, at=before), before)
        except NotAcknowledged:
            return None
        return None if stamp is None else _offset("broker", stamp, before, now())


def _offset(clock: str, there: datetime, before: datetime, after: datetime) -> ClockOffset:
    """Compared with the middle of the time that asking took; what it took leaves open how exactly."""
    half = (after - before) / 2
    return ClockOffset(clock, there - (before + half), half + timedelta(milliseconds=1))


@asynccontextmanager
async def _kafka(settings: KafkaSettings) -> AsyncIterator[tuple[AIOKafkaAdminClient, AIOKafkaConsumer]]:
    admin = AIOKafkaAdminClient(**connection(settings, "gateway-gauges"))
    consumer = AIOKafkaConsumer(**connection(settings, "gateway-gauges"), group_id=None, enable_auto_commit=False)
    try:
        await admin.start()
        await consumer.start()
        yield admin, consumer
    finally:
        await consumer.stop()
        await admin.close()

"""What was answered or deleted is in the log: every service that writes access records, and the one that keeps them, is
killed in the middle of its work, and no record is lost."""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from plateward.commands.verifying import CHECKPOINT, RECORDS
from plateward.contracts.access import AccessPhase, AccessRecord, access_record_id
from plateward.contracts.event import decode
from plateward.contracts.topics import ACCESS
from plateward.embedded.processes import ProcessGroup
from plateward.embedded.readiness import poll_until
from plateward.embedded.services import OneMachine
from plateward.kernel.clock import now
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.key_files import read_key_file
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.settings import BlobSettings, HttpSettings, KafkaSettings
from plateward.tlog.evidence import InclusionEvidence
from plateward.tlog.keys import Role
from plateward.tlog.notes import parse_note
from plateward.tlog.verifying import Trust, verify_log, verify_record
from services.audit.factory import export_log, prove_look
from services.gateway.settings import GatewaySettings
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.purge_ledger import PURGER_LOCK
from services.retention.adapters.read_store import ReadStore
from services.retention.partitions import TABLES
from tests.support.asking import asking
from tests.support.gateway_at_work import Console, GatewayAtWork, reached
from tests.support.stack import fresh_kafka, fresh_postgres
from tests.unit.retention.events import a_read

PATIENCE_SECONDS = 120.0

pytestmark = pytest.mark.timeout(600)  # it starts a Kafka and a PostgreSQL of its own, and processes nine times
SEARCHERS = 3
MORE = 12
"""Answers between two kills."""

PROVEN = 10
"""Of so many looks the records are proven one by one; that all are in the log, the log as a whole says."""

DAYS_MORE = 30
"""Days that are over at once when the retention service is killed."""


@dataclass(slots=True)
class Searching:
    """People who search all the time, whatever becomes of the gateway, and the looks that were answered."""

    console: Console
    answered: list[uuid.UUID] = field(default_factory=list)
    unanswered: int = 0
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def go_on(self) -> None:
        while True:
            try:
                # Each time another plate: who searches one again and again without a case needs a supervisor.
                plate = f"AB{next(self._numbers):04}"
                answer = await self.console.http.post("/v1/searches", json=self.console.search(plate))
            except httpx.TransportError:
                self.unanswered += 1
                await asyncio.sleep(0.02)  # the gateway is dead just now
                continue
            if not answer.is_success:
                assert answer.status_code == 503, answer.text
                self.unanswered += 1
                continue
            self.answered.append(uuid.UUID(answer.json()["access_id"]))
            async with self._changed:
                self._changed.notify_all()

    async def until_more(self, count: int) -> None:
        """Returns when so many more have been answered."""
        enough = len(self.answered) + count
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self.answered) >= enough)


@dataclass(slots=True)
class Purging:
    """Days that are over, more and more of them, for the retention service to delete and to certify."""

    pool: asyncpg.Pool
    days: list[date] = field(default_factory=list)

    async def go_on(self) -> None:
        """Returns when some of many more days have been certified, and most have not."""
        certified, oldest = await self.certified(), min(self.days, default=now().date())
        more = [oldest - timedelta(days=back + 1) for back in range(DAYS_MORE)]
        async with self.pool.acquire() as connection, connection.transaction():
            # No purge begins before all of them are there.
            await connection.execute("SELECT pg_advisory_xact_lock($1)", PURGER_LOCK)
            for table in TABLES:
                await PartitionStore(self.pool).ensure(table, set(more))
            await ReadStore(self.pool).add([a_read(expires_on=day) for day in more])
        self.days += more

        async def has_begun() -> bool:
            return await self.certified() > certified

        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(has_begun)

    async def certified(self) -> int:
        count: int = await self.pool.fetchval("SELECT count(*) FROM purge_certificates")
        return count

    async def all_published(self) -> list[uuid.UUID]:
        """The certificates, once there is one of each day and Kafka has acknowledged them all."""

        async def nothing_is_missing() -> bool:
            rows = await self.pool.fetch("SELECT day FROM purge_certificates WHERE published_at IS NOT NULL")
            return {row["day"] for row in rows} == set(self.days)

        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(nothing_is_missing)
        return [row["id"] for row in await self.pool.fetch("SELECT id FROM purge_certificates")]


@dataclass(frozen=True, slots=True)
class Writers:
    """The services that write access records, and the audit service, each a process of its own."""

    machine: OneMachine
    processes: ProcessGroup
    gateway: GatewayAtWork
    purging: Purging


@pytest.fixture
async def writers(docker_answers: bool, embedded_folder: Path) -> AsyncIterator[Writers]:
    """Processes that only the test starts again."""
    folder = embedded_folder / "access-log"
    async with (
        fresh_kafka(docker_answers, folder / "kafka") as kafka,
        fresh_postgres(docker_answers, folder / "postgres") as postgres,
    ):
        machine = OneMachine(folder, kafka.bootstrap_servers, postgres.dsn)
        machine.make_keys()
        await prepare_topics(KafkaSettings(bootstrap_servers=machine.kafka))
        await migrate(machine.administrator_dsn, service_schemas(machine.passwords))
        told = {
            "audit": {"PLATEWARD_AUDIT_BATCH_MAX": "7"},
            "retention": {"PLATEWARD_RETENTION_PURGE_EVERY_SECONDS": "1"},
        }
        programs = [machine.program(name, **told.get(name, {})) for name in (*ACCESS.producers, "audit")]
        async with ProcessGroup(programs, report=lambda event: None, supervise=False) as processes:
            await processes.start_all()
            settings = GatewaySettings(
                kafka=KafkaSettings(bootstrap_servers=machine.kafka),
                http=HttpSettings(port=machine.ports["gateway"]),
                database=DatabaseSettings(dsn=SecretStr(machine.dsn("gateway"))),
                blobs=BlobSettings(folder=machine.blobs),
            )
            stored = DatabaseSettings(dsn=SecretStr(machine.dsn("retention")))
            async with (
                reached(settings, machine.administrator_dsn, asyncio.Event(), alive=lambda: True) as gateway,
                database_pool(stored, schema="retention") as pool,
            ):
                yield Writers(machine, processes, gateway, Purging(pool))


async def test_every_answered_look_and_every_purge_is_in_the_log_whatever_was_killed(
    writers: Writers, tmp_path: Path
) -> None:
    console = await writers.gateway.sign_in(await writers.gateway.register("flagstaff"))
    searching, purging = Searching(console), writers.purging
    async with people_at_work(searching):
        for victims in (["gateway"], ["audit", "retention"], ["audit", *ACCESS.producers]):
            await searching.until_more(MORE)
            if "retention" in victims:
                await purging.go_on()
            for name in victims:
                writers.processes.kill(name)
                assert await writers.processes.ended(name) == -9
            # Together: the gateway answers nobody as long as there is to be purged what is over.
            await asyncio.gather(*(writers.processes.start(name) for name in victims))
        await searching.until_more(MORE)
    certificates = await purging.all_published()
    assert len(certificates) >= 2 * DAYS_MORE
    assert searching.unanswered, "nobody was searching while the gateway was dead"
    assert len(set(searching.answered)) == len(searching.answered) >= 3 * MORE

    trust = Trust(read_key_file(writers.machine.log_key, Role.LOG).public)
    database = DatabaseSettings(dsn=SecretStr(writers.machine.dsn("audit")))
    phases: tuple[AccessPhase, ...] = ("asked", "answered")
    looks = [access_record_id(access_id, phase) for access_id in searching.answered for phase in phases]
    await all_signed(writers, [*looks, *certificates])
    for access_id in searching.answered[:: len(searching.answered) // PROVEN]:
        files = await prove_look(database, access_id, tmp_path)
        records = [proven(file, trust) for file in files]
        assert [record.phase for record in records] == ["asked", "answered"], access_id
        assert {record.access_id for record in records} == {access_id}

    await export_log(database, tmp_path)
    lines = (tmp_path / RECORDS).read_bytes().splitlines()
    verify_log(lines, parse_note((tmp_path / CHECKPOINT).read_text()), trust)
    logged = [decode(line, AccessRecord) for line in lines]
    assert {one.id for one in logged} >= set(looks)
    assert len({one.id for one in logged}) == len(logged), "nothing is in the log twice"
    assert {one.id for one in logged if one.action == "purge"} == set(certificates)
    asked = {one.access_id for one in logged if one.phase == "asked"}
    assert {one.access_id for one in logged if one.action != "purge"} == asked, "no outcome without its question"


@asynccontextmanager
async def people_at_work(searching: Searching) -> AsyncIterator[None]:
    """People search until the end of the block; the looks that they have begun by then are finished."""
    tasks = [asyncio.create_task(searching.go_on()) for _ in range(SEARCHERS)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes), outcomes


async def all_signed(writers: Writers, waiting: list[uuid.UUID]) -> None:
    """Returns when the newest checkpoint has all these records."""

    async def nothing_is_missing() -> bool:
        logged = "SELECT count(*) FROM audit.records WHERE id = ANY($1)"
        return bool(await writers.gateway.administrator.fetchval(logged, waiting) == len(waiting))

    async with asking(writers.machine.url("audit")) as http, asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(nothing_is_missing)
        (await http.post("/checkpoint")).raise_for_status()


def proven(file: Path, trust: Trust) -> AccessRecord:
    """The record in a file, once its proof has been verified."""
    evidence = InclusionEvidence.parse(file.read_text())
    assert evidence.record is not None
    verify_record(evidence.record, evidence, trust)
    return decode(evidence.record, AccessRecord)

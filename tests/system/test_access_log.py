"""What was answered is in the log: gateway and audit are killed in the middle of searches, and no look is lost."""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from plateward.commands.verifying import CHECKPOINT, RECORDS
from plateward.contracts.access import AccessPhase, AccessRecord, access_record_id
from plateward.contracts.event import decode
from plateward.embedded.processes import ProcessGroup
from plateward.embedded.readiness import poll_until
from plateward.embedded.services import OneMachine
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.key_files import read_key_file
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.settings import BlobSettings, HttpSettings, KafkaSettings
from plateward.tlog.evidence import InclusionEvidence
from plateward.tlog.keys import Role
from plateward.tlog.notes import parse_note
from plateward.tlog.verifying import Trust, verify_log, verify_record
from services.audit.factory import export_log, prove_look
from services.gateway.settings import GatewaySettings
from tests.support.asking import asking
from tests.support.gateway_at_work import Console, GatewayAtWork, reached
from tests.support.stack import fresh_kafka, fresh_postgres

PATIENCE_SECONDS = 120.0

pytestmark = pytest.mark.timeout(600)  # it starts a Kafka and a PostgreSQL of its own, and processes seven times
SEARCHERS = 3
MORE = 12
"""Answers between two kills."""


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


@dataclass(frozen=True, slots=True)
class TwoServices:
    """A gateway and an audit service, each a process of its own."""

    machine: OneMachine
    processes: ProcessGroup
    gateway: GatewayAtWork


@pytest.fixture
async def two(docker_answers: bool, embedded_folder: Path) -> AsyncIterator[TwoServices]:
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
        programs = [machine.program("audit", PLATEWARD_AUDIT_BATCH_MAX="7"), machine.program("gateway")]
        async with ProcessGroup(programs, report=lambda event: None, supervise=False) as processes:
            await processes.start_all()
            settings = GatewaySettings(
                kafka=KafkaSettings(bootstrap_servers=machine.kafka),
                http=HttpSettings(port=machine.ports["gateway"]),
                database=DatabaseSettings(dsn=SecretStr(machine.dsn("gateway"))),
                blobs=BlobSettings(folder=machine.blobs),
            )
            async with reached(settings, machine.administrator_dsn, asyncio.Event(), alive=lambda: True) as gateway:
                yield TwoServices(machine, processes, gateway)


async def test_every_answered_look_is_in_the_log_whatever_was_killed(two: TwoServices, tmp_path: Path) -> None:
    console = await two.gateway.sign_in(await two.gateway.register("flagstaff"))
    searching = Searching(console)
    async with people_at_work(searching):
        for victims in (["gateway"], ["audit"], ["audit", "gateway"]):
            await searching.until_more(MORE)
            for name in victims:
                two.processes.kill(name)
                assert await two.processes.ended(name) == -9
            for name in victims:
                await two.processes.start(name)
        await searching.until_more(MORE)
    assert searching.unanswered, "nobody was searching while the gateway was dead"
    assert len(set(searching.answered)) == len(searching.answered) >= 4 * MORE

    trust = Trust(read_key_file(two.machine.log_key, Role.LOG).public)
    database = DatabaseSettings(dsn=SecretStr(two.machine.dsn("audit")))
    await all_proven(two.machine.url("audit"), searching.answered)
    for access_id in searching.answered:
        files = await prove_look(database, access_id, tmp_path)
        records = [proven(file, trust) for file in files]
        assert [record.phase for record in records] == ["asked", "answered"], access_id
        assert {record.access_id for record in records} == {access_id}

    await export_log(database, tmp_path)
    lines = (tmp_path / RECORDS).read_bytes().splitlines()
    verify_log(lines, parse_note((tmp_path / CHECKPOINT).read_text()), trust)
    looks = [decode(line, AccessRecord) for line in lines]
    assert len({look.id for look in looks}) == len(looks), "nothing is in the log twice"
    asked = {look.access_id for look in looks if look.phase == "asked"}
    assert {look.access_id for look in looks} == asked, "no outcome without its question"


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


async def all_proven(audit: str, answered: list[uuid.UUID]) -> None:
    """Returns when the newest checkpoint has both records of every answered look."""
    phases: tuple[AccessPhase, ...] = ("asked", "answered")
    waiting = [access_record_id(access_id, phase) for access_id in answered for phase in phases]

    async def nothing_is_missing() -> bool:
        (await http.post("/checkpoint")).raise_for_status()
        while waiting:
            answer = await http.get("/proofs/inclusion", params={"record": str(waiting[-1])})
            if answer.status_code == httpx.codes.NOT_FOUND:
                return False
            answer.raise_for_status()
            waiting.pop()
        return True

    async with asking(audit) as http, asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(nothing_is_missing)


def proven(file: Path, trust: Trust) -> AccessRecord:
    """The record in a file, once its proof has been verified."""
    evidence = InclusionEvidence.parse(file.read_text())
    assert evidence.record is not None
    verify_record(evidence.record, evidence, trust)
    return decode(evidence.record, AccessRecord)

"""Replacing a list through the gateway: from the file to the differences on the topic."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from pydantic import SecretStr

from bench.lists.extract import write_extract
from plateward.embedded.services import OneMachine
from plateward.embedded.stack import Stack
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from plateward.policy.catalogue import load_catalogue
from services.gateway.access import AccessGate
from services.gateway.adapters.access_topic import AccessTopic
from services.gateway.adapters.list_sources.files import pieces_of, spooled
from services.gateway.adapters.outbox import OutboxRelay
from services.gateway.adapters.stores.one_transaction import JoiningPool
from services.gateway.adapters.stores.source_lists import PostgresSourceLists
from services.gateway.list_sources.refresh import Refresh
from services.gateway.list_sources.source_lists import SourceLists
from services.gateway.list_sources.sources import Source

ARTEFACTS = Path(".plateward/kafka").resolve()
LIST = ("stockton", "svs")

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Replaced:
    """How long a file took until the list was replaced, and until all differences were on the topic, in seconds."""

    refresh: Refresh
    in_force_s: float
    sent_s: float


@dataclass(frozen=True, slots=True)
class Keeping:
    """A gateway's keeping of lists, without its doors."""

    lists: SourceLists
    pool: asyncpg.Pool

    async def replace(self, path: Path) -> Replaced:
        """Brings a file and waits until what it changed is on the topic."""
        begun = time.monotonic()
        with path.open("rb") as file:
            async with spooled(pieces_of(file), as_of=now(), way="folder", bytes_max=2**31) as arrived:
                refresh = await self.lists.bring_by_itself(*LIST, arrived)
        in_force = time.monotonic()
        while await self.pool.fetchval("SELECT EXISTS (SELECT FROM outbox)"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return Replaced(refresh, in_force - begun, time.monotonic() - begun)


@asynccontextmanager
async def keeping(folder: Path, tell: Tell) -> AsyncIterator[Keeping]:
    """A keeping of lists on a Kafka and a PostgreSQL of its own."""
    async with Stack(folder, artefacts=ARTEFACTS, fsync=False, tell=tell) as stack:
        machine = OneMachine(folder, stack.bootstrap_servers, stack.postgres_dsn)
        await migrate(machine.administrator_dsn, service_schemas(machine.passwords))
        kafka = KafkaSettings(bootstrap_servers=machine.kafka)
        await prepare_topics(kafka)
        database = DatabaseSettings(dsn=SecretStr(machine.dsn("gateway")), connections=4)
        stopping = asyncio.Event()
        async with (
            database_pool(database, schema="gateway") as connections,
            open_publisher(kafka, source="gateway") as publisher,
        ):
            pool = JoiningPool(connections)
            lists = SourceLists(
                gate=AccessGate(AccessTopic(publisher, 10.0), now),
                store=PostgresSourceLists(pool),
                policies=load_catalogue(),
                sources={LIST: Source(format="ncic")},
                now=now,
            )
            relaying = asyncio.create_task(OutboxRelay(connections, publisher, Status()).run(stopping))
            yield Keeping(lists, connections)
            stopping.set()
            await relaying


async def replace_seconds(entries: int, tell: Tell = print) -> float:
    """How long replacing a list of this many takes, from the file to the last difference on the topic."""
    with tempfile.TemporaryDirectory(prefix="plateward-bench-") as name:
        days = await asyncio.to_thread(_written, Path(name), entries)
        async with keeping(Path(name) / "stack", tell) as kept:
            for what, file in zip(("first", "replacement"), days, strict=True):
                replaced = await kept.replace(file)
                tell(_said(what, replaced))
    return replaced.sent_s


def _written(folder: Path, entries: int) -> list[Path]:
    """The files of two days; the folder is passed through by PostgreSQL, as another account."""
    folder.chmod(0o711)
    files = [folder / f"day-{day}" for day in (0, 1)]
    for day, file in enumerate(files):
        write_extract(file, entries, day=day)
    return files


def _said(what: str, replaced: Replaced) -> str:
    counts = replaced.refresh.counts
    return (
        f"{what}: {counts.accepted} entries in force after {replaced.in_force_s:.1f} s, "
        f"{counts.added} added, {counts.changed} changed, {counts.removed} removed and on the topic "
        f"after {replaced.sent_s:.1f} s"
    )

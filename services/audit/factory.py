"""How the audit service is put together."""

import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import asyncpg
import httpx
from fastapi import FastAPI

from plateward.contracts.topics import ACCESS
from plateward.kernel.clock import now
from plateward.kernel.kafka.consumer import TopicConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.key_files import read_key_file
from plateward.kernel.lifecycle import Loop, Running
from plateward.kernel.postgres import DatabaseSettings, database_pool, reachable
from plateward.kernel.problems import answer_problems
from plateward.kernel.status import Status, status_routes
from plateward.tlog.keys import PrivateKey, Role
from plateward.tlog.timestamps import Authorities
from services.audit.adapters.access_topic import AccessTopic, decode_access
from services.audit.adapters.checkpoint_store import CheckpointStore
from services.audit.adapters.exporting import Export
from services.audit.adapters.http import log_routes
from services.audit.adapters.log_store import LogStore
from services.audit.adapters.timestamp_client import HttpAuthority
from services.audit.adapters.timestamp_store import TimestampStore
from services.audit.adapters.watch_store import only_watcher
from services.audit.adapters.witness_client import HttpWitness
from services.audit.adapters.witness_list import read_witnesses
from services.audit.checkpointing import Checkpointer
from services.audit.following import Following
from services.audit.publishing import Publishing
from services.audit.settings import AuditSettings
from services.audit.timestamping import Timestamping

WITNESS_SECONDS = 10
"""How long a witness, or a time-stamp authority, may take: each is asked again within the minute."""


@asynccontextmanager
async def running(settings: AuditSettings) -> AsyncIterator[Running]:
    """The wired service, with its connections open; raises KeyFileError, WitnessListError, Malformed."""
    status, key = Status(), read_key_file(settings.log_key_file, Role.LOG)
    async with (
        database_pool(settings.database, schema="audit") as pool,
        open_publisher(settings.kafka, source="audit") as publisher,
        httpx.AsyncClient(timeout=WITNESS_SECONDS, trust_env=False) as client,
    ):
        status.require("database", partial(reachable, pool))
        status.require("kafka", publisher.reachable)
        dead_letters = DeadLetters(publisher, "audit")
        consumer = TopicConsumer(
            settings.kafka,
            topic=ACCESS,
            group="audit",
            decoder=decode_access,
            effect=AccessTopic(LogStore(pool), dead_letters).take,
            dead_letters=dead_letters,
            status=status,
            batch_max=settings.batch_max,
        )
        publishing = _publishing(key, pool, _witnesses(settings, client))
        publishing_loop = partial(
            publishing.run,
            every_seconds=settings.checkpoint_seconds,
            beat=partial(status.beat, "sign checkpoints"),
        )
        following_loop = partial(
            _following(settings, pool).run,
            every_seconds=settings.watch_seconds,
            beat=partial(status.beat, "watch for misuse"),
        )
        # An authority is in another loop than the signing: one that is away holds up nothing.
        stamping_loops = await _stamping(settings, pool, client, partial(status.beat, "stamp checkpoints"))
        app = FastAPI(title="Plateward audit", version="1", docs_url=None, redoc_url=None)
        answer_problems(app)
        app.include_router(status_routes(status))
        app.include_router(log_routes(CheckpointStore(pool), publishing.publish))
        yield Running(app, (consumer.run, publishing_loop, following_loop, *stamping_loops))


async def export_log(database: DatabaseSettings, folder: Path, *, stamped: bool = False) -> int:
    """Writes the whole log into a folder, or what of it is time-stamped; gives the number of its records.

    Raises TreeDamaged, OSError.
    """
    async with database_pool(database, schema="audit") as pool:
        return await Export(pool, stamped=stamped).write_log(folder)


async def prove_look(
    database: DatabaseSettings, access_id: uuid.UUID, folder: Path, *, stamped: bool = False
) -> list[Path]:
    """Writes the records of a look, each with its proof, under a time-stamp if asked; raises TreeDamaged, OSError."""
    async with database_pool(database, schema="audit") as pool:
        return await Export(pool, stamped=stamped).write_look(access_id, folder)


async def _stamping(
    settings: AuditSettings, pool: asyncpg.Pool, client: httpx.AsyncClient, beat: Callable[[], None]
) -> tuple[Loop, ...]:
    """The loop that asks an authority, where there is one."""
    store = TimestampStore(pool)
    if settings.timestamp_url is None or settings.timestamp_certificates_file is None:
        await store.no_authority()
        return ()
    authorities = Authorities.parse(settings.timestamp_certificates_file.read_bytes())
    stamping = Timestamping(HttpAuthority(settings.timestamp_url, client), authorities, store, now)
    return (partial(stamping.run, every_seconds=settings.timestamp_seconds, beat=beat),)


def _publishing(key: PrivateKey, pool: asyncpg.Pool, witnesses: Sequence[HttpWitness]) -> Publishing:
    store = CheckpointStore(pool)
    return Publishing(Checkpointer(key, store.signing, now), witnesses, store.prove_consistency, store)


def _following(settings: AuditSettings, pool: asyncpg.Pool) -> Following:
    return Following(
        partial(only_watcher, pool),
        thresholds=settings.watch_thresholds,
        remembered=timedelta(days=settings.watch_remembers_days),
    )


def _witnesses(settings: AuditSettings, client: httpx.AsyncClient) -> list[HttpWitness]:
    listed = read_witnesses(settings.witnesses_file) if settings.witnesses_file else []
    return [HttpWitness(key, url, client) for key, url in listed]

"""A log in PostgreSQL for tests: records of looks, the store, and the program that signs."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from pydantic import SecretStr

from plateward.contracts.access import AccessRecord, Actor, Reason
from plateward.kernel.clock import now
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from plateward.tlog.keys import PrivateKey, Role
from plateward.tlog.notes import SignedNote
from plateward.tlog.verifying import Trust
from services.audit.adapters.checkpoint_store import CheckpointStore
from services.audit.adapters.log_store import LogStore
from services.audit.checkpointing import Checkpointer

LOG_KEY = PrivateKey.generate("region.example/access", Role.LOG)
TRUST = Trust(LOG_KEY.public)


def a_look(**changes: object) -> AccessRecord:
    """A record of somebody's asking."""
    known: dict[str, object] = {
        "id": uuid.uuid4(),
        "access_id": uuid.uuid4(),
        "phase": "asked",
        "at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        "actor": Actor(person_id="p1", username="rvega", name="R. Vega", title="Detective", agency_id="flagstaff"),
        "action": "search",
        "query": {"plate": "ABC123"},
        "reason": Reason(purpose="stolen-vehicle", form="event", values={"number": "26-1"}),
        "owners": ("flagstaff",),
        "address": "192.0.2.7",
        "session": "s-9",
    }
    return AccessRecord(**(known | changes))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class AccessLog:
    """A log of its own, and the superuser who might tamper with it."""

    dsn: str
    pool: asyncpg.Pool
    store: CheckpointStore
    checkpointer: Checkpointer

    async def append(self, count: int) -> None:
        """So many looks more."""
        await LogStore(self.pool).append([a_look() for _ in range(count)])

    async def sign(self) -> SignedNote:
        """A checkpoint of the log as it is."""
        return await self.checkpointer.sign()

    def restarted(self) -> Checkpointer:
        """The signer as it is after a restart: it remembers nothing by itself."""
        return Checkpointer(LOG_KEY, self.store.signing, now)

    async def records(self) -> list[bytes]:
        """The records in their order, as the database has them."""
        return [row["canonical"] for row in await self.pool.fetch("SELECT canonical FROM records ORDER BY seq")]

    async def tamper(self, statement: str, *arguments: object) -> None:
        """What a superuser can do who first takes away whatever stands in the way."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute("ALTER TABLE records DISABLE TRIGGER append_only")
            await connection.execute("ALTER TABLE tile_roots DISABLE TRIGGER append_only")
            await connection.execute("ALTER TABLE checkpoints DISABLE TRIGGER append_only")
            await connection.execute("ALTER TABLE records DROP CONSTRAINT IF EXISTS records_check")
            await connection.execute("ALTER TABLE records DROP CONSTRAINT IF EXISTS records_leaf_hash_check")
            await connection.execute(statement, *arguments)


@asynccontextmanager
async def access_log(dsn: str) -> AsyncIterator[AccessLog]:
    """The log in this database, whose superuser's DSN it is."""
    await migrate(dsn, service_schemas({}))
    async with database_pool(DatabaseSettings(dsn=SecretStr(dsn)), schema="audit") as pool:
        store = CheckpointStore(pool)
        yield AccessLog(dsn, pool, store, Checkpointer(LOG_KEY, store.signing, now))

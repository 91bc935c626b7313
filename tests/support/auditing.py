"""The audit service's part, done on demand: what a gateway has recorded is appended to the log and signed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
from pydantic import SecretStr

from plateward.contracts.topics import ACCESS
from plateward.kernel.clock import now
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.tlog.notes import SignedNote
from services.audit.adapters.checkpoint_store import CheckpointStore
from services.audit.adapters.log_store import LogStore
from services.audit.checkpointing import Checkpointer
from tests.support.access_log import LOG_KEY
from tests.support.gateway_at_work import GatewayAtWork, dsn_of
from tests.support.topic_tape import TopicTape, tape_of


@dataclass(frozen=True, slots=True)
class Auditing:
    """The log of a gateway's looks."""

    pool: asyncpg.Pool
    tape: TopicTape
    checkpointer: Checkpointer

    async def catch_up(self) -> SignedNote:
        """Appends what was recorded since the tape began, and signs."""
        await LogStore(self.pool).append(await self.tape.accesses())
        return await self.checkpointer.sign()

    async def contents(self) -> list[bytes]:
        """The records in their order."""
        return [row["canonical"] for row in await self.pool.fetch("SELECT canonical FROM records ORDER BY seq")]


@asynccontextmanager
async def auditing(gateway: GatewayAtWork) -> AsyncIterator[Auditing]:
    """The log of this gateway's looks from now on."""
    dsn = SecretStr(dsn_of("audit", gateway.settings.database.dsn.get_secret_value()))
    async with (
        database_pool(DatabaseSettings(dsn=dsn, connections=2), schema="audit") as pool,
        tape_of(ACCESS, gateway.settings.kafka.bootstrap_servers) as tape,
    ):
        yield Auditing(pool, tape, Checkpointer(LOG_KEY, CheckpointStore(pool).signing, now))

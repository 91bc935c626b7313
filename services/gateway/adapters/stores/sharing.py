"""Sharing agreements in PostgreSQL, as they are and as they were, and the outbox that carries each to the topic."""

from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.event import derive_id
from plateward.contracts.sharing import SharingAgreement
from plateward.contracts.topics import SHARING
from services.gateway.adapters.outgoing import send


class PostgresSharing:
    """The tables `sharing_versions` and `outbox`, changed together or not at all."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def put(self, agreement: SharingAgreement, at: datetime) -> None:
        """Has an agreement hold, as it is now, from this time on."""
        async with self._pool.acquire() as connection, connection.transaction():
            await put_agreement(connection, agreement, at)


async def put_agreement(connection: asyncpg.Connection, agreement: SharingAgreement, at: datetime) -> None:
    """The same, in the transaction of the change that it follows from."""
    await connection.execute(
        "UPDATE sharing_versions SET until_at = $2 WHERE agreement_id = $1 AND until_at IS NULL",
        *(agreement.id, at),
    )
    await connection.execute(
        "INSERT INTO sharing_versions (agreement_id, from_at, document) VALUES ($1, $2, $3)",
        *(agreement.id, at, msgspec.to_builtins(agreement)),
    )
    event_id = derive_id("sharing", agreement.id, at.isoformat())
    await send(connection, SHARING, str(agreement.id), agreement, event_id, at)

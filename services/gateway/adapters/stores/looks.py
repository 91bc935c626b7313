"""Clients' looks in PostgreSQL: each with its signature for good, and for a day with what answers it again."""

import uuid
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.access import AccessRecord
from plateward.contracts.canonical import canonical
from plateward.contracts.event import decode
from services.gateway.partners.looks import (
    ANSWERED_WITHIN,
    KEPT,
    NOTHING_GRANTED,
    Begun,
    LookRefused,
    Outcome,
    PartnerLook,
)
from services.gateway.searching.question import Question


class PostgresLooks:
    """The table `partner_looks`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def begin(self, look: PartnerLook, at: datetime) -> Begun:
        """Puts a look on file, or takes it up again; raises LookRefused where it is being answered, or is another."""
        question = msgspec.to_builtins(look.question)
        async with self._pool.acquire() as connection, connection.transaction():
            added: str = await connection.execute(
                """
                INSERT INTO partner_looks
                    (access_id, client_id, record, signature, search_id, question, asked_at, begun_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING
                """,
                *(look.access_id, look.client_id, look.record, look.signature, look.search_id, question, at),
            )
            if added == "INSERT 0 1":
                return Begun(True, None)
            row = await connection.fetchrow(
                "SELECT * FROM partner_looks WHERE access_id = $1 FOR UPDATE", look.access_id
            )
            outcome = _outcome_of(row, look, at)
            await connection.execute("UPDATE partner_looks SET begun_at = $2 WHERE access_id = $1", look.access_id, at)
        return Begun(False, outcome)

    async def finish(self, access_id: uuid.UUID, outcome: Outcome) -> None:
        """Keeps what it came to, before anybody is told."""
        await self._pool.execute(
            "UPDATE partner_looks SET outcome = $2, found = $3, begun_at = NULL WHERE access_id = $1",
            *(access_id, canonical(outcome.record), list(outcome.found)),
        )

    async def release(self, access_id: uuid.UUID) -> None:
        """Lets it be taken up again: it came to nothing."""
        await self._pool.execute("UPDATE partner_looks SET begun_at = NULL WHERE access_id = $1", access_id)

    async def question(self, search_id: uuid.UUID, client_id: str) -> Question | None:
        """What a search of the client's asked, while its pages can be asked for."""
        asked = await self._pool.fetchval(
            "SELECT question FROM partner_looks WHERE access_id = $1 AND client_id = $2 AND search_id = access_id",
            *(search_id, client_id),
        )
        return None if asked is None else msgspec.convert(asked, Question)

    async def forget(self, at: datetime) -> None:
        """Deletes what answered looks that can be asked no more; that they were asked, and signed, stays."""
        await self._pool.execute(
            """
            UPDATE partner_looks SET question = NULL, outcome = NULL, found = NULL, begun_at = NULL
             WHERE question IS NOT NULL AND asked_at < $1
            """,
            at - KEPT,
        )


def _outcome_of(row: asyncpg.Record, look: PartnerLook, at: datetime) -> Outcome | None:
    """What the look has come to before; raises LookRefused."""
    if (row["client_id"], row["record"]) != (look.client_id, look.record):
        raise LookRefused("another record has been sent under this number")
    if row["question"] is None or msgspec.convert(row["question"], Question) != look.question:
        raise LookRefused("this number is of a look that asked something else, or is over")
    if row["outcome"] is None:
        if row["begun_at"] is not None and row["begun_at"] > at - ANSWERED_WITHIN:
            raise LookRefused("it is being answered at this moment")
        return None
    record = decode(row["outcome"], AccessRecord)
    if record.problem not in (None, NOTHING_GRANTED):
        raise LookRefused("it came to nothing")
    return Outcome(record, tuple(row["found"]))

"""What the watch reads of the log, and what it has raised, in PostgreSQL."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg

from plateward.contracts.access import AccessRecord, access_record_id
from plateward.contracts.event import decode
from services.audit.following import Batch
from services.audit.watching.alarms import Alarm, Told
from services.audit.watching.looks import Look, look_of

WATCHER_LOCK = 0x41554456
"""The advisory lock of whoever watches."""

RECORDS_AT_ONCE = 2000

_SEARCH = b'"search"'
"""What stands in every record of a search; the others need not be decoded to know that they are none."""

_PIECE = "SELECT seq, canonical FROM audit.records WHERE seq >= $1 AND seq < $2 ORDER BY seq LIMIT $3"
_FIRST_SINCE = "SELECT seq FROM audit.records WHERE at >= $1 ORDER BY seq LIMIT 1"
_PROGRESS = """
SELECT next_seq, coalesce((SELECT at FROM audit.records WHERE seq = next_seq - 1), now()) FROM audit.watch_progress
"""
_KEEP = """
INSERT INTO audit.misuse_alarms (id, matter, kind, agency_id, person_id, at, says, evidence, records)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING
"""


class PostgresWatchedLog:
    """The tables `audit.records`, `audit.misuse_alarms` and `audit.watch_progress`, for one watcher at a time."""

    def __init__(self, connection: asyncpg.Connection, next_seq: int, reached_at: datetime) -> None:
        self._connection, self._next_seq, self._reached_at = connection, next_seq, reached_at

    @property
    def reached_at(self) -> datetime:
        """The time of the last record that was watched, when this watcher began."""
        return self._reached_at

    async def remembered(self, since: datetime) -> AsyncIterator[Sequence[Look]]:
        """The searches since then that were watched already, in their order."""
        at = await self._connection.fetchval(_FIRST_SINCE, since)
        while at is not None and at < self._next_seq:
            rows = await self._connection.fetch(_PIECE, at, self._next_seq, RECORDS_AT_ONCE)
            yield _looks(rows)
            at = rows[-1]["seq"] + 1 if rows else None

    async def told(self, since: datetime) -> list[Told]:
        """What was told since then, the oldest first."""
        rows = await self._connection.fetch(
            "SELECT matter, at FROM audit.misuse_alarms WHERE at >= $1 ORDER BY at", since
        )
        return [Told(row["matter"], row["at"]) for row in rows]

    async def next(self) -> Batch | None:
        """The next piece of the log that nobody has watched; None when there is none yet."""
        rows = await self._connection.fetch(_PIECE, self._next_seq, 2**62, RECORDS_AT_ONCE)
        return Batch(_looks(rows), rows[-1]["seq"] + 1) if rows else None

    async def keep(self, alarms: Sequence[Alarm], next_seq: int) -> None:
        """Keeps the alarms and how far the watch has come, together."""
        async with self._connection.transaction():
            await self._connection.executemany(_KEEP, [_row(alarm) for alarm in alarms])
            await self._connection.execute("UPDATE audit.watch_progress SET next_seq = $1", next_seq)
        self._next_seq = next_seq


@asynccontextmanager
async def only_watcher(pool: asyncpg.Pool) -> AsyncIterator[PostgresWatchedLog | None]:
    """The log for this watcher alone, until the block ends or its connection does; None where another watches."""
    async with pool.acquire() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", WATCHER_LOCK):
            yield None
            return
        try:
            yield PostgresWatchedLog(connection, *await connection.fetchrow(_PROGRESS))
        finally:
            if not connection.is_closed():
                await connection.execute("SELECT pg_advisory_unlock($1)", WATCHER_LOCK)


def _looks(rows: Iterable[asyncpg.Record]) -> list[Look]:
    records = (decode(row["canonical"], AccessRecord) for row in rows if _SEARCH in row["canonical"])
    return [look for record in records if (look := look_of(record))]


def _row(alarm: Alarm) -> tuple[object, ...]:
    records = [access_record_id(access_id, "asked") for access_id in alarm.evidence]
    return (
        *(alarm.id, alarm.matter, alarm.kind, alarm.agency_id, alarm.person_id, alarm.at, alarm.says),
        *(list(alarm.evidence), records),
    )

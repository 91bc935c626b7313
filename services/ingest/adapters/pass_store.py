"""The passings that edge readers have reported in the last day, in PostgreSQL: the table `ingest.edge_passings`."""

import asyncio
from datetime import timedelta

import asyncpg
import structlog

from plateward.kernel.clock import now
from plateward.kernel.pauses import pause
from plateward.kernel.status import Status
from services.ingest.capture_time import AGE_MAX
from services.ingest.passing import Marks, Passing
from services.ingest.refusals import Unavailable

log = structlog.get_logger("services.ingest.passings")

ANSWER_SECONDS = 3.0
"""How long the database may take to find a passing."""

FORGET_AFTER = AGE_MAX + timedelta(hours=1)
"""What is reported again later than this is refused for its age, so it can't become a second read."""

FORGET_EVERY_SECONDS = 60.0

# One report of a camera after the other: two at once would each find the passing new.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"

_FIND = """
SELECT read_id, captured_at FROM ingest.edge_passings
 WHERE camera_id = $1 AND mark = ANY($2::uuid[])
 ORDER BY seen_at, read_id LIMIT 1
"""

_LEAVE = """
INSERT INTO ingest.edge_passings (camera_id, mark, read_id, captured_at)
SELECT $1, mark, $3, $4 FROM unnest($2::uuid[]) AS mark
ON CONFLICT DO NOTHING
"""

_FORGET = "DELETE FROM ingest.edge_passings WHERE seen_at < $1"


class PassStore:
    """The passings of all cameras."""

    def __init__(self, pool: asyncpg.Pool, status: Status) -> None:
        self._pool, self._status = pool, status

    async def of(self, camera_id: str, marks: Marks, fresh: Passing) -> Passing:
        """The passing that any of these marks stands for, or else this fresh one, from now on; raises Unavailable."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._pool.acquire() as connection, connection.transaction():
                await connection.execute(_LOCK, camera_id)
                row = await connection.fetchrow(_FIND, camera_id, [*marks.own, *marks.near])
                passing = fresh if row is None else Passing(row["read_id"], row["captured_at"])
                await connection.execute(_LEAVE, camera_id, list(marks.own), passing.read_id, passing.captured_at)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable("passings") from error
        return passing

    async def forget(self) -> None:
        """Deletes what is older than any report that would still be taken."""
        await self._pool.execute(_FORGET, now() - FORGET_AFTER)

    async def run(self, stopping: asyncio.Event) -> None:
        """Forgets every minute until told to stop; a database that is away is tried again."""
        while not stopping.is_set():
            self._status.beat("forget passings")
            try:
                await self.forget()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("passings.not_forgotten", why=type(error).__name__)
            await pause(stopping, FORGET_EVERY_SECONDS)

"""The loop that states the own lists again and again, and what matchers say of lists that have fallen silent."""

import asyncio
from collections.abc import Sequence

import asyncpg
import msgspec

from plateward.contracts.lists import ListAlarm
from plateward.kernel.kafka.consumer import Received
from plateward.kernel.pauses import pause
from plateward.kernel.status import Status
from services.gateway.lists import HotLists


class ListKeeping:
    """States the own lists, at once and then every so many seconds."""

    def __init__(self, lists: HotLists, every_seconds: float, status: Status) -> None:
        self._lists, self._every_seconds, self._status = lists, every_seconds, status

    async def run(self, stopping: asyncio.Event) -> None:
        """States until told to stop."""
        while not stopping.is_set():
            await self._lists.restate()
            until = asyncio.get_running_loop().time() + self._every_seconds
            while (left := until - asyncio.get_running_loop().time()) > 0 and not stopping.is_set():
                self._status.beat("list keeping")
                await pause(stopping, min(left, 30.0))


class PostgresAlarms:
    """The table `list_alarms`: the newest word on each list."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def take(self, received: Sequence[Received[ListAlarm]]) -> None:
        """Keeps what is said of lists; of one list the newest holds, as it stands on the topic."""
        await self._pool.executemany(
            """
            INSERT INTO list_alarms (agency_id, list_id, at, silent, document) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (agency_id, list_id) DO UPDATE
               SET at = excluded.at, silent = excluded.silent, document = excluded.document
            """,
            [
                (one.event.agency_id, one.event.list_id, one.event.at, one.event.silent, msgspec.to_builtins(one.event))
                for one in received
            ],
        )

    async def silent(self, agency_id: str) -> list[ListAlarm]:
        """The agency's lists that match no read at present."""
        rows = await self._pool.fetch(
            "SELECT document FROM list_alarms WHERE agency_id = $1 AND silent ORDER BY at, list_id", agency_id
        )
        return [msgspec.convert(row["document"], ListAlarm) for row in rows]

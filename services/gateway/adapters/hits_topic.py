"""Hits from the topic into the feed, and the bell that wakes the consoles of every gateway process."""

import asyncio
from collections.abc import Sequence

import asyncpg

from plateward.contracts.hits import HitRaised
from plateward.kernel.clock import now
from plateward.kernel.kafka.consumer import Received
from plateward.kernel.pauses import first_of
from plateward.kernel.status import Status
from services.gateway.adapters.stores.hits import FEED_CHANNEL, PostgresHits
from services.gateway.adapters.stores.self_checks import PostgresSelfChecks
from services.gateway.health.self_checks import is_of_a_check
from services.gateway.hits import Bell


class HitFeeder:
    """The effect of the `hits` topic: its hits are in the feed, but for those of self-checks, which are none."""

    def __init__(self, store: PostgresHits, checks: PostgresSelfChecks) -> None:
        self._store, self._checks = store, checks

    async def take(self, received: Sequence[Received[HitRaised]]) -> None:
        """Appends hits to the feed, and notes which self-checks have come through."""
        hits = [one.event for one in received]
        await self._checks.note([hit for hit in hits if is_of_a_check(hit)], now())
        real = [hit for hit in hits if not is_of_a_check(hit)]
        if real:
            await self._store.append(real)


class FeedListener:
    """Rings the bell whenever any gateway process has added to the feed."""

    def __init__(self, pool: asyncpg.Pool, bell: Bell, status: Status) -> None:
        self._pool, self._bell, self._status = pool, bell, status

    async def run(self, stopping: asyncio.Event) -> None:
        """Listens until told to stop; fails when the database connection is lost, so that nothing is missed."""
        async with self._pool.acquire() as connection:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda *_: lost.set())
            await connection.add_listener(FEED_CHANNEL, self._ring)
            await first_of(lost, stopping)
            if lost.is_set() and not stopping.is_set():
                raise ConnectionError("the connection that listens for hits was lost")
            await connection.remove_listener(FEED_CHANNEL, self._ring)

    def _ring(self, *_: object) -> None:
        self._bell.ring()

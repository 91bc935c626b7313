"""The loop that delivers: a task for each subscription that has something due, so that a slow one holds up itself."""

import asyncio
import uuid
from datetime import timedelta

from plateward.kernel.clock import now
from plateward.kernel.pauses import pause
from plateward.kernel.status import Status
from services.gateway.adapters.stores.subscriptions import PostgresSubscriptions
from services.gateway.hits import Bell
from services.gateway.shared_hits.deliveries import Deliveries

LOOK_EVERY_SECONDS = 1.0
"""How often it is looked what is due, beside each time that the feed has grown."""

ENDS_WITHIN_SECONDS = 4.0
"""How long what is being sent may take once a stop is asked for; what has not been had then is sent again later."""

DELIVERIES_KEPT = timedelta(days=90)
"""How long a page can show what was delivered; the access log shows it for good."""

FORGET_EVERY_SECONDS = 60.0


class Delivering:
    """Delivers until told to stop. Any number of processes may: each subscription is served by one at a time."""

    def __init__(self, deliveries: Deliveries, bell: Bell, status: Status) -> None:
        self._deliveries, self._bell, self._status = deliveries, bell, status
        self._serving: dict[uuid.UUID, asyncio.Task[None]] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Delivers; fails when the database cannot be reached, so that the process begins anew."""
        stop = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                self._status.beat("deliveries")
                ring = asyncio.create_task(self._bell.next_ring.wait())
                await self._deliveries.fill()
                for subscription in await self._deliveries.claim():
                    serving = asyncio.create_task(self._deliveries.serve(subscription, stopping))
                    self._serving[subscription] = serving
                await self._pause(ring, stop)
                self._let_go_of_done()
        finally:
            stop.cancel()
            await self._end()

    async def _pause(self, *heard: asyncio.Task[object]) -> None:
        """Until something is heard, or it is time to look again."""
        await asyncio.wait(heard, timeout=LOOK_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        heard[0].cancel()

    def _let_go_of_done(self) -> None:
        for subscription, task in list(self._serving.items()):
            if task.done():
                del self._serving[subscription]
                task.result()  # what failed ends the process

    async def _end(self) -> None:
        if self._serving:
            _, late = await asyncio.wait(self._serving.values(), timeout=ENDS_WITHIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


class DeliveryForgetting:
    """Deletes deliveries that were made or given up long ago."""

    def __init__(self, book: PostgresSubscriptions, status: Status) -> None:
        self._book, self._status = book, status

    async def run(self, stopping: asyncio.Event) -> None:
        """Deletes every minute until told to stop."""
        while not stopping.is_set():
            self._status.beat("forgetting deliveries")
            await self._book.forget(now() - DELIVERIES_KEPT)
            await pause(stopping, FORGET_EVERY_SECONDS)

"""The loop that delivers: a task for each subscription that has something due, so that a slow one holds up itself."""

import asyncio
import uuid

from plateward.kernel.pauses import first_of
from plateward.kernel.status import Status
from services.gateway.hits import Bell
from services.gateway.shared_hits.deliveries import Deliveries

LOOK_EVERY_SECONDS = 1.0
"""How often it is looked what is due, beside each time that the feed has grown."""

ENDS_WITHIN_SECONDS = 4.0
"""How long what is being sent may take once a stop is asked for; what has not been had then is sent again later."""


class Delivering:
    """Delivers until told to stop. Any number of processes may: each subscription is served by one at a time."""

    def __init__(self, deliveries: Deliveries, bell: Bell, status: Status) -> None:
        self._deliveries, self._bell, self._status = deliveries, bell, status
        self._serving: dict[uuid.UUID, asyncio.Task[None]] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Delivers; fails when the database cannot be reached, so that the process begins anew."""
        try:
            while not stopping.is_set():
                self._status.beat("deliveries")
                ring = self._bell.next_ring
                await self._deliveries.fill()
                for subscription in await self._deliveries.claim():
                    serving = asyncio.create_task(self._deliveries.serve(subscription, stopping))
                    self._serving[subscription] = serving
                await first_of(ring, stopping, within_seconds=LOOK_EVERY_SECONDS)
                self._let_go_of_done()
        finally:
            await self._end()

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

"""The loop that looks for lists: into their folders, and at their sources when they are due."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from plateward.kernel.pauses import pause
from services.gateway.access import NotRecorded

log = structlog.get_logger("plateward.lists")


class Arriving(Protocol):
    """A way by which a list comes by itself."""

    async def look(self) -> None:
        """Takes what has come; raises NotRecorded."""


class ListArrivals:
    """Looks, again and again. It gives no sign of life by the clock: a large list may take its minute."""

    def __init__(self, ways: Sequence[Arriving], every_seconds: float) -> None:
        self._ways, self._every_seconds = ways, every_seconds

    async def run(self, stopping: asyncio.Event) -> None:
        """Looks until told to stop; without an access log nothing is taken, and it is looked for again."""
        while not stopping.is_set():
            for way in self._ways:
                if stopping.is_set():
                    return
                try:
                    await way.look()
                except NotRecorded:
                    log.warning("list.waits-for-access-log")
            await pause(stopping, self._every_seconds)

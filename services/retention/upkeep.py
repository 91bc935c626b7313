"""What has to be done now and then: partitions made ahead of need, days that are over purged."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import structlog

from plateward.kernel.pauses import pause
from plateward.policy.profile import AgencyProfile
from services.retention.keeping import Clock
from services.retention.metrics import UPKEEP_FAILURES, UPKEEP_LAST_SUCCESS
from services.retention.partitions import TABLES, Partitions, days_ahead
from services.retention.purge import Purge

log = structlog.get_logger("services.retention")


class Upkeep:
    """The rounds of a retention process."""

    def __init__(
        self,
        *,
        catalogue: Mapping[str, AgencyProfile],
        partitions: Partitions,
        purge: Purge,
        warn: Callable[[], Awaitable[None]],
        ahead_days: int,
        every_seconds: int,
        clock: Clock,
    ) -> None:
        self._catalogue, self._partitions, self._purge, self._warn = catalogue, partitions, purge, warn
        self._ahead_days, self._every_seconds, self._clock = ahead_days, every_seconds, clock

    async def run(self, stopping: asyncio.Event) -> None:
        """Makes a round at once and then every so often, until told to stop.

        A round that fails (the blob store is down, say) is made again later: reads go on being kept meanwhile, and
        no search finds what is over, purged or not.
        """
        while not stopping.is_set():
            try:
                await self.round(self._clock())
            except Exception:
                log.exception("upkeep.failed")
                UPKEEP_FAILURES.inc()
            await pause(stopping, self._every_seconds)

    async def round(self, now: datetime) -> None:
        """Makes the partitions of the coming days, warns of what cases will lose, and purges the days that are over."""
        coming = days_ahead(self._catalogue, now.astimezone(UTC).date(), self._ahead_days)
        for table in TABLES:
            await self._partitions.ensure(table, coming)
        await self._warn()
        await self._purge.run(now)
        UPKEEP_LAST_SUCCESS.set_to_current_time()

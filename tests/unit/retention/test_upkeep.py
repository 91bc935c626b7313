import asyncio
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import cast

from plateward.policy.catalogue import load_catalogue
from services.retention.partitions import Table
from services.retention.purge import Purge
from services.retention.upkeep import Upkeep

NOW = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)


class Rounds:
    """Partitions and a purge that fails the first time, and stops the process the second time."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.ensured: dict[Table, set[date]] = {}
        self.purged_at: list[datetime] = []
        self.warned = 0

    async def ensure(self, table: Table, days: Iterable[date]) -> None:
        self.ensured[table] = set(days)

    async def warn(self) -> None:
        self.warned += 1

    async def run(self, now: datetime) -> None:
        self.purged_at.append(now)
        if len(self.purged_at) == 1:
            raise ExceptionGroup("days that could not be purged", [ConnectionResetError()])
        self.stopping.set()


async def test_a_round_that_failed_is_made_again() -> None:
    rounds = Rounds()
    upkeep = Upkeep(
        catalogue={"kentucky": load_catalogue()["kentucky"]},
        partitions=rounds,
        purge=cast("Purge", rounds),
        warn=rounds.warn,
        ahead_days=1,
        every_seconds=0,
        clock=lambda: NOW,
    )
    await upkeep.run(rounds.stopping)
    assert (rounds.purged_at, rounds.warned) == ([NOW, NOW], 2)
    coming = {NOW.date() + timedelta(days=30), NOW.date() + timedelta(days=31)}
    assert rounds.ensured == {"reads": coming, "hits": coming}

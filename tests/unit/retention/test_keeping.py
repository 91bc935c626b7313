import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from plateward.contracts.reads import PlateRead
from plateward.contracts.self_checks import self_check_camera
from services.retention.images import read_prefix
from services.retention.keeping import Keeper
from services.retention.partitions import DayGone, Table
from tests.unit.retention.events import a_read

MIDNIGHT = datetime(2026, 3, 31, tzinfo=UTC)
ENDING, COMING = date(2026, 3, 31), date(2026, 4, 1)


class Desk:
    """Partitions and a store in memory, a clock, and a purge that may come between two looks at it."""

    def __init__(self, *, now: datetime, purged_before_insert: set[date] | None = None) -> None:
        self.now = now
        self.days: set[date] = set()
        self.kept: list[PlateRead] = []
        self.forgotten: list[PlateRead] = []
        self._purged_before_insert = purged_before_insert or set()

    async def ensure(self, table: Table, days: Iterable[date]) -> None:
        assert table == "reads"
        self.days.update(days)

    async def add(self, batch: Sequence[PlateRead]) -> int:
        if self._purged_before_insert & {read.expires_on for read in batch}:
            self.now = MIDNIGHT
            raise DayGone("gone")
        assert self.days >= {read.expires_on for read in batch}
        self.kept += batch
        return len(batch)

    async def forget(self, read: PlateRead) -> None:
        self.forgotten.append(read)

    def keeper(self) -> Keeper[PlateRead]:
        return Keeper(
            "reads",
            read_of=lambda read: read,
            store=self,
            partitions=self,
            too_late=self.forget,
            clock=lambda: self.now,
        )


async def test_reads_are_kept_up_to_the_first_moment_of_their_day() -> None:
    desk = Desk(now=MIDNIGHT - timedelta(microseconds=1))
    ending, coming = a_read(expires_on=ENDING), a_read(expires_on=COMING)
    await desk.keeper().keep([ending, coming])
    assert desk.kept == [ending, coming]
    assert desk.forgotten == []


async def test_a_read_that_comes_too_late_is_forgotten_and_makes_no_partition() -> None:
    desk = Desk(now=MIDNIGHT)
    ending, coming = a_read(expires_on=ENDING), a_read(expires_on=COMING)
    await desk.keeper().keep([ending, coming])
    assert desk.kept == [coming]
    assert desk.forgotten == [ending]
    assert desk.days == {COMING}


async def test_a_day_purged_between_the_clock_and_the_insert_takes_its_read_along() -> None:
    desk = Desk(now=MIDNIGHT - timedelta(microseconds=1), purged_before_insert={ENDING})
    ending, coming = a_read(expires_on=ENDING), a_read(expires_on=COMING)
    await desk.keeper().keep([ending, coming])
    assert desk.kept == [coming]
    assert desk.forgotten == [ending]


async def test_a_day_that_is_gone_although_it_is_not_over_stops_the_service() -> None:
    desk = Desk(now=MIDNIGHT, purged_before_insert={COMING})
    with pytest.raises(DayGone):
        await desk.keeper().keep([a_read(expires_on=COMING)])


def test_the_images_of_a_read_are_found_by_what_it_is_not_by_keys_that_it_names() -> None:
    read = a_read(id=uuid.UUID(int=1), expires_on=COMING)
    assert read_prefix(read) == "2026-04-01/flagstaff/00000000-0000-0000-0000-000000000001/"


async def test_nothing_is_kept_of_a_self_check() -> None:
    desk = Desk(now=MIDNIGHT - timedelta(hours=1))
    real = a_read(expires_on=COMING)
    await desk.keeper().keep([a_read(expires_on=COMING, camera_id=self_check_camera("flagstaff")), real])
    assert desk.kept == [real]

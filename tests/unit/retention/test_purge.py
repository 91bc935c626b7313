from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest

from services.retention.partitions import Table
from services.retention.purge import Purge, Purged

FIRST, SECOND, THIRD = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)
NOW = datetime(2026, 3, 2, 0, 1, tzinfo=UTC)
STEPS = ("begin", "remove reads", "remove hits", "blobs", "end")


class Killed(Exception):
    """The process ends here."""


class Disk:
    """Rows and images in memory, that are as they were left when the process is killed before or after a step."""

    def __init__(self, *, killed_before: str = "", killed_after: str = "") -> None:
        self.rows: dict[Table, dict[date, int]] = {
            "reads": {FIRST: 3, SECOND: 2, THIRD: 7},
            "hits": {FIRST: 1, SECOND: 0, THIRD: 1},
        }
        self.blobs = {FIRST: 6, SECOND: 4, THIRD: 14}
        self.account: dict[date, dict[str, int]] = {}
        self.ended: set[date] = set()
        self.others_turn = False
        self._killed_before, self._killed_after = killed_before, killed_after

    def left(self) -> set[date]:
        return self.rows["reads"].keys() | self.rows["hits"].keys() | self.blobs.keys()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        yield not self.others_turn

    async def finish_detaching(self) -> None:
        return

    async def due(self, today: date) -> list[date]:
        there = self.rows["reads"].keys() | self.rows["hits"].keys() | (self.account.keys() - self.ended)
        return sorted(day for day in there if day <= today)

    async def begin(self, day: date, at: datetime) -> None:
        self._before("begin")
        self.account.setdefault(day, {"reads": 0, "hits": 0, "blobs": 0})
        self.ended.discard(day)
        self._after("begin")

    async def remove(self, table: Table, day: date) -> int:
        self._before(f"remove {table}")
        rows = self.rows[table].pop(day, 0)
        self.account[day][table] += rows
        self._after(f"remove {table}")
        return rows

    async def delete_all(self, prefix: str) -> int:
        self._before("blobs")
        blobs = self.blobs.pop(date.fromisoformat(prefix.removesuffix("/")), 0)
        self._after("blobs")
        return blobs

    async def end(self, day: date, blobs: int, at: datetime) -> Purged:
        self._before("end")
        self.account[day]["blobs"] += blobs
        self.ended.add(day)
        self._after("end")
        return Purged(day=day, **self.account[day])

    def _before(self, step: str) -> None:
        if step == self._killed_before:
            self._killed_before = ""
            raise Killed(step)

    def _after(self, step: str) -> None:
        if step == self._killed_after:
            self._killed_after = ""
            raise Killed(step)


async def test_the_days_that_are_over_go_and_the_others_stay() -> None:
    disk = Disk()
    purged = await Purge(disk, disk).run(NOW)
    assert purged == [Purged(FIRST, reads=3, hits=1, blobs=6), Purged(SECOND, reads=2, hits=0, blobs=4)]
    assert disk.left() == {THIRD}
    assert await Purge(disk, disk).run(NOW) == []


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_purge_that_was_cut_short_is_finished_by_the_next(step: str, when: str) -> None:
    disk = Disk(**{f"killed_{when}": step})
    with pytest.raises(ExceptionGroup) as failure:
        await Purge(disk, disk).run(NOW)
    assert [str(one) for one in failure.value.exceptions] == [step]
    await Purge(disk, disk).run(NOW)
    assert disk.left() == {THIRD}
    assert disk.ended == {FIRST, SECOND}
    assert {day: (account["reads"], account["hits"]) for day, account in disk.account.items()} == {
        FIRST: (3, 1),
        SECOND: (2, 0),
    }


async def test_a_day_that_cannot_be_finished_holds_up_no_other() -> None:
    disk = Disk(killed_before="blobs")
    with pytest.raises(ExceptionGroup):
        await Purge(disk, disk).run(NOW)
    assert disk.ended == {SECOND}
    assert disk.left() == {FIRST, THIRD}


async def test_rows_that_came_after_a_day_was_purged_go_too() -> None:
    disk = Disk()
    await Purge(disk, disk).run(NOW)
    disk.rows["reads"][FIRST] = 1
    assert await Purge(disk, disk).run(NOW) == [Purged(FIRST, reads=4, hits=1, blobs=6)]


async def test_only_one_process_purges_at_a_time() -> None:
    disk = Disk()
    disk.others_turn = True
    assert await Purge(disk, disk).run(NOW) == []
    assert disk.left() == {FIRST, SECOND, THIRD}

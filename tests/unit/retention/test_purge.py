from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest

from services.retention.purge import Purge, Purged
from services.retention.trusted_time import ClockDoubt

FIRST, SECOND, THIRD = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)
NOW = datetime(2026, 3, 2, 0, 1, tzinfo=UTC)


class Killed(Exception):
    """The process ends here."""


class Reads:
    """The reads of three days, of which removing fails once where it is told to."""

    kind = "reads"

    def __init__(self, steps: list[str], fails_on: date | None = None) -> None:
        self.left = {FIRST: 3, SECOND: 2, THIRD: 7}
        self._steps, self._fails_on = steps, fails_on

    async def days(self, until: date) -> set[date]:
        return {day for day in self.left if day <= until}

    async def remove(self, day: date) -> int:
        if day == self._fails_on:
            self._fails_on = None
            raise Killed(day.isoformat())
        self._steps.append(f"remove {day}")
        return self.left.pop(day, 0)


class Ledger:
    """An account in memory."""

    def __init__(self, steps: list[str]) -> None:
        self.open: set[date] = set()
        self.others_turn = self.doubtful = False
        self._steps = steps

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        yield not self.others_turn

    async def believed_time(self, now: datetime) -> datetime:
        if self.doubtful:
            raise ClockDoubt("the clock has jumped")
        return now

    async def begun(self, until: date) -> set[date]:
        return {day for day in self.open if day <= until}

    async def begin(self, day: date, at: datetime) -> None:
        self._steps.append(f"begin {day}")
        self.open.add(day)

    async def certify(self, day: date, at: datetime) -> Purged:
        self._steps.append(f"certify {day}")
        self.open.remove(day)
        return Purged(day)

    async def publish(self) -> None:
        self._steps.append("publish")


class Stores:
    """Both, and what was done with them."""

    def __init__(self, fails_on: date | None = None) -> None:
        self.steps: list[str] = []
        self.reads, self.ledger = Reads(self.steps, fails_on), Ledger(self.steps)

    async def purge(self) -> list[Purged]:
        return await Purge(self.ledger, [self.reads]).run(NOW)


async def test_a_day_is_begun_removed_certified_and_then_all_is_published() -> None:
    stores = Stores()
    assert await stores.purge() == [Purged(FIRST), Purged(SECOND)]
    days = [f"{step} {day}" for day in (FIRST, SECOND) for step in ("begin", "remove", "certify")]
    assert stores.steps == [*days, "publish"]
    assert stores.reads.left.keys() == {THIRD}
    assert await stores.purge() == []


async def test_a_day_that_cannot_be_finished_holds_up_no_other_and_is_taken_up_again() -> None:
    stores = Stores(fails_on=FIRST)
    with pytest.raises(ExceptionGroup) as failure:
        await stores.purge()
    assert [str(one) for one in failure.value.exceptions] == [FIRST.isoformat()]
    assert stores.ledger.open == {FIRST}
    assert stores.steps[-1] == "publish", "what is certified does not wait for the other day"
    assert await stores.purge() == [Purged(FIRST)]


async def test_a_day_whose_rows_are_gone_and_that_was_not_certified_is_taken_up_again() -> None:
    stores = Stores()
    stores.ledger.open.add(FIRST)
    stores.reads.left = {}
    assert await stores.purge() == [Purged(FIRST)]


async def test_nothing_is_purged_at_a_time_that_cannot_be_believed() -> None:
    stores = Stores()
    stores.ledger.doubtful = True
    with pytest.raises(ClockDoubt):
        await stores.purge()
    assert stores.steps == []


async def test_only_one_process_purges_at_a_time() -> None:
    stores = Stores()
    stores.ledger.others_turn = True
    assert await stores.purge() == []
    assert stores.steps == []

"""The watch over a log in PostgreSQL: each alarm once, whatever restarts come between."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from plateward.contracts.access import AccessRecord, Actor, Reason, access_record_id
from plateward.contracts.canonical import canonical
from services.audit.adapters.log_store import LogStore
from services.audit.watching.thresholds import Thresholds
from tests.support.access_log import AccessLog, a_look, access_log
from tests.support.watching import all_watched, watched, watcher

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
async def log(database: str) -> AsyncIterator[AccessLog]:
    async with access_log(database) as log:
        yield log


def searches(person_id: str, numbers: range) -> list[AccessRecord]:
    """As many searches, twenty seconds apart, each of another plate under another case."""
    actor = Actor(person_id=person_id, username=person_id, name="R. Vega", title="Detective", agency_id="flagstaff")
    return [search(actor, number) for number in numbers]


def search(actor: Actor, number: int) -> AccessRecord:
    access_id = uuid.uuid4()
    return a_look(
        id=access_record_id(access_id, "asked"),
        access_id=access_id,
        at=BEGIN + number * timedelta(seconds=20),
        actor=actor,
        query={"plate": f"PLATE{number}"},
        reason=Reason(
            purpose="stolen-vehicle", form="event", values={"number": f"26-{4000 + number}", "detail": "hit and run"}
        ),
    )


async def append(log: AccessLog, records: list[AccessRecord]) -> None:
    await LogStore(log.pool).append(records)


async def alarms(log: AccessLog, person_id: str) -> list[asyncpg.Record]:
    return list(await log.pool.fetch("SELECT * FROM raised_alarms WHERE person_id = $1 ORDER BY at", person_id))


async def test_an_alarm_rests_on_what_came_before_a_restart_and_is_raised_once(log: AccessLog) -> None:
    person = str(uuid.uuid4())
    before, after, later = searches(person, range(15)), searches(person, range(15, 22)), searches(person, range(22, 40))
    await append(log, before)
    await watched(log.pool)
    assert await alarms(log, person) == []
    await append(log, after)
    await watched(log.pool)
    (alarm,) = await alarms(log, person)
    twenty = [record.access_id for record in before + after][:20]
    assert (alarm["kind"], alarm["agency_id"], alarm["evidence"]) == ("burst", "flagstaff", twenty)
    rests_on = await log.pool.fetch(
        "SELECT canonical FROM alarm_evidence WHERE alarm_id = $1 ORDER BY seq", alarm["id"]
    )
    assert [row["canonical"] for row in rests_on] == [canonical(record) for record in before + after][:20]

    await append(log, later)
    await watched(log.pool)
    assert await alarms(log, person) == [alarm], "who watches now knows what was told before"


async def test_an_agencys_own_thresholds_hold(log: AccessLog) -> None:
    person = str(uuid.uuid4())
    await append(log, searches(person, range(6)))
    await watched(log.pool, Thresholds(burst_looks=5))
    assert [alarm["says"] for alarm in await alarms(log, person)] == ["5 searches in 15 minutes"]


async def test_of_two_watchers_one_watches_and_the_other_takes_over(log: AccessLog) -> None:
    people = [str(uuid.uuid4()) for _ in range(3)]
    async with watcher(log.pool):
        async with watcher(log.pool):
            await append(log, searches(people[0], range(20)))
            await all_watched(log.pool)
            await append(log, searches(people[1], range(10)))
            await all_watched(log.pool)
        await append(log, searches(people[1], range(10, 20)))
        await append(log, searches(people[2], range(20)))
        await all_watched(log.pool)
    assert [len(await alarms(log, person)) for person in people] == [1, 1, 1]


async def test_no_alarm_is_taken_back(log: AccessLog) -> None:
    for statement in ("DELETE FROM misuse_alarms", "UPDATE misuse_alarms SET says = ''", "TRUNCATE misuse_alarms"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await log.pool.execute(statement)

"""Plates are looked up by statements that were planned before: they find what came since, and what lies far back."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import msgspec
import pytest
from pydantic import SecretStr

from plateward.contracts.reads import PlateRead
from plateward.kernel.clock import now
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from services.gateway.adapters.stores.read_finder import PostgresReads
from services.gateway.searching.found import Places
from services.gateway.searching.question import Position, Question
from services.gateway.searching.scopes import whole
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.read_store import ReadStore
from tests.support.gateway_at_work import ROLE_PASSWORDS, dsn_of
from tests.unit.retention.events import a_read

AT = now()
PLATE = "B0818"
"""As a match key, it is spelled otherwise."""


@pytest.fixture(scope="module")
async def store(database: str) -> AsyncIterator[asyncpg.Pool]:
    await migrate(database, service_schemas(ROLE_PASSWORDS))
    dsn = SecretStr(dsn_of("retention", database))
    async with database_pool(DatabaseSettings(dsn=dsn, connections=2), schema="retention") as pool:
        yield pool


@pytest.fixture(scope="module")
async def finder(store: asyncpg.Pool, database: str) -> AsyncIterator[PostgresReads]:
    """By one connection, whose plans are those of the search before."""
    dsn = SecretStr(dsn_of("gateway", database))
    async with database_pool(DatabaseSettings(dsn=dsn, connections=1), schema="gateway") as pool:
        yield PostgresReads(pool)


async def kept(store: asyncpg.Pool, reads: list[PlateRead]) -> list[uuid.UUID]:
    """Puts the reads into the store; their ids, newest first."""
    await PartitionStore(store).ensure("reads", {read.expires_on for read in reads})
    await ReadStore(store).add(reads)
    return [read.id for read in sorted(reads, key=lambda one: (one.captured_at, one.id), reverse=True)]


async def found(finder: PostgresReads, plate: str, state: str | None = None, limit: int = 100) -> list[uuid.UUID]:
    """All that answers, page by page."""
    question = Question(
        captured_from=AT - timedelta(days=400), captured_until=AT + timedelta(hours=1), plate=plate, state=state
    )
    ids, after = list[uuid.UUID](), None
    while True:
        page = await finder.find(question, Places(None, None), whole(["flagstaff"]), after=after, limit=limit)
        ids += [read.id for read in page.reads]
        after = page.next_after
        if after is None:
            return ids
        assert isinstance(after, Position)


def seen(plate: str, minutes_ago: int, state: str, kept_days: int) -> PlateRead:
    captured_at = AT - timedelta(minutes=minutes_ago)
    return a_read(
        plate=plate, state=state, captured_at=captured_at, expires_on=captured_at.date() + timedelta(days=kept_days)
    )


async def test_of_a_plate_seen_daily_the_few_that_answer_are_found_however_far_back(
    store: asyncpg.Pool, finder: PostgresReads
) -> None:
    # Two terms, so two spans of days; several reads of the same moment, where one look ends and the next begins.
    daily = [seen(PLATE, number // 3, "CA", 40 + number % 2 * 30) for number in range(900)]
    rare = [seen(PLATE, 400 + number, "AZ", 40 + number % 2 * 30) for number in range(20)]
    all_ids = await kept(store, daily + rare)
    of_state = await kept(store, rare)
    assert await found(finder, PLATE, "AZ") == of_state
    assert await found(finder, PLATE, "AZ", limit=3) == of_state
    assert await found(finder, PLATE) == all_ids
    assert await found(finder, PLATE, limit=7) == all_ids


@pytest.mark.parametrize("part", ["K7XR*", "*7XRM*", "*XR?4", "K7XRM4"])
async def test_of_a_part_of_a_plate_what_lies_months_back_follows_what_is_of_these_weeks(
    store: asyncpg.Pool, finder: PostgresReads, part: str
) -> None:
    some = [
        seen("K7XRM4", days * 24 * 60 + number // 2, "AZ" if number == 7 else "CA", 400 + number % 2 * 30)
        for days in (1, 39, 40, 41, 200, 390)
        for number in range(60)
    ]
    plates = [msgspec.structs.replace(read, id=uuid.uuid5(uuid.NAMESPACE_OID, f"{n}")) for n, read in enumerate(some)]
    all_ids = await kept(store, plates)
    of_state = [read.id for read in sorted(plates, key=lambda one: one.captured_at, reverse=True) if read.state == "AZ"]
    assert await found(finder, part) == all_ids
    assert await found(finder, part, limit=7) == all_ids
    assert await found(finder, part, "AZ") == of_state


async def test_days_that_are_kept_since_the_plan_was_made_are_looked_into(
    store: asyncpg.Pool, finder: PostgresReads
) -> None:
    assert await found(finder, "NEWDAY1") == []
    for days in (5, 9, 200):
        await kept(store, [seen("NEWDAY1", days, "AZ", days)])
    assert len(await found(finder, "NEWDAY1")) == 3

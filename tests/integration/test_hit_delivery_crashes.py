"""Delivering hits by processes that die, are killed, lose their database, or work side by side."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from pydantic import SecretStr

from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.status import Status
from services.gateway.adapters.delivering import Delivering
from services.gateway.adapters.stores.one_transaction import JoiningPool
from services.gateway.hits import Bell
from services.gateway.shared_hits.deliveries import LEASE
from tests.support.delivering import World, hit_in, hits_in, ids
from tests.support.gateway_at_work import dsn_of
from tests.support.receivers import Receiver, authority

pytest_plugins = ["tests.support.delivery_world"]

REPOSITORY = Path(__file__).parents[2]


async def test_a_process_that_dies_after_the_receiver_has_it_sends_it_again_as_the_same(
    world: World, receiver: Receiver
) -> None:
    await world.subscribe(receiver)
    await world.raise_hit()
    receiver.answering.clear()
    lease = timedelta(seconds=20)
    dying = asyncio.create_task(world.once(lease=lease))
    await receiver.until(1)
    await _dies(dying, world)
    receiver.answering.set()
    await world.once()
    assert len(receiver.got) == 1, "another process waits for the lease to end"
    world.moved += lease
    await world.once()
    first, second = receiver.got
    assert first.message == second.message
    assert json.loads(first.body) == json.loads(second.body), "under the same record"
    assert len(world.log.records) == 1
    assert await world.states() == ["delivered"]


async def test_a_process_that_is_killed_loses_nothing_and_doubles_nothing_silently(
    world: World, receiver: Receiver, database: str
) -> None:
    await world.subscribe(receiver)
    first, second = await world.raise_hit(), await world.raise_hit()
    receiver.answering.clear()
    dsn = dsn_of("gateway", database)
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.delivering_process", dsn, world.agency, str(authority())),
        cwd=REPOSITORY,
    )
    try:
        await receiver.until(1)
    finally:
        killed.kill()
        await killed.wait()
    receiver.answering.set()
    await world.once()
    assert len(receiver.got) == 1, "what was leased to it waits until that is over"
    world.moved += LEASE
    await world.once()
    before, again, next_one = receiver.got
    assert [hit_in(one) for one in (before, again, next_one)] == ids(first, first, second)
    assert (before.message, before.body) == (again.message, again.body), "the same message, under the same record"
    assert await world.states() == ["delivered", "delivered"]


async def _dies(task: asyncio.Task[None], world: World) -> None:
    """Ends it as a kill would: nothing that it would do at its end reaches the database."""
    held = await world.pool.fetch("SELECT id, leased_until FROM hit_subscriptions WHERE leased_until IS NOT NULL")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    for row in held:
        await world.pool.execute("UPDATE hit_subscriptions SET leased_until = $2 WHERE id = $1", *row.values())


async def test_two_processes_deliver_side_by_side_and_each_hit_once(world: World, receiver: Receiver) -> None:
    await world.subscribe(receiver)
    async with AsyncExitStack() as running:
        bell = Bell()
        for _ in range(2):
            await running.enter_async_context(delivering(world, bell))
        hits = [await world.raise_hit() for _ in range(20)]
        bell.ring()
        await receiver.until(20)
    assert hits_in(receiver) == ids(*hits)


async def test_when_the_database_is_lost_the_process_ends_and_the_next_goes_on(
    world: World, receiver: Receiver, database: str
) -> None:
    await world.subscribe(receiver)
    receiver.answering.clear()
    hit = await world.raise_hit()
    settings = DatabaseSettings(dsn=SecretStr(dsn_of("gateway", database)), connections=4)
    async with database_pool(settings, schema="gateway") as connections:
        lost = World(JoiningPool(connections), world.agency, log=world.log, mous=world.mous)
        running = asyncio.create_task(Delivering(lost.deliveries(), Bell(), Status()).run(asyncio.Event()))
        await receiver.until(1)
        connections.terminate()
        receiver.answering.set()
        with pytest.raises((asyncpg.InterfaceError, asyncpg.PostgresError, OSError)):
            await running
    world.moved += LEASE
    await world.once()
    assert hits_in(receiver) == ids(hit, hit)
    assert len({one.message for one in receiver.got}) == 1
    assert await world.states() == ["delivered"]


@asynccontextmanager
async def delivering(world: World, bell: Bell) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    running = asyncio.create_task(Delivering(world.deliveries(), bell, Status()).run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await running

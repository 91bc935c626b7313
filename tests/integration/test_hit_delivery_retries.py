"""Delivering hits to receivers that fail, refuse, are slow, or are away for days."""

import asyncio
from datetime import timedelta

from services.gateway.shared_hits.retrying import PAUSES
from tests.support.delivering import World, hit_in, hits_in, ids
from tests.support.receivers import Got, Receiver, receiving

pytest_plugins = ["tests.support.delivery_world"]


async def test_what_fails_is_tried_again_for_days_under_the_same_id_and_record(
    world: World, receiver: Receiver
) -> None:
    subscription, _ = await world.subscribe(receiver)
    first, second = await world.raise_hit(), await world.raise_hit()
    receiver.answers = [500, 503, 302, 204, 204]
    await world.once()
    assert hits_in(receiver) == ids(first), "the second waits behind the first"
    await world.once()
    assert len(receiver.got) == 1, "not before its time"
    for pause in PAUSES[:3]:
        world.moved += pause * 1.21
        await world.once()
    # After three failures it was the second's turn, which got through: so the first is at fault, and is tried beside.
    assert hits_in(receiver) == ids(first, first, first, second, first)
    assert await world.states() == ["delivered", "delivered"]
    assert len({one.message for one in receiver.got if hit_in(one) == str(first.id)}) == 1
    assert [record.query["hit_id"] for record in world.log.records] == ids(first, second), "one record each"
    times = [int(one.headers["webhook-timestamp"]) for one in receiver.got]
    assert times == sorted(times)
    assert await world.ended(subscription) is None


async def test_after_an_outage_of_the_receiver_all_comes_in_its_order(world: World, receiver: Receiver) -> None:
    await world.subscribe(receiver)
    hits = [await world.raise_hit() for _ in range(5)]
    receiver.answers = [503, 503]
    await world.once()
    world.moved += PAUSES[0] * 1.21
    await world.once()
    world.moved += PAUSES[1] * 1.21
    await world.once()
    assert hits_in(receiver) == ids(hits[0], hits[0], *hits)
    assert await world.states() == ["delivered"] * 5


async def test_a_receiver_that_cannot_be_reached_for_days_is_given_up_for_all_to_see(world: World) -> None:
    async with receiving() as gone:
        subscription, _ = await world.subscribe(gone)
    await world.raise_hit()
    await world.raise_hit()
    for pause in (*PAUSES, timedelta()):
        await world.once()
        world.moved += pause * 1.21
    assert await world.states() == ["given-up", "given-up"]
    assert await world.ended(subscription) == "the receiver failed 10 times, over days"
    tries = await world.pool.fetch(
        "SELECT t.problem FROM hit_delivery_tries t JOIN hit_deliveries d ON d.id = t.delivery_id"
        " WHERE d.subscription_id = $1",
        subscription,
    )
    assert [row["problem"] for row in tries] == ["the receiver could not be reached"] * 10
    outcomes = await world.outcomes()
    assert {one.phase for one in outcomes} == {"failed"}
    assert {one.access_id for one in outcomes} == {one.access_id for one in world.log.records}


async def test_one_message_that_is_refused_for_ever_holds_up_no_other_and_is_given_up_alone(
    world: World, receiver: Receiver
) -> None:
    subscription, _ = await world.subscribe(receiver)
    bad, good = await world.raise_hit(), await world.raise_hit()

    def refuses(got: Got) -> int:
        return 400 if hit_in(got) == str(bad.id) else 204

    receiver.answers_by = refuses
    for pause in (*PAUSES, *PAUSES):
        await world.once()
        world.moved += pause * 1.21
    later = await world.raise_hit()
    await world.once()
    assert hits_in(receiver).count(str(bad.id)) == 10
    assert [one for one in hits_in(receiver) if one != str(bad.id)] == ids(good, later)
    assert await world.states() == ["given-up", "delivered", "delivered"]
    assert (await world.whys())[0] == "answered 400"
    assert await world.ended(subscription) is None


async def test_410_ends_the_subscription(world: World, receiver: Receiver) -> None:
    subscription, _ = await world.subscribe(receiver)
    receiver.answers = [410]
    await world.raise_hit()
    await world.raise_hit()
    await world.once()
    await world.raise_hit()
    world.moved += timedelta(days=1)
    await world.once()
    assert len(receiver.got) == 1
    assert await world.states() == ["given-up", "given-up"]
    assert await world.ended(subscription) == "the receiver wants nothing any more (410 Gone)"


async def test_a_receiver_that_asks_for_time_gets_it(world: World, receiver: Receiver) -> None:
    await world.subscribe(receiver)
    receiver.answers, receiver.answer_headers = [429], "Retry-After: 3600\r\n"
    await world.raise_hit()
    await world.once()
    world.moved += timedelta(minutes=59)
    await world.once()
    assert len(receiver.got) == 1
    world.moved += timedelta(minutes=2)
    await world.once()
    assert await world.states() == ["delivered"]


async def test_a_slow_receiver_is_cut_off_and_holds_up_nobody_else(world: World, receiver: Receiver) -> None:
    await world.subscribe(receiver)
    async with receiving() as slow:
        slow.answering.clear()
        await world.subscribe(slow)
        hit = await world.raise_hit()
        running = asyncio.create_task(world.once(seconds=1.0))
        [quick] = await receiver.until(1)
        await slow.until(1)
        assert hit_in(quick) == str(hit.id)
        await running
        assert sorted(await world.whys()) == ["", "no answer within 1 seconds"]
        slow.answering.set()
        world.moved += PAUSES[0] * 1.21
        await world.once()
        assert len({one.message for one in slow.got}) == 1
        assert await world.states() == ["delivered", "delivered"]

"""Delivering hits by webhook, on a real database, to real receivers over TLS: what leaves, and what may not."""

import json
from datetime import datetime, timedelta

import msgspec
from standardwebhooks import Webhook

from plateward.contracts.shared_hits import SharedHitDelivered
from services.gateway.adapters.stores.hits import PostgresHits
from services.gateway.adapters.stores.subscriptions import PostgresSubscriptions
from services.gateway.adapters.webhook_sender import WebhookSender
from services.gateway.shared_hits.retrying import PAUSES
from services.gateway.shared_hits.signing import new_secret, told
from tests.support.delivering import SEAL, World, hits_in, ids
from tests.support.receivers import Receiver, authority, receiving

pytest_plugins = ["tests.support.delivery_world"]


async def test_a_hit_is_delivered_signed_and_recorded_on_both_sides(world: World, receiver: Receiver) -> None:
    subscription, verifier = await world.subscribe(receiver)
    hit = await world.raise_hit()
    await world.once()
    [got] = receiver.got
    verifier.verify(got.body, dict(got.headers))
    message = json.loads(got.body)
    assert (got.path, message["type"]) == ("/hits", "hit.shared")
    assert datetime.fromisoformat(message["timestamp"]) == hit.raised_at
    delivered = msgspec.convert(message["data"], SharedHitDelivered)
    assert [delivered.record] == world.log.records, "the partner holds the record that the owner has"
    assert (delivered.record.action, delivered.record.phase) == ("receive-hit", "asked")
    assert delivered.record.owners == ("stockton",)
    assert delivered.record.shared_under == delivered.hit.under
    [outcome] = await world.outcomes()
    assert (outcome.access_id, outcome.phase, outcome.results) == (delivered.record.access_id, "answered", 1)
    assert await world.states() == ["delivered"]
    await world.once()
    assert len(receiver.got) == 1, "once is enough"
    assert await world.ended(subscription) is None


async def test_no_record_no_delivery(world: World, receiver: Receiver) -> None:
    await world.subscribe(receiver)
    await world.raise_hit()
    world.log.away = True
    await world.once()
    assert (receiver.got, await world.states()) == ([], ["waiting"])
    world.log.away, world.moved = False, timedelta(seconds=5)
    await world.once()
    assert await world.states() == ["delivered"]
    assert len(world.log.records) == 1


async def test_what_is_agreed_when_it_leaves_counts_and_not_what_was_when_it_was_put_in_line(
    world: World, receiver: Receiver
) -> None:
    await world.subscribe(receiver)
    receiver.answers = [503]
    await world.raise_hit()
    await world.once()
    mou = world.mous[0]
    wider = msgspec.structs.replace(mou.terms, version=2, fields=("state",))
    world.mous = [msgspec.structs.replace(mou, terms=wider)]
    world.moved += PAUSES[0] * 1.21
    await world.once()
    first, second = (json.loads(one.body)["data"] for one in receiver.got)
    assert ("state" in first["hit"]["read"], second["hit"]["read"]["state"]) == (False, "AZ")
    assert first["record"]["access_id"] != second["record"]["access_id"]
    assert [one["version"] for one in second["record"]["shared_under"]] == [2]
    abandoned, had = await world.outcomes()
    assert (str(abandoned.access_id), abandoned.phase) == (first["record"]["access_id"], "failed")
    assert (str(had.access_id), had.phase) == (second["record"]["access_id"], "answered")


async def test_what_no_mou_gives_any_more_is_withheld_and_nothing_new_is_put_in_line(
    world: World, receiver: Receiver
) -> None:
    await world.subscribe(receiver)
    receiver.answers = [503]
    await world.raise_hit()
    await world.once()
    world.mous.clear()
    await world.raise_hit()
    world.moved += PAUSES[0] * 1.21
    await world.once()
    assert await world.states() == ["withheld"]
    assert await world.whys() == ["no agreement with stockton in force shares this camera's hits"]
    assert [one.phase for one in await world.outcomes()] == ["failed"]
    assert len(receiver.got) == 1


async def test_a_hit_that_is_gone_from_the_feed_and_one_that_was_told_anew_do_not_leave(
    world: World, receiver: Receiver
) -> None:
    await world.subscribe(receiver)
    gone, again = await world.raise_hit(), await world.raise_hit()
    deliveries = world.deliveries()
    await deliveries.fill()
    await world.pool.execute("DELETE FROM hit_feed WHERE hit_id = $1", gone.id)
    seen_again = msgspec.structs.replace(again, raised_at=again.raised_at - timedelta(seconds=1))
    await PostgresHits(world.pool).append([seen_again])
    await world.once()
    assert await world.states() == ["withheld", "superseded", "delivered"]
    assert hits_in(receiver) == ids(again)


async def test_a_client_that_may_have_no_more_hits_ends_its_subscriptions(world: World, receiver: Receiver) -> None:
    subscription, _ = await world.subscribe(receiver)
    await world.raise_hit()
    world.admitted = False
    await world.once()
    assert (receiver.got, await world.ended(subscription)) == ([], "the client may have hits no more")


async def test_a_secret_is_sealed_and_while_it_changes_both_sign(world: World, receiver: Receiver) -> None:
    subscription, old = await world.subscribe(receiver)
    subscriptions, secret = PostgresSubscriptions(world.pool, SEAL), new_secret()
    row = await world.pool.fetchrow("SELECT secret FROM hit_subscriptions WHERE id = $1", subscription)
    assert len(row["secret"]) > 32
    assert await subscriptions.change_secret(subscription, "cad", secret, world.now(), timedelta(hours=24))
    new = Webhook(told(secret))
    await world.raise_hit()
    await world.once()
    [got] = receiver.got
    assert old.verify(got.body, dict(got.headers)) == new.verify(got.body, dict(got.headers))
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    world.moved += timedelta(hours=25)
    await world.raise_hit()
    await world.once()
    assert len(receiver.got[1].headers["webhook-signature"].split(" ")) == 1


async def test_without_the_key_that_sealed_it_nothing_is_sent_and_nothing_else_stops(
    world: World, receiver: Receiver
) -> None:
    await world.subscribe(receiver)
    await world.pool.execute(
        "UPDATE hit_subscriptions SET secret = secret || '\\x00' WHERE agency_id = $1", world.agency
    )
    await world.raise_hit()
    await world.once()
    assert receiver.got == []
    assert (await world.whys())[0].startswith("the subscription's secret cannot be opened")


async def test_no_receiver_leads_within_and_no_redirect_is_followed(world: World, receiver: Receiver) -> None:
    async with receiving() as other:
        receiver.answers, receiver.answer_headers = [307], f"Location: {other.url}\r\n"
        answered = await WebhookSender(("localhost",), authority()).send(receiver.url, {}, b"{}")
        assert (answered.status, other.got) == (307, [])
    refused = await WebhookSender(()).send(receiver.url, {}, b"{}")
    assert refused.problem == "the host is not on the public internet, and no setting names it"
    untrusted = await WebhookSender(("localhost",)).send(receiver.url, {}, b"{}")
    assert untrusted.problem == "the receiver's certificate is not one of its host's"
    named = receiver.url.replace("localhost", "127.0.0.1")
    another = await WebhookSender(("127.0.0.1",), authority()).send(named, {}, b"{}")
    assert another.problem == "the receiver's certificate is not one of its host's"
    assert len(receiver.got) == 1

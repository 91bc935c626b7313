"""Delivering hits by webhook, on a real database, to real receivers over TLS."""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook

from plateward.contracts.access import AccessRecord, Actor
from plateward.contracts.event import decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.shared_hits import SharedHitDelivered
from plateward.kernel import clock
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.status import Status
from services.gateway.access import NotRecorded
from services.gateway.adapters.delivering import Delivering
from services.gateway.adapters.delivery_store import PostgresDeliveries
from services.gateway.adapters.hit_store import PostgresHits
from services.gateway.adapters.one_transaction import JoiningPool
from services.gateway.adapters.sealing import SealKey
from services.gateway.adapters.subscription_store import PostgresSubscriptions
from services.gateway.adapters.webhook_sender import WebhookSender
from services.gateway.hits import Bell
from services.gateway.shared_hits.deliveries import LEASE, Deliveries
from services.gateway.shared_hits.retrying import PAUSES
from services.gateway.shared_hits.sharing import Agreed, Partner
from services.gateway.shared_hits.signing import new_secret, told
from services.gateway.sharing.mou import Mou
from tests.support.gateway_at_work import ROLE_PASSWORDS, dsn_of
from tests.support.receivers import Got, Receiver, authority, receiving
from tests.unit.gateway.sharing.agreed import POLICIES, agreed, some_terms
from tests.unit.retention.events import a_hit, a_read

REPOSITORY = Path(__file__).parents[2]
SEAL = SealKey(bytes(range(32)).hex())


@dataclass(slots=True)
class Log:
    """The access log, which can be away."""

    records: list[AccessRecord] = field(default_factory=list)
    away: bool = False

    async def append(self, record: AccessRecord) -> None:
        if self.away:
            raise NotRecorded
        self.records.append(record)


@dataclass(slots=True)
class World:
    """What deliveries stand on: a database of the test's own agency pair, a clock that can be moved, an MOU."""

    pool: Any
    agency: str
    log: Log = field(default_factory=Log)
    moved: timedelta = timedelta()
    mous: list[Mou] = field(default_factory=list)
    admitted: bool = True

    @property
    def store(self) -> PostgresDeliveries:
        return PostgresDeliveries(self.pool, SEAL)

    def now(self) -> datetime:
        return clock.now() + self.moved

    async def agreed(self) -> Agreed:
        return Agreed(self.mous, POLICIES, self.now())

    async def partner(self, client_id: str) -> Partner | None:
        actor = Actor(person_id="1", username=client_id, name="CAD", title="Machine client", agency_id=self.agency)
        return Partner(actor, frozenset({"stockton"})) if self.admitted else None

    def deliveries(
        self, *, seconds: float = 10.0, lease: timedelta = LEASE, authorities: Path | None = None
    ) -> Deliveries:
        return Deliveries(
            store=self.store,
            feed=PostgresHits(self.pool),
            agreements=self,
            clients=self,
            access_log=self.log,
            sender=WebhookSender(("localhost",), authorities or authority(), seconds),
            now=self.now,
            lease=lease,
        )

    async def subscribe(self, receiver: Receiver) -> tuple[uuid.UUID, Webhook]:
        """A subscription from now on, and what verifies what comes by it."""
        subscriptions, secret = PostgresSubscriptions(self.pool, SEAL), new_secret()
        made = await subscriptions.add("cad", self.agency, receiver.url, secret, self.now())
        assert made is not None
        return made.id, Webhook(told(secret))

    async def raise_hit(self, **changes: object) -> HitRaised:
        """A hit on Stockton's camera of the partner's entry."""
        hit = a_hit(a_read(agency_id="stockton"), agencies=(self.agency, "stockton"))
        entry = msgspec.structs.replace(hit.entry, agency_id=self.agency)
        hit = msgspec.structs.replace(hit, entry=entry, **changes)
        await PostgresHits(self.pool).append([hit])
        return hit

    async def once(self, **how: Any) -> None:
        """All that is due now is tried."""
        deliveries = self.deliveries(**how)
        await deliveries.fill()
        await asyncio.gather(*(deliveries.serve(one, asyncio.Event()) for one in await deliveries.claim()))

    async def states(self) -> list[str]:
        rows = await self.pool.fetch(
            "SELECT state FROM hit_deliveries WHERE agency_id = $1 ORDER BY sequence", self.agency
        )
        return [row["state"] for row in rows]

    async def whys(self) -> list[str]:
        rows = await self.pool.fetch(
            "SELECT why FROM hit_deliveries WHERE agency_id = $1 ORDER BY sequence", self.agency
        )
        return [row["why"] for row in rows]

    async def outcomes(self) -> list[AccessRecord]:
        """The outcomes that are on their way to the log."""
        rows = await self.pool.fetch("SELECT value FROM outbox WHERE key = $1 ORDER BY id", self.agency)
        return [decode(row["value"], AccessRecord) for row in rows]

    async def ended(self, subscription: uuid.UUID) -> str | None:
        why: str | None = await self.pool.fetchval(
            "SELECT ended_why FROM hit_subscriptions WHERE id = $1", subscription
        )
        return why


def sharing_hits_with(agency: str) -> Mou:
    """An MOU in force by which Stockton shares hits with this agency."""
    terms = some_terms(data_kinds=("hits",), starts_at=clock.now() - timedelta(days=1))
    grantee = msgspec.structs.replace(terms.grantee, agency_id=agency)
    terms = msgspec.structs.replace(terms, grantee=grantee, ends_at=clock.now() + timedelta(days=365))
    signatures = agreed(some_terms()).signatures
    signed = tuple(
        msgspec.structs.replace(one, agency_id=party.agency_id)
        for one, party in zip(signatures, terms.parties, strict=True)
    )
    return msgspec.structs.replace(agreed(some_terms()), terms=terms, signatures=signed)


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[JoiningPool]:
    await migrate(database, service_schemas(ROLE_PASSWORDS))
    settings = DatabaseSettings(dsn=SecretStr(dsn_of("gateway", database)), connections=8)
    async with database_pool(settings, schema="gateway") as connections:
        yield JoiningPool(connections)


@pytest.fixture
async def world(pool: asyncpg.Pool) -> AsyncIterator[World]:
    """Of a partner that no other test has."""
    agency = f"partner-{uuid.uuid4().hex[:8]}"
    yield World(pool, agency, mous=[sharing_hits_with(agency)])
    await pool.execute("UPDATE hit_subscriptions SET ended_at = now() WHERE ended_at IS NULL")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


def hit_in(got: Got) -> str:
    return str(json.loads(got.body)["data"]["hit"]["id"])


def hits_in(receiver: Receiver) -> list[str]:
    return [hit_in(one) for one in receiver.got]


def ids(*hits: HitRaised) -> list[str]:
    return [str(hit.id) for hit in hits]


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

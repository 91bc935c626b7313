"""Delivering hits by webhook: each one decided, recorded, sent, and noted; in order, until it is had or given up.

A process that dies at any point leaves the delivery as it was: it is made again, under the same `webhook-id`.
"""

import asyncio
import random
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import msgspec
import structlog

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode, derive_id
from plateward.contracts.hits import HitRaised
from plateward.contracts.shared_hits import SharedHitDelivered
from services.gateway.access import AccessLog, NotRecorded
from services.gateway.hits import HitStore, SeenHit
from services.gateway.shared_hits.delivery import State, Subscription, ToDeliver, Try
from services.gateway.shared_hits.recording import delivery_outcome, delivery_record
from services.gateway.shared_hits.retrying import TRIES_MAX, next_of, pause_after
from services.gateway.shared_hits.sharing import Agreed, Granted, Partner, Withheld, shared_hit
from services.gateway.shared_hits.signing import signed_headers

log = structlog.get_logger("plateward.deliveries")

LEASE = timedelta(seconds=60)
"""How long one process delivers for a subscription before it says so again: four times what a receiver may take."""

LOG_ASKED_AGAIN = timedelta(seconds=5)
"""How long a delivery waits for an access log that does not answer."""

EVENT = "hit.shared"
"""The event's type, as receivers tell events apart."""


class Agreements(Protocol):
    """Where what is agreed comes from."""

    async def agreed(self) -> Agreed:
        """What is agreed at this moment."""


class Clients(Protocol):
    """Partners' machine clients."""

    async def partner(self, client_id: str) -> Partner | None:
        """The client, where it may have hits at present: registered, not ended, of this scope."""


class Sender(Protocol):
    """What sends webhooks."""

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Try:
        """What became of it; nothing that a receiver does raises."""


class DeliveryStore(Protocol):
    """Where subscriptions and deliveries are kept."""

    async def behind(self) -> Sequence[Subscription]:
        """The subscriptions that run, and for which the feed has not been looked through, or whose client has ended."""

    async def fill(
        self, subscription: Subscription, at: datetime, owners_of: Callable[[HitRaised], tuple[str, ...]]
    ) -> None:
        """Adds what the feed has for a subscription since it was last looked for; a hit without owners is none."""

    async def claim(self, at: datetime, until: datetime) -> Sequence[uuid.UUID]:
        """The subscriptions that have something due; until then they are this process's alone."""

    async def release(self, subscription_id: uuid.UUID) -> None:
        """Leaves a subscription to whoever comes."""

    async def due(
        self, subscription_id: uuid.UUID, at: datetime, until: datetime
    ) -> tuple[Subscription, Sequence[ToDeliver]]:
        """The subscription and the first that wait for it, in the feed's order; it stays this process's until then."""

    async def secrets(self, subscription_id: uuid.UUID, at: datetime) -> tuple[bytes, ...]:
        """The secrets that sign at this time, the current one first."""

    async def keep_record(
        self, delivery_id: uuid.UUID, round_: int, record: AccessRecord, before: AccessRecord | None
    ) -> None:
        """Keeps the access record under which a delivery is to leave, before the log has it.

        `before` is the outcome of the record that it had until now.
        """

    async def recorded(self, delivery_id: uuid.UUID) -> None:
        """Notes that the log has it."""

    async def postpone(self, subscription_id: uuid.UUID, until: datetime) -> None:
        """Nothing is tried before this; it is no fault of the receiver."""

    async def close(
        self, delivery_id: uuid.UUID, state: State, why: str, at: datetime, outcome: AccessRecord | None
    ) -> None:
        """Ends a delivery without a further try."""

    async def succeeded(self, delivery: ToDeliver, of: uuid.UUID, tried: Try, outcome: AccessRecord) -> None:
        """Notes that the receiver has it; what it let pass is set aside. The outcome goes to the log with it."""

    async def failed(
        self, delivery: ToDeliver, of: uuid.UUID, tried: Try, next_at: datetime, outcome: AccessRecord | None
    ) -> None:
        """Notes a failure, and when it is tried again; with an outcome it is given up."""

    async def end(self, subscription_id: uuid.UUID, why: str, at: datetime) -> None:
        """Ends a subscription, and gives up all that waits for it, each with its outcome."""


class Deliveries:
    """Delivers, one subscription apart from the other."""

    def __init__(
        self,
        *,
        store: DeliveryStore,
        feed: HitStore,
        agreements: Agreements,
        clients: Clients,
        access_log: AccessLog,
        sender: Sender,
        now: Callable[[], datetime],
        lease: timedelta = LEASE,
    ) -> None:
        self._store, self._feed, self._agreements, self._clients = store, feed, agreements, clients
        self._log, self._sender, self._now, self._lease = access_log, sender, now, lease

    async def fill(self) -> None:
        """Puts what the feed has for each subscription in line; ends those whose client has ended."""
        for subscription in await self._store.behind():
            partner, agreed = await self._clients.partner(subscription.client_id), await self._agreements.agreed()
            if partner is None:
                await self._store.end(subscription.id, "the client may have hits no more", self._now())
                continue

            def owners_of(hit: HitRaised, partner: Partner = partner, agreed: Agreed = agreed) -> tuple[str, ...]:
                decided = agreed.decide(hit, partner)
                return decided.owners if isinstance(decided, Granted) else ()

            await self._store.fill(subscription, self._now(), owners_of)

    async def claim(self) -> Sequence[uuid.UUID]:
        """The subscriptions that this process is to serve now."""
        at = self._now()
        return await self._store.claim(at, at + self._lease)

    async def serve(self, subscription_id: uuid.UUID, stopping: asyncio.Event) -> None:
        """Delivers what is due for a subscription, one after the other, until nothing is or its receiver fails."""
        try:
            while not stopping.is_set():
                at = self._now()
                subscription, waiting = await self._store.due(subscription_id, at, at + self._lease)
                if subscription.ended_at is not None or (subscription.next_at or at) > at:
                    return
                chosen = next_of([one.waiting for one in waiting], subscription.failures, at)
                if chosen is None:
                    return
                await self._deliver(subscription, next(one for one in waiting if one.id == chosen.id))
        finally:
            await asyncio.shield(self._store.release(subscription_id))

    async def _deliver(self, subscription: Subscription, delivery: ToDeliver) -> None:
        partner = await self._clients.partner(subscription.client_id)
        if partner is None:
            await self._store.end(subscription.id, "the client may have hits no more", self._now())
            return
        seen = await self._feed.one(delivery.hit_id, partner.agency_id)
        if seen is None:
            await self._close(delivery, "withheld", "the hit is not in the feed any more")
            return
        if seen.sequence != delivery.waiting.sequence:
            await self._close(delivery, "superseded", "the hit was seen once more, and is told anew")
            return
        decided = (await self._agreements.agreed()).decide(seen.hit, partner)
        if isinstance(decided, Withheld):
            await self._close(delivery, "withheld", decided.why)
            return
        try:
            record = await self._recorded(subscription, delivery, partner, seen.hit, decided)
        except NotRecorded:
            log.warning("delivery.waits-for-log", subscription=str(subscription.id))
            await self._store.postpone(subscription.id, self._now() + LOG_ASKED_AGAIN)
            return
        await self._note(subscription, delivery, record, await self._try(subscription, delivery, seen, decided, record))

    async def _recorded(
        self, subscription: Subscription, delivery: ToDeliver, partner: Partner, hit: HitRaised, granted: Granted
    ) -> AccessRecord:
        """The record under which it leaves, durable. It stays the same from try to try while what is agreed does."""
        record = None if delivery.record is None else decode(delivery.record, AccessRecord)
        if record is not None and (record.shared_under, record.owners) == (granted.under, granted.owners):
            if not delivery.recorded:
                await self._log.append(record)
                await self._store.recorded(delivery.id)
            return record
        at, before = self._now(), None
        if record is not None and delivery.recorded:
            before = delivery_outcome(record, "failed", at, "what is agreed has changed before it was had")
        record = delivery_record(
            partner,
            hit,
            granted,
            access_id=derive_id("hit delivery", delivery.id, delivery.round + 1),
            way="webhook",
            address=urlsplit(subscription.url).netloc,
            session=str(subscription.id),
            at=at,
        )
        await self._store.keep_record(delivery.id, delivery.round + 1, record, before)
        await self._log.append(record)
        await self._store.recorded(delivery.id)
        return record

    async def _try(
        self, subscription: Subscription, delivery: ToDeliver, seen: SeenHit, granted: Granted, record: AccessRecord
    ) -> Try:
        data = SharedHitDelivered(hit=shared_hit(seen.hit, seen.sequence, granted), record=record)
        body = msgspec.json.encode({"type": EVENT, "timestamp": seen.hit.raised_at, "data": data})
        at = self._now()
        secrets = await self._store.secrets(subscription.id, at)
        if not secrets:
            return Try(at, 0, problem="the subscription's secret cannot be opened: the gateway's seal key is another")
        return await self._sender.send(subscription.url, signed_headers(str(delivery.id), at, body, secrets), body)

    async def _note(self, subscription: Subscription, delivery: ToDeliver, record: AccessRecord, tried: Try) -> None:
        at = self._now()
        if tried.succeeded:
            await self._store.succeeded(delivery, subscription.id, tried, delivery_outcome(record, "answered", at))
            return
        log.info("delivery.failed", subscription=str(subscription.id), status=tried.status, problem=tried.problem)
        failures = delivery.waiting.tries + 1 if delivery.waiting.aside else subscription.failures + 1
        pause = pause_after(failures, random.random(), tried.retry_after)  # noqa: S311 - it keeps no secret
        if pause is None and delivery.waiting.aside:
            outcome = delivery_outcome(record, "failed", at, tried.in_words)
            await self._store.failed(delivery, subscription.id, tried, at, outcome)
            return
        await self._store.failed(delivery, subscription.id, tried, at + (pause or timedelta()), None)
        if tried.is_gone:
            await self._store.end(subscription.id, "the receiver wants nothing any more (410 Gone)", at)
        elif pause is None:
            await self._store.end(subscription.id, f"the receiver failed {TRIES_MAX} times, over days", at)

    async def _close(self, delivery: ToDeliver, state: State, why: str) -> None:
        at = self._now()
        record = None if delivery.record is None or not delivery.recorded else decode(delivery.record, AccessRecord)
        outcome = None if record is None else delivery_outcome(record, "failed", at, state)
        await self._store.close(delivery.id, state, why, at, outcome)

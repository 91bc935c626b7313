"""A partner's subscriptions to shared hits: made, listed, given another secret, replayed, ended."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from plateward.policy.reasons import Lacking, Missing
from services.gateway.hits import FEED_LASTS
from services.gateway.search import NoSuchRecord
from services.gateway.shared_hits.deliveries import Agreements
from services.gateway.shared_hits.delivery import Delivery, State, Subscription
from services.gateway.shared_hits.sharing import Partner
from services.gateway.shared_hits.signing import new_secret, told

BOTH_SECRETS_FOR = timedelta(hours=24)
"""How long an old secret still signs beside its successor: for receivers that take up the new one when they can."""

RUNNING_MAX = 10
"""How many subscriptions a client may have at a time."""


class NoHitsShared(Exception):
    """No agreement in force gives this client hits."""


class InvalidSubscription(Lacking):
    """A subscription that cannot be made or changed so."""


class SubscriptionStore(Protocol):
    """Where subscriptions are kept, with all that was delivered by them."""

    @property
    def can_keep_secrets(self) -> bool:
        """Whether there is a key to seal them with."""

    async def add(self, client_id: str, agency_id: str, url: str, secret: bytes, at: datetime) -> Subscription | None:
        """A subscription to what comes from now on; None where this client has one to this URL."""

    async def change_secret(
        self, subscription_id: uuid.UUID, client_id: str, secret: bytes, at: datetime, both_for: timedelta
    ) -> Subscription | None:
        """Has another secret sign; for so long the one that it replaces does as well. None where there is none such."""

    async def of_client(self, client_id: str) -> Sequence[Subscription]:
        """The client's subscriptions, newest first, ended ones as well."""

    async def deliveries_of_subscription(
        self, subscription_id: uuid.UUID, state: State | None, limit: int
    ) -> Sequence[Delivery]:
        """What was delivered by a subscription or is to be, newest first."""

    async def open_again(self, deliveries: Sequence[uuid.UUID], by: str, at: datetime) -> int:
        """Has these made once more, under new records, where their subscription runs; returns how many will be."""

    async def open_since(self, subscription_id: uuid.UUID, since: datetime, by: str, at: datetime) -> None:
        """The same with all that the feed has since then, had or not."""


class Ending(Protocol):
    """What ends a subscription."""

    async def end(self, subscription_id: uuid.UUID, why: str, at: datetime) -> None:
        """Ends it, and gives up all that waits for it."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription, and its secret, which is told this once."""

    subscription: Subscription
    secret: str | None


class Subscriptions:
    """What a machine client does with its own subscriptions."""

    def __init__(
        self,
        *,
        store: SubscriptionStore,
        ending: Ending,
        agreements: Agreements,
        why_no_receiver: Callable[[str], str | None],
        now: Callable[[], datetime],
    ) -> None:
        """`why_no_receiver` says what is wrong with a URL."""
        self._store, self._ending, self._agreements = store, ending, agreements
        self._why_no_receiver, self._now = why_no_receiver, now

    async def subscribe(self, partner: Partner, url: str) -> Subscribed:
        """Has hits that come from now on delivered there; a URL that is subscribed already stays so, its secret untold.

        Raises NoHitsShared, InvalidSubscription.
        """
        if not (await self._agreements.agreed()).grants_hits(partner):
            raise NoHitsShared
        why = self._why_no_receiver(url)
        if why is not None:
            raise InvalidSubscription(Missing("url", why))
        if not self._store.can_keep_secrets:
            raise InvalidSubscription(Missing("url", "no key to seal secrets is set here: follow the stream instead"))
        running = [one for one in await self._store.of_client(partner.client_id) if one.ended_at is None]
        known = next((one for one in running if one.url == url), None)
        if known is not None:
            return Subscribed(known, None)
        if len(running) >= RUNNING_MAX:
            raise InvalidSubscription(Missing("url", f"is one too many: {RUNNING_MAX} run already"))
        secret = new_secret()
        made = await self._store.add(partner.client_id, partner.agency_id, url, secret, self._now())
        if made is None:  # by another request at the same moment
            return await self.subscribe(partner, url)
        return Subscribed(made, told(secret))

    async def all(self, partner: Partner) -> Sequence[Subscription]:
        """The client's subscriptions, newest first, ended ones as well."""
        return await self._store.of_client(partner.client_id)

    async def one(self, partner: Partner, subscription_id: uuid.UUID) -> Subscription:
        """One of them; raises NoSuchRecord."""
        for one in await self._store.of_client(partner.client_id):
            if one.id == subscription_id:
                return one
        raise NoSuchRecord(subscription_id)

    async def end(self, partner: Partner, subscription_id: uuid.UUID) -> None:
        """Ends one; what waits for it is given up. Raises NoSuchRecord."""
        one = await self.one(partner, subscription_id)
        if one.ended_at is None:
            await self._ending.end(one.id, "the partner has ended it", self._now())

    async def change_secret(self, partner: Partner, subscription_id: uuid.UUID) -> Subscribed:
        """Another secret, told this once; both sign for a day. Raises NoSuchRecord, InvalidSubscription."""
        await self.one(partner, subscription_id)
        if not self._store.can_keep_secrets:
            raise InvalidSubscription(Missing("secret", "no key to seal secrets is set here any more"))
        secret = new_secret()
        changed = await self._store.change_secret(
            subscription_id, partner.client_id, secret, self._now(), BOTH_SECRETS_FOR
        )
        if changed is None:
            raise NoSuchRecord(subscription_id)
        return Subscribed(changed, told(secret))

    async def deliveries(
        self, partner: Partner, subscription_id: uuid.UUID, state: State | None, limit: int
    ) -> Sequence[Delivery]:
        """What was delivered by one, or is to be, newest first; raises NoSuchRecord."""
        await self.one(partner, subscription_id)
        return await self._store.deliveries_of_subscription(subscription_id, state, limit)

    async def replay(self, partner: Partner, subscription_id: uuid.UUID, since: datetime) -> None:
        """Has all that was raised since then delivered once more; raises NoSuchRecord, InvalidSubscription."""
        one, at = await self.one(partner, subscription_id), self._now()
        if one.ended_at is not None:
            raise InvalidSubscription(Missing("subscription", "has ended: make a new one, and replay that"))
        if since < at - FEED_LASTS:
            raise InvalidSubscription(Missing("since", f"is more than {FEED_LASTS.days} days ago: the feed ends there"))
        await self._store.open_since(one.id, since, f"client {partner.client_id}", at)

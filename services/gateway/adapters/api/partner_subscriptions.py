"""Subscriptions to shared hits by signed webhook (Standard Webhooks), for partners' machines."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.api.inquiry_bodies import Moment
from services.gateway.adapters.callers import TheGateway
from services.gateway.adapters.machines import SubscribedMachine
from services.gateway.shared_hits.delivery import Delivery, State, Subscription
from services.gateway.shared_hits.sharing import Partner
from services.gateway.shared_hits.subscriptions import NoHitsShared, Subscribed

routes = APIRouter(prefix="/v1/partner/subscriptions", tags=["partners' machines"])


class SubscriptionAsked(Asked):
    """Where hits are to be delivered."""

    url: Annotated[str, Field(max_length=2000, description="https, on the public internet.")]


class ReplayAsked(Asked):
    """From when on hits are to be delivered once more."""

    since: Moment


class SubscriptionShown(BaseModel):
    """A subscription, and how its receiver does."""

    id: uuid.UUID
    url: str
    made_at: datetime
    state: str = Field(description="running, failing or ended")
    failures: int = Field(description="One after the other, up to now.")
    failing_since: datetime | None
    next_at: datetime | None = Field(description="Of one that fails: when it is tried again.")
    old_secret_until: datetime | None = Field(description="Until then the secret before this one signs as well.")
    ended_at: datetime | None
    ended_why: str | None


class SubscribedShown(BaseModel):
    """A subscription with its secret (`whsec_…`), which is told this once; null where it was told before."""

    subscription: SubscriptionShown
    secret: str | None


class TryShown(BaseModel):
    """One try to deliver."""

    at: datetime
    took_ms: int
    status: int | None
    problem: str


class DeliveryShown(BaseModel):
    """A delivery; its id is the `webhook-id`."""

    id: uuid.UUID
    way: str
    client_id: str
    agency_id: str
    owners: list[str]
    hit_id: uuid.UUID
    made_at: datetime
    state: State
    changed_at: datetime
    why: str
    next_at: datetime | None
    access_id: uuid.UUID | None
    sent_again_by: str
    tries: list[TryShown]


async def partner_of(machine: SubscribedMachine, gateway: TheGateway) -> Partner:
    """The machine as sharing looks at it; raises NoHitsShared."""
    partner = await gateway.shared_hits.clients.partner(machine.client.client_id)
    if partner is None:
        raise NoHitsShared
    return partner


ThePartner = Annotated[Partner, Depends(partner_of)]


@routes.post("", status_code=201, summary="Subscribe to shared hits")
async def subscribe(asked: SubscriptionAsked, partner: ThePartner, gateway: TheGateway) -> SubscribedShown:
    """Hits that come from now on are delivered there. Sent again for the same URL it is one subscription still."""
    return _subscribed(await gateway.shared_hits.subscriptions.subscribe(partner, asked.url))


@routes.get("", summary="The client's subscriptions")
async def subscriptions(partner: ThePartner, gateway: TheGateway) -> list[SubscriptionShown]:
    """Newest first, ended ones as well."""
    return [shown(one) for one in await gateway.shared_hits.subscriptions.all(partner)]


@routes.get("/{subscription_id}", summary="One subscription")
async def subscription(subscription_id: uuid.UUID, partner: ThePartner, gateway: TheGateway) -> SubscriptionShown:
    """How its receiver does."""
    return shown(await gateway.shared_hits.subscriptions.one(partner, subscription_id))


@routes.delete("/{subscription_id}", status_code=204, summary="End a subscription")
async def end(subscription_id: uuid.UUID, partner: ThePartner, gateway: TheGateway) -> None:
    """What waits for it is given up."""
    await gateway.shared_hits.subscriptions.end(partner, subscription_id)


@routes.post("/{subscription_id}/secret", status_code=200, summary="Change the secret")
async def change_secret(subscription_id: uuid.UUID, partner: ThePartner, gateway: TheGateway) -> SubscribedShown:
    """The new one is told this once; for a day both sign, so that nothing is lost while the receiver changes it."""
    return _subscribed(await gateway.shared_hits.subscriptions.change_secret(partner, subscription_id))


@routes.get("/{subscription_id}/deliveries", summary="What was delivered")
async def deliveries(
    subscription_id: uuid.UUID,
    partner: ThePartner,
    gateway: TheGateway,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[DeliveryShown]:
    """Newest first, with each try and why it failed."""
    found = await gateway.shared_hits.subscriptions.deliveries(partner, subscription_id, state, limit)
    return deliveries_shown(found)


@routes.post("/{subscription_id}/replays", status_code=202, summary="Have hits delivered once more")
async def replay(
    subscription_id: uuid.UUID, asked: ReplayAsked, partner: ThePartner, gateway: TheGateway
) -> SubscriptionShown:
    """All that was raised since then, had or not, as far back as seven days; each under the id that it had."""
    await gateway.shared_hits.subscriptions.replay(partner, subscription_id, asked.since)
    return shown(await gateway.shared_hits.subscriptions.one(partner, subscription_id))


def shown(one: Subscription) -> SubscriptionShown:
    """A subscription as the API shows it."""
    return SubscriptionShown(
        id=one.id,
        url=one.url,
        made_at=one.made_at,
        state="ended" if one.ended_at else "failing" if one.failures else "running",
        failures=one.failures,
        failing_since=one.failing_since,
        next_at=one.next_at if one.failures and one.ended_at is None else None,
        old_secret_until=one.old_secret_until,
        ended_at=one.ended_at,
        ended_why=one.ended_why,
    )


def deliveries_shown(found: Sequence[Delivery]) -> list[DeliveryShown]:
    """Deliveries as the API shows them."""
    return [
        DeliveryShown(
            id=one.id,
            way=one.way,
            client_id=one.client_id,
            agency_id=one.agency_id,
            owners=list(one.owners),
            hit_id=one.hit_id,
            made_at=one.made_at,
            state=one.state,
            changed_at=one.changed_at,
            why=one.why,
            next_at=one.next_at if one.state == "waiting" else None,
            access_id=one.access_id,
            sent_again_by=one.sent_again_by,
            tries=[TryShown(at=t.at, took_ms=t.took_ms, status=t.status, problem=t.problem) for t in one.tries],
        )
        for one in found
    ]


def _subscribed(made: Subscribed) -> SubscribedShown:
    return SubscribedShown(subscription=shown(made.subscription), secret=made.secret)

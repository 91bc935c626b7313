"""What deliveries of shared hits stand on in tests: a database, a log that can be away, a clock that can be moved."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from standardwebhooks import Webhook

from plateward.contracts.access import AccessRecord, Actor
from plateward.contracts.event import decode
from plateward.contracts.hits import HitRaised
from plateward.kernel import clock
from services.gateway.access import NotRecorded
from services.gateway.adapters.sealing import SealKey
from services.gateway.adapters.stores.deliveries import PostgresDeliveries
from services.gateway.adapters.stores.hits import PostgresHits
from services.gateway.adapters.stores.subscriptions import PostgresSubscriptions
from services.gateway.adapters.webhook_sender import WebhookSender
from services.gateway.shared_hits.deliveries import LEASE, Deliveries
from services.gateway.shared_hits.sharing import Agreed, Partner
from services.gateway.shared_hits.signing import new_secret, told
from services.gateway.sharing.mou import Mou
from tests.support.receivers import Got, Receiver, authority
from tests.unit.gateway.sharing.agreed import POLICIES, agreed, some_terms
from tests.unit.retention.events import a_hit, a_read

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


def hit_in(got: Got) -> str:
    return str(json.loads(got.body)["data"]["hit"]["id"])


def hits_in(receiver: Receiver) -> list[str]:
    return [hit_in(one) for one in receiver.got]


def ids(*hits: HitRaised) -> list[str]:
    return [str(hit.id) for hit in hits]

"""The stream of shared hits: each decided and recorded as it leaves; it ends with the token, the client or the MOU."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import anyio

from plateward.contracts.event import encode
from plateward.contracts.shared_hits import SharedHitDelivered
from plateward.kernel.pauses import first_of
from services.gateway.access import AccessLog
from services.gateway.hits import Bell, HitStore, SeenHit
from services.gateway.shared_hits.deliveries import Agreements, Clients
from services.gateway.shared_hits.delivery import Delivery
from services.gateway.shared_hits.recording import delivery_outcome, delivery_record
from services.gateway.shared_hits.sharing import Granted, Partner, shared_hit
from services.gateway.shared_hits.subscriptions import NoHitsShared

BEATS_EVERY_SECONDS = 2.0
"""How often a stream shows that it lives, and looks whether it still may."""

TAKEN_AT_A_TIME = 50


class StreamBook(Protocol):
    """Where it is noted what has left by streams."""

    async def add_streamed(self, made: Delivery, sequence: int, record: bytes) -> None:
        """Notes a hit that has left by a stream."""


@dataclass(frozen=True, slots=True)
class Beat:
    """Nothing has come; the stream lives."""


@dataclass(frozen=True, slots=True)
class End:
    """The stream ends, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows: the client, from where, by which token and until when that is good."""

    client_id: str
    address: str
    session: str
    until: datetime


class SharedHitStreams:
    """Streams for machine clients."""

    def __init__(
        self,
        *,
        feed: HitStore,
        bell: Bell,
        agreements: Agreements,
        clients: Clients,
        access_log: AccessLog,
        book: StreamBook,
        now: Callable[[], datetime],
    ) -> None:
        self._feed, self._bell, self._agreements, self._clients = feed, bell, agreements, clients
        self._log, self._book, self._now = access_log, book, now

    async def begin(self, follower: Follower, after: int | None) -> int:
        """Where a stream goes on: after this number, or with what comes from now on. Raises NoHitsShared."""
        if isinstance(await self._standing(follower), End):
            raise NoHitsShared
        return await self._feed.newest_sequence() if after is None else after

    async def follow(
        self, follower: Follower, after: int, stopping: asyncio.Event
    ) -> AsyncGenerator[SharedHitDelivered | Beat | End, None]:
        """What comes, in the order of the feed, until it ends. Raises NotRecorded."""
        yield Beat()
        while not stopping.is_set():
            ring = self._bell.next_ring
            standing = await self._standing(follower)
            if isinstance(standing, End):
                yield standing
                return
            found = await self._feed.after(after, standing.agency_id, TAKEN_AT_A_TIME)
            for seen in found:
                after = seen.sequence
                decided = (await self._agreements.agreed()).decide(seen.hit, standing)
                if isinstance(decided, Granted):
                    async with self._leaving(follower, standing, seen, decided) as delivered:
                        yield delivered
            if not found:
                yield Beat()
                await first_of(ring, stopping, within_seconds=BEATS_EVERY_SECONDS)

    async def _standing(self, follower: Follower) -> Partner | End:
        """The client, where it may follow at this moment."""
        if self._now() >= follower.until:
            return End("the token is over")
        partner = await self._clients.partner(follower.client_id)
        if partner is None:
            return End("the client may have hits no more")
        if not (await self._agreements.agreed()).grants_hits(partner):
            return End("no agreement in force shares hits")
        return partner

    @asynccontextmanager
    async def _leaving(
        self, follower: Follower, partner: Partner, seen: SeenHit, granted: Granted
    ) -> AsyncIterator[SharedHitDelivered]:
        """The hit, once its record is durable; its outcome follows, though the follower goes away at this moment."""
        record = delivery_record(
            partner,
            seen.hit,
            granted,
            access_id=uuid.uuid4(),
            way="stream",
            address=follower.address,
            session=follower.session,
            at=self._now(),
        )
        await self._log.append(record)
        try:
            yield SharedHitDelivered(hit=shared_hit(seen.hit, seen.sequence, granted), record=record)
        finally:
            with anyio.CancelScope(shield=True):
                at = self._now()
                await self._log.append(delivery_outcome(record, "answered", at))
                made = Delivery(
                    id=record.access_id,
                    way="stream",
                    subscription_id=None,
                    client_id=partner.client_id,
                    agency_id=partner.agency_id,
                    owners=granted.owners,
                    hit_id=seen.hit.id,
                    made_at=at,
                    state="delivered",
                    changed_at=at,
                    why="",
                    next_at=at,
                    sent_again_by="",
                    access_id=record.access_id,
                    tries=(),
                )
                await self._book.add_streamed(made, seen.sequence, encode(record))

"""The hits of an agency: the newest ones, one by its id, and the stream of those that come."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from plateward.contracts.hits import HitRaised
from plateward.contracts.lists import ListAlarm
from plateward.contracts.reads import ImageKind, ReadImages
from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.access import WATCHING_HITS, AccessGate, Inquiry, Look
from services.gateway.eyes import Eyes, eyes_of
from services.gateway.lists import AlarmStore
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord, Pictures, picture_under

NOBODY = Eyes()

FEED_LASTS = timedelta(days=7)
"""How long a hit stays in the feed, as on its topic; the retention service keeps it for its owner's time."""


@dataclass(frozen=True, slots=True)
class SeenHit:
    """A hit with its number in the feed: the order in which consoles see hits, and where a stream goes on."""

    sequence: int
    hit: HitRaised


class HitStore(Protocol):
    """The feed of hits, numbered."""

    async def append(self, hits: list[HitRaised]) -> None:
        """Adds hits to the feed; one that is in it already comes again when something is new of it."""

    async def after(self, sequence: int, agency_id: str, limit: int, eyes: Eyes = NOBODY) -> list[SeenHit]:
        """The agency's hits after this number that these eyes may see, oldest first."""

    async def recent(self, agency_id: str, limit: int, eyes: Eyes = NOBODY) -> list[SeenHit]:
        """The agency's newest hits that these eyes may see, newest first."""

    async def one(self, hit_id: uuid.UUID, agency_id: str, eyes: Eyes = NOBODY) -> SeenHit | None:
        """A hit that the agency and these eyes may see."""

    async def newest_sequence(self) -> int:
        """The number of the newest hit, 0 when there is none."""


@dataclass(slots=True)
class Bell:
    """Rings when the feed has grown. Each listener waits on the ring that it last heard, so none is missed."""

    _rung: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self) -> None:
        """Wakes all who wait."""
        self._rung.set()
        self._rung = asyncio.Event()

    @property
    def next_ring(self) -> asyncio.Event:
        """What to wait on; take it before looking at the feed."""
        return self._rung


class Hits:
    """What an agency's consoles see of its hits; every look is recorded."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        store: HitStore,
        alarms: AlarmStore,
        pictures: Pictures,
        bell: Bell,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._store, self._alarms, self._pictures = gate, store, alarms, pictures
        self._bell, self._policies, self._now = bell, policies, now

    async def recent(self, session: Session, address: str, limit: int = 50) -> list[SeenHit]:
        """The newest hits, newest first; raises NotAllowed, NotRecorded."""
        async with self._gate.look(self._watching(session, {"hits": f"newest {limit}"}, address)) as look:
            found = await self._store.recent(session.person.agency_id, limit, self._eyes(session))
            look.results = len(found)
        return [_for_agency(seen, session.person.agency_id) for seen in found]

    async def one(self, session: Session, hit_id: uuid.UUID, address: str) -> SeenHit:
        """One hit; raises NotAllowed, NoSuchRecord, NotRecorded."""
        async with self._gate.look(self._watching(session, {"hit_id": str(hit_id)}, address)) as look:
            found = await self._one(session, hit_id)
            look.results = 1
        return found

    async def silent_lists(self, session: Session) -> list[ListAlarm]:
        """The agency's lists that match no read at present; it tells nothing of any read. Raises NotAllowed."""
        require(session, "watch-hits")
        return await self._alarms.silent(session.person.agency_id)

    async def image(self, session: Session, hit_id: uuid.UUID, kind: ImageKind, address: str) -> bytes:
        """A picture of a hit; raises NotAllowed, NoSuchRecord, NotRecorded."""
        require(session, "view-images")
        query = {"hit_id": str(hit_id), "image": kind}
        inquiry = Inquiry(session, "view-image", query, WATCHING_HITS, (session.person.agency_id,), address)
        async with self._gate.look(inquiry) as look:
            images = (await self._one(session, hit_id)).hit.read.images
            picture = await picture_under(images.key(kind), self._pictures)
            look.results = 1
        return picture

    @asynccontextmanager
    async def stream(self, session: Session, after: int | None, address: str) -> AsyncIterator["HitStream"]:
        """A stream of the hits after this number, or of those that come from now on.

        The look is recorded as asked before the stream opens and with the count of hits when it ends; raises
        NotAllowed, NotRecorded.
        """
        query = {"hits": "as they come" if after is None else f"as they come, after {after}"}
        async with self._gate.look(self._watching(session, query, address)) as look:
            start = await self._store.newest_sequence() if after is None else after
            eyes = self._eyes(session)
            yield HitStream(self._store, self._alarms, self._bell, session.person.agency_id, start, look, eyes)

    def _watching(self, session: Session, query: dict[str, str], address: str) -> Inquiry:
        require(session, "watch-hits")
        return Inquiry(session, "watch-hits", query, WATCHING_HITS, (session.person.agency_id,), address)

    async def _one(self, session: Session, hit_id: uuid.UUID) -> SeenHit:
        found = await self._store.one(hit_id, session.person.agency_id, self._eyes(session))
        if found is None:
            raise NoSuchRecord(hit_id)
        return _for_agency(found, session.person.agency_id)

    def _eyes(self, session: Session) -> Eyes:
        return eyes_of(session.person, self._policies[session.person.agency_id])


class HitStream:
    """One console's way through the feed."""

    def __init__(
        self,
        store: HitStore,
        alarms: AlarmStore,
        bell: Bell,
        agency_id: str,
        after: int,
        look: Look,
        eyes: Eyes = NOBODY,
    ) -> None:
        self._store, self._alarms, self._bell = store, alarms, bell
        self._agency_id, self._eyes, self._look = agency_id, eyes, look
        self._sequence = after

    async def next_hits(self, patience_seconds: float, batch: int = 50) -> list[SeenHit]:
        """The next hits in order, as soon as there are any; empty when none came in this time."""
        ring = self._bell.next_ring
        found = await self._store.after(self._sequence, self._agency_id, batch, self._eyes)
        if not found:
            try:
                await asyncio.wait_for(ring.wait(), patience_seconds)
            except TimeoutError:
                return []
            found = await self._store.after(self._sequence, self._agency_id, batch, self._eyes)
        if found:
            self._sequence = found[-1].sequence
            self._look.results += len(found)
        return [_for_agency(seen, self._agency_id) for seen in found]

    async def silent_lists(self) -> list[ListAlarm]:
        """The agency's lists that match no read at this moment."""
        return await self._alarms.silent(self._agency_id)


def _for_agency(seen: SeenHit, agency_id: str) -> SeenHit:
    """The hit as this agency may see it: without pictures where the camera's agency shares none."""
    hit = seen.hit
    if agency_id not in hit.images_withheld_from:
        return seen
    sightings = tuple(msgspec.structs.replace(one, images=ReadImages()) for one in hit.sightings)
    read = msgspec.structs.replace(hit.read, images=ReadImages())
    return SeenHit(seen.sequence, msgspec.structs.replace(hit, read=read, sightings=sightings))

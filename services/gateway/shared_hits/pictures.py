"""The pictures of a shared hit: where an agreement shares them, each look recorded as every other."""

import uuid

from plateward.contracts.reads import ImageKind
from services.gateway.access import AccessGate, Inquiry
from services.gateway.hits import HitStore
from services.gateway.people import Session
from services.gateway.search import NoSuchRecord, Pictures, picture_under
from services.gateway.shared_hits.deliveries import Agreements, Clients
from services.gateway.shared_hits.recording import SHARED_HITS
from services.gateway.shared_hits.sharing import Granted


class SharedHitPictures:
    """Pictures for machine clients."""

    def __init__(
        self, *, gate: AccessGate, feed: HitStore, agreements: Agreements, clients: Clients, pictures: Pictures
    ) -> None:
        self._gate, self._feed, self._agreements = gate, feed, agreements
        self._clients, self._pictures = clients, pictures

    async def picture(self, machine: Session, hit_id: uuid.UUID, kind: ImageKind, address: str) -> bytes:
        """A picture; raises NoSuchRecord where the hit, or the picture, is none that is shared, and NotRecorded."""
        partner = await self._clients.partner(machine.person.username)
        seen = None if partner is None else await self._feed.one(hit_id, partner.agency_id)
        if partner is None or seen is None:
            raise NoSuchRecord(hit_id)
        granted = (await self._agreements.agreed()).decide(seen.hit, partner)
        if not isinstance(granted, Granted) or "pictures" not in granted.shows:
            raise NoSuchRecord(hit_id)
        query = {"hit_id": str(hit_id), "image": kind}
        inquiry = Inquiry(
            machine, "view-image", query, SHARED_HITS, granted.owners, address, shared_under=granted.under
        )
        async with self._gate.look(inquiry) as look:
            images = seen.hit.read.images
            picture = await picture_under(images.key(kind), self._pictures)
            look.results = 1
        return picture

"""What the owner's people see of deliveries: what left for whom, when, what failed and why; and sending it again."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from plateward.policy.reasons import Lacking, Missing
from services.gateway.access import AccessGate
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.shared_hits.delivery import Delivery, State, Subscription
from services.gateway.sharing.agreements import KEEPING_AGREEMENTS


class DeliveryRefused(Lacking):
    """A delivery that cannot be made again."""


class DeliveryBook(Protocol):
    """Where deliveries are kept."""

    async def deliveries_of_owner(self, owner: str, state: State | None, limit: int) -> Sequence[Delivery]:
        """What of an owner's was delivered or is to be, newest first."""

    async def one_of_owner(self, delivery_id: uuid.UUID, owner: str) -> Delivery | None:
        """A delivery of something of the owner's."""

    async def delivering_for(self, owner: str) -> Sequence[Subscription]:
        """The subscriptions by which something of the owner's was to be delivered, those that run first."""

    async def open_again(self, deliveries: Sequence[uuid.UUID], by: str, at: datetime) -> int:
        """Has these made once more, under new records, where their subscription runs; returns how many will be."""


class SharedHitDeliveries:
    """Deliveries of what is the person's own agency's."""

    def __init__(self, *, gate: AccessGate, book: DeliveryBook, now: Callable[[], datetime]) -> None:
        self._gate, self._book, self._now = gate, book, now

    async def newest(
        self, session: Session, state: State | None, address: str, limit: int = 200
    ) -> tuple[Sequence[Delivery], Sequence[Subscription]]:
        """The newest deliveries, with the subscriptions that they went by; raises NotAllowed, NotRecorded."""
        require(session, "keep-agreements")
        own = session.person.agency_id
        query: dict[str, str] = {"deliveries": state or "all"}
        async with self._gate.look_at_own(session, "list-deliveries", query, KEEPING_AGREEMENTS, address) as look:
            found = await self._book.deliveries_of_owner(own, state, limit)
            subscriptions = await self._book.delivering_for(own)
            look.results = len(found)
        return found, subscriptions

    async def send_again(self, session: Session, delivery_id: uuid.UUID, address: str) -> None:
        """Has a delivery made once more, by its id; raises NotAllowed, NoSuchRecord, DeliveryRefused, NotRecorded."""
        require(session, "keep-agreements")
        query = {"delivery": str(delivery_id)}
        async with self._gate.look_at_own(session, "send-hit-again", query, KEEPING_AGREEMENTS, address) as look:
            one = await self._book.one_of_owner(delivery_id, session.person.agency_id)
            if one is None:
                raise NoSuchRecord(delivery_id)
            if one.way == "stream":
                raise DeliveryRefused(Missing("delivery", "went by a stream: its client asks for it again by itself"))
            by = f"{session.person.name}, {session.person.title}"
            look.results = await self._book.open_again([delivery_id], by, self._now())
            if not look.results:
                raise DeliveryRefused(Missing("delivery", "waits already, or its subscription has ended"))

"""Holds that two people have agreed on at the gateway, placed; where one cannot be, it is written down why."""

from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import structlog

from plateward.contracts.access import Actor
from plateward.contracts.holds import EvidenceHold
from plateward.kernel.kafka.consumer import Received
from services.retention.adapters.evidence_store import NotFound
from services.retention.holds import Hold, HoldRefused

log = structlog.get_logger("services.retention")


class AgreedHolds:
    """The effect of the topic `holds`. A hold that comes again ends the same."""

    def __init__(self, pool: asyncpg.Pool, place: Callable[[Hold], Awaitable[int]]) -> None:
        """`place` copies what a hold names; raises HoldRefused, NotFound."""
        self._pool, self._place = pool, place

    async def take(self, batch: Sequence[Received[EvidenceHold]]) -> None:
        """Places each, or writes down why it cannot be."""
        for received in batch:
            hold = _hold(received.event)
            if await self._pool.fetchval("SELECT copied_at FROM retention.holds WHERE id = $1", hold.id):
                continue
            try:
                await self._place(hold)
            except NotFound:
                await self._refuse(hold, "of these reads one is not the agency's, or its day has come")
            except HoldRefused as refused:
                await self._refuse(hold, str(refused))

    async def _refuse(self, hold: Hold, reason: str) -> None:
        log.warning("hold.refused", hold=str(hold.id))
        await self._pool.execute(
            "INSERT INTO retention.hold_refusals (hold_id, agency_id, reason) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING",
            *(hold.id, hold.agency_id, reason),
        )


def _hold(event: EvidenceHold) -> Hold:
    return Hold(
        id=event.id,
        agency_id=event.agency_id,
        case_number=event.case_number,
        reason=event.reason,
        requested_by=_named(event.requested_by),
        requested_at=event.requested_at,
        approved_by=_named(event.approved_by),
        approved_at=event.approved_at,
        ends_on=event.ends_on,
        read_ids=event.read_ids,
    )


def _named(actor: Actor) -> str:
    return f"{actor.name}, {actor.title} ({actor.username})"

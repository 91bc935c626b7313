"""Holds in PostgreSQL, the outbox that carries the agreed ones to retention, and what retention says of them."""

import uuid
from datetime import date

import asyncpg
import msgspec

from plateward.contracts.access import Actor
from plateward.contracts.event import derive_id
from plateward.contracts.holds import EvidenceHold
from plateward.contracts.topics import HOLDS
from services.gateway.adapters.outgoing import send
from services.gateway.evidence.hold import DueHit, HoldRequest

_SHOWN = """
SELECT h.*, s.copied_at, s.refused AS impossible
  FROM hold_requests h LEFT JOIN retention.holds_stand s ON s.id = h.id AND s.agency_id = h.agency_id
 WHERE h.agency_id = $1
"""

NEWEST = 200


class PostgresHolds:
    """The tables `hold_requests` and `outbox`, and retention's views."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, request: HoldRequest) -> None:
        """Keeps a request."""
        await self._pool.execute(
            """
            INSERT INTO hold_requests (id, agency_id, asked_by, asked_at, case_number, reason, ends_on, read_ids)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            *(request.id, request.agency_id, msgspec.to_builtins(request.asked_by), request.asked_at),
            *(request.case_number, request.reason, request.ends_on, list(request.read_ids)),
        )

    async def of_agency(self, agency_id: str) -> list[HoldRequest]:
        """The agency's, newest first."""
        rows = await self._pool.fetch(f"{_SHOWN} ORDER BY h.asked_at DESC LIMIT {NEWEST}", agency_id)
        return [_request(row) for row in rows]

    async def one(self, hold_id: uuid.UUID, agency_id: str) -> HoldRequest | None:
        """One of the agency's."""
        row = await self._pool.fetchrow(f"{_SHOWN} AND h.id = $2", agency_id, hold_id)
        return None if row is None else _request(row)

    async def decide(self, request: HoldRequest) -> bool:
        """Writes the decision down, and has an agreed hold placed; False when somebody else has decided meanwhile."""
        async with self._pool.acquire() as connection, connection.transaction():
            done: str = await connection.execute(
                "UPDATE hold_requests SET decided_by = $2, decided_at = $3, agreed = $4, statement = $5"
                " WHERE id = $1 AND agreed IS NULL",
                *(request.id, msgspec.to_builtins(request.decided_by), request.decided_at, request.agreed),
                request.statement,
            )
            if done != "UPDATE 1":
                return False
            if request.agreed:
                hold = _agreed(request)
                event_id = derive_id("hold", request.id)
                await send(connection, HOLDS, str(request.id), hold, event_id, hold.approved_at)
        return True

    async def due(self, agency_id: str, until: date) -> list[DueHit]:
        """What of the agency's cases goes before this day."""
        rows = await self._pool.fetch(
            """
            SELECT DISTINCT case_number, read_id, camera_agency_id, expires_on FROM retention.evidence_due
             WHERE agency_id = $1 AND expires_on <= $2 ORDER BY expires_on, case_number LIMIT 500
            """,
            *(agency_id, until),
        )
        return [DueHit(*row) for row in rows]


def _agreed(request: HoldRequest) -> EvidenceHold:
    assert request.decided_by is not None and request.decided_at is not None
    return EvidenceHold(
        id=request.id,
        agency_id=request.agency_id,
        case_number=request.case_number,
        reason=request.reason,
        requested_by=request.asked_by,
        requested_at=request.asked_at,
        approved_by=request.decided_by,
        approved_at=request.decided_at,
        ends_on=request.ends_on,
        read_ids=request.read_ids,
    )


def _request(row: asyncpg.Record) -> HoldRequest:
    decided_by = row["decided_by"]
    return HoldRequest(
        **dict(row)
        | {
            "asked_by": msgspec.convert(row["asked_by"], Actor),
            "decided_by": None if decided_by is None else msgspec.convert(decided_by, Actor),
            "read_ids": tuple(row["read_ids"]),
        }
    )

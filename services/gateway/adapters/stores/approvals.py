"""Requests for a supervisor's agreement, in PostgreSQL."""

import uuid
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.access import Actor, Reason
from services.gateway.searching.approval import ApprovalRequest
from services.gateway.searching.question import Question


class PostgresApprovals:
    """The table `approval_requests`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, request: ApprovalRequest, fingerprint: str) -> None:
        """Keeps a request."""
        await self._pool.execute(
            """
            INSERT INTO approval_requests
                (id, agency_id, person_id, fingerprint, asked_by, asked_at, question, reason, why, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            *(request.id, request.agency_id, uuid.UUID(request.asked_by.person_id), fingerprint),
            *(msgspec.to_builtins(request.asked_by), request.asked_at, msgspec.to_builtins(request.question)),
            *(msgspec.to_builtins(request.reason), list(request.why), request.expires_at),
        )

    async def of_agency(self, agency_id: str, since: datetime) -> list[ApprovalRequest]:
        """The agency's requests made since then, newest first."""
        rows = await self._pool.fetch(
            "SELECT * FROM approval_requests WHERE agency_id = $1 AND asked_at >= $2 ORDER BY asked_at DESC LIMIT 200",
            *(agency_id, since),
        )
        return [_request(row) for row in rows]

    async def one(self, request_id: uuid.UUID, agency_id: str) -> ApprovalRequest | None:
        """A request of the agency."""
        row = await self._pool.fetchrow(
            "SELECT * FROM approval_requests WHERE id = $1 AND agency_id = $2", request_id, agency_id
        )
        return None if row is None else _request(row)

    async def decide(self, request: ApprovalRequest) -> bool:
        """Writes the decision down; False when somebody else has decided meanwhile."""
        done: str = await self._pool.execute(
            """
            UPDATE approval_requests
               SET decided_by = $2, decided_at = $3, agreed = $4, statement = $5, expires_at = $6
             WHERE id = $1 AND agreed IS NULL
            """,
            *(request.id, msgspec.to_builtins(request.decided_by), request.decided_at, request.agreed),
            *(request.statement, request.expires_at),
        )
        return done == "UPDATE 1"

    async def agreed_to(self, person_id: str, fingerprint: str, at: datetime) -> ApprovalRequest | None:
        """An agreement to this person's question that is in force and not used."""
        row = await self._pool.fetchrow(
            """
            SELECT * FROM approval_requests
             WHERE person_id = $1 AND fingerprint = $2 AND agreed AND used_by IS NULL AND expires_at > $3
             ORDER BY decided_at LIMIT 1
            """,
            *(uuid.UUID(person_id), fingerprint, at),
        )
        return None if row is None else _request(row)

    async def use(self, request_id: uuid.UUID, access_id: uuid.UUID) -> bool:
        """Uses the agreement up; False when it is used already."""
        done: str = await self._pool.execute(
            "UPDATE approval_requests SET used_by = $2 WHERE id = $1 AND used_by IS NULL", request_id, access_id
        )
        return done == "UPDATE 1"


def _request(row: asyncpg.Record) -> ApprovalRequest:
    return ApprovalRequest(
        id=row["id"],
        agency_id=row["agency_id"],
        asked_by=msgspec.convert(row["asked_by"], Actor),
        asked_at=row["asked_at"],
        question=msgspec.convert(row["question"], Question),
        reason=msgspec.convert(row["reason"], Reason),
        why=tuple(row["why"]),
        expires_at=row["expires_at"],
        decided_by=None if row["decided_by"] is None else msgspec.convert(row["decided_by"], Actor),
        decided_at=row["decided_at"],
        agreed=row["agreed"],
        statement=row["statement"],
        used_by=row["used_by"],
    )

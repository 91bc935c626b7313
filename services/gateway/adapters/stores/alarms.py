"""Alarms of the watch, as the audit service lets the gateway read them, and what was found of each, in PostgreSQL."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import msgspec

from plateward.contracts.access import AccessRecord
from plateward.contracts.camera_registrations import ByPerson
from plateward.contracts.event import decode
from services.gateway.adapters.stores.one_transaction import OneTransaction
from services.gateway.misuse_alarms import Closed, MisuseAlarm

CLOSING_LOCK = 0x414C4152
"""The advisory lock of whoever closes an alarm."""

NEWEST = 500

_ALARMS = """
SELECT a.id, a.kind, a.person_id, a.at, a.says, a.evidence, f.finding, f.closed_by, p.name, p.title
  FROM audit.raised_alarms a
  LEFT JOIN alarm_findings f ON f.alarm_id = a.id
  LEFT JOIN people p ON p.id::text = a.person_id
 WHERE a.agency_id = $1
"""


class PostgresMisuseAlarms:
    """The views `audit.raised_alarms` and `audit.alarm_evidence`, and the table `alarm_findings`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_agency(self, agency_id: str) -> list[MisuseAlarm]:
        """The agency's alarms, open ones first, then the newest."""
        rows = await self._pool.fetch(
            f"{_ALARMS} ORDER BY f.finding IS NOT NULL, a.at DESC, a.id LIMIT $2", agency_id, NEWEST
        )
        return [_alarm(row) for row in rows]

    async def one(self, alarm_id: uuid.UUID, agency_id: str) -> MisuseAlarm | None:
        """An alarm of the agency."""
        row = await self._pool.fetchrow(f"{_ALARMS} AND a.id = $2", agency_id, alarm_id)
        return None if row is None else _alarm(row)

    async def records(self, alarm_id: uuid.UUID, agency_id: str) -> list[AccessRecord]:
        """The records that it rests on, as they are in the log, in their order."""
        rows = await self._pool.fetch(
            "SELECT canonical FROM audit.alarm_evidence WHERE alarm_id = $1 AND agency_id = $2 ORDER BY seq",
            *(alarm_id, agency_id),
        )
        return [decode(row["canonical"], AccessRecord) for row in rows]

    @asynccontextmanager
    async def alone_with(self, alarm_id: uuid.UUID) -> AsyncIterator[None]:
        """A transaction that nobody else closes an alarm beside; all that is done in it is done together."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", CLOSING_LOCK, str(alarm_id))
            async with OneTransaction(connection).joined():
                yield

    async def close(self, alarm_id: uuid.UUID, agency_id: str, closed: Closed) -> None:
        """Keeps the finding."""
        await self._pool.execute(
            "INSERT INTO alarm_findings (alarm_id, agency_id, finding, closed_by) VALUES ($1, $2, $3, $4)",
            *(alarm_id, agency_id, closed.finding, msgspec.to_builtins(closed.by)),
        )


def _alarm(row: asyncpg.Record) -> MisuseAlarm:
    finding = row["finding"]
    return MisuseAlarm(
        id=row["id"],
        kind=row["kind"],
        person_id=uuid.UUID(row["person_id"]),
        person_name=row["name"] or "Somebody who has no account here",
        person_title=row["title"] or "title not known",
        at=row["at"],
        says=row["says"],
        evidence=tuple(row["evidence"]),
        closed=None if finding is None else Closed(finding, msgspec.convert(row["closed_by"], ByPerson)),
    )

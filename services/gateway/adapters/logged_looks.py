"""The access log as the audit service lets the gateway read it: the views of its schema, within a scope."""

import uuid
from collections.abc import Sequence

import asyncpg

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode
from plateward.kernel.postgres import within_scope
from plateward.policy.sampling import INQUIRIES, Window
from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.notes import parse_note
from services.gateway.audits.audits import LoggedRecord

_SEED = """
SELECT c.note FROM audit.signed_checkpoints c
 WHERE c.size > (SELECT seq FROM audit.access_records WHERE id = $1) ORDER BY c.size LIMIT 1
"""
_INQUIRIES = """
SELECT canonical FROM audit.access_records
 WHERE agency_id = $1 AND at >= $2 AND at < $3 AND seq < $4
   AND document ->> 'phase' = 'asked' AND document ->> 'action' = ANY($5)
"""
_RECORDS = "SELECT seq, id, canonical FROM audit.access_records WHERE id = ANY($1)"


class PostgresLoggedLooks:
    """The views `audit.access_records` and `audit.signed_checkpoints`, which are only ever read here."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def seed_after(self, record_id: uuid.UUID, agency_id: str) -> tuple[str, int, bytes] | None:
        """The first checkpoint that has this record, its size and root; None while there is none."""
        async with within_scope(self._pool, (agency_id,)) as connection:
            note = await connection.fetchval(_SEED, record_id)
        if note is None:
            return None
        checkpoint = checkpoint_of(parse_note(note))
        return note, checkpoint.size, checkpoint.root

    async def inquiries(self, window: Window, size: int) -> Sequence[uuid.UUID]:
        """The records of the window's inquiries among the first `size` of the log."""
        asked = (window.agency_id, window.since, window.until, size, sorted(INQUIRIES))
        found = []
        async with within_scope(self._pool, (window.agency_id,)) as connection:
            async for row in connection.cursor(_INQUIRIES, *asked, prefetch=1000):
                record = decode(row["canonical"], AccessRecord)
                if window.holds(record):  # the columns only find it; what is hashed decides
                    found.append(record.id)
        return found

    async def records(self, ids: Sequence[uuid.UUID], agency_id: str) -> dict[uuid.UUID, LoggedRecord]:
        """These records, as far as they are there, by id."""
        async with within_scope(self._pool, (agency_id,)) as connection:
            rows = await connection.fetch(_RECORDS, list(ids))
        return {row["id"]: LoggedRecord(row["seq"], decode(row["canonical"], AccessRecord)) for row in rows}

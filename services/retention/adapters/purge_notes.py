"""What a purge is about to delete, noted before it does so: killed in between, the next one counts alike."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import asyncpg

from services.retention.certificates import PurgeKind


@dataclass(frozen=True, slots=True)
class Note:
    """One lot: where it is, and what it was when it was noted."""

    id: int
    place: str
    count: int


class PurgeNotes:
    """The table `retention.purge_items`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def undone(self, day: date, kind: PurgeKind) -> Mapping[str, Note]:
        """What was noted and, as far as is known, not yet deleted, by its place."""
        rows = await self._pool.fetch(
            "SELECT id, place, count FROM retention.purge_items WHERE day = $1 AND kind = $2 AND done_at IS NULL",
            *(day, kind),
        )
        return {row["place"]: Note(**dict(row)) for row in rows}

    async def note(
        self,
        day: date,
        agency_id: str,
        kind: PurgeKind,
        place: str,
        count: int,
        *,
        sha256: bytes | None = None,
        key_id: uuid.UUID | None = None,
    ) -> Note:
        """Notes what is going to be deleted."""
        number: int = await self._pool.fetchval(
            "INSERT INTO retention.purge_items (day, agency_id, kind, place, count, sha256, key_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            *(day, agency_id, kind, place, count, sha256, key_id),
        )
        return Note(number, place, count)

    async def done(self, note: Note) -> None:
        """It is deleted."""
        await self._pool.execute("UPDATE retention.purge_items SET done_at = now() WHERE id = $1", note.id)

"""Finding reads through the view that the retention service grants. No question goes without its owners."""

import uuid
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.access import Reason
from services.gateway.search import FoundRead, ImageKind, PastSearch, Question

COLUMNS = (
    "id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, confidence, state, "
    "plate_image IS NOT NULL AS has_plate_picture, scene_image IS NOT NULL AS has_scene_picture"
)


class PostgresReads:
    """The view `retention.searchable_reads`, which lives in another service's schema and is only ever read."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(self, question: Question, key: str, owners: tuple[str, ...], limit: int) -> tuple[FoundRead, ...]:
        """The newest reads with this match key in the question's time."""
        rows = await self._pool.fetch(
            f"""
            SELECT {COLUMNS} FROM retention.searchable_reads
             WHERE agency_id = ANY($1) AND match_key = $2 AND captured_at >= $3 AND captured_at < $4
             ORDER BY captured_at DESC, id LIMIT $5
            """,  # noqa: S608
            *(list(owners), key, question.captured_from, question.captured_until, limit),
        )
        return tuple(
            FoundRead(**dict(row), grade="exact" if row["plate"] == question.plate else "confusable") for row in rows
        )

    async def image_key(self, read_id: uuid.UUID, kind: ImageKind, owners: tuple[str, ...]) -> str | None:
        """The blob key of a read's picture."""
        row = await self._pool.fetchrow(
            "SELECT plate_image, scene_image FROM retention.searchable_reads WHERE id = $1 AND agency_id = ANY($2)",
            *(read_id, list(owners)),
        )
        return None if row is None else row["plate_image" if kind == "plate" else "scene_image"]


class PostgresSearches:
    """The table `searches`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def keep(self, search: PastSearch, at: datetime) -> None:
        """Keeps a search for as long as its session can last."""
        await self._pool.execute(
            "INSERT INTO searches (access_id, person_id, reason, made_at) VALUES ($1, $2, $3, $4)",
            *(search.access_id, search.person_id, msgspec.to_builtins(search.reason), at),
        )

    async def past(self, access_id: uuid.UUID) -> PastSearch | None:
        """A search that was kept."""
        row = await self._pool.fetchrow(
            "SELECT access_id, person_id, reason FROM searches WHERE access_id = $1", access_id
        )
        if row is None:
            return None
        return PastSearch(row["access_id"], row["person_id"], msgspec.convert(row["reason"], Reason))

    async def forget_before(self, made_at: datetime) -> None:
        """Deletes searches made before this time; their access records stay where they are."""
        await self._pool.execute("DELETE FROM searches WHERE made_at < $1", made_at)

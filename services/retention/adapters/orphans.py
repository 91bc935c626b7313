"""What should be together and is not: rows without their images, images without their row, images without their key."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import asyncpg

from plateward.kernel.blobs import Blobs
from plateward.kernel.keys import Keyring
from services.retention.images import day_of_folder, day_prefix

ON_ITS_WAY = timedelta(hours=1)
"""An image is kept before its read is published and stored: one younger than this may have its row still to come."""

_IMAGES = """
SELECT plate_image AS key FROM retention.reads WHERE expires_on = $1 AND plate_image IS NOT NULL
UNION ALL
SELECT scene_image FROM retention.reads WHERE expires_on = $1 AND scene_image IS NOT NULL
"""


class Orphans:
    """Looks for them day by day."""

    def __init__(self, pool: asyncpg.Pool, blobs: Blobs, keyring: Keyring) -> None:
        self._pool, self._blobs, self._keyring = pool, blobs, keyring

    async def found(self, now: datetime) -> AsyncIterator[str]:
        """Each orphan in words."""
        for day in sorted(await self._days(now.astimezone(UTC).date())):
            named = {key for (key,) in await self._pool.fetch(_IMAGES, day)}
            held = {key async for key in self._held()}
            there = {key: kept_at async for key, kept_at in self._blobs.ages(day_prefix(day))}
            for key in sorted(named - there.keys()):
                yield f"row without its image: {key}"
            for key, kept_at in sorted(there.items()):
                is_evidence = ".evidence." in key
                if key not in (held if is_evidence else named) and now - kept_at > ON_ITS_WAY:
                    yield f"image without its row: {key}"
            folders = {key.split("/")[1] for key in there}
            alive = {key.agency_id async for key in self._keyring.all(day) if key.alive}
            for folder in sorted(folders - alive):
                yield f"images without their key: {day_prefix(day)}{folder}/"

    async def _held(self) -> AsyncIterator[str]:
        for ends_on, agency_id, hold_id, read_id in await self._pool.fetch(
            "SELECT e.ends_on, h.agency_id, h.id, e.id FROM retention.evidence e"
            " JOIN retention.holds h ON h.id = e.hold_id WHERE e.kind = 'read'"
        ):
            for image in ("plate", "scene"):
                yield f"{ends_on}/{agency_id}.evidence.{hold_id}/{read_id}/{image}.jpg"

    async def _days(self, today: date) -> set[date]:
        rows = {day for (day,) in await self._pool.fetch("SELECT DISTINCT expires_on FROM retention.reads")}
        folders = {day_of_folder(folder) for folder in await self._blobs.folders()}
        return {day for day in rows | folders if day is not None and day > today}

"""Re-dating what is kept after a policy has changed: rows move to their new day, images are sealed anew for it.

What would have gone by now is moved to its past day, so that the next purge deletes and certifies it as all else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from plateward.kernel.blobs import Blobs, NoSuchBlob
from plateward.kernel.images import SealedImages
from plateward.policy.profile import AgencyProfile
from services.retention.adapters.partition_store import PartitionStore
from services.retention.images import day_prefix

BATCH = 500

_DATED = """
WITH kept (agency_id, source, days) AS (SELECT * FROM unnest($1::text[], $2::text[], $3::int[])),
dated AS (
    SELECT r.id, r.agency_id, r.expires_on AS now_on, r.plate_image, r.scene_image,
           (r.captured_at AT TIME ZONE 'UTC')::date + coalesce(own.days, usual.days) AS then_on
      FROM retention.reads r
      JOIN kept usual ON usual.agency_id = r.agency_id AND usual.source = ''
      LEFT JOIN kept own ON own.agency_id = r.agency_id AND own.source = r.source AND own.source <> ''
)
"""

_HITS = """
UPDATE retention.hits SET expires_on = $2,
       document = jsonb_set(jsonb_set(document, '{read,expires_on}', to_jsonb($2::date::text)), '{read,images}', $3)
 WHERE read_id = $1 AND expires_on = $4
"""


@dataclass(frozen=True, slots=True)
class Redating:
    """So many reads of an agency that move from one day of expiry to another."""

    agency_id: str
    now_on: date
    then_on: date
    reads: int


class Redater:
    """Brings what is kept to what the policies say today."""

    def __init__(
        self, pool: asyncpg.Pool, blobs: Blobs, images: SealedImages, profiles: Mapping[str, AgencyProfile]
    ) -> None:
        self._pool, self._blobs, self._images, self._partitions = pool, blobs, images, PartitionStore(pool)
        kept = [
            (agency_id, source, days)
            for agency_id, profile in profiles.items()
            for source, days in (("", profile.retention.default_days), *profile.retention.source_days.items())
        ]
        self._kept: Sequence[list[object]] = [list(column) for column in zip(*kept, strict=True)]

    async def plan(self) -> list[Redating]:
        """What would move, and nothing moved."""
        rows = await self._pool.fetch(
            f"""
            {_DATED} SELECT agency_id, now_on, then_on, count(*)::int AS reads FROM dated
            WHERE now_on <> then_on GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """,  # noqa: S608
            *self._kept,
        )
        return [Redating(**dict(row)) for row in rows]

    async def run(self, today: date) -> list[Redating]:
        """Moves it, and returns what was moved. Killed, it goes on when it is run again."""
        await self._delete_left()
        plan = await self.plan()
        for one in plan:
            await self._partitions.ensure("reads", {one.then_on})
            await self._partitions.ensure("hits", {one.then_on})
            while rows := await self._batch(one):
                for row in rows:
                    await self._move(one, row, today)
        await self._delete_left()
        return plan

    async def _batch(self, one: Redating) -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = await self._pool.fetch(
            f"""
            {_DATED} SELECT id, plate_image, scene_image FROM dated
            WHERE agency_id = $4 AND now_on = $5 AND then_on = $6 LIMIT {BATCH}
            """,  # noqa: S608
            *(*self._kept, one.agency_id, one.now_on, one.then_on),
        )
        return found

    async def _move(self, one: Redating, row: asyncpg.Record, today: date) -> None:
        """The images first, then the row with the note of what is left to delete, in one transaction."""
        old = {kind: row[f"{kind}_image"] for kind in ("plate", "scene") if row[f"{kind}_image"] is not None}
        new = {kind: _moved(key, one) for kind, key in old.items()}
        for kind, key in old.items():
            await self._copy(key, new[kind], over=one.then_on <= today)
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO retention.redated_images SELECT unnest($1::text[]) ON CONFLICT DO NOTHING",
                [key for kind, key in old.items() if new[kind] != key],
            )
            await connection.execute(
                "UPDATE retention.reads SET expires_on = $2, plate_image = $3, scene_image = $4"
                " WHERE id = $1 AND expires_on = $5",
                *(row["id"], one.then_on, new.get("plate"), new.get("scene"), one.now_on),
            )
            await _move_document(connection, row["id"], one, new)
            await connection.execute(_HITS, row["id"], one.then_on, new, one.now_on)

    async def _copy(self, old: str, new: str, *, over: bool) -> None:
        try:
            if over:  # nobody opens it any more: it need only lie where it will be deleted
                await self._blobs.put(new, await self._blobs.get(old))
            else:
                await self._images.put(new, await self._images.get(old))
        except NoSuchBlob:
            return

    async def _delete_left(self) -> None:
        for (key,) in await self._pool.fetch("SELECT key FROM retention.redated_images"):
            await self._blobs.delete(key)
            await self._pool.execute("DELETE FROM retention.redated_images WHERE key = $1", key)


async def _move_document(
    connection: asyncpg.Connection, read_id: object, one: Redating, images: dict[str, str]
) -> None:
    """The event itself says its day and its images."""
    await connection.execute(
        """
        UPDATE retention.read_documents SET expires_on = $2,
               document = jsonb_set(jsonb_set(document, '{expires_on}', to_jsonb($2::date::text)), '{images}', $3)
         WHERE id = $1 AND expires_on = $4
        """,
        *(read_id, one.then_on, images, one.now_on),
    )


def _moved(key: str, one: Redating) -> str:
    old = day_prefix(one.now_on)
    return day_prefix(one.then_on) + key.removeprefix(old) if key.startswith(old) else key

"""Reads in PostgreSQL: a batch is one statement. A read is one row; of its records the one of most frames holds.

Of two with as many frames the one that tells the end of the pass does: an edge reader's summary of a single frame.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg

from plateward.contracts.event import encode
from plateward.contracts.reads import PlateRead
from plateward.plates.confusion import match_key
from services.retention.adapters.refusals import understood

# One array a column. COPY into a temporary table and then INSERT ... SELECT takes as long (500 rows: 15 ms either way).
_INSERT = """
INSERT INTO retention.reads (
    id, frame_id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
    confidence, state, source, plate_image, scene_image, frames, last_seen_at, direction, below_threshold, document,
    expires_on
)
SELECT
    id, frame_id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
    confidence, state, source, plate_image, scene_image, frames, last_seen_at, direction, below_threshold,
    document::jsonb, expires_on
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::float8[],
    $9::timestamptz[], $10::text[], $11::text[], $12::float8[], $13::text[], $14::text[], $15::text[], $16::text[],
    $17::int[], $18::timestamptz[], $19::text[], $20::bool[], $21::text[], $22::date[]
) AS arrived (
    id, frame_id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
    confidence, state, source, plate_image, scene_image, frames, last_seen_at, direction, below_threshold, document,
    expires_on
)
ON CONFLICT (id, expires_on) DO UPDATE SET
    plate = EXCLUDED.plate, match_key = EXCLUDED.match_key, confidence = EXCLUDED.confidence, state = EXCLUDED.state,
    plate_image = COALESCE(EXCLUDED.plate_image, reads.plate_image),
    scene_image = COALESCE(EXCLUDED.scene_image, reads.scene_image),
    frames = EXCLUDED.frames, last_seen_at = EXCLUDED.last_seen_at, direction = EXCLUDED.direction,
    below_threshold = EXCLUDED.below_threshold, document = EXCLUDED.document
WHERE (reads.frames, reads.last_seen_at IS NOT NULL) < (EXCLUDED.frames, EXCLUDED.last_seen_at IS NOT NULL)
"""


class ReadStore:
    """The table `retention.reads`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, batch: Sequence[PlateRead]) -> int:
        """Adds those that are not there yet, and what is newer of others, all or none; returns how many.

        Raises DayGone, Unstorable.
        """
        newest = {read.id: read for read in sorted(batch, key=_tells)}
        # In one order, so that two processes that add the same reads never wait for each other.
        rows = [_row(read) for read in sorted(newest.values(), key=lambda read: read.id)]
        with understood():
            done: str = await self._pool.execute(_INSERT, *map(list, zip(*rows, strict=True)))
        return int(done.rpartition(" ")[2])


def _tells(read: PlateRead) -> tuple[int, bool]:
    """How much of its pass a record tells."""
    return read.frames, read.last_seen_at is not None


def _row(read: PlateRead) -> tuple[Any, ...]:
    return (
        read.id,
        read.frame_id,
        read.agency_id,
        read.camera_id,
        read.place.name,
        read.place.latitude,
        read.place.longitude,
        read.place.bearing_deg,
        read.captured_at,
        read.plate,
        match_key(read.plate),
        read.confidence,
        read.state,
        read.source,
        read.images.plate,
        read.images.scene,
        read.frames,
        read.last_seen_at,
        read.direction,
        read.below_threshold,
        encode(read).decode(),
        read.expires_on,
    )

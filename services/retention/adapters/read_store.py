"""Reads in PostgreSQL: a batch is one statement. A read is one row; of its records the one of most frames holds.

Of two with as many frames the one that tells the end of the pass does: an edge reader's summary of a single frame.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg

from plateward.contracts.event import encode
from plateward.contracts.reads import PlateRead, VehicleDescription
from plateward.plates.confusion import match_key
from services.retention.adapters.refusals import understood

# One array a column. COPY into a temporary table and then INSERT ... SELECT takes as long (500 rows: 15 ms either way).
_INSERT = """
INSERT INTO retention.reads (
    id, frame_id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
    confidence, state, source, plate_image, scene_image, frames, last_seen_at, direction, below_threshold, make,
    model, colour, kind, expires_on
)
SELECT
    id, frame_id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
    confidence, state, source, plate_image, scene_image, frames, last_seen_at, direction, below_threshold, make,
    model, colour, kind, expires_on
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::float8[],
    $9::timestamptz[], $10::text[], $11::text[], $12::float8[], $13::text[], $14::text[], $15::text[], $16::text[],
    $17::int[], $18::timestamptz[], $19::text[], $20::bool[], $21::text[], $22::text[], $23::text[], $24::text[],
    $25::date[]
) AS arrived (
    id, frame_id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
    confidence, state, source, plate_image, scene_image, frames, last_seen_at, direction, below_threshold, make,
    model, colour, kind, expires_on
)
ON CONFLICT (id, expires_on) DO UPDATE SET
    plate = EXCLUDED.plate, match_key = EXCLUDED.match_key, confidence = EXCLUDED.confidence, state = EXCLUDED.state,
    plate_image = COALESCE(EXCLUDED.plate_image, reads.plate_image),
    scene_image = COALESCE(EXCLUDED.scene_image, reads.scene_image),
    frames = EXCLUDED.frames, last_seen_at = EXCLUDED.last_seen_at, direction = EXCLUDED.direction,
    below_threshold = EXCLUDED.below_threshold, make = EXCLUDED.make, model = EXCLUDED.model,
    colour = EXCLUDED.colour, kind = EXCLUDED.kind
WHERE (reads.frames, reads.last_seen_at IS NOT NULL) < (EXCLUDED.frames, EXCLUDED.last_seen_at IS NOT NULL)
RETURNING id
"""

# Of the reads that were written, and in their transaction.
_INSERT_DOCUMENTS = """
INSERT INTO retention.read_documents (id, expires_on, document)
SELECT id, expires_on, document::jsonb
FROM unnest($1::uuid[], $2::date[], $3::text[]) AS arrived (id, expires_on, document)
ON CONFLICT (id, expires_on) DO UPDATE SET document = EXCLUDED.document
"""


class ReadStore:
    """The tables `retention.reads` and `retention.read_documents`."""

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
            async with self._pool.acquire() as connection, connection.transaction():
                written = await connection.fetch(_INSERT, *map(list, zip(*rows, strict=True)))
                documents = [_document(newest[row["id"]]) for row in written]
                if documents:
                    await connection.execute(_INSERT_DOCUMENTS, *map(list, zip(*documents, strict=True)))
        return len(written)


def _tells(read: PlateRead) -> tuple[int, bool]:
    """How much of its pass a record tells."""
    return read.frames, read.last_seen_at is not None


def _row(read: PlateRead) -> tuple[Any, ...]:
    vehicle = read.vehicle or VehicleDescription()
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
        vehicle.make,
        vehicle.model,
        vehicle.colour,
        vehicle.kind,
        read.expires_on,
    )


def _document(read: PlateRead) -> tuple[Any, ...]:
    return read.id, read.expires_on, encode(read).decode()

"""Reads in PostgreSQL: new ones by COPY, known ones told again. Of a read's records the one of most frames holds.

Of two with as many frames the one that tells the end of the pass does: an edge reader's summary of a single frame.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg

from plateward.contracts.reads import PlateRead, VehicleDescription
from plateward.plates.confusion import match_key
from services.retention.adapters.refusals import understood

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
SELECT id, expires_on, document
FROM unnest($1::uuid[], $2::date[], $3::jsonb[]) AS arrived (id, expires_on, document)
ON CONFLICT (id, expires_on) DO UPDATE SET document = EXCLUDED.document
"""

_KNOWN = "SELECT id FROM retention.reads WHERE id = ANY($1::uuid[]) AND expires_on = ANY($2::date[])"

_COLUMNS = [column.strip() for column in _INSERT.partition("(")[2].partition(")")[0].split(",")]


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
        reads = [newest[id_] for id_ in sorted(newest)]
        with understood():
            async with self._pool.acquire() as connection:
                try:
                    return await _copy(connection, reads)
                except asyncpg.UniqueViolationError:  # another process has added one of them just now
                    async with connection.transaction():
                        return await _insert(connection, reads)


async def _copy(connection: asyncpg.Connection, reads: Sequence[PlateRead]) -> int:
    """New reads by COPY, in half the time of an INSERT that looks for conflicts; known ones are told again."""
    async with connection.transaction():
        ids, days = [read.id for read in reads], list({read.expires_on for read in reads})
        known = {id_ for (id_,) in await connection.fetch(_KNOWN, ids, days)}
        fresh = [read for read in reads if read.id not in known]
        for table, columns, records in (
            ("reads", _COLUMNS, map(_row, fresh)),
            ("read_documents", ("id", "expires_on", "document"), map(_document, fresh)),
        ):
            await connection.copy_records_to_table(table, schema_name="retention", columns=columns, records=records)
        return len(fresh) + await _insert(connection, [read for read in reads if read.id in known])


async def _insert(connection: asyncpg.Connection, reads: Sequence[PlateRead]) -> int:
    if not reads:
        return 0
    by_id = {read.id: read for read in reads}
    written = await connection.fetch(_INSERT, *map(list, zip(*map(_row, reads), strict=True)))
    documents = [_document(by_id[row["id"]]) for row in written]
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
    return read.id, read.expires_on, read

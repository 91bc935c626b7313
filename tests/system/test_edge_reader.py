"""A device at the roadside that reads plates itself: from its webhook to the desk and into the store, for real."""

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx

from demo.region import Region
from demo.region_in_a_box import Box
from plateward.embedded.readiness import poll_until
from tests.support.asking import asking
from tests.support.edge import document
from tests.system.test_line import HITS_OF

PATIENCE_SECONDS = 60.0


async def test_a_passing_that_was_reported_frame_by_frame_is_one_hit_and_one_read(box: Box, region: Region) -> None:
    listed = next(entry for entry in region.entries if entry.plate == "7KXR214")
    camera, at = listed.passes, datetime.now(UTC) - timedelta(seconds=5)
    assert camera is not None
    reads = set()
    async with asking(box.machine.url("ingest")) as ingest:
        for name in ("openalpr-results.json", "openalpr-results.json", "openalpr-group.json"):
            answer = await ingest.post(
                f"/v1/cameras/{camera}/edge/openalpr",
                content=json.dumps(document(name, at)),
                headers={"Authorization": f"Bearer {box.camera_keys[camera]}", "Content-Type": "application/json"},
            )
            assert answer.status_code == httpx.codes.OK, answer.text
            reads |= {uuid.UUID(read) for read in answer.json()["reads"]}
    (read,) = reads
    assert await box.noticing.until(lambda: any(pair[0] == read for pair in box.tally.arrived), PATIENCE_SECONDS)
    async with asyncpg.create_pool(box.machine.administrator_dsn, min_size=1) as pool:
        # The group came last; what it alone says of the vehicle is in the store once it has been kept.
        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(lambda: told_whole(pool, read))
        assert await pool.fetchval("SELECT count(*) FROM retention.reads WHERE id = $1", read) == 1
        assert len(await pool.fetch(HITS_OF, [read])) == 1


async def told_whole(pool: asyncpg.Pool, read: uuid.UUID) -> bool:
    """Whether the store has the read with the make that only the group tells."""
    make = "SELECT document -> 'vehicle' ->> 'make' FROM retention.read_documents WHERE id = $1"
    return bool(await pool.fetchval(make, read) == "honda")

"""How reads and hits lie in the retention service's tables, and how they are found there."""

import asyncio
from datetime import timedelta

import msgspec

from plateward.contracts.reads import ReadImages
from plateward.kernel.clock import now
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.read_store import ReadStore
from tests.support.archive import DAY, NEXT_DAY, READER, TODAY, Archive, pool_as
from tests.unit.retention.events import a_read


async def test_no_search_finds_what_is_over_although_it_is_not_purged_yet(archive: Archive) -> None:
    await archive.add(a_read(expires_on=TODAY), a_read(expires_on=TODAY - timedelta(days=1)))
    async with pool_as(archive.dsn, READER) as gateway:
        for view in ("searchable_reads", "searchable_hits"):
            days = {day for (day,) in await gateway.fetch(f"SELECT expires_on FROM retention.{view}")}
            assert days == {DAY, NEXT_DAY}


async def test_partitions_made_by_many_at_once_are_made_once(archive: Archive) -> None:
    days = [NEXT_DAY + timedelta(days=later) for later in range(4)]
    await asyncio.gather(*(PartitionStore(archive.pool).ensure("reads", days) for _ in range(4)))
    partitioned = await archive.pool.fetch(
        "SELECT indexrelid::regclass::text AS name, indisvalid, count(inhrelid) AS parts FROM pg_index"
        " LEFT JOIN pg_inherits ON inhparent = indexrelid WHERE indrelid = 'reads'::regclass GROUP BY 1, 2"
    )
    assert {(row["name"], row["indisvalid"], row["parts"]) for row in partitioned} == {
        (name, True, 5)
        for name in ("reads_pkey", "reads_match_key", "reads_captured_at", "reads_camera", "reads_grams")
    }


async def test_searches_through_the_view_are_served_by_indexes(archive: Archive) -> None:
    at = now()
    reads = [
        a_read(camera_id=f"cam-{number % 50}", plate=f"A{number:05d}", captured_at=at - timedelta(seconds=number))
        for number in range(3000)
    ]
    await ReadStore(archive.pool).add(reads)
    await archive.pool.execute(f"ANALYZE reads_{DAY:%Y%m%d}")
    async with pool_as(archive.dsn, READER) as gateway:
        for where, index in (
            ("match_key = 'A00123'", "match_key_captured_at"),
            ("match_key LIKE 'A0012%'", "match_key_captured_at"),
            ("camera_id = 'cam-7' AND captured_at > now() - interval '9 minutes'", "camera_id_captured_at"),
            ("captured_at > now() - interval '1 minute'", "captured_at"),
        ):
            lines = await gateway.fetch(
                f"EXPLAIN SELECT plate FROM retention.searchable_reads WHERE expires_on = ANY('{{{DAY}}}') AND {where}"
            )
            plan = "\n".join(line for (line,) in lines)
            assert f" reads_{DAY:%Y%m%d}_{index}_idx" in plan, plan
            assert f"reads_{NEXT_DAY:%Y%m%d}" not in plan, "the other day's partition is pruned"


async def test_of_a_read_told_twice_the_record_of_more_frames_holds(archive: Archive) -> None:
    first = a_read(plate="ABO123")
    later = msgspec.structs.replace(first, plate="AB0I23", frames=5, direction="away", below_threshold=True)
    for records in ([first], [later], [first], [later, first]):
        await archive.add(*records)
    rows = await archive.pool.fetch("SELECT * FROM reads WHERE id = $1", first.id)
    assert [(row["plate"], row["frames"], row["direction"], row["below_threshold"]) for row in rows] == [
        ("AB0I23", 5, "away", True)
    ]


async def test_a_batch_may_hold_both_records_of_a_read(archive: Archive) -> None:
    first = a_read()
    later = msgspec.structs.replace(first, frames=3)
    assert await ReadStore(archive.pool).add([later, first]) == 1
    assert await archive.pool.fetchval("SELECT frames FROM reads WHERE id = $1", first.id) == 3


async def test_the_summary_of_a_passing_holds_over_its_frames_even_if_it_had_only_one(archive: Archive) -> None:
    frame = a_read()
    told = msgspec.structs.replace(
        frame, last_seen_at=frame.captured_at, direction="away", images=ReadImages(scene=frame.images.scene)
    )
    for records in ([frame], [told], [frame]):
        await ReadStore(archive.pool).add(records)
    row = await archive.pool.fetchrow("SELECT direction, plate_image, scene_image FROM reads WHERE id = $1", frame.id)
    assert tuple(row) == ("away", frame.images.plate, frame.images.scene), "and no picture is forgotten"

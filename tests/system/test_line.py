"""The whole line, for real: six processes, a feed, processes killed in the middle, and nothing lost or doubled."""

import asyncio
from itertools import islice

import asyncpg
from aiokafka import AIOKafkaConsumer

from demo.region import Region
from demo.region_in_a_box import Box
from demo.shots import Shot, demo_traffic
from plateward.contracts.dead_letters import DeadLetter
from plateward.contracts.event import decode
from plateward.contracts.topics import FRAMES, PLATE_READS
from plateward.embedded.readiness import poll_until
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.settings import KafkaSettings
from plateward.scenes import Vehicle, View, encode_jpeg, render_scene

PATIENCE_SECONDS = 90.0
HITS_OF = """
SELECT id, seen.read_id, entry_id
  FROM retention.hits,
       LATERAL (
           SELECT hits.read_id
            UNION ALL
           SELECT (one ->> 'read_id')::uuid FROM jsonb_array_elements(coalesce(document -> 'sightings', '[]')) AS one
       ) AS seen
 WHERE seen.read_id = ANY($1)
"""
"""The hits of these reads: a read opens one, or is a sighting of one."""
KILLED = ("recognizer", "matcher", "retention")


async def test_killed_processes_lose_no_frame_and_double_no_hit(box: Box, region: Region) -> None:
    before, refused = len(box.tally.sent), box.tally.refused
    shots = list(demo_traffic(region, 3))
    feed = iter(shots)
    await box.player.play(islice(feed, len(shots) // 3))
    # A frame has just been sent when each of the three dies, so it dies with work in hand.
    for name in KILLED:
        await box.player.send(next(feed))
        box.processes.kill(name)
        assert await box.processes.ended(name) != 0
    for name in KILLED:
        await box.processes.start(name)
    await box.player.play(feed)

    assert await box.noticing.until(box.tally.complete, PATIENCE_SECONDS), (
        f"unaccounted: {box.tally.unaccounted()}, hits missing: {box.tally.missing_hits()}"
    )
    assert len(box.tally.sent) == before + len(shots)
    assert box.tally.refused == refused
    assert len(box.tally.expected()) >= len(region.entries)
    await stored_exactly_once(box)


async def test_killed_in_the_middle_of_a_pass_the_recogniser_tells_it_once(box: Box, region: Region) -> None:
    shots = driving_away(region, frames=6)
    before, sent = set(box.tally.reads), len(box.tally.sent)
    for shot in shots[:3]:
        await box.player.send(shot)
    assert await box.noticing.until(lambda: bool(box.tally.reads.keys() - before), PATIENCE_SECONDS)
    box.processes.kill("recognizer")
    for shot in shots[3:]:
        await box.player.send(shot)
    assert await box.processes.ended("recognizer") != 0
    await box.processes.start("recognizer")
    assert await box.noticing.until(box.tally.complete, PATIENCE_SECONDS)

    frames = list(box.tally.sent)[sent:]
    told = {read for frame in frames for read in box.tally.reads_of(frame)}
    assert len(frames) == len(shots)
    assert len(told) == 1, "each pass is one read"
    assert box.tally.reads.keys() - before == told, "and no other was told, before the crash or after it"
    # Who is behind after a restart looks at fewer of a vehicle's frames; those then say so.
    assert {box.tally.outcomes[frame].outcome for frame in frames} <= {"read", "skipped"}
    connection = await asyncpg.connect(box.machine.administrator_dsn)
    try:
        assert len(await connection.fetch(HITS_OF, list(told))) == 1
        assert await connection.fetchval("SELECT count(*) FROM retention.reads WHERE id = $1", *told) == 1
    finally:
        await connection.close()


def driving_away(region: Region, frames: int) -> list[Shot]:
    """A listed vehicle on its way past a camera, in so many pictures."""
    entry = next(entry for entry in region.entries if entry.passes)
    vehicle = Vehicle(entry.plate, entry.state or "CA", entry.colour or "silver", entry.kind or "sedan")
    views = [View(distance_m=8 + 0.5 * step) for step in range(frames)]
    scenes = [render_scene([(vehicle, view, 1)], seed=step, place=1) for step, view in enumerate(views)]
    return [Shot(entry.passes or "", encode_jpeg(scene.image), entry.plate, entry) for scene in scenes]


async def stored_exactly_once(box: Box) -> None:
    """Every read of a frame and every hit on one is in the stores, once."""
    reads = list({read for frame in box.tally.sent for read in box.tally.reads_of(frame)})
    hits = box.tally.expected()
    connection = await asyncpg.connect(box.machine.administrator_dsn)

    async def stored() -> bool:
        count: int = await connection.fetchval("SELECT count(*) FROM retention.reads")
        return count >= len(reads) and len(await connection.fetch(HITS_OF, reads)) >= len(hits)

    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(stored)
        kept = await connection.fetch("SELECT id FROM retention.reads WHERE frame_id = ANY($1)", list(box.tally.sent))
        assert sorted(row["id"] for row in kept) == sorted(reads)
        raised = await connection.fetch(HITS_OF, reads)
        assert sorted((row["read_id"], row["entry_id"]) for row in raised) == sorted(hits)
        fed = "SELECT count(*) FROM gateway.hit_feed WHERE hit_id = ANY($1)"
        assert await connection.fetchval(fed, [row["id"] for row in raised]) == len({row["id"] for row in raised})
    finally:
        await connection.close()


async def test_what_does_not_parse_is_dead_lettered_and_the_line_goes_on(box: Box, region: Region) -> None:
    letters = AIOKafkaConsumer(
        PLATE_READS.dead.name,
        FRAMES.dead.name,
        bootstrap_servers=box.machine.kafka,
        auto_offset_reset="earliest",
    )
    await letters.start()
    try:
        async with open_publisher(KafkaSettings(bootstrap_servers=box.machine.kafka), source="test") as publisher:
            await publisher.send(PLATE_READS.name, key=b"7KXR214", value=b"{not a read", headers=[])
            await publisher.send(FRAMES.name, key=b"camera", value=b"not a picture", headers=[])
        buried: dict[str, DeadLetter] = {}
        async with asyncio.timeout(PATIENCE_SECONDS):
            while set(buried) != {PLATE_READS.name, FRAMES.name}:
                letter = decode((await letters.getone()).value, DeadLetter)
                buried[letter.topic] = letter
    finally:
        await letters.stop()
    assert buried[PLATE_READS.name].original_value() == b"{not a read"
    assert buried[FRAMES.name].original_value() == b"not a picture"
    assert "frame" in buried[FRAMES.name].reason

    sent = len(box.tally.sent)
    await box.player.play(list(demo_traffic(region, 1, seed=7))[:3])
    assert await box.noticing.until(box.tally.complete, PATIENCE_SECONDS)
    assert len(box.tally.sent) == sent + 3

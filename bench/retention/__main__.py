"""Stores reads from the topic with the service's own consumer, and copies the same rows with nothing else around it."""

import asyncio
import json
import os
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import asyncpg
import uvloop
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from plateward.contracts.cameras import CameraPlace
from plateward.contracts.event import encode
from plateward.contracts.reads import PlateRead, ReadImages
from plateward.contracts.topics import PLATE_READS
from plateward.embedded.kafka import EmbeddedKafka
from plateward.embedded.postgres import EmbeddedPostgres
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.key_encryption import add_key
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.service_schemas import WITH_SCHEMA, service_schemas
from plateward.kernel.settings import BlobSettings, KafkaSettings, KeySettings
from plateward.kernel.signatures import make_signing_key
from plateward.plates.confusion import match_key
from services.retention import factory
from services.retention.settings import RetentionSettings

READS = int(os.environ.get("READS", "100000"))
ARTEFACTS = Path(".plateward") / "kafka"
NOW = datetime.now(UTC)
DAY = NOW.date() + timedelta(days=30)
PLACE = CameraPlace(name="Route 66 at Fanning", latitude=35.2, longitude=-111.6, bearing_deg=90.0)


def a_read(number: int, random: Random) -> PlateRead:
    """A read of a camera of Flagstaff."""
    plate = "".join(random.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=7))
    folder = f"{DAY}/flagstaff/{number}"
    return PlateRead(
        id=uuid.UUID(int=random.getrandbits(128), version=4),
        frame_id=uuid.UUID(int=random.getrandbits(128), version=4),
        camera_id=f"camera-{number % 200}",
        agency_id="flagstaff",
        place=PLACE,
        captured_at=NOW - timedelta(milliseconds=number),
        plate=plate,
        confidence=0.93,
        candidates=(),
        character_confidences=(0.9,) * 7,
        expires_on=DAY,
        images=ReadImages(plate=f"{folder}/plate.jpg", scene=f"{folder}/scene.jpg"),
        models={"lines": "0123456789abcdef"},
        state="AZ",
    )


async def publish(settings: KafkaSettings, reads: list[PlateRead]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=settings.bootstrap_servers, linger_ms=50) as producer:
        for read in reads:
            await producer.send(PLATE_READS.name, key=match_key(read.plate).encode(), value=encode(read))
        await producer.flush()


async def stored_per_s(settings: RetentionSettings, pool: asyncpg.Pool) -> float:
    """From the first read stored until the last, by the consumer of one process."""
    stopping = asyncio.Event()
    async with factory.running(settings) as running:
        consuming = asyncio.ensure_future(running.loops[0](stopping))
        while not (first := await pool.fetchval("SELECT count(*) FROM retention.reads")):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        started = time.perf_counter()
        while (count := await pool.fetchval("SELECT count(*) FROM retention.reads")) < READS:
            assert not consuming.done(), consuming.result()
            await asyncio.sleep(0.5)
        elapsed = time.perf_counter() - started
        stopping.set()
        await consuming
    return float((count - first) / elapsed)


async def copy_per_s(pool: asyncpg.Pool, *, indexed: bool) -> float:
    """The same rows, by COPY into a table of the same shape: with the same indexes, or with none."""
    like = "INCLUDING ALL" if indexed else "INCLUDING DEFAULTS"
    await pool.execute(
        f"DROP TABLE IF EXISTS retention.copied; CREATE TABLE retention.copied (LIKE retention.reads {like})"
    )
    if indexed:
        for columns in ("match_key, captured_at", "captured_at", "camera_id, captured_at"):
            await pool.execute(f"CREATE INDEX ON retention.copied ({columns})")
    rows = [tuple(row) for row in await pool.fetch("SELECT * FROM retention.reads")]
    started = time.perf_counter()
    async with pool.acquire() as connection:
        await connection.copy_records_to_table("copied", schema_name="retention", records=rows)
    return len(rows) / (time.perf_counter() - started)


async def measure(folder: Path, kafka: KafkaSettings, dsn: str) -> dict[str, int]:
    await prepare_topics(kafka)
    await migrate(dsn, service_schemas(dict.fromkeys(WITH_SCHEMA)))
    add_key(folder / "keys.txt")
    make_signing_key(folder / "signing.pem")
    settings = RetentionSettings(
        kafka=kafka,
        database=DatabaseSettings(dsn=SecretStr(dsn)),
        blobs=BlobSettings(folder=folder / "blobs"),
        keys=KeySettings(file=folder / "keys.txt", folder=folder / "keyring"),
        signing_key_file=folder / "signing.pem",
    )
    random = Random(1)
    await publish(kafka, [a_read(number, random) for number in range(READS)])
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool:
        stored = await stored_per_s(settings, pool)
        copied = await copy_per_s(pool, indexed=True)
        bare = await copy_per_s(pool, indexed=False)
    print(f"{READS} reads; COPY into a table without any index: {bare:.0f} a second; load {os.getloadavg()[0]:.1f}")
    return {"stored_per_s": round(stored), "copy_per_s": round(copied)}


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="plateward-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # noqa: ASYNC240
        async with (
            EmbeddedPostgres(folder / "postgres", tell=lambda _: None) as server,
            EmbeddedKafka(folder / "kafka", artefacts=ARTEFACTS, tell=lambda _: None) as broker,
        ):
            figures = await measure(folder, KafkaSettings(bootstrap_servers=broker.bootstrap_servers), server.dsn)
    print(json.dumps(figures, separators=(",", ":")))


if __name__ == "__main__":
    uvloop.run(main())

"""A retention's stores for tests: a database of its own, images and keys, two days of reads. A pytest plugin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec
import pytest
from pydantic import SecretStr

from plateward.contracts.hits import HitRaised
from plateward.contracts.reads import PlateRead, ReadImages
from plateward.kernel.blobs import open_blobs
from plateward.kernel.clock import now
from plateward.kernel.images import SealedImages
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.keys import Keyring, open_keyring
from plateward.kernel.migrations import Schema, migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.settings import BlobSettings, KafkaSettings, KeySettings
from plateward.kernel.signatures import make_signing_key, read_signing_key
from plateward.policy.catalogue import load_catalogue
from services.retention import factory
from services.retention.adapters.hit_store import HitStore
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.purging import removals, wired_purge
from services.retention.adapters.read_store import ReadStore
from services.retention.purge import Purge
from services.retention.settings import RetentionSettings
from services.retention.trusted_time import Witnesses
from tests.support.keys import key_settings
from tests.support.stack import KafkaServer, PostgresServer, fresh_database
from tests.unit.retention.events import a_hit, a_read

OWNER = Schema("retention", Path(factory.__file__).parent / "migrations", password="of-the-retention-service")
AUDIT = Schema("audit", Path(factory.__file__).parents[1] / "audit" / "migrations", password="of-the-audit-service")
READER = Schema("gateway", Path("no migrations"), password="of-the-gateway")

TODAY = now().date()
DAY, NEXT_DAY = TODAY + timedelta(days=20), TODAY + timedelta(days=21)
OVER = datetime.combine(DAY, time(0, 1), UTC)
"""When DAY's purge is due, and NEXT_DAY's is not."""

IMAGE = b"\xff\xd8\xff a jpeg"


async def all_clocks_agree(at: datetime) -> Witnesses:
    """Clocks of a test that is at this time."""
    return Witnesses(at, at, at.timestamp())


@asynccontextmanager
async def pool_as(dsn: str, schema: Schema) -> AsyncIterator[asyncpg.Pool]:
    """Connections as the role of this schema, within the scope of the agency of `a_read`."""
    scoped = f"{dsn_as(dsn, schema)}{'&' if '?' in dsn else '?'}plateward.owners=flagstaff"
    async with database_pool(DatabaseSettings(dsn=SecretStr(scoped)), schema="retention") as pool:
        yield pool


def dsn_as(dsn: str, schema: Schema) -> str:
    url = urlsplit(dsn)
    return url._replace(netloc=f"{schema.role}:{schema.password}@{url.hostname}:{url.port}").geturl()


class Archive:
    """Reads and hits in a database, their images sealed, and what purges them."""

    def __init__(self, pool: asyncpg.Pool, dsn: str, settings: RetentionSettings, publisher: Publisher) -> None:
        self.pool, self.dsn, self.settings, self.publisher = pool, dsn, settings, publisher
        self.blobs = open_blobs(settings.blobs)
        self.partitions, self.catalogue = PartitionStore(pool), load_catalogue()

    @property
    def keyring(self) -> Keyring:
        """The keyring as a process has it that has just started."""
        return open_keyring(self.settings.keys, self.settings.blobs)

    @property
    def images(self) -> SealedImages:
        """The images as a process sees them that has just started."""
        return SealedImages(self.blobs, self.keyring)

    @property
    def purge(self) -> Purge:
        """The purge as a process has it that has just started."""
        assert self.settings.signing_key_file is not None
        return wired_purge(
            *(self.pool, self.publisher, self.blobs, self.keyring),
            *(self.catalogue, read_signing_key(self.settings.signing_key_file), self.settings.clock_jump_hours),
            witness=all_clocks_agree,
        )

    async def add(self, *reads: PlateRead) -> list[PlateRead]:
        """Each with its images and a hit on it; returns them with their images' keys."""
        days = {read.expires_on for read in reads}
        await self.partitions.ensure("reads", days)
        await self.partitions.ensure("hits", days)
        kept = [await self._with_images(read) for read in reads]
        await ReadStore(self.pool).add(kept)
        await HitStore(self.pool).add([a_hit(read) for read in kept])
        return kept

    async def _with_images(self, read: PlateRead) -> PlateRead:
        folder = f"{read.expires_on}/{read.agency_id}/{read.id}"
        for image in ("plate", "scene"):
            await self.images.put(f"{folder}/{image}.jpg", IMAGE)
        return msgspec.structs.replace(
            read, images=ReadImages(plate=f"{folder}/plate.jpg", scene=f"{folder}/scene.jpg")
        )

    async def hits(self) -> list[HitRaised]:
        rows = await self.pool.fetch("SELECT document FROM hits")
        return [msgspec.convert(document, HitRaised) for (document,) in rows]

    async def left(self) -> dict[str, set[date]]:
        """The days of which there is anything left, by what it is."""
        far = date(2200, 1, 1)
        return {one.kind: await one.days(far) for one in removals(self.pool, self.blobs, self.keyring)}

    async def keys(self) -> set[str]:
        """What lies in the blob store."""
        return {key async for key in self.blobs.keys("")}

    async def tables(self) -> set[str]:
        """The partitions, attached or not."""
        names = await self.pool.fetch(
            "SELECT relname FROM pg_class WHERE relname ~ '^(reads|read_documents|hits)_[0-9]{8}$'"
        )
        return {name for (name,) in names}


@asynccontextmanager
async def an_archive(
    dsn: str, kafka: KafkaServer, folder: Path, blobs: BlobSettings | None = None, keys: KeySettings | None = None
) -> AsyncIterator[Archive]:
    """An empty archive in this database."""
    await migrate(dsn, [READER, AUDIT, OWNER])
    signing = folder / "signing.pem"
    make_signing_key(signing)
    settings = RetentionSettings(
        kafka=KafkaSettings(bootstrap_servers=kafka.bootstrap_servers),
        database=DatabaseSettings(dsn=SecretStr(dsn_as(dsn, OWNER))),
        blobs=blobs or BlobSettings(folder=folder / "blobs"),
        keys=keys or key_settings(folder),
        signing_key_file=signing,
    )
    await prepare_topics(settings.kafka)
    async with pool_as(dsn, OWNER) as pool, open_publisher(settings.kafka, source="retention") as publisher:
        yield Archive(pool, dsn, settings, publisher)


def two_days() -> tuple[PlateRead, ...]:
    """Two reads that expire on DAY, and one on the next."""
    return a_read(), a_read(), a_read(expires_on=NEXT_DAY)


@pytest.fixture
async def archive(postgres: PostgresServer, kafka: KafkaServer, tmp_path: Path) -> AsyncIterator[Archive]:
    """An archive with two reads and hits of DAY and one of the next."""
    async with fresh_database(postgres) as dsn, an_archive(dsn, kafka, tmp_path) as archive:
        await archive.add(*two_days())
        yield archive

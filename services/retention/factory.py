"""How the retention service is put together."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from plateward.contracts.event import Event, decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.holds import EvidenceHold
from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import HITS, HOLDS, PLATE_READS, Topic
from plateward.kernel.blobs import Blobs, open_blobs
from plateward.kernel.clock import now
from plateward.kernel.images import SealedImages
from plateward.kernel.kafka.consumer import TopicConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.keys import Keyring, open_keyring
from plateward.kernel.lifecycle import Running
from plateward.kernel.postgres import database_pool, reachable
from plateward.kernel.signatures import Signer, read_signing_key
from plateward.kernel.status import Status, status_app
from plateward.policy.catalogue import PolicyCatalogue, load_catalogue
from services.retention.adapters.arrivals import Arrivals
from services.retention.adapters.evidence_due import DueEvidence
from services.retention.adapters.evidence_export import exported
from services.retention.adapters.evidence_store import EvidenceStore
from services.retention.adapters.evidence_trail import AccessTrail
from services.retention.adapters.hit_store import HitStore
from services.retention.adapters.holds_topic import AgreedHolds
from services.retention.adapters.orphans import Orphans
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.purging import removals, wired_purge
from services.retention.adapters.read_store import ReadStore
from services.retention.adapters.redating import Redater, Redating
from services.retention.adapters.row_archives import Archived, RowArchives
from services.retention.adapters.topic_ages import kept_by_brokers, too_old
from services.retention.admission import why_hit_refused, why_read_refused
from services.retention.holds import Hold, check_hold
from services.retention.images import read_prefix
from services.retention.keeping import Clock, Keeper
from services.retention.purge import Purge
from services.retention.settings import RetentionSettings
from services.retention.topics_kept import too_long
from services.retention.upkeep import Upkeep

T = TypeVar("T", bound=Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Factory:
    """What there is one of in the process, and what is made of it."""

    settings: RetentionSettings
    pool: asyncpg.Pool
    publisher: Publisher
    blobs: Blobs
    keyring: Keyring
    purge: Purge
    catalogue: PolicyCatalogue
    status: Status
    clock: Clock

    def reads(self) -> TopicConsumer[PlateRead]:
        """Keeps what comes on `plate-reads`; of a read that comes too late, the images go as well."""

        async def forget(read: PlateRead) -> None:
            await self.blobs.delete_all(read_prefix(read))

        keeper = Keeper(
            "reads",
            read_of=lambda read: read,
            store=ReadStore(self.pool),
            partitions=PartitionStore(self.pool),
            too_late=forget,
            clock=self.clock,
        )
        return self._consumer(PLATE_READS, PlateRead, keeper, why_read_refused)

    def hits(self) -> TopicConsumer[HitRaised]:
        """Keeps what comes on `hits`; the images of one that comes too late go with its read."""

        async def leave(_: HitRaised) -> None:
            return

        keeper = Keeper(
            "hits",
            read_of=lambda hit: hit.read,
            store=HitStore(self.pool),
            partitions=PartitionStore(self.pool),
            too_late=leave,
            clock=self.clock,
        )
        return self._consumer(HITS, HitRaised, keeper, why_hit_refused)

    def holds(self) -> TopicConsumer[EvidenceHold]:
        """Copies to evidence what two people have agreed to hold."""

        async def place(hold: Hold) -> int:
            check_hold(hold, self.catalogue, self.clock().date())
            return await EvidenceStore(self.pool, self.keyring, SealedImages(self.blobs, self.keyring)).place(hold)

        return TopicConsumer(
            self.settings.kafka,
            topic=HOLDS,
            group="retention-holds",
            decoder=lambda record: decode(record.value, EvidenceHold),
            effect=AgreedHolds(self.pool, place).take,
            dead_letters=DeadLetters(self.publisher, "retention-holds"),
            status=self.status,
        )

    def _consumer(
        self,
        topic: Topic,
        kind: type[T],
        keeper: Keeper[T],
        why_refused: Callable[[T, PolicyCatalogue, datetime], str | None],
    ) -> TopicConsumer[T]:
        group = f"retention-{keeper.table}"
        dead_letters = DeadLetters(self.publisher, group)
        arrivals = Arrivals(
            keeper,
            why_refused=lambda event, at: why_refused(event, self.catalogue, at),
            dead_letters=dead_letters,
            clock=self.clock,
        )
        return TopicConsumer(
            self.settings.kafka,
            topic=topic,
            group=group,
            decoder=lambda record: decode(record.value, kind),
            effect=arrivals.take,
            dead_letters=dead_letters,
            status=self.status,
            batch_max=self.settings.batch_max,
        )

    def upkeep(self) -> Upkeep:
        """Makes partitions and purges days."""
        return Upkeep(
            catalogue=self.catalogue,
            partitions=PartitionStore(self.pool),
            purge=self.purge,
            warn=DueEvidence(self.pool, self.catalogue).warn,
            ahead_days=self.settings.ahead_days,
            every_seconds=self.settings.purge_every_seconds,
            clock=self.clock,
        )


def signer(settings: RetentionSettings) -> Signer:
    """Who signs certificates; raises ValueError and OSError."""
    if settings.signing_key_file is None:
        raise ValueError("PLATEWARD_RETENTION_SIGNING_KEY_FILE must be set: plateward keys signing")
    return read_signing_key(settings.signing_key_file)


async def verify(settings: RetentionSettings, *, clock: Clock = now) -> list[str]:
    """What the stores hold that they should not: expired rows, images, keys, records; and orphans, both ways."""
    catalogue, blobs, at = load_catalogue(settings.policy.profiles), open_blobs(settings.blobs), clock()
    keyring = open_keyring(settings.keys, settings.blobs, clock)
    async with database_pool(settings.database, schema="retention") as pool:
        expired = [
            f"expired {one.kind} of {day.isoformat()} are still there"
            for one in removals(pool, blobs, keyring)
            for day in sorted(await one.days(at.date()))
        ]
        orphans = [orphan async for orphan in Orphans(pool, blobs, keyring).found(at)]
    topics = too_long(catalogue, await kept_by_brokers(settings.kafka)) + await too_old(settings.kafka, at)
    return expired + orphans + topics


async def redate(settings: RetentionSettings, *, dry_run: bool, clock: Clock = now) -> list[Redating]:
    """What moves to another day since the policies have changed; with `dry_run` nothing is moved."""
    catalogue, blobs = load_catalogue(settings.policy.profiles), open_blobs(settings.blobs)
    images = SealedImages(blobs, open_keyring(settings.keys, settings.blobs, clock))
    async with database_pool(settings.database, schema="retention") as pool:
        redater = Redater(pool, blobs, images, catalogue)
        return await (redater.plan() if dry_run else redater.run(clock().date()))


async def evidence_due(settings: RetentionSettings) -> list[dict[str, Any]]:
    """The data of cases that goes within the days at which its agency is warned, and is in no evidence."""
    async with database_pool(settings.database, schema="retention") as pool:
        return await DueEvidence(pool, load_catalogue(settings.policy.profiles)).soon()


async def export_evidence(settings: RetentionSettings, hold_id: uuid.UUID, who: str, *, clock: Clock = now) -> bytes:
    """The package of a hold's evidence; raises KeyError where there is none, or none any more."""
    async with _evidence(settings, clock) as (store, trail):
        hold = await store.hold(hold_id)
        profile = load_catalogue(settings.policy.profiles)[hold.agency_id]
        return await exported(store, trail, hold, who=who, at=clock(), profile=profile, signer=signer(settings))


@asynccontextmanager
async def _evidence(settings: RetentionSettings, clock: Clock) -> AsyncIterator[tuple[EvidenceStore, AccessTrail]]:
    keyring = open_keyring(settings.keys, settings.blobs, clock)
    images = SealedImages(open_blobs(settings.blobs), keyring)
    async with database_pool(settings.database, schema="retention") as pool:
        yield EvidenceStore(pool, keyring, images), AccessTrail(pool)


async def back_up_rows(settings: RetentionSettings, folder: Path, *, clock: Clock = now) -> list[Archived]:
    """The rows that are kept, in this folder, sealed."""
    async with database_pool(settings.database, schema="retention") as pool:
        archives = RowArchives(pool, open_keyring(settings.keys, settings.blobs, clock))
        return await archives.write(folder, clock().date())


async def restore_rows(settings: RetentionSettings, folder: Path, *, clock: Clock = now) -> list[Archived]:
    """What of a backup still opens, put back. Whoever restores is there to say that the time is right."""
    async with database_pool(settings.database, schema="retention") as pool:
        restored = await RowArchives(pool, open_keyring(settings.keys, settings.blobs, clock)).restore(folder)
    await confirm_clock(settings)
    return restored


async def confirm_clock(settings: RetentionSettings) -> datetime:
    """Takes the database's time for right, on a person's word, and returns it."""
    async with database_pool(settings.database, schema="retention") as pool:
        at: datetime = await pool.fetchval(
            "INSERT INTO retention.purge_clock (reached) VALUES (clock_timestamp())"
            " ON CONFLICT (only_row) DO UPDATE SET reached = clock_timestamp() RETURNING reached"
        )
    return at


@asynccontextmanager
async def running(settings: RetentionSettings, *, clock: Clock = now) -> AsyncIterator[Running]:
    """The wired service, with its connections open."""
    status = Status()
    async with (
        database_pool(settings.database, schema="retention") as pool,
        open_publisher(settings.kafka, source="retention") as publisher,
    ):
        status.require("database", partial(reachable, pool))
        status.require("kafka", publisher.reachable)
        catalogue, blobs = load_catalogue(settings.policy.profiles), open_blobs(settings.blobs)
        if outliving := too_long(catalogue):
            raise ValueError("; ".join(outliving))
        keyring = open_keyring(settings.keys, settings.blobs, clock)
        purge = wired_purge(pool, publisher, blobs, keyring, catalogue, signer(settings), settings.clock_jump_hours)
        factory = Factory(
            settings=settings,
            pool=pool,
            publisher=publisher,
            blobs=blobs,
            keyring=keyring,
            purge=purge,
            catalogue=catalogue,
            status=status,
            clock=clock,
        )
        loops = (factory.reads().run, factory.hits().run, factory.holds().run, factory.upkeep().run)
        yield Running(status_app("retention", status), loops)

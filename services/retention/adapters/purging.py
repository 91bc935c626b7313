"""The purge, put together: in this order a day's rows go, its evidence, its images, and last its keys."""

from collections.abc import Mapping
from datetime import timedelta

import asyncpg

from plateward.kernel.blobs import Blobs
from plateward.kernel.kafka.publisher import Publisher
from plateward.kernel.keys import Keyring
from plateward.kernel.signatures import Signer
from plateward.policy.profile import AgencyProfile
from services.retention.adapters.certificate_topic import CertificateTopic
from services.retention.adapters.purge_evidence import EvidenceRemoval
from services.retention.adapters.purge_images import ImagesRemoval
from services.retention.adapters.purge_keys import KeysRemoval
from services.retention.adapters.purge_ledger import PurgeLedger, Witness
from services.retention.adapters.purge_notes import PurgeNotes
from services.retention.adapters.purge_rows import RowsRemoval
from services.retention.partitions import TABLES
from services.retention.purge import Purge, Removal
from services.retention.trusted_time import TrustedTime


def removals(pool: asyncpg.Pool, blobs: Blobs, keyring: Keyring) -> list[Removal]:
    """All that a day leaves, in the order in which it goes."""
    notes = PurgeNotes(pool)
    rows: list[Removal] = [RowsRemoval(pool, table) for table in TABLES]
    return [*rows, EvidenceRemoval(pool), ImagesRemoval(notes, blobs), KeysRemoval(notes, keyring)]


def wired_purge(
    pool: asyncpg.Pool,
    publisher: Publisher,
    blobs: Blobs,
    keyring: Keyring,
    profiles: Mapping[str, AgencyProfile],
    signer: Signer,
    clock_jump_hours: int,
    witness: Witness | None = None,
) -> Purge:
    """The purge of these stores."""
    ledger = PurgeLedger(
        pool,
        signer=signer,
        profiles=profiles,
        topic=CertificateTopic(publisher, profiles),
        trusted=TrustedTime(timedelta(hours=clock_jump_hours)),
        witness=witness,
    )
    return Purge(ledger, removals(pool, blobs, keyring))

"""What of a batch is appended: records new to the log are, known ones are not, rewritten ones are refused."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from plateward.contracts.access import AccessRecord
from plateward.tlog.hashing import leaf_hash
from services.audit.canonical import canonical


class Unstorable(Exception):
    """The store cannot hold one of these records, and never will; says why."""


class Entry(NamedTuple):
    """A record as the log holds it, but for its number. A tuple: one is made for each record, and that is quickest."""

    id: uuid.UUID
    access_id: uuid.UUID
    agency_id: str
    """The agency of the person who looked."""
    at: datetime
    others: tuple[str, ...] | None
    """The other agencies whose data it is, None where there are none: the log is read by them too."""
    canonical: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a batch: the entries that took a number, and those that would have rewritten one."""

    fresh: tuple[Entry, ...]
    rewrites: tuple[Entry, ...]


class Log(Protocol):
    """An append-only store of entries, numbered without gaps from 0."""

    async def append(self, entries: list[Entry]) -> Appended:
        """Appends those that are new, all or none; raises Unstorable."""


def entry_of(record: AccessRecord) -> Entry:
    """A record as the log will hold it."""
    content = canonical(record)
    others = tuple(sorted({owner for owner in record.owners if owner != record.actor.agency_id}))
    return Entry(
        id=record.id,
        access_id=record.access_id,
        agency_id=record.actor.agency_id,
        at=record.at,
        others=others or None,
        canonical=content,
        leaf_hash=leaf_hash(content),
    )


def what_is_new(entries: Iterable[Entry], known: Mapping[uuid.UUID, bytes]) -> Appended:
    """Sorts a batch by what the log already holds: `known` is the leaf hash of each id of the batch that it has."""
    held = dict(known)
    fresh, rewrites = [], []
    for entry in entries:
        if entry.id not in held:
            held[entry.id] = entry.leaf_hash
            fresh.append(entry)
        elif held[entry.id] != entry.leaf_hash:
            rewrites.append(entry)
    return Appended(tuple(fresh), tuple(rewrites))

"""What of a batch is appended: records new to the log are, known ones are not, rewritten ones are refused."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from plateward.contracts.access import AccessRecord
from plateward.contracts.canonical import canonical
from plateward.tlog.hashing import leaf_hash


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
    """What became of a batch: how many records took a number, and the places in the batch of those that would have
    rewritten one."""

    fresh: int
    rewrites: tuple[int, ...]


class Log(Protocol):
    """An append-only store of records, numbered without gaps from 0."""

    async def append(self, records: Sequence[AccessRecord]) -> Appended:
        """Appends those that are new, all or none; raises Unstorable."""


def entry_of(record: AccessRecord) -> Entry:
    """A record as the log will hold it."""
    content, agency_id = canonical(record), record.actor.agency_id
    others = tuple([owner for owner in record.owners if owner != agency_id]) or None
    return Entry(record.id, record.access_id, agency_id, record.at, others, content, leaf_hash(content))


class NewEntries:
    """The entries of a batch that the log has not.

    They are made as they are iterated, once, so that the database takes in the first while the next are made.
    """

    def __init__(self, records: Sequence[AccessRecord], known: Mapping[uuid.UUID, bytes]) -> None:
        """`known` is the leaf hash of each id of the batch that the log has."""
        self._records, self._held = records, dict(known)
        self.leaves: list[bytes] = []
        """The leaf hashes of those given so far, in their order."""
        self.rewrites: list[int] = []
        """The places in the batch of records with other content than the log has under their id, so far."""

    def __iter__(self) -> Iterator[Entry]:
        for place, record in enumerate(self._records):
            entry = entry_of(record)
            held = self._held.setdefault(entry.id, entry.leaf_hash)
            if held is entry.leaf_hash:
                self.leaves.append(entry.leaf_hash)
                yield entry
            elif held != entry.leaf_hash:
                self.rewrites.append(place)

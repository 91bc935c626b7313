"""Taking in a whole hot list at once: what it all comes to is worked out at the end, in arrays."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plateward.contracts.hot_list import HotListEntry
from plateward.plates.normalise import PLATE_LENGTH_MAX
from plateward.plates.packed_keys import BITS, packed_key
from plateward.plates.patterns import is_partial
from services.matcher.documents import Documents
from services.matcher.packed_batches import Keys, pack_keys

_NO_PLATE = 1 << (BITS * PLATE_LENGTH_MAX)
_NO_PLACE = np.uint64(0)
"""The place of a tombstone's document."""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry put on the list with its document, or one taken off it."""

    entry_id: uuid.UUID
    entry: HotListEntry | None
    document: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a sequence of changes comes to, a row for each entry; and those that are found by more than their keys."""

    ids: Keys
    keys: Keys
    places: Keys
    special: dict[int, HotListEntry]


def key_of(entry: HotListEntry) -> int:
    """The packed match key of an entry; one with a partial plate has a number instead that is no plate's key."""
    if is_partial(entry.plate):
        return _NO_PLATE | entry.id.int & (_NO_PLATE - 1)
    return packed_key(entry.plate)


class HotListLoad:
    """The changes of a hot list in their order, 40 bytes each."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._ids: list[Keys] = []
        self._keys: list[Keys] = []
        self._places: list[Keys] = []
        self._special: dict[int, HotListEntry] = {}
        self._count = 0

    def take(self, changes: Sequence[Change]) -> None:
        """Takes the next changes."""
        there = [number for number, change in enumerate(changes) if change.entry is not None]
        entries = [change.entry for change in changes if change.entry is not None]
        keys, places = np.zeros((2, len(changes)), dtype=np.uint64)
        keys[there] = pack_keys([entry.plate for entry in entries])
        places[there] = self._documents.keep([change.document for change in changes if change.entry is not None])
        for number, entry in zip(there, entries, strict=True):
            if entry.near_misses or is_partial(entry.plate):
                self._special[self._count + number] = entry
                keys[number] = key_of(entry)
        ids = np.frombuffer(b"".join([change.entry_id.bytes for change in changes]), dtype=">u8").reshape(-1, 2)
        self._ids.append(ids.astype(np.uint64))
        self._keys.append(keys)
        self._places.append(places)
        self._count += len(changes)

    def finish(self) -> Loaded:
        """What the changes come to: the last of each entry holds. It takes half a second for each million."""
        ids = np.concatenate([np.empty((0, 2), dtype=np.uint64), *self._ids])
        keys, places = (np.concatenate([np.empty(0, dtype=np.uint64), *parts]) for parts in (self._keys, self._places))
        by_id = np.lexsort((ids[:, 1], ids[:, 0]))
        another_follows = np.any(ids[by_id][1:] != ids[by_id][:-1], axis=1)
        is_last = np.zeros(len(ids), dtype=np.bool_)
        is_last[by_id[np.append(another_follows, True)[: len(ids)]]] = True
        for place in places[~is_last & (places != _NO_PLACE)].tolist():
            self._documents.forget(place)
        kept = np.flatnonzero(is_last & (places != _NO_PLACE))
        rows = np.searchsorted(kept, list(self._special)).tolist() if len(kept) else []
        special = {
            row: entry
            for row, (number, entry) in zip(rows, self._special.items(), strict=False)
            if row < len(kept) and kept[row] == number
        }
        return Loaded(ids[kept], keys[kept], places[kept], special)

"""Taking in a whole hot list at once: what it all comes to is worked out at the end, in arrays."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plateward.plates.patterns import ANY_NUMBER, ANY_ONE
from services.matcher.documents import Documents
from services.matcher.listed import Listed
from services.matcher.packed_batches import Keys, pack_keys

_NO_PLACE = np.uint64(0)
"""The place of a tombstone's document."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a sequence of changes comes to, a row for each entry; and those that are found by more than their keys."""

    ids: Keys
    keys: Keys
    places: Keys
    special: dict[int, Listed]


class HotListLoad:
    """The changes of a hot list in their order, 32 bytes each."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._ids: list[Keys] = []
        self._keys: list[Keys] = []
        self._places: list[Keys] = []
        self._special: dict[int, Listed] = {}
        self._count = 0

    def put(self, entries: Sequence[Listed], documents: Sequence[bytes]) -> None:
        """Puts the next entries on the list, or others in their places, with their documents."""
        keys = pack_keys([entry.plate for entry in entries])
        for number, entry in enumerate(entries):
            if entry.near_misses or ANY_ONE in entry.plate or ANY_NUMBER in entry.plate:
                self._special[self._count + number] = entry
                keys[number] = entry.key
        self._take([entry.id for entry in entries], keys, self._documents.keep(documents))

    def remove(self, entry_id: uuid.UUID) -> None:
        """Takes an entry off the list."""
        self._take([entry_id], np.zeros(1, dtype=np.uint64), np.array([_NO_PLACE]))

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

    def _take(self, ids: Sequence[uuid.UUID], keys: Keys, places: Keys) -> None:
        halves = np.frombuffer(b"".join([one.bytes for one in ids]), dtype=">u8").reshape(-1, 2)
        self._ids.append(halves.astype(np.uint64))
        self._keys.append(keys)
        self._places.append(places)
        self._count += len(ids)

"""Taking in a whole hot list at once: what it all comes to is worked out at the end, in arrays."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plateward.plates.patterns import ANY_NUMBER, ANY_ONE
from services.matcher.columns import Columns
from services.matcher.documents import Documents
from services.matcher.listed import Listed
from services.matcher.packed_batches import Keys, pack_keys
from services.matcher.skimming import Skimmed

_NO_PLACE = np.uint64(0)
"""The place of a tombstone's document."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a sequence of changes comes to, a row for each entry; and those that are found by more than their keys."""

    columns: Columns
    special: dict[int, Listed]


def joined(one: Loaded, other: Loaded) -> Loaded:
    """Both, of which no entry is in both."""
    before, columns = len(one.columns), other.columns
    one.columns.extend_by_halves(*map(Columns.array, (columns.high, columns.low, columns.keys, columns.places)))
    return Loaded(one.columns, one.special | {before + row: entry for row, entry in other.special.items()})


class HotListLoad:
    """The changes of a hot list in their order, in the columns that they are to stay in."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._columns = Columns()
        self._special: dict[int, Listed] = {}

    def put(self, entries: Sequence[Listed], documents: Sequence[bytes]) -> None:
        """Puts the next entries on the list, or others in their places, with their documents."""
        keys = pack_keys([entry.plate for entry in entries])
        for number, entry in enumerate(entries):
            if entry.near_misses or ANY_ONE in entry.plate or ANY_NUMBER in entry.plate:
                self._special[len(self._columns) + number] = entry
                keys[number] = entry.key
        self._columns.extend([entry.id for entry in entries], keys, self._documents.keep(documents))

    def put_skimmed(self, entries: Skimmed) -> None:
        """Puts the next entries on the list, as far as they are known."""
        places = self._documents.keep(entries.documents)
        self._columns.extend_by_halves(entries.high, entries.low, entries.keys, places)

    def remove(self, entry_id: uuid.UUID) -> None:
        """Takes an entry off the list."""
        self._columns.extend([entry_id], np.zeros(1, dtype=np.uint64), np.array([_NO_PLACE]))

    def finish(self) -> Loaded:
        """What the changes come to: the last of each entry holds. It takes half a second for each million."""
        places = self._columns.array(self._columns.places)
        is_last = _lasts(self._columns.array(self._columns.high), self._columns.array(self._columns.low))
        for place in places[~is_last & (places != _NO_PLACE)].tolist():
            self._documents.forget(place)
        is_last &= places != _NO_PLACE
        if is_last.all():
            return Loaded(self._columns, self._special)
        kept = np.flatnonzero(is_last)
        row_of = np.cumsum(is_last) - 1
        special = {int(row_of[number]): entry for number, entry in self._special.items() if is_last[number]}
        return Loaded(self._columns.some(kept), special)


def _lasts(high: Keys, low: Keys) -> NDArray[np.bool_]:
    """Which changes are the last of their ids."""
    is_last = np.ones(len(low), dtype=np.bool_)
    by_id = np.argsort(low, kind="stable")
    ordered = low[by_id]
    if (ordered[1:] == ordered[:-1]).any():
        by_id = np.lexsort((low, high))
        followed = (low[by_id][1:] == low[by_id][:-1]) & (high[by_id][1:] == high[by_id][:-1])
        is_last[by_id[:-1][followed]] = False
    return is_last

"""Where the entries of the hot list are: a row of packed arrays for each, found by id and by match key."""

import uuid
from array import array
from collections.abc import Iterator
from typing import Self

import numpy as np

from services.matcher.chains import Chains
from services.matcher.key_filter import KeyFilter
from services.matcher.packed_batches import Keys

_64_BITS = (1 << 64) - 1


class Rows:
    """The id, the packed match key and the document's place of each entry: about 60 bytes an entry.

    A row keeps its number until its entry is removed; then another entry gets it.
    """

    def __init__(self) -> None:
        self._columns = array("Q"), array("Q"), array("Q"), array("Q")
        self._high, self._low, self._keys, self._places = self._columns
        self._free: list[int] = []
        self._by_id, self._by_key = Chains(), Chains()
        self._filter = KeyFilter()

    def __len__(self) -> int:
        return len(self._keys) - len(self._free)

    @classmethod
    def of(cls, ids: Keys, keys: Keys, places: Keys) -> Self:
        """The rows of these entries at once, in their order; an id is two numbers, the higher half first."""
        rows = cls()
        for column, values in zip(rows._columns, (ids[:, 0], ids[:, 1], keys, places), strict=True):
            column.frombytes(np.ascontiguousarray(values, dtype=np.uint64).tobytes())
        if len(keys):
            rows._make_room()
        return rows

    def add(self, entry_id: uuid.UUID, key: int, place: int) -> int:
        """Adds an entry whose id is not there; its row."""
        high, low = entry_id.int >> 64, entry_id.int & _64_BITS
        if self._free:
            row = self._free.pop()
            self._high[row], self._low[row], self._keys[row], self._places[row] = high, low, key, place
        else:
            row = len(self._keys)
            self._high.append(high)
            self._low.append(low)
            self._keys.append(key)
            self._places.append(place)
        self._by_id.add(low, row)
        self._by_key.add(key, row)
        self._filter.add(key)
        if self._by_key.is_crowded or self._filter.is_full:
            self._make_room()
        return row

    def remove(self, row: int) -> None:
        """Removes an entry."""
        self._by_id.remove(self._low[row], row)
        self._by_key.remove(self._keys[row], row)
        self._free.append(row)

    def with_id(self, entry_id: uuid.UUID) -> int | None:
        """The row of an entry."""
        high, low = entry_id.int >> 64, entry_id.int & _64_BITS
        for row in self._by_id.rows(low):
            if self._low[row] == low and self._high[row] == high:
                return row
        return None

    def with_key(self, key: int) -> Iterator[int]:
        """The rows of the entries with this match key."""
        return (row for row in self._by_key.rows(key) if self._keys[row] == key)

    def key(self, row: int) -> int:
        """The match key of an entry."""
        return self._keys[row]

    def place(self, row: int) -> int:
        """Where an entry's document is."""
        return self._places[row]

    def may_have(self, keys: Keys) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """For each key whether there is an entry with it; looked up one by one only where the filter says yes."""
        found = self._filter.may_have(keys)
        for at in np.flatnonzero(found):
            found[at] = any(True for _ in self.with_key(int(keys[at])))
        return found

    def _make_room(self) -> None:
        live = np.ones(len(self._keys), dtype=np.bool_)
        live[np.array(self._free, dtype=np.intp)] = False
        rows = np.flatnonzero(live).astype(np.uint64)
        keys, low = np.frombuffer(self._keys, np.uint64)[rows], np.frombuffer(self._low, np.uint64)[rows]
        self._by_key.spread(keys, rows, len(self._keys) - 1)
        self._by_id.spread(low, rows, len(self._keys) - 1)
        self._filter = KeyFilter(keys)

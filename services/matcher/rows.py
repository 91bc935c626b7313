"""Where the entries of the hot list are: a row of packed arrays for each, found by id and by match key."""

import uuid
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from services.matcher.chains import Chains
from services.matcher.columns import Columns
from services.matcher.key_filter import KeyFilter
from services.matcher.packed_batches import Keys


class Rows:
    """The id, the packed match key and the document's place of each entry: about 60 bytes an entry.

    A row keeps its number until its entry is removed; then another entry gets it.
    """

    def __init__(self, columns: Columns | None = None) -> None:
        """The rows of a table, which is theirs from then on."""
        self._columns = Columns() if columns is None else columns
        self._free: list[int] = []
        self._by_id, self._by_key = Chains(), Chains()
        self._filter = KeyFilter()
        if len(self._columns):
            self._make_room()

    def __len__(self) -> int:
        return len(self._columns) - len(self._free)

    def add(self, entry_id: uuid.UUID, key: int, place: int) -> int:
        """Adds an entry whose id is not there; its row."""
        row = self._free.pop() if self._free else len(self._columns)
        self._columns.set(row, entry_id, key, place)
        self._by_id.add(self._columns.low[row], row)
        self._by_key.add(key, row)
        self._filter.add(key)
        if self._by_key.is_crowded or self._filter.is_full:
            self._make_room()
        return row

    def remove(self, row: int) -> None:
        """Removes an entry."""
        self._by_id.remove(self._columns.low[row], row)
        self._by_key.remove(self._columns.keys[row], row)
        self._free.append(row)

    def with_id(self, entry_id: uuid.UUID) -> int | None:
        """The row of an entry."""
        return next(
            (row for row in self._by_id.rows(self._columns.low_half(entry_id)) if self._columns.has(row, entry_id)),
            None,
        )

    def with_key(self, key: int) -> Iterator[int]:
        """The rows of the entries with this match key."""
        return (row for row in self._by_key.rows(key) if self._columns.keys[row] == key)

    def place(self, row: int) -> int:
        """Where an entry's document is."""
        return self._columns.places[row]

    def may_have(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key whether there is an entry with it; looked up one by one only where the filter says yes."""
        found = self._filter.may_have(keys)
        for at in np.flatnonzero(found):
            found[at] = any(True for _ in self.with_key(int(keys[at])))
        return found

    def _make_room(self) -> None:
        """Makes the look-ups anew, with room for as many rows again."""
        columns = self._columns
        live = np.ones(len(columns), dtype=np.bool_)
        live[np.array(self._free, dtype=np.intp)] = False
        rows = np.flatnonzero(live)
        keys = columns.array(columns.keys)[rows]
        self._by_key.spread(keys, rows, len(columns) - 1)
        self._by_id.spread(columns.array(columns.low)[rows], rows, len(columns) - 1)
        self._filter = KeyFilter(keys)

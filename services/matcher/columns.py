"""The entries' numbers in packed arrays, 32 bytes an entry."""

import uuid
from array import array
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from services.matcher.packed_batches import Keys

_64_BITS = (1 << 64) - 1


class Columns:
    """Of each row the entry's id in two halves, its packed match key, and the place of its document."""

    def __init__(self) -> None:
        self.high, self.low, self.keys, self.places = array("Q"), array("Q"), array("Q"), array("Q")

    def __len__(self) -> int:
        return len(self.keys)

    @staticmethod
    def array(column: "array[int]") -> Keys:
        """A column as NumPy sees it. It cannot grow while anybody holds that."""
        return np.frombuffer(column, dtype=np.uint64)

    def extend(self, ids: Sequence[uuid.UUID], keys: Keys, places: Keys) -> None:
        """Adds rows."""
        halves = np.frombuffer(b"".join([one.bytes for one in ids]), dtype=">u8").reshape(-1, 2).astype(np.uint64)
        self.extend_by_halves(halves[:, 0], halves[:, 1], keys, places)

    def extend_by_halves(self, high: Keys, low: Keys, keys: Keys, places: Keys) -> None:
        """Adds rows, of whose ids the halves are known."""
        self._extend(high, low, keys, places)

    def set(self, row: int, entry_id: uuid.UUID, key: int, place: int) -> None:
        """Sets a row, or adds the one after the last."""
        values = entry_id.int >> 64, entry_id.int & _64_BITS, key, place
        for column, value in zip((self.high, self.low, self.keys, self.places), values, strict=True):
            if row == len(column):
                column.append(value)
            else:
                column[row] = value

    @staticmethod
    def low_half(entry_id: uuid.UUID) -> int:
        """The half of an id that rows are found by."""
        return entry_id.int & _64_BITS

    def has(self, row: int, entry_id: uuid.UUID) -> bool:
        """Whether a row is that of an entry."""
        return self.low[row] == self.low_half(entry_id) and self.high[row] == entry_id.int >> 64

    def some(self, rows: NDArray[np.intp]) -> Self:
        """A table of these rows only."""
        kept = type(self)()
        kept._extend(*(self.array(column)[rows] for column in (self.high, self.low, self.keys, self.places)))
        return kept

    def _extend(self, *values: Keys) -> None:
        for column, some in zip((self.high, self.low, self.keys, self.places), values, strict=True):
            column.frombytes(np.ascontiguousarray(some).tobytes())

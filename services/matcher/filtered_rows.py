"""Rows by key, for the few entries that are found by more than their own match key."""

import numpy as np
from numpy.typing import NDArray

from services.matcher.key_filter import KeyFilter
from services.matcher.packed_batches import Keys

_BITS_A_KEY = 256


class FilteredRows:
    """The rows of few entries by a key, with a filter before them that says yes in vain once in 256 or 128."""

    def __init__(self) -> None:
        self._by_key: dict[int, tuple[int, ...]] = {}
        self._filter = KeyFilter(bits_a_key=_BITS_A_KEY)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._by_key)

    def add(self, key: int, row: int) -> None:
        """Adds a row."""
        self._by_key[key] = (*self._by_key.get(key, ()), row)
        self._filter.add(key)
        if self._filter.is_full:
            keys = np.fromiter(self._by_key, dtype=np.uint64, count=len(self._by_key))
            self._filter = KeyFilter(keys, bits_a_key=_BITS_A_KEY)

    def remove(self, key: int, row: int) -> None:
        """Removes a row that was added with this key. The filter goes on saying yes."""
        left = tuple(other for other in self._by_key[key] if other != row)
        if left:
            self._by_key[key] = left
        else:
            del self._by_key[key]

    def rows(self, key: int) -> tuple[int, ...]:
        """The rows with this key."""
        return self._by_key.get(key, ())

    def may_have(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key whether there may be rows with it."""
        return self._filter.may_have(keys)

"""Entries that ask for reads with a character inserted or lost: found by their keys and by those a character short."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from plateward.plates.normalise import PLATE_LENGTH_MAX
from plateward.plates.packed_keys import BITS
from services.matcher.filtered_rows import FilteredRows
from services.matcher.packed_batches import Keys


class NearMisses:
    """The rows of such entries. Each takes a kilobyte or two here: it is for the few that are searched hardest."""

    def __init__(self) -> None:
        self._whole, self._short = FilteredRows(), FilteredRows()

    def add(self, row: int, key: int) -> None:
        """Adds the row of an entry with this match key."""
        self._whole.add(key, row)
        for short in shortened(key):
            self._short.add(short, row)

    def remove(self, row: int, key: int) -> None:
        """Removes a row that was added with this key."""
        self._whole.remove(key, row)
        for short in shortened(key):
            self._short.remove(short, row)

    def rows(self, key: int) -> Iterator[int]:
        """The rows of the entries that this key lacks one character of, or has one more than."""
        yield from self._short.rows(key)
        for short in shortened(key):
            yield from self._whole.rows(short)

    def may_have(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key whether it may be one character off any entry's."""
        found = self._short.may_have(keys)
        if self._whole:
            for place in range(PLATE_LENGTH_MAX):
                before, after = _around(place)
                shorter = (keys & np.uint64(before)) | ((keys & np.uint64(after)) << np.uint64(BITS))
                found |= (shorter != keys) & self._whole.may_have(shorter)
        for at in np.flatnonzero(found):
            found[at] = any(True for _ in self.rows(int(keys[at])))
        return found


def shortened(key: int) -> set[int]:
    """A packed key with each of its characters taken out."""
    found = set()
    for place in range(PLATE_LENGTH_MAX):
        before, after = _around(place)
        if key & ~before:
            found.add(key & before | (key & after) << BITS)
    return found


def _around(place: int) -> tuple[int, int]:
    """Masks for the characters before a place and for those after it."""
    after = (1 << (BITS * (PLATE_LENGTH_MAX - 1 - place))) - 1
    up_to = (1 << (BITS * (PLATE_LENGTH_MAX - place))) - 1
    return (1 << (BITS * PLATE_LENGTH_MAX)) - 1 - up_to, after

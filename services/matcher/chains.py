"""Rows of a table by a number that they have: a hash table in packed arrays, 8 to 12 bytes a row."""

from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from services.matcher.packed_batches import Keys

_SPREAD = 0x9E3779B97F4A7C15
_64_BITS = (1 << 64) - 1
_LEAST_BITS = 10
_NONE = 0
"""Ends a chain: what a chain holds is the row's number and one."""


class Chains:
    """For each number the rows that have it, and with them rows of other numbers: whoever asks compares."""

    def __init__(self) -> None:
        self._next = array("I")
        self._resize(_LEAST_BITS)

    def add(self, number: int, row: int) -> None:
        """Adds a row, at most one higher than the highest before."""
        if row == len(self._next):
            self._next.append(_NONE)
        place = ((number * _SPREAD) & _64_BITS) >> self._shift
        self._next[row] = self._heads[place]
        self._heads[place] = row + 1

    def remove(self, number: int, row: int) -> None:
        """Removes a row that was added with this number."""
        place = ((number * _SPREAD) & _64_BITS) >> self._shift
        follower = self._next[row]
        if self._heads[place] == row + 1:
            self._heads[place] = follower
            return
        for before in self.rows(number):
            if self._next[before] == row + 1:
                self._next[before] = follower
                return

    def rows(self, number: int) -> Iterator[int]:
        """The rows that may have this number."""
        row = self._heads[((number * _SPREAD) & _64_BITS) >> self._shift]
        while row != _NONE:
            yield row - 1
            row = self._next[row - 1]

    @property
    def is_crowded(self) -> bool:
        """Whether there are more rows than chains."""
        return len(self._next) > len(self._heads)

    def spread(self, numbers: Keys, rows: NDArray[np.intp], highest: int) -> None:
        """Makes the chains anew, of these rows and their numbers, with room for rows up to this one and as many again.

        Takes a tenth of a second for each million rows.
        """
        self._resize(max(_LEAST_BITS, (highest + 1).bit_length()))
        self._next = array("I", bytes(4 * (highest + 1)))
        places = (numbers * np.uint64(_SPREAD)) >> np.uint64(self._shift)
        order = np.argsort(places, kind="stable")
        places, ordered = places[order], rows[order].astype(np.uint32)
        same = places[1:] == places[:-1]
        heads, follows = np.frombuffer(self._heads, np.uint32), np.frombuffer(self._next, np.uint32)
        follows[ordered[1:]] = np.where(same, ordered[:-1] + 1, _NONE)
        lasts = np.append(~same, True)[: len(ordered)]
        heads[places[lasts]] = ordered[lasts] + 1

    def _resize(self, bits: int) -> None:
        self._shift = 64 - bits
        self._heads = array("I", bytes(4 << bits))

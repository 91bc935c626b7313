"""A filter of placed partial plates: three characters at a time, all placings side by side."""

import numpy as np
from numpy.typing import NDArray

from plateward.plates.normalise import PLATE_LENGTH_MAX
from plateward.plates.packed_keys import BITS
from services.matcher.packed_batches import Keys

_SYMBOL = (1 << BITS) - 1
_TOGETHER = 3
_PARTS = PLATE_LENGTH_MAX // _TOGETHER
_PART_BITS = BITS * _TOGETHER
_BITS_EACH = 3
_PRIME = 1_000_003

Placed = tuple[int, int]
"""Where a partial plate's known characters lie if its `*` cover so and so many: a mask, and the packed key under it."""


def shift_of(place: int) -> int:
    """How far from the lowest bit a packed key's character at a place is."""
    return BITS * (PLATE_LENGTH_MAX - 1 - place)


class PartialFilter:
    """Says of keys whether they may fit any placing: never no of one that does, rarely yes of one that does not.

    A plate of twelve characters is four parts of three. For each part a table has, for each three characters, 64 bits;
    a placing has one of these bits, set for all that it leaves possible. A key may fit where the bits of its four parts
    have one in common. Placings that leave the same places open share bits: else what one leaves open in this part and
    another in that would together let everything pass.
    """

    def __init__(self) -> None:
        self._parts = [np.zeros((1 << BITS,) * _TOGETHER, dtype=np.uint64) for _ in range(_PARTS)]
        self._bits: dict[tuple[int, int], int] = {}

    def add(self, placed: Placed) -> None:
        """Has the filter say yes of keys that fit this placing."""
        mask, value = placed
        group = (mask, value % _PRIME % _BITS_EACH)
        bit = np.uint64(1 << self._bits.setdefault(group, len(self._bits) % 64))
        for number, part in enumerate(self._parts):
            places = range(number * _TOGETHER, (number + 1) * _TOGETHER)
            possible = tuple(
                (value >> shift_of(place)) & _SYMBOL if (mask >> shift_of(place)) & _SYMBOL else slice(None)
                for place in places
            )
            part[possible] |= bit

    def may_have(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key whether it may fit any placing."""
        left = np.full(len(keys), (1 << 64) - 1, dtype=np.uint64)
        for number, part in enumerate(self._parts):
            shift = np.uint64(_PART_BITS * (_PARTS - 1 - number))
            codes = (keys >> shift) & np.uint64((1 << _PART_BITS) - 1)
            left &= part.reshape(-1)[codes.astype(np.intp)]
        found: NDArray[np.bool_] = left != 0
        return found

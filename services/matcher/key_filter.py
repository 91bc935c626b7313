"""A filter of packed keys: one bit for each of many places, so that a batch of keys is looked up at once."""

import numpy as np
from numpy.typing import NDArray

from services.matcher.packed_batches import Keys

_SPREAD = 0x9E3779B97F4A7C15
"""An odd number by which neighbouring keys come to lie far apart (2^64 by the golden ratio)."""

_64_BITS = (1 << 64) - 1
_LEAST_BITS = 16


class KeyFilter:
    """Says of keys whether they may be among those added: never no of one that is, rarely yes of one that is not."""

    def __init__(self, keys: Keys | None = None, *, bits_a_key: int = 32) -> None:
        """A filter of these keys, with room for as many again.

        It says yes in vain once in `bits_a_key`, and once in half as many when it is full.
        """
        known = np.empty(0, dtype=np.uint64) if keys is None else keys
        self._shift = 64 - max(_LEAST_BITS, (len(known) * bits_a_key).bit_length())
        self._bytes = bytearray(1 << (64 - self._shift - 3))
        self._bits = np.frombuffer(self._bytes, dtype=np.uint8)
        self._room = (self._bits.size * 8 * 2) // bits_a_key - len(known)
        places = self._places(known)
        np.bitwise_or.at(self._bits, places >> np.uint64(3), _bit(places))

    @property
    def is_full(self) -> bool:
        """Whether so many keys were added that it should be made anew, from those that are still meant."""
        return self._room <= 0

    def add(self, key: int) -> None:
        """Has the filter say yes of this key."""
        place = ((key * _SPREAD) & _64_BITS) >> self._shift
        self._bytes[place >> 3] |= 1 << (place & 7)
        self._room -= 1

    def may_have(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key whether it may be among those added."""
        places = self._places(keys)
        found: NDArray[np.bool_] = (self._bits[places >> np.uint64(3)] & _bit(places)) != 0
        return found

    def _places(self, keys: Keys) -> Keys:
        places: Keys = (keys * np.uint64(_SPREAD)) >> np.uint64(self._shift)
        return places


def _bit(places: Keys) -> NDArray[np.uint8]:
    return np.left_shift(np.uint8(1), (places & np.uint64(7)).astype(np.uint8))

"""Entries with a partial plate: by where their known characters can lie."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from plateward.plates.normalise import PLATE_LENGTH_MAX
from plateward.plates.packed_keys import BITS, packed_key
from plateward.plates.patterns import ANY_NUMBER, ANY_ONE
from services.matcher.packed_batches import Keys
from services.matcher.partial_filter import PartialFilter, Placed, shift_of

_SYMBOL = (1 << BITS) - 1
_KNOWN_AT_LEAST = 3
_REMOVED_AT_MOST = 100


class PartialPlates:
    """The rows of entries by the places of their first three known characters, and by what these are."""

    def __init__(self) -> None:
        self._by_three: dict[int, dict[int, list[tuple[Placed, int]]]] = {}
        self._filter = PartialFilter()
        self._removed = 0

    def add(self, row: int, partial: str) -> None:
        """Adds the row of an entry with this partial plate."""
        for placed in placings(partial):
            three = _first_three(placed)
            self._by_three.setdefault(three, {}).setdefault(placed[1] & three, []).append((placed, row))
            self._filter.add(placed)

    def remove(self, row: int, partial: str) -> None:
        """Removes a row that was added with this partial plate."""
        for placed in placings(partial):
            three = _first_three(placed)
            by_value = self._by_three[three]
            by_value[placed[1] & three].remove((placed, row))
            if not by_value[placed[1] & three]:
                del by_value[placed[1] & three]
            if not by_value:
                del self._by_three[three]
        self._removed += 1
        if self._removed > _REMOVED_AT_MOST:
            self._begin_filter_anew()

    def rows(self, key: int) -> Iterator[int]:
        """The rows whose known characters are a key's; a row may come more than once."""
        for three, by_value in self._by_three.items():
            for (mask, value), row in by_value.get(key & three, ()):
                if key & mask == value:
                    yield row

    def may_have(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key whether it has the known characters of any entry."""
        if not self._by_three:
            return np.zeros(len(keys), dtype=np.bool_)
        found = self._filter.may_have(keys)
        for at in np.flatnonzero(found):
            found[at] = self._has(int(keys[at]))
        return found

    def _has(self, key: int) -> bool:
        for three, by_value in self._by_three.items():
            for (mask, value), _ in by_value.get(key & three, ()):
                if key & mask == value:
                    return True
        return False

    def _begin_filter_anew(self) -> None:
        """What was removed goes on passing the filter until then, and is looked up in vain."""
        self._filter, self._removed = PartialFilter(), 0
        for by_value in self._by_three.values():
            for placed, _ in (one for some in by_value.values() for one in some):
                self._filter.add(placed)


def placings(partial: str) -> set[Placed]:
    """Every way in which the known characters of a partial plate can lie in a match key."""
    return set(_placings(partial, 0))


def _placings(partial: str, place: int) -> Iterator[Placed]:
    fixed, star, rest = partial.partition(ANY_NUMBER)
    after = place + len(fixed)
    if after > PLATE_LENGTH_MAX:
        return
    mask, value = _fixed(fixed, place)
    if not star:
        # The plate ends here: no character may follow.
        yield mask | (1 << (BITS * (PLATE_LENGTH_MAX - after))) - 1, value
    elif not rest.strip(ANY_NUMBER):
        yield mask, value
    else:
        for start in range(after, PLATE_LENGTH_MAX):
            for more_mask, more_value in _placings(rest, start):
                yield mask | more_mask, value | more_value


def _fixed(characters: str, place: int) -> Placed:
    mask = value = 0
    for at, character in enumerate(characters, place):
        if character != ANY_ONE:
            mask |= _SYMBOL << shift_of(at)
            value |= (packed_key(character) >> shift_of(0)) << shift_of(at)
    return mask, value


def _first_three(placed: Placed) -> int:
    """The mask of the first three known characters; that a plate has ended is not one."""
    known = [place for place in range(PLATE_LENGTH_MAX) if (placed[1] >> shift_of(place)) & _SYMBOL]
    return sum(_SYMBOL << shift_of(place) for place in known[:_KNOWN_AT_LEAST])

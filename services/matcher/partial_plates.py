"""Entries with a partial plate: by where their known characters can lie."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from plateward.plates.normalise import PLATE_LENGTH_MAX
from plateward.plates.packed_keys import BITS, packed_key
from plateward.plates.patterns import ANY_NUMBER, ANY_ONE
from services.matcher.filtered_rows import FilteredRows
from services.matcher.packed_batches import Keys
from services.matcher.partial_filter import PartialFilter, Placed, shift_of

_SYMBOL = (1 << BITS) - 1
_REMOVED_AT_MOST = 100


class PartialPlates:
    """The rows of entries by where their known characters lie, and by what these are."""

    def __init__(self) -> None:
        self._by_mask: dict[int, FilteredRows] = {}
        self._filter = PartialFilter()
        self._there: set[tuple[int, str]] = set()
        self._removed = 0

    def add(self, row: int, partial: str) -> None:
        """Adds the row of an entry with this partial plate."""
        self._there.add((row, partial))
        for mask, value in placings(partial):
            self._by_mask.setdefault(mask, FilteredRows()).add(value, row)
            self._filter.add((mask, value))

    def remove(self, row: int, partial: str) -> None:
        """Removes a row that was added with this partial plate."""
        self._there.remove((row, partial))
        for mask, value in placings(partial):
            self._by_mask[mask].remove(value, row)
            if not self._by_mask[mask]:
                del self._by_mask[mask]
        self._removed += 1
        if self._removed > _REMOVED_AT_MOST:
            self._begin_filter_anew()

    def rows(self, key: int) -> Iterator[int]:
        """The rows whose known characters are a key's; a row may come more than once."""
        return (row for mask, there in self._by_mask.items() for row in there.rows(key & mask))

    def may_have(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key whether it has the known characters of any entry."""
        found = np.zeros(len(keys), dtype=np.bool_)
        if not self._by_mask:
            return found
        passed = np.flatnonzero(self._filter.may_have(keys))
        left = keys[passed]
        for mask, there in self._by_mask.items():
            found[passed] |= there.may_have(left & np.uint64(mask))
        for at in np.flatnonzero(found):
            found[at] = any(True for _ in self.rows(int(keys[at])))
        return found

    def _begin_filter_anew(self) -> None:
        """What was removed goes on passing the filter until then, and is looked up in vain."""
        self._filter, self._removed = PartialFilter(), 0
        for _, partial in self._there:
            for placed in placings(partial):
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

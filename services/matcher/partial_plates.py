"""Entries with a partial plate: found by three known characters first, by all of them next."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from plateward.plates.normalise import PLATE_LENGTH_MAX
from plateward.plates.packed_keys import BITS, packed_key
from plateward.plates.patterns import ANY_NUMBER, ANY_ONE
from services.matcher.packed_batches import Keys

_SYMBOL = (1 << BITS) - 1

Places = tuple[int, int, int]
Placed = tuple[int, int]
"""Where a partial plate's known characters lie if its `*` cover so and so many: a mask, and the packed key under it."""


class PartialPlates:
    """The rows of entries by the places of their known characters.

    Each placing goes into the table of the first three places that are known to it, or of three that a table is there
    for: few tables serve a thousand partial plates, and a batch of keys is looked up in each at once.
    """

    def __init__(self) -> None:
        self._tables: dict[Places, _Table] = {}

    def add(self, row: int, partial: str) -> None:
        """Adds the row of an entry with this partial plate."""
        for placed in placings(partial):
            known = _known(placed)
            places = next((one for one in self._tables if set(one) <= set(known)), (known[0], known[1], known[2]))
            self._tables.setdefault(places, _Table(places)).add(row, placed)

    def remove(self, row: int, partial: str) -> None:
        """Removes a row that was added with this partial plate."""
        for placed in placings(partial):
            known = set(_known(placed))
            for places, table in list(self._tables.items()):
                if set(places) <= known and table.remove(row, placed) and table.is_empty:
                    del self._tables[places]

    def rows(self, key: int) -> Iterator[int]:
        """The rows whose known characters are a key's; a row may come more than once."""
        return (row for table in self._tables.values() for row in table.rows(key))

    def may_have(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key whether it has the known characters of any entry."""
        found = np.zeros(len(keys), dtype=np.bool_)
        for table in self._tables.values():
            for at in np.flatnonzero(table.may_have(keys)):
                found[at] = found[at] or any(True for _ in table.rows(int(keys[at])))
        return found


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
            mask |= _SYMBOL << _shift(at)
            value |= (packed_key(character) >> _shift(0)) << _shift(at)
    return mask, value


def _known(placed: Placed) -> list[int]:
    """The places of the known characters: where more is asked than that the plate has ended."""
    return [place for place in range(PLATE_LENGTH_MAX) if (placed[1] >> _shift(place)) & _SYMBOL]


def _shift(place: int) -> int:
    return BITS * (PLATE_LENGTH_MAX - 1 - place)


class _Table:
    """Placings by the characters in three places."""

    def __init__(self, places: Places) -> None:
        self._shifts = tuple(_shift(place) for place in places)
        self._by_code: dict[int, list[tuple[Placed, int]]] = {}
        self._there = np.zeros(1 << (3 * BITS), dtype=np.bool_)

    @property
    def is_empty(self) -> bool:
        return not self._by_code

    def add(self, row: int, placed: Placed) -> None:
        code = self._code(placed[1])
        self._by_code.setdefault(code, []).append((placed, row))
        self._there[code] = True

    def remove(self, row: int, placed: Placed) -> bool:
        code = self._code(placed[1])
        there = self._by_code.get(code, [])
        if (placed, row) not in there:
            return False
        there.remove((placed, row))
        if not there:
            del self._by_code[code]
            self._there[code] = False
        return True

    def rows(self, key: int) -> Iterator[int]:
        return (row for (mask, value), row in self._by_code.get(self._code(key), ()) if key & mask == value)

    def may_have(self, keys: Keys) -> NDArray[np.bool_]:
        symbol = np.uint64(_SYMBOL)
        codes = np.zeros(len(keys), dtype=np.uint64)
        for shift in self._shifts:
            codes = (codes << np.uint64(BITS)) | ((keys >> np.uint64(shift)) & symbol)
        found: NDArray[np.bool_] = self._there[codes]
        return found

    def _code(self, key: int) -> int:
        code = 0
        for shift in self._shifts:
            code = code << BITS | (key >> shift) & _SYMBOL
        return code

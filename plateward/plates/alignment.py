"""A listed plate above a read one: which character stands for which, where one has more than the other."""

from functools import lru_cache

from plateward.contracts.hits import CharacterComparison, Verdict
from plateward.plates.confusion import confusable, match_key
from plateward.plates.patterns import ANY_NUMBER, ANY_ONE

_COSTS: dict[Verdict, int] = {"agrees": 0, "open": 0, "confusable": 1, "differs": 10, "inserted": 25, "lost": 25}
"""Losing one character and inserting another costs more than two that differ: places are kept where they can be."""

Aligned = tuple[int, tuple[CharacterComparison, ...]]


def align(listed: str, read: str) -> tuple[CharacterComparison, ...]:
    """Every character of both plates in order, paired so that as much as possible agrees.

    A `*` stands above each character that it covers, and is left out where it covers none.
    """
    if match_key(listed) == match_key(read):
        # As most hits are; the search below takes a hundred times as long.
        return tuple(_pair(ours, theirs, _verdict(ours, theirs)) for ours, theirs in zip(listed, read, strict=True))
    return _best(listed, read)[1]


@lru_cache(maxsize=4096)
def _best(listed: str, read: str) -> Aligned:
    if not listed and not read:
        return 0, ()
    ways = []
    if listed.startswith(ANY_NUMBER):
        ways.append(_best(listed[1:], read))
        if read:
            ways.append(_with(listed[0], read[0], "open", _best(listed, read[1:])))
    elif listed and read:
        ways.append(_with(listed[0], read[0], _verdict(listed[0], read[0]), _best(listed[1:], read[1:])))
    if read:
        ways.append(_with("", read[0], "inserted", _best(listed, read[1:])))
    if listed and not listed.startswith(ANY_NUMBER):
        ways.append(_with(listed[0], "", "lost", _best(listed[1:], read)))
    return min(ways, key=lambda way: way[0])


def _with(listed: str, read: str, verdict: Verdict, rest: Aligned) -> Aligned:
    cost, characters = rest
    return cost + _COSTS[verdict], (_pair(listed, read, verdict), *characters)


def _pair(listed: str, read: str, verdict: Verdict) -> CharacterComparison:
    return CharacterComparison(listed=listed, read=read, verdict=verdict)


def _verdict(listed: str, read: str) -> Verdict:
    if listed == ANY_ONE:
        return "open"
    if listed == read:
        return "agrees"
    return "confusable" if confusable(listed, read) else "differs"

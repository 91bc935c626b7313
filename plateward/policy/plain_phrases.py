"""How names, numbers and enumerations read in a sentence."""

from collections.abc import Iterable


def joined(words: Iterable[str]) -> str:
    """An enumeration: a, b and c."""
    return _listed(words, "and")


def any_of(words: Iterable[str]) -> str:
    """A choice: a, b or c; nobody where there is none."""
    return _listed(words, "or") or "nobody"


def the(titles: Iterable[str]) -> str:
    """A choice of titles: the A or the B; nobody where there is none."""
    return any_of(f"the {title}" for title in titles)


def days(number: int) -> str:
    """A number of days, in years where it is whole ones."""
    for unit, length in (("year", 365), ("day", 1)):
        if number % length == 0:
            count = number // length
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    raise AssertionError("every number is a number of days")


def spoken(name: str) -> str:
    """A name of the code as words: `stolen-vehicle`, `case_number`."""
    return name.replace("-", " ").replace("_", " ")


def _listed(words: Iterable[str], last: str) -> str:
    *others, final = list(words) or [""]
    return f"{', '.join(others)} {last} {final}" if others else final

"""Partial plates: `?` is one character that is not known, `*` any number of them (Flagstaff 317.5.3)."""

import re
from functools import lru_cache

from plateward.plates.confusion import CONFUSION_CLASSES

ANY_ONE = "?"
ANY_NUMBER = "*"

_CLASS = {character: f"[{group}]" for group in CONFUSION_CLASSES for character in group}
_OPEN = {ANY_ONE: "[A-Z0-9]", ANY_NUMBER: "[A-Z0-9]*"}


def is_partial(plate: str) -> bool:
    """Whether a listed plate leaves characters open."""
    return ANY_ONE in plate or ANY_NUMBER in plate


def fits(partial: str, plate: str) -> bool:
    """Whether a plate could be the partial one, its known characters taken as a reader could confuse them."""
    return _expression(partial).fullmatch(plate) is not None


@lru_cache(maxsize=4096)
def _expression(partial: str) -> re.Pattern[str]:
    return re.compile("".join(_OPEN.get(one) or _CLASS.get(one, one) for one in partial))

"""Partial plates: `?` is one character that is not known, `*` any number of them (Flagstaff 317.5.3)."""

import re
from functools import lru_cache

from plateward.plates.confusion import CONFUSION_CLASSES
from plateward.plates.normalise import PLATE_LENGTH_MAX, NotAPlate, normalise

ANY_ONE = "?"
ANY_NUMBER = "*"
KNOWN_AT_LEAST = 3
STARS_AT_MOST = 2

_CLASS = {character: f"[{group}]" for group in CONFUSION_CLASSES for character in group}
_OPEN = {ANY_ONE: "[A-Z0-9]", ANY_NUMBER: "[A-Z0-9]*"}


def is_partial(plate: str) -> bool:
    """Whether a listed plate leaves characters open."""
    return ANY_ONE in plate or ANY_NUMBER in plate


def fits(partial: str, plate: str) -> bool:
    """Whether a plate could be the partial one, its known characters taken as a reader could confuse them."""
    return _expression(partial).fullmatch(plate) is not None


def normalise_listed(text: str) -> str:
    """A plate as it is to be looked for, whole or partial, in its one spelling; raises NotAPlate."""
    partial = re.sub(r"\*+", ANY_NUMBER, re.sub(r"[\s.\-]", "", text.upper()))
    if not is_partial(partial):
        return normalise(text)
    known = normalise(partial)
    if len(known) < KNOWN_AT_LEAST:
        raise NotAPlate(f"plate: names {len(known)} characters, a partial one must name {KNOWN_AT_LEAST}")
    if re.sub(r"[?*]", "", partial) != known:
        raise NotAPlate("plate: a partial one has letters, digits, ? for one character and * for any number")
    if len(partial) > PLATE_LENGTH_MAX or partial.count(ANY_NUMBER) > STARS_AT_MOST:
        raise NotAPlate(f"plate: a partial one has at most {PLATE_LENGTH_MAX} signs, {STARS_AT_MOST} of them *")
    return partial


@lru_cache(maxsize=4096)
def _expression(partial: str) -> re.Pattern[str]:
    return re.compile("".join(_OPEN.get(one) or _CLASS.get(one, one) for one in partial))

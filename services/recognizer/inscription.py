"""What a line says, and how often such an inscription is a plate's number, before looking at what it is on.

Declared, not fitted: rendered scenes know nothing of how often a road shows a word, a fleet number or a badge.
"""

import re
from enum import Enum
from functools import cache
from pathlib import Path

import yaml

from services.recognizer.syntax import Syntax

WORDS_FILE = Path(__file__).with_name("common_print.yaml")

TIME_STAMP = re.compile(
    r"(?<![A-Za-z\d])(\d{1,2}:\d{2}(?![A-Za-z\d])|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?![A-Za-z\d])|20\d\d([-/.])\d\d\2)"
)
"""A date or a time; of one that begins as only a date does, the rest may be misread or cut off."""

_LETTERS = re.compile("[A-Z]{4,}")

_ISSUED_LENGTH = 6
"""Of shorter numbers in an issued format there are many on roads: engines' sizes, exits, models."""
_PERSONAL_LENGTH = 5
_LONG_WORD = 6
"""A word so long is known by its other characters if one is misread."""

_LOWER_CASE, _SYMBOL, _AS_TIME_STAMP = 0.05, 0.4, 0.001
"""How much rarer plates are among what is printed in lower case, with a further symbol, or as a date or a time."""


class Inscription(Enum):
    """Kinds of inscription; the value is how many of them are plates for each one that is none."""

    ISSUED = 20.0
    """Letters and digits in a format that somebody issues."""
    SHORT_ISSUED = 1.0
    """The same, with fewer characters than nearly all plates have."""
    PERSONAL = 3.0
    """Letters and digits in no known format: special and personal plates, but exits and models as well."""
    RESPELLED = 0.5
    """Digits alone, unless one of them is the letter that it looks like, for the sake of a known format."""
    SHORT = 0.2
    """Four letters and digits in no known format."""
    FIGURE = 0.15
    """Digits alone: some states issue them, but clocks, telephone and fleet numbers are the more frequent."""
    WORD = 0.03
    """Letters alone."""
    LABEL = 0.05
    """A word that signs and vehicles say, with a number: an exit, a distance, a model."""
    KNOWN_WORD = 0.0003
    """A word that signs, vehicles and plates' own frames say."""


def inscription_of(text: str, printed: str, syntax: Syntax) -> Inscription:
    """The kind of what is spelled `text` and was read as `printed`."""
    if text.isdigit():
        return Inscription.FIGURE
    if text.isalpha():
        return Inscription.KNOWN_WORD if _is_known(text) else Inscription.WORD
    if not any(character.isalpha() for character in printed):
        return Inscription.RESPELLED
    if any(_is_known(word) for word in _LETTERS.findall(text)):
        return Inscription.LABEL
    if syntax.knows(text):
        return Inscription.ISSUED if len(text) >= _ISSUED_LENGTH else Inscription.SHORT_ISSUED
    return Inscription.PERSONAL if len(text) >= _PERSONAL_LENGTH else Inscription.SHORT


def odd_print(printed: str) -> tuple[bool, int]:
    """What plates seldom have: whether it is in lower case, and how many symbols; one may part a plate's two groups."""
    lower_case = sum(character.islower() for character in printed)
    symbols = sum(not (character.isalnum() or character.isspace()) for character in printed)
    return lower_case > 1, max(0, symbols - 1)


def odds(text: str, printed: str, confidence: float, syntax: Syntax) -> float:
    """How many lines like this one are plates for each that is none: a line `printed` so, spelled `text`.

    `confidence` is the mean probability of its characters: what is misread anywhere may be anything.
    """
    lower_case, symbols = odd_print(printed)
    return (
        inscription_of(text, printed, syntax).value
        * confidence ** len(text)
        * (_LOWER_CASE if lower_case else 1)
        * _SYMBOL**symbols
        * (_AS_TIME_STAMP if TIME_STAMP.search(printed) else 1)
    )


def _is_known(word: str) -> bool:
    return not _known_words().isdisjoint(_but_one(word))


def _but_one(word: str) -> set[str]:
    """The word, and if it is long with each character left open."""
    open_at = range(len(word)) if len(word) >= _LONG_WORD else ()
    return {word, *(f"{word[:at]}?{word[at + 1 :]}" for at in open_at)}


@cache
def _known_words() -> frozenset[str]:
    lists = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    words = (str(word) for several in lists.values() for word in several.split())
    return frozenset(variant for word in words for variant in _but_one(word))

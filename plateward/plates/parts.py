"""Plates of which only a part is known: `?` stands for one character, `*` for any number, and none, of them.

A pattern is looked up by grams of the match key: a character and its place from the front or from the end, or two or
three characters that follow each other. What the grams find, the pattern itself then verifies.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from plateward.plates.confusion import match_key
from plateward.plates.normalise import PLATE_LENGTH_MAX, NotAPlate, normalise

ANY_ONE, ANY_MANY = "?", "*"

GRAMS_MAX = 4
"""The most grams that one look-up asks for: a fifth costs more than it still sorts out."""


@dataclass(frozen=True, slots=True)
class PlatePattern:
    """A plate or a part of one, as `parse_pattern` spells it."""

    text: str

    @property
    def is_whole(self) -> bool:
        """Whether every character is known."""
        return ANY_ONE not in self.text and ANY_MANY not in self.text

    @property
    def known(self) -> int:
        """How many characters are known."""
        return sum(character not in (ANY_ONE, ANY_MANY) for character in self.text)

    @property
    def folded(self) -> "PlatePattern":
        """The pattern of the match keys: it takes in what a reader could confuse with this one."""
        return PlatePattern(match_key(self.text))

    @property
    def like(self) -> str:
        """The pattern as SQL's LIKE takes it."""
        return self.text.replace(ANY_ONE, "_").replace(ANY_MANY, "%")

    @property
    def prefix(self) -> str:
        """The characters known from the front on."""
        return re.split(r"[?*]", self.text, maxsplit=1)[0]

    def matches(self, plate: str) -> bool:
        """Whether the plate is of this pattern, letter by letter."""
        return re.fullmatch(self.text.replace(ANY_ONE, ".").replace(ANY_MANY, ".*"), plate) is not None

    def grams(self) -> tuple[str, ...]:
        """The grams that sort out most, at most four; the SQL function `plate_grams` gives those of a whole plate."""
        runs = re.findall(r"[A-Z0-9]+", self.text)
        triples = [run[at : at + 3] for run in runs for at in range(len(run) - 2)]
        pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
        pairs = [pair for pair in pairs if not any(pair in triple for triple in triples)]
        covered = "".join(triples + pairs)
        places = [gram for gram in _placed(self.text) if gram[1] not in covered]
        letters, digits = [g for g in places if g[1].isalpha()], [g for g in places if g[1].isdigit()]
        return tuple(dict.fromkeys(triples + pairs + letters + digits))[:GRAMS_MAX]


def parse_pattern(text: str) -> PlatePattern:
    """The pattern in capitals and digits, without what people put between them; raises NotAPlate."""
    folded = unicodedata.normalize("NFKD", text)
    pieces = [_normalised(piece) for piece in re.split(r"([?*])", folded)]
    pattern = re.sub(r"\*+", ANY_MANY, "".join(pieces))
    if not pattern:
        raise NotAPlate("plate: has no letter or digit")
    if len(pattern.replace(ANY_MANY, "")) > PLATE_LENGTH_MAX:
        raise NotAPlate(f"plate: has more than {PLATE_LENGTH_MAX} characters")
    return PlatePattern(pattern)


def _normalised(piece: str) -> str:
    if piece in (ANY_ONE, ANY_MANY):
        return piece
    # What is only spaces or hyphens between two wildcards is nothing; a letter of another alphabet is refused.
    return normalise(piece) if any(character.isalnum() for character in piece) else ""


def _placed(text: str) -> Iterator[str]:
    """Characters whose place is known: from the front up to the first `*`, from the end back to the last one."""
    front, _, _ = text.partition(ANY_MANY)
    yield from (chr(ord("a") + at) + one for at, one in enumerate(front) if one != ANY_ONE)
    if ANY_MANY in text:
        end = text.rpartition(ANY_MANY)[2]
        yield from (chr(ord("n") + at) + one for at, one in enumerate(reversed(end)) if one != ANY_ONE)

"""How plates are spelled: which formats are probable, and which look-alike would make a spelling one of them."""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby, product

from services.recognizer.formats import BY_REGION

REGIONS = tuple(BY_REGION)

DIGITS_LIKE: Mapping[str, str] = {
    "A": "4",
    "B": "8",
    "D": "0",
    "G": "6",
    "I": "1",
    "J": "1",
    "L": "1",
    "O": "0",
    "Q": "0",
    "S": "5",
    "T": "7",
    "U": "0",
    "Z": "2",
}
"""The digit that a letter may really be."""

LETTERS_LIKE: Mapping[str, str] = {
    digit: "".join(letter for letter, like in DIGITS_LIKE.items() if like == digit)
    for digit in sorted(set(DIGITS_LIKE.values()))
}
"""The letters that a digit may really be."""

SHORTEST, LONGEST = 4, 8
"""Characters on a plate, as far as the formats know."""

_MOST_SWAPS = 3

_LIGHTEST, _HEAVIEST = 2.0, 3.5


def template_of(text: str) -> str:
    """The format a spelling has: L for each letter, D for each digit."""
    return "".join("D" if character.isdigit() else "L" for character in text)


class Syntax:
    """The formats of the regions whose plates are expected."""

    def __init__(self, regions: Collection[str] = REGIONS) -> None:
        """Expect the plates of `regions` ("us", "eu", "br").

        Raises ValueError for a region whose formats are not known.
        """
        unknown = set(regions) - set(REGIONS)
        if unknown or not regions:
            raise ValueError(f"No plate formats for {sorted(unknown)}: known are {', '.join(REGIONS)}")
        self.weights = _weights(regions)

    def knows(self, text: str) -> bool:
        """Whether somebody issues plates spelled like this."""
        return template_of(text) in self.weights

    def commonness(self, text: str) -> float:
        """How usual the format of a spelling is: 0 if unknown, else 0.8 (rare) to 1 (a region's only)."""
        weight = self.weights.get(template_of(text))
        return 0.0 if weight is None else 1 - (_HEAVIEST - weight) / (_HEAVIEST - _LIGHTEST) / 5

    def prior(self, text: str) -> float:
        """How probable a spelling is before looking at the picture, as a logarithm up to a constant.

        A plate has 5 to 7 characters; one in no known format changes between letters and digits once, if at all.
        """
        template = template_of(text)
        changes = len(list(groupby(template))) - 1
        weight = self.weights.get(template, -0.4 * max(0, changes - 1))
        if SHORTEST < len(text) < LONGEST:
            return weight
        return weight - (1.0 if SHORTEST <= len(text) <= LONGEST else 4.0)

    def respellings(self, text: str) -> Iterator[str]:
        """The spellings in a known format that differ from `text` in at most three look-alikes."""
        spelled = template_of(text)
        for template in self.weights:
            wrong = [at for at, (has, wants) in enumerate(zip(spelled, template, strict=False)) if has != wants]
            if len(template) != len(text) or not 0 < len(wrong) <= _MOST_SWAPS:
                continue
            for likes in product(*(_look_alikes(text[at]) for at in wrong)):
                characters = list(text)
                for at, like in zip(wrong, likes, strict=True):
                    characters[at] = like
                yield "".join(characters)


def _look_alikes(character: str) -> str:
    return DIGITS_LIKE.get(character, "") or LETTERS_LIKE.get(character, "")


def _weights(regions: Collection[str]) -> dict[str, float]:
    """Weigh each format by how many of a region's issuing authorities use it.

    Half the logarithm of its share: the shares of authorities say little about the shares of vehicles. Even the
    rarest weighs 2, since nearly all plates on the road are in a format: vanity plates are few, and of many shapes.
    """
    weights: dict[str, float] = {}
    for region in regions:
        used = Counter(template for templates in BY_REGION[region].values() for template in templates)
        for template, authorities in used.items():
            weight = max(_LIGHTEST, _HEAVIEST + 0.5 * math.log(authorities / used.total()))
            weights[template] = max(weight, weights.get(template, 0.0))
    return weights

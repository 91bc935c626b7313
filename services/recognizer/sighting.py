"""One place of a frame where a plate may be, and every look that was had at it."""

from collections.abc import Iterable, Sequence

from services.recognizer.candidates import candidates
from services.recognizer.ctc import greedy
from services.recognizer.engine import Box, PlateFound
from services.recognizer.plate_lines import Line, clearest, plate_score
from services.recognizer.plate_test import plateness
from services.recognizer.syntax import Syntax

Sighting = tuple[Line, ...]
"""The looks at one place, the first first."""

MOST_PLATES = 8
"""Places of a frame that are spelled out, and told if they are plates."""

_SAME_PLACE = 0.4
"""The share of the smaller box that two boxes of one plate have in common, at the least."""


def likely(lines: Iterable[Line], syntax: Syntax, most: int) -> list[Line]:
    """The `most` lines that look most like plates, the likeliest first, before anything is spelled out."""
    return sorted(lines, key=lambda line: -plate_score(line, greedy(line.matrix), syntax))[:most]


def gathered(sightings: Iterable[Sighting], lines: Sequence[Line]) -> list[Sighting]:
    """The sightings with each line of another look added to the one at its place, or as one of its own."""
    together = list(sightings)
    before = len(together)
    for line in lines:
        at = next((at for at in range(before) if same_place(together[at][0].box, line.box)), None)
        if at is None:
            together.append((line,))
        else:
            together[at] = (*together[at], line)
    return together


def spelled_out(sighting: Sighting, syntax: Syntax) -> PlateFound:
    """The plate of a sighting, its looks counted alike."""
    spellings = candidates([look.matrix for look in sighting], syntax)
    text = spellings[0].text
    seen_best, character_confidences = clearest(sighting, text)
    score = sum(plate_score(look, text, syntax) for look in sighting) / len(sighting)
    return PlateFound(
        text=text,
        confidence=spellings[0].confidence,
        character_confidences=character_confidences,
        candidates=spellings,
        box=seen_best.box,
        score=score,
        plateness=plateness(sighting, text, syntax),
    )


def best_apart(plates: Iterable[PlateFound]) -> list[PlateFound]:
    """The plates, the likeliest first, without those that lie on one that is spelled more like a plate."""
    kept: list[PlateFound] = []
    for plate in sorted(plates, key=lambda plate: -plate.score):
        if not any(same_place(other.box, plate.box) for other in kept):
            kept.append(plate)
    return sorted(kept, key=lambda plate: -plate.plateness)


def same_place(one: Box, other: Box) -> bool:
    """Whether two boxes are of one thing: they have much of the smaller one in common."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return across > 0 and down > 0 and across * down >= _SAME_PLACE * min(one[2] * one[3], other[2] * other[3])

"""Which of a picture's text lines is a licence plate."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.recognizer.ctc import Matrix, character_confidences, greedy, log_probabilities
from services.recognizer.engine import Box, PlateFound
from services.recognizer.ground import NO_GROUND, Ground
from services.recognizer.inscription import TIME_STAMP, odd_print
from services.recognizer.syntax import LONGEST, SHORTEST, Syntax

PLATE_SCORE = 1.5
"""The score from which a line is spelled so much like a plate that it is looked at again where it is unsure. Whether it
is told as one is for the plate test to say."""

_SURE_CONFIDENCE, _SURE_SCORE = 0.95, 1.6
"""A read that reaches both is left alone. Confidence alone stops at the wrong line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a picture, as one look of the recogniser saw it.

    `printed` is the line with its symbols and its case, `confidence` the mean probability of its characters,
    `height` that of the line in pixels of the frame, whatever its slant. `rows` is 2 for the two rows of a motorcycle's
    plate, joined. `ground` is what the line stands on, the upper one of two.
    `neighbours` are lines as high right above or below it, counted up to two: a sign has them, a plate mostly not.
    """

    matrix: Matrix
    printed: str
    confidence: float
    height: float
    box: Box
    rows: int = 1
    ground: Ground = NO_GROUND
    neighbours: int = 0


def may_be_plate(line: Line) -> bool:
    """Whether a line is worth spelling out: whether it has a plate's length.

    Not refused for being all digits: a D is read as 0, and then the syntax has still to say so.
    """
    return SHORTEST <= len(greedy(line.matrix)) <= LONGEST


def plate_score(line: Line, text: str, syntax: Syntax) -> float:
    """How much a line, spelled `text`, looks like a plate: from about 2 down to below 0.

    Confidence alone is no test: a street sign is read as surely as a plate. Letters beside digits, a known
    format and size speak for a plate; lower case, symbols and the look of a time stamp against. Digits alone are
    nearly always a clock or a speed burnt into the frame, or a number on a wall.
    """
    has_digit = any(character.isdigit() for character in text)
    has_letter = any(character.isalpha() for character in text)
    lower_case, symbols = odd_print(line.printed)
    return (
        line.confidence
        + 0.25 * has_digit
        + 0.25 * (has_digit and has_letter)
        + 0.25 * syntax.commonness(text)
        + 0.1 * math.log(max(line.height, 1.0) / 20)
        - 0.25 * text.isdigit()
        - 0.25 * lower_case
        - 0.1 * symbols
        - 1.0 * bool(TIME_STAMP.search(line.printed))
    )


def is_sure(plate: PlateFound) -> bool:
    """Whether a second look could hardly add anything."""
    return plate.confidence >= _SURE_CONFIDENCE and plate.score >= _SURE_SCORE


def clearest(looks: Sequence[Line], text: str) -> tuple[Line, tuple[float, ...]]:
    """The look that shows `text` best, and how clearly it shows each of its characters."""
    look = max(looks, key=lambda each: log_probabilities(each.matrix, [text])[0])
    return look, character_confidences(look.matrix, text)

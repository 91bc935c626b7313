"""Lines of a frame, found by a detector and read one by one: what every engine does in the same way."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from services.recognizer.adapters.line_geometry import (
    Quadrilateral,
    bounding_box,
    is_readable,
    joined_row,
    size,
    stretched,
    surroundings,
    with_its_ground,
)
from services.recognizer.ctc import CharacterSet, greedy
from services.recognizer.engine import Image
from services.recognizer.ground import NO_GROUND, ground_of
from services.recognizer.neighbours import with_neighbours
from services.recognizer.plate_lines import Line
from services.recognizer.syntax import LONGEST

Locate: TypeAlias = Callable[[Image, int], list[Quadrilateral]]
"""Finds the lines of text of a picture whose longer side is scaled to so many pixels."""

Recognise: TypeAlias = Callable[[Image], npt.NDArray[np.float32]]
"""Gives a row a time step and a column a character for a line 48 pixels high; column 0 is nothing."""

MOST_LINES = 32
"""Lines read of one look: a frame full of print must not hold up the others."""

_CLOSER_PX = 384
_CLOSER_MARGIN = 1.2
"""How much around a line the closer look takes in, in heights of the line."""


class LineReader:
    """Reads lines of text for the domain to judge."""

    def __init__(self, recognise: Recognise, characters: CharacterSet) -> None:
        """Take a recogniser and what its columns stand for."""
        self._recognise, self._characters = recognise, characters

    def lines(self, image: Image, locate: Locate, longest_px: int) -> list[Line]:
        """The readable lines of a frame, the highest first."""
        readable = [corners for corners in locate(image, longest_px) if is_readable(corners)]
        readable.sort(key=lambda corners: -size(corners)[1])
        return with_neighbours([self.read(image, corners) for corners in readable[:MOST_LINES]])

    def closer(self, image: Image, line: Line, locate: Locate) -> Line | None:
        """A line looked at again from closer, which finds its ends anew; None if it is not found again."""
        cut, origin = surroundings(image, line.box, _CLOSER_MARGIN * line.height)
        pieces = [(corners + origin).astype(np.float32) for corners in locate(cut, _CLOSER_PX)]
        corners = joined_row(pieces, line.box)
        if corners is None or not is_readable(corners):
            return None
        return replace(self.read(image, corners), neighbours=line.neighbours)

    def read(self, image: Image, corners: Quadrilateral) -> Line:
        """What is written inside a quadrilateral of a frame."""
        probabilities = self._recognise(stretched(image, corners))
        printed, matrix = self._characters.printed(probabilities), self._characters.plate_matrix(probabilities)
        return Line(
            matrix=matrix,
            printed=printed.text,
            confidence=printed.confidence,
            height=size(corners)[1],
            box=bounding_box(corners),
            # A millisecond, that a sentence is not worth.
            ground=ground_of(with_its_ground(image, corners)) if len(greedy(matrix)) <= LONGEST else NO_GROUND,
        )

"""Reads what a plate says around its number, where it is large enough to be read."""

import cv2
import numpy as np

from services.recognizer.adapters.line_geometry import size, straightened
from services.recognizer.adapters.line_reader import Locate, Recognise
from services.recognizer.ctc import CharacterSet
from services.recognizer.engine import Box, Image
from services.recognizer.states import state_of

LEAST_NUMBER_PX = 130
"""The width of a number, ten inches of a plate, from which the words around it, three quarters of an inch high, are
ten pixels high: fewer are a blur, and looking at it would cost as much as half a look at the frame."""

_PATCH_PX = 480
_ABOVE, _BESIDE = 0.9, 0.15
"""What of the plate lies above and below its number, in the number's heights; and beside it, in its widths."""
_LOWEST_PX = 6
_NARROWEST, _WIDEST = 0.8, 40.0
_MOST_LINES = 10


class StateReader:
    """Names the state of issue that a plate itself names."""

    def __init__(self, locate: Locate, recognise: Recognise, characters: CharacterSet) -> None:
        """Take a detector, a recogniser, and what its columns stand for."""
        self._locate, self._recognise, self._characters = locate, recognise, characters

    def state_around(self, image: Image, number: Box) -> str | None:
        """The state of the plate around a number in a frame; None if it is unknown, or too small to be read."""
        x, y, width, height = number
        if width < LEAST_NUMBER_PX:
            return None
        left, right = max(0, round(x - _BESIDE * width)), round(x + (1 + _BESIDE) * width)
        top, bottom = max(0, round(y - _ABOVE * height)), round(y + (1 + _ABOVE) * height)
        return self.state_on(image[top:bottom, left:right])

    def state_on(self, plate: Image) -> str | None:
        """The state that the picture of a plate names; None if it names none."""
        scale = _PATCH_PX / plate.shape[1]
        enlarged = np.asarray(cv2.resize(plate, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
        found = [corners for corners in self._locate(enlarged, _PATCH_PX) if _is_legible(*size(corners))]
        found.sort(key=lambda corners: float(corners[:, 1].mean()))
        lines = [self._recognise(straightened(enlarged, corners)) for corners in found[:_MOST_LINES]]
        return state_of(self._characters.printed(line).text for line in lines)


def _is_legible(width: float, height: float) -> bool:
    return height >= _LOWEST_PX and _NARROWEST <= width / height <= _WIDEST

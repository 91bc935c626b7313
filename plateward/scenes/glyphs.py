"""The dies that press plate characters: thirty-six glyphs as strokes, and the masks they leave.

A glyph is drawn by the centre line of its stroke on a grid ten wide and twenty high, y downwards, the way a
condensed plate die is cut. Characters that readers confuse differ as they do on real plates: 0 is narrow and
straight-sided where O is broad and round, 1 has a flag where I has serifs, B is square on its left where 8 is not.
"""

from functools import lru_cache
from math import cos, radians, sin

import cv2
import numpy as np
import numpy.typing as npt

Stroke = tuple[tuple[float, float], ...]
Mask = npt.NDArray[np.uint8]

GRID_WIDTH, GRID_HEIGHT = 10.0, 20.0
_OVERSAMPLING = 4
_SUBPIXEL_BITS = 4


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Stroke:
    """Points of an elliptical arc about (x, y); degrees from the right, growing clockwise as y grows downwards."""
    steps = max(2, int(abs(end - start) / 9))
    angles = (radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return tuple((x + rx * cos(angle), y + ry * sin(angle)) for angle in angles)


_P_BOWL: Stroke = ((0, 20), (0, 0), (5.2, 0), *_arc(5.2, 5.4, 4.8, 5.4, -90, 90), (0, 10.8))
_O_RING: Stroke = (*_arc(5, 7.6, 5.3, 7.6, -180, 0), *_arc(5, 12.4, 5.3, 7.6, 0, 180), (-0.3, 7.6))

GLYPHS: dict[str, tuple[Stroke, ...]] = {
    "A": (((0, 20), (4.1, 0), (5.9, 0), (10, 20)), ((1.6, 13.4), (8.4, 13.4))),
    "B": (
        ((0, 0), (5.4, 0), *_arc(5.4, 4.75, 4.1, 4.75, -90, 90), (0, 9.5)),
        ((0, 0), (0, 20), (5.4, 20), *_arc(5.4, 14.75, 4.6, 5.25, 90, -90), (0, 9.5)),
    ),
    "C": ((*_arc(5, 5, 5, 5, 0, -180), *_arc(5, 15, 5, 5, 180, 0)),),
    "D": (((0, 0), (4.2, 0), *_arc(4.2, 6, 5.8, 6, -90, 0), *_arc(4.2, 14, 5.8, 6, 0, 90), (0, 20), (0, 0)),),
    "E": (((9.4, 0), (0, 0), (0, 20), (9.6, 20)), ((0, 9.7), (7.6, 9.7))),
    "F": (((9.6, 0), (0, 0), (0, 20)), ((0, 9.9), (7.6, 9.9))),
    "G": ((*_arc(5, 5, 5, 5, 0, -180), *_arc(5, 15, 5, 5, 180, 0), (10, 11), (5.8, 11)),),
    "H": (((0, 0), (0, 20)), ((10, 0), (10, 20)), ((0, 9.8), (10, 9.8))),
    "I": (((5, 0), (5, 20)), ((1.8, 0), (8.2, 0)), ((1.8, 20), (8.2, 20))),
    "J": (((9.4, 0), *_arc(4.7, 15, 4.7, 5, 0, 180), (0, 13.6)),),
    "K": (((0, 0), (0, 20)), ((9.8, 0), (0, 12)), ((3.6, 7.8), (10, 20))),
    "L": (((0, 0), (0, 20), (9.4, 20)),),
    "M": (((0, 20), (0, 0), (5, 11.5), (10, 0), (10, 20)),),
    "N": (((0, 20), (0, 0), (10, 20), (10, 0)),),
    "O": (_O_RING,),
    "P": (_P_BOWL,),
    "Q": (_O_RING, ((5.6, 14.2), (10.2, 20.4))),
    "R": (_P_BOWL, ((4.6, 10.8), (10, 20))),
    "S": ((*_arc(5, 4.85, 4.8, 4.85, -8, -270), *_arc(5, 14.85, 5, 5.15, -90, 172)),),
    "T": (((0, 0), (10, 0)), ((5, 0), (5, 20))),
    "U": (((0, 0), *_arc(5, 15, 5, 5, 180, 0), (10, 0)),),
    "V": (((0, 0), (5, 20), (10, 0)),),
    "W": (((0, 0), (2.1, 20), (5, 7), (7.9, 20), (10, 0)),),
    "X": (((0.2, 0), (9.8, 20)), ((9.8, 0), (0.2, 20))),
    "Y": (((0, 0), (5, 10), (10, 0)), ((5, 10), (5, 20))),
    "Z": (((0, 0), (9.8, 0), (0, 20), (10, 20)),),
    "0": ((*_arc(5, 4.4, 4.0, 4.4, -180, 0), *_arc(5, 15.6, 4.0, 4.4, 0, 180), (1.0, 4.4)),),
    "1": (((1.9, 4.2), (5.6, 0), (5.6, 20)),),
    "2": ((*_arc(5, 5, 4.8, 5, -172, 32), (0.2, 20), (9.8, 20)),),
    "3": ((*_arc(4.8, 4.8, 4.7, 4.8, -165, 90), (3.4, 9.6)), (*_arc(4.7, 14.8, 5.1, 5.2, -90, 165),)),
    "4": (((7.4, 20), (7.4, 0), (0, 14.2), (10, 14.2)),),
    "5": (((9.2, 0), (1.0, 0), (0.6, 9.4), *_arc(4.8, 13.6, 5.1, 6.4, -138, 160)),),
    "6": ((*_arc(5, 5, 4.8, 5, -8, -180), (0.2, 14)), _arc(5, 14.1, 4.8, 5.9, 0, 360)),
    "7": (((0, 0), (9.8, 0), (3.4, 20)),),
    "8": (_arc(5, 4.85, 4.3, 4.85, 0, 360), _arc(5, 14.85, 4.9, 5.15, 0, 360)),
    "9": ((*_arc(5, 15, 4.8, 5, 172, 0), (9.8, 6)), _arc(5, 5.9, 4.8, 5.9, 0, 360)),
    "-": (((1.5, 10.5), (8.5, 10.5)),),
    ".": (((5, 20), (5, 19.8)),),
}
"""Each character's strokes; the hyphen and the full stop serve state names and slogans only."""


@lru_cache(maxsize=4096)
def glyph_mask(character: str, width_px: int, height_px: int, stroke_px: float) -> Mask:
    """The coverage (0 to 255) a character's die leaves on a cell of the given size.

    Raises:
        KeyError: when there is no die for the character.

    """
    scale = _OVERSAMPLING
    canvas = np.zeros((height_px * scale, width_px * scale), np.uint8)
    inset = stroke_px * scale / 2 + 1
    span = np.array([canvas.shape[1] - 2 * inset, canvas.shape[0] - 2 * inset]) / (GRID_WIDTH, GRID_HEIGHT)
    for stroke in GLYPHS[character]:
        points = (np.array(stroke) * span + inset) * (1 << _SUBPIXEL_BITS)
        cv2.polylines(
            canvas,
            [np.rint(points).astype(np.int32).reshape(-1, 1, 2)],
            isClosed=False,
            color=255,
            thickness=max(1, round(stroke_px * scale)),
            shift=_SUBPIXEL_BITS,
        )
    mask = np.asarray(cv2.resize(canvas, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)
    mask.setflags(write=False)
    return mask

"""What colour a vehicle is, from the paint around its plate; unknown rather than guessed.

Colours are the plain words a witness uses. Shades next to each other pass for one: maroon for red, gold for beige. What
is grey, silver or white is told by how light the paint is beside the plate's own ground, so that neither exposure nor
shade decide it. By dusk and by night nothing is told: the sky and the lamps colour everything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.recognizer.engine import Box, Image, VehicleColour

COLOURS = ("black", "grey", "silver", "white", "red", "orange", "brown", "beige", "yellow", "green", "blue")

_UNTOLD = len(COLOURS)
LEAST_CONFIDENCE = 0.65

_ABOVE = (1.6, 4.2)
"""Where paint is to be seen above a number, in its heights, from near to far: a plate of two sizes lies between."""
_BESIDE = (0.32, 0.72)
"""And to its left and right, in its widths: nearer is the plate's recess, farther are the lamps."""
_LEAST_PIXELS = 150
_MOST_PIXELS = 1500

_WHITE = 75.0
"""The lightness below which what is as light as the plate is not told: silver in the sun, or white in the shade."""

_DARK_SCENE = 160.0
"""Grey levels that a twentieth of the frame must reach: at dusk not even the sky does."""


@dataclass(frozen=True, slots=True)
class _Paint:
    """Pixels as lightness (0 to 100), strength of colour, and hue in degrees, as CIE Lab has them."""

    lightness: npt.NDArray[np.float64]
    chroma: npt.NDArray[np.float64]
    hue: npt.NDArray[np.float64]


def vehicle_colour(image: Image, number: Box) -> VehicleColour | None:
    """The colour of the vehicle that carries a number, and how sure that is; None where it cannot be told."""
    if _is_dark(image):
        return None
    patches = [patch for patch in _paint_around(image, number) if len(patch)]
    pixels = np.concatenate(patches) if patches else np.empty((0, 3), np.uint8)
    if len(pixels) < _LEAST_PIXELS:
        return None
    shares = _shares(_lab(pixels), _plate_lightness(image, number))
    best = int(shares.argmax())
    return VehicleColour(COLOURS[best], round(float(shares[best]), 4)) if shares[best] >= LEAST_CONFIDENCE else None


def voted(looks: Sequence[VehicleColour | None]) -> VehicleColour | None:
    """What several looks at one vehicle say together: the colour of most of those that name one."""
    named = [look for look in looks if look is not None]
    sums = {look.name: sum(each.confidence for each in named if each.name == look.name) for look in named}
    if not sums:
        return None
    name = max(sums, key=lambda each: (sums[each], each))
    confidence = sums[name] / len(named)
    return VehicleColour(name, round(confidence, 4)) if confidence >= LEAST_CONFIDENCE else None


def _is_dark(image: Image) -> bool:
    return float(np.percentile(image[::16, ::16].mean(axis=2), 95)) < _DARK_SCENE


def _paint_around(image: Image, number: Box) -> Iterator[npt.NDArray[np.uint8]]:
    """Pixels of the patches above and beside a number, each at most so many, as rows of blue, green, red."""
    x, y, width, height = number
    near, far = _ABOVE
    inner, outer = _BESIDE
    for left, right, top, bottom in (
        (x - 0.1 * width, x + 1.1 * width, y - far * height, y - near * height),
        (x - outer * width, x - inner * width, y - 2 * height, y + 1.2 * height),
        (x + (1 + inner) * width, x + (1 + outer) * width, y - 2 * height, y + 1.2 * height),
    ):
        patch = image[max(0, round(top)) : max(0, round(bottom)), max(0, round(left)) : max(0, round(right))]
        step = max(1, int((patch.shape[0] * patch.shape[1] / _MOST_PIXELS) ** 0.5))
        yield patch[::step, ::step].reshape(-1, 3)


def _plate_lightness(image: Image, number: Box) -> float:
    """How light the plate's ground is: that of its lightest quarter."""
    x, y, width, height = number
    plate = image[max(0, y) : y + height, max(0, x) : x + width].reshape(-1, 3)
    return max(40.0, float(np.percentile(_lab(plate).lightness, 75))) if len(plate) else 100.0


def _shares(paint: _Paint, plate_lightness: float) -> npt.NDArray[np.float64]:
    """Which share of the paint has each colour; what is as dark as glass and shadow counts for little."""
    relative = paint.lightness / plate_lightness
    grey = (paint.chroma < 7 + 0.07 * paint.lightness) | (paint.lightness < 8)
    light = np.where((paint.lightness < _WHITE) | (relative < 0.86), _UNTOLD, COLOURS.index("white"))
    neutral = np.select([relative < 0.33, relative < 0.62, relative < 0.8], [0, 1, 2], light)
    hue = paint.hue % 360
    pale = (paint.chroma < 32) & (relative > 0.5)
    dull = (paint.chroma < 34) & (relative <= 0.62)
    warm = np.select([pale, dull], [COLOURS.index("beige"), COLOURS.index("brown")], -1)
    coloured = np.select(
        [(hue < 42) | (hue >= 330), hue < 72, hue < 105, hue < 200],
        [
            COLOURS.index("red"),
            np.where(warm >= 0, warm, COLOURS.index("orange")),
            np.where(warm >= 0, warm, COLOURS.index("yellow")),
            COLOURS.index("green"),
        ],
        COLOURS.index("blue"),
    )
    named = np.where(grey, neutral, coloured)
    weights = np.where(grey & (relative < 0.33), 0.5, 1.0)
    counts = np.bincount(named, weights=weights, minlength=len(COLOURS) + 1)
    shares: npt.NDArray[np.float64] = (counts / counts.sum())[:_UNTOLD]
    return shares


def _lab(pixels: npt.NDArray[np.uint8]) -> _Paint:
    """Pixels of sRGB in CIE Lab."""
    share = pixels[:, ::-1].astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([(0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)])
    xyz = linear @ to_xyz.T / (0.9505, 1.0, 1.089)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116).T
    a, b = 500 * (x - y), 200 * (y - z)
    return _Paint(116 * y - 16, np.hypot(a, b), np.degrees(np.arctan2(b, a)))

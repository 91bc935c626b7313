"""Quadrilaterals around lines of text: their size, which belong together, and the line cut out upright."""

import math
from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from services.recognizer import ground
from services.recognizer.engine import Box, Image

Quadrilateral: TypeAlias = npt.NDArray[np.float32]
"""Four corners, top left, top right, bottom right, bottom left; each x, y in pixels of the frame."""

LINE_PX = 48
"""Height at which a line is read."""

_WIDTH_STEP_PX = 16
"""Widths of lines that are read are so far apart: an engine prepares itself for each that it meets, and keeps that."""

_LOWEST_PX = 6
_NARROWEST, _WIDEST = 1.2, 14.0


def size(corners: Quadrilateral) -> tuple[float, float]:
    """A line's width and height: the longer of each pair of opposite sides."""
    top_left, top_right, bottom_right, bottom_left = corners
    width = max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left))
    height = max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right))
    return float(width), float(height)


def is_readable(corners: Quadrilateral) -> bool:
    """Whether a line is high enough to be read, and wider than high but not a whole sentence."""
    width, height = size(corners)
    return height >= _LOWEST_PX and _NARROWEST <= width / height <= _WIDEST


def bounding_box(corners: Quadrilateral) -> Box:
    """The upright rectangle around a line."""
    x, y, width, height = cv2.boundingRect(corners)
    return x, y, width, height


def straightened(image: Image, corners: Quadrilateral) -> Image:
    """The line upright, 48 pixels high and as wide as that makes it."""
    width, height = size(corners)
    return _upright(image, corners, round(LINE_PX * width / height))


def stretched(image: Image, corners: Quadrilateral) -> Image:
    """The line upright and a little wider, at one of few widths.

    Stretched to the next width but half a step. At the nearest, four of 106 photographs were lost: narrow print is read
    less well.
    """
    width, height = size(corners)
    return _upright(image, corners, _WIDTH_STEP_PX * math.ceil(LINE_PX * width / height / _WIDTH_STEP_PX + 0.5))


def _upright(image: Image, corners: Quadrilateral, width_px: int) -> Image:
    across = max(LINE_PX, width_px)
    upright = np.array([[0, 0], [across, 0], [across, LINE_PX], [0, LINE_PX]], np.float32)
    projection = cv2.getPerspectiveTransform(corners, upright)
    straight = cv2.warpPerspective(
        image, projection, (across, LINE_PX), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(straight, np.uint8)


def with_its_ground(image: Image, corners: Quadrilateral) -> ground.Patch:
    """The line upright and small, in grey, with what is around it, for `ground.ground_of`."""
    width, height = size(corners)
    across, margin = max(ground.LINE_PX, round(ground.LINE_PX * width / height)), round(ground.MARGIN * ground.LINE_PX)
    line = np.array([[0, 0], [across, 0], [across, ground.LINE_PX], [0, ground.LINE_PX]], np.float32)
    canvas = (across + 2 * margin, ground.LINE_PX + 2 * margin)
    near, (left, top) = surroundings(image, bounding_box(corners), 2 * ground.MARGIN * height)
    shrink = max(1, int(height / ground.LINE_PX))
    if shrink > 1:  # warping alone would look at every n-th pixel only
        near = np.asarray(cv2.resize(near, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA), np.uint8)
    in_near = ((corners - (left, top)) / shrink).astype(np.float32)
    projection = cv2.getPerspectiveTransform(in_near, line + np.float32(margin))
    upright = cv2.warpPerspective(near, projection, canvas, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(upright, cv2.COLOR_BGR2GRAY), np.uint8)


def surroundings(image: Image, box: Box, margin: float) -> tuple[Image, tuple[int, int]]:
    """Cut out a box with `margin` pixels around it, clipped to the image; and where its top left corner lies."""
    x, y, width, height = box
    left, top = max(0, round(x - margin)), max(0, round(y - margin))
    cut = image[top : round(y + height + margin), left : round(x + width + margin)]
    return np.ascontiguousarray(cut), (left, top)


def joined_row(pieces: Sequence[Quadrilateral], box: Box) -> Quadrilateral | None:
    """The tallest of `pieces` inside `box`, together with its neighbours on the same row; None if none is inside.

    A gap between a plate's two groups, or a screw in it, splits one line into two.
    """
    inside = [corners for corners in pieces if _contains(box, corners.mean(axis=0))]
    if not inside:
        return None
    tallest = max(inside, key=lambda corners: size(corners)[1])
    height, middle = size(tallest)[1], tallest[:, 1].mean()
    row = [
        corners
        for corners in pieces
        if abs(corners[:, 1].mean() - middle) < 0.4 * height and size(corners)[1] > 0.5 * height
    ]
    first, last = min(row, key=lambda corners: corners[:, 0].min()), max(row, key=lambda corners: corners[:, 0].max())
    return np.array([first[0], last[1], last[2], first[3]], np.float32)


def _contains(box: Box, point: npt.NDArray[np.float32]) -> bool:
    x, y, width, height = box
    return bool(x <= point[0] <= x + width and y <= point[1] <= y + height)

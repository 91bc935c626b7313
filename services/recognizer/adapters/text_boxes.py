"""Where text is, from a detector's map of probabilities ("differentiable binarization", DB)."""

import cv2
import numpy as np
import numpy.typing as npt

from services.recognizer.adapters.line_geometry import Quadrilateral

_TEXT = 0.3
"""The probability from which a pixel belongs to text."""
_LEAST_MEAN = 0.5
"""The least mean probability of a region that is kept."""
_UNCLIP = 1.6
"""A detector marks the core of a line; the line is this much larger: its area over its perimeter, times this."""
_MOST_REGIONS = 1000
_LEAST_SIDE_PX, _LEAST_GROWN_SIDE_PX = 3.0, 5.0


def text_boxes(probabilities: npt.NDArray[np.float32], size: tuple[int, int]) -> list[Quadrilateral]:
    """The lines of text of a picture `size` (width, height) pixels large, from its map, whatever the map's scale."""
    text = (probabilities > _TEXT).astype(np.uint8)
    outlines, _ = cv2.findContours(text, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    scale = np.array([size[0] / probabilities.shape[1], size[1] / probabilities.shape[0]], np.float32)
    limits = np.array(size, np.float32)
    found: list[Quadrilateral] = []
    for outline in outlines[:_MOST_REGIONS]:
        centre, (width, height), angle = cv2.minAreaRect(outline)
        if min(width, height) < _LEAST_SIDE_PX:
            continue
        core = np.asarray(cv2.boxPoints((centre, (width, height), angle)), np.float32)
        if _mean_inside(probabilities, core) < _LEAST_MEAN:
            continue
        growth = 2 * width * height * _UNCLIP / (2 * (width + height))
        grown = (width + growth, height + growth)
        if min(grown) < _LEAST_GROWN_SIDE_PX:
            continue
        corners = _in_reading_order(np.asarray(cv2.boxPoints((centre, grown, angle)), np.float32)) * scale
        found.append(np.clip(corners, 0, limits).astype(np.float32))
    return found


def _mean_inside(probabilities: npt.NDArray[np.float32], corners: npt.NDArray[np.floating]) -> float:
    height, width = probabilities.shape
    left, top = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)), (width - 1, height - 1)).astype(int)
    inside = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).astype(np.int32)], 1)
    return cv2.mean(probabilities[top : bottom + 1, left : right + 1], inside)[0]


def _in_reading_order(corners: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Top left, top right, bottom right, bottom left."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1], kind="stable")]
    top_right, bottom_right = right[np.argsort(right[:, 1], kind="stable")]
    return np.array([top_left, top_right, bottom_right, bottom_left])

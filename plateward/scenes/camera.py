"""The roadside camera: a low pole, a long lens, and the projection of metres to pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

LENS_HEIGHT_M = 1.55
_FOCAL_OF_WIDTH = 3.44
"""Focal length over picture width: a field of view of 17 degrees."""
_HORIZON = 0.2
_MARGIN_PX = 14.0


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole that looks along the road, its picture shifted so that uprights stay upright.

    The world is in metres: x to the right, y up from the road, z away from the camera.
    """

    width_px: int
    height_px: int
    focal_px: float
    horizon_px: float
    aim_m: float
    """Where across the road the camera looks."""

    def project(self, points: Points) -> Points:
        """Pixels (x, y) of world points, an array of any shape whose last axis is x, y, z."""
        scale = self.focal_px / points[..., 2]
        x = self.width_px / 2 + (points[..., 0] - self.aim_m) * scale
        y = self.horizon_px + (LENS_HEIGHT_M - points[..., 1]) * scale
        return np.stack([x, y], axis=-1)


def aim(size: tuple[int, int], across_m: float, subjects: Sequence[Points]) -> Camera:
    """A camera aimed so far across the road, and if need be zoomed out until every subject lies in its picture."""
    width, height = size
    focal, horizon = width * _FOCAL_OF_WIDTH, height * _HORIZON
    if not subjects:
        return Camera(width, height, focal, horizon, across_m)
    every = np.concatenate([subject.reshape(-1, 3) for subject in subjects])
    sideways = np.abs(every[:, 0] - across_m) / every[:, 2]
    below = (LENS_HEIGHT_M - every[:, 1]) / every[:, 2]
    fitting = min(
        (width / 2 - _MARGIN_PX) / max(float(sideways.max()), 1e-6),
        (height - horizon - _MARGIN_PX) / max(float(below.max()), 1e-6),
    )
    return Camera(width, height, min(focal, fitting), horizon, across_m)

"""Painting solid things onto a picture: patches given in metres, drawn at twice the size and averaged down."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from plateward.scenes.camera import Camera, Points
from plateward.scenes.light import Linear, exposed

Image = npt.NDArray[np.uint8]

_OVERSAMPLING = 2
_SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True)
class Glow:
    """A lit lamp: its outline in pixels of the picture and its linear light, for the bloom around it."""

    outline: Points
    light: Linear


@dataclass(slots=True)
class Brush:
    """Draws on one region of a picture; what was drawn lands in the picture on `finish`."""

    picture: Image
    camera: Camera
    left: int
    top: int
    _layer: Image
    glows: list[Glow] = field(default_factory=list)

    @classmethod
    def over(cls, picture: Image, camera: Camera, extent: Points) -> "Brush":
        """A brush for the region of the picture that the world points of the extent cover."""
        pixels = camera.project(extent).reshape(-1, 2)
        height, width = picture.shape[:2]
        left, top = (
            int(np.clip(edge - 4, 0, size - 2)) for edge, size in zip(pixels.min(0), (width, height), strict=True)
        )
        right, bottom = (
            int(np.clip(edge + 5, 2, size)) for edge, size in zip(pixels.max(0), (width, height), strict=True)
        )
        region = picture[top : max(bottom, top + 2), left : max(right, left + 2)]
        size = (region.shape[1] * _OVERSAMPLING, region.shape[0] * _OVERSAMPLING)
        layer = np.asarray(cv2.resize(region, size, interpolation=cv2.INTER_NEAREST), np.uint8)
        return cls(picture, camera, left, top, layer)

    def facets(self, outlines: Points, light: Linear) -> None:
        """Fill convex outlines of world points (n, corners, 3), in the order given, each with its linear light."""
        pixels = self._fixed(self.camera.project(outlines))
        for outline, colour in zip(pixels, exposed(light).tolist(), strict=True):
            cv2.fillConvexPoly(self._layer, outline, colour, cv2.LINE_8, _SUBPIXEL_BITS)

    def strips(self, outlines: Points, light: Linear) -> None:
        """Fill strips that bend with what they lie on, so that convex they are not; otherwise as `facets`."""
        pixels = self._fixed(self.camera.project(outlines))
        for outline, colour in zip(pixels, exposed(light).tolist(), strict=True):
            cv2.fillPoly(self._layer, [outline], colour, cv2.LINE_8, _SUBPIXEL_BITS)

    def patch(self, outline: Points, light: Linear) -> None:
        """Fill one outline of world points, convex or not."""
        pixels = self._fixed(self.camera.project(outline))
        cv2.fillPoly(self._layer, [pixels], exposed(light).tolist(), cv2.LINE_AA, _SUBPIXEL_BITS)

    def line(self, points: Points, light: Linear, width_m: float) -> None:
        """Draw a line through world points, as wide as that many metres are where it begins."""
        thickness = self._per_metre(points) * width_m
        pixels = self._fixed(self.camera.project(points))
        colour = exposed(light).tolist()
        cv2.polylines(self._layer, [pixels], False, colour, max(1, round(thickness)), cv2.LINE_AA, _SUBPIXEL_BITS)

    def lamp(self, outline: Points, light: Linear) -> None:
        """Note a lit lamp, so that it glows once the picture is whole."""
        self.glows.append(Glow(self.camera.project(outline), light))

    def hang(self, sheet: Image, corners: Points) -> None:
        """Warp a picture onto four world points: upper left, upper right, lower right, lower left."""
        target = self._pixels(self.camera.project(corners))
        low = np.floor(target.min(0)).astype(int).clip(0)
        high = np.minimum(np.ceil(target.max(0)).astype(int) + 1, self._layer.shape[1::-1])
        if (high <= low).any():
            return
        height, width = sheet.shape[:2]
        source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - np.float32(0.5)
        warp = cv2.getPerspectiveTransform(source, (target - low).astype(np.float32))
        spot = np.ascontiguousarray(self._layer[low[1] : high[1], low[0] : high[0]])
        size = (spot.shape[1], spot.shape[0])
        cv2.warpPerspective(sheet, warp, size, spot, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
        self._layer[low[1] : high[1], low[0] : high[0]] = spot

    def width_px(self, corners: Points) -> int:
        """How many pixels of the drawing a sheet between the first two corners is wide."""
        pixels = self._pixels(self.camera.project(corners))
        return max(8, round(float(np.hypot(*(pixels[1] - pixels[0])))))

    def finish(self) -> Sequence[Glow]:
        """Put the drawing into the picture; gives the lamps that glow in it."""
        height, width = (side // _OVERSAMPLING for side in self._layer.shape[:2])
        small = cv2.resize(self._layer, (width, height), interpolation=cv2.INTER_AREA)
        self.picture[self.top : self.top + height, self.left : self.left + width] = small
        return self.glows

    def _per_metre(self, points: Points) -> float:
        return self.camera.focal_px / float(points[0, 2]) * _OVERSAMPLING

    def _pixels(self, picture_px: Points) -> Points:
        return (picture_px - (self.left, self.top)) * _OVERSAMPLING - 0.5

    def _fixed(self, picture_px: Points) -> npt.NDArray[np.int32]:
        return np.rint(self._pixels(picture_px) * (1 << _SUBPIXEL_BITS)).astype(np.int32)

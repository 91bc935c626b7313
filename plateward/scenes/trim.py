"""Laying flat shapes on the tail of a vehicle: patches, shaded ones, glass, lenses and lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plateward.scenes.body import on_tail
from plateward.scenes.brush import Brush
from plateward.scenes.camera import Points
from plateward.scenes.light import Light, Linear, linear
from plateward.scenes.outline import slabs
from plateward.scenes.pose import Pose
from plateward.scenes.traffic import Kind

_BACK = (0.0, 0.15, -1.0)
_PROUD_M = 0.004
_RED_LENS = linear((26, 18, 150))
_LIT_LENS: Linear = np.array((0.025, 0.035, 0.62), np.float32)


@dataclass(frozen=True, slots=True)
class Trim:
    """Draws on one vehicle's tail; outlines give across as a share of the half width, and height in metres."""

    kind: Kind
    pose: Pose
    light: Light
    brush: Brush
    albedo: Linear
    """The paint around what is laid on."""

    def patch(self, outline: Points, albedo: Linear, gloss: float = 0.25) -> None:
        """Lay an even patch."""
        self.brush.patch(self._laid(outline), self.pose.lit(albedo, _BACK, self.light, gloss))

    def shade(self, outline: Points, albedo: Linear, foot: float, head: float, gloss: float = 0.25) -> None:
        """Lay a convex patch whose brightness goes from one factor at its foot to another at its head."""
        strips = slabs(outline, 10)
        change = np.linspace(foot, head, len(strips), dtype=np.float32)[:, None]
        self._strips(strips, self.pose.lit(albedo, _BACK, self.light, gloss) * change)

    def glaze(self, pane: Points) -> None:
        """Lay glass, which mirrors the sky at its head and lets the dark cabin through at its foot."""
        strips = slabs(pane, 16)
        share = np.linspace(0, 1, len(strips), dtype=np.float32)[:, None] ** 1.6
        sky = np.array(self.light.horizon, np.float32) * 0.21 + np.array(self.light.zenith, np.float32) * 0.06
        cabin = np.array(self.light.ambient, np.float32) * 0.028
        self._strips(strips, np.asarray(cabin + (sky - cabin) * share, np.float32))

    def lens(self, outline: Points, strength: float) -> None:
        """Lay a red lens, brightest where its reflector gathers the light, and glowing when it is lit."""
        burning = self.light.tail_lamps * strength
        strips = slabs(outline, 8)
        wave = 0.75 + 0.45 * np.sin(np.linspace(0.3, 2.8, len(strips), dtype=np.float32))[:, None]
        calm = self.pose.lit(_RED_LENS, _BACK, self.light, gloss=0.35)
        self._strips(strips, calm * wave + _LIT_LENS * np.float32(burning) * np.square(wave))
        if burning:
            self.brush.lamp(self._laid(outline), _LIT_LENS * np.float32(burning))

    def line(self, ends: Sequence[tuple[float, float]], brightness: float, width_m: float) -> None:
        """Lay a line between two ends, so many times as bright as the paint."""
        steps = np.linspace(0, 1, 24)[:, None]
        start, end = np.array(ends)
        light = self.pose.lit(self.albedo, _BACK, self.light, 0.1) * np.float32(brightness)
        self.brush.line(self._laid(start + (end - start) * steps), light, width_m)

    def _strips(self, strips: Points, light: Linear) -> None:
        self.brush.strips(self._laid(strips), light)

    def _laid(self, outline: Points) -> Points:
        on_body = on_tail(self.kind, outline[..., 0], outline[..., 1])
        return self.pose.to_world(on_body - np.array((0.0, 0.0, _PROUD_M)))

"""The flank that the camera sees when a vehicle stands at an angle: windows, doors and wheels."""

from dataclasses import dataclass

import numpy as np

from plateward.scenes.body import SHAPES, Shape, flank_begins, flank_ends, on_flank, wheel_face_m
from plateward.scenes.brush import Brush
from plateward.scenes.camera import Points
from plateward.scenes.light import Light, Linear, linear
from plateward.scenes.outline import rounded, slabs
from plateward.scenes.pose import Pose
from plateward.scenes.traffic import Vehicle

_RUBBER = linear((30, 30, 30))
_ALLOY = linear((150, 150, 148))
_BLACK = linear((14, 14, 14))


@dataclass(frozen=True, slots=True)
class Flank:
    """Draws one flank with a brush; side -1 is the vehicle's left, 1 its right."""

    vehicle: Vehicle
    pose: Pose
    light: Light
    brush: Brush
    albedo: Linear
    side: float

    def draw(self) -> None:
        """Draw what the flank carries, from the windows down."""
        shape = SHAPES[self.vehicle.kind]
        self._windows(shape)
        self._doors(shape)
        for axle in shape.axles:
            self._wheel(axle, shape.wheel)

    def visible(self) -> bool:
        """Whether the camera sees this flank at all."""
        return self._openness() > 0.02

    def _openness(self) -> float:
        """How much of its width the flank shows the camera: 0 edge on, 1 face on."""
        middle = self.pose.to_world(np.array([self.side * 0.9, 1.0, 2.0]))
        outward = self.pose.turned_normals(np.array([[self.side, 0.0, 0.0]]))[0]
        towards = middle - (self.brush.camera.aim_m, 1.0, 0.0)
        return -float(towards @ outward) / float(np.linalg.norm(towards))

    def _begins(self, height: float) -> float:
        return flank_begins(self.vehicle.kind, height) + 0.04

    def _ends(self, height: float) -> float:
        return flank_ends(self.vehicle.kind, height) - 0.04

    def _windows(self, shape: Shape) -> None:
        low, high = shape.rear_glass[0] + 0.01, shape.rear_glass[1] - 0.03
        begin, end, pillar = shape.side_glass
        for start, stop in ((begin, pillar - 0.04), (pillar + 0.04, end)):
            foot = (max(start, self._begins(low)), min(stop + (0.2 if stop == end else 0), self._ends(low)))
            head = (max(start, self._begins(high)), min(stop, self._ends(high)))
            pane = rounded([(foot[0], low), (foot[1], low), (head[1], high), (head[0], high)], 0.08)
            strips = slabs(pane, 10)
            share = np.linspace(0, 1, len(strips), dtype=np.float32)[:, None]
            cabin = np.array(self.light.ambient, np.float32) * 0.03
            sky = np.array(self.light.horizon, np.float32) * 0.17
            self.brush.strips(self._laid(strips), np.asarray(cabin + (sky - cabin) * share, np.float32))

    def _doors(self, shape: Shape) -> None:
        begin, end, pillar = shape.side_glass
        sill, belt = shape.sill + 0.14, shape.rear_glass[0]
        light = self.pose.lit(self.albedo, (self.side, 0.1, 0.0), self.light, 0.1)
        rear = max(begin, shape.axles[0] + shape.wheel + 0.1)
        for along in (rear, pillar, end + 0.25):
            self._line([(along, sill), (along, belt)], light * np.float32(0.35), 0.012)
        self._line([(rear, sill), (end + 0.25, sill)], light * np.float32(0.35), 0.012)
        for along in (pillar - 0.3, end - 0.15):
            self._line([(along, belt - 0.12), (along + 0.18, belt - 0.12)], light * np.float32(1.5), 0.026)

    def _wheel(self, axle: float, radius: float) -> None:
        self.brush.patch(self._sector(axle, radius, 1.16, 0, np.pi), self._flat(_BLACK))
        for size, albedo in ((1.0, _RUBBER), (0.68, _ALLOY)):
            self.brush.patch(self._sector(axle, radius, size, 0, 2 * np.pi), self._flat(albedo))
        for spoke in np.linspace(0, 2 * np.pi, 8)[:-1]:
            self.brush.patch(self._sector(axle, radius, 0.58, spoke, spoke + 0.55, hub=0.2), self._flat(_BLACK))

    def _sector(self, axle: float, radius: float, size: float, start: float, end: float, hub: float = 0.0) -> Points:
        """Part of a disc of so many tyre radii about the axle, in the wheel's own upright plane."""
        turn = np.linspace(start, end, 36)
        rim = np.column_stack([np.cos(turn), np.sin(turn)]) * size
        if hub:
            rim = np.concatenate([rim, rim[::-1] * hub / size])
        height = np.maximum(radius * (1 + rim[:, 1]), 0.01)
        outward = wheel_face_m(self.vehicle.kind) * self.side
        return self.pose.to_world(np.column_stack([np.full(len(rim), outward), height, axle + radius * rim[:, 0]]))

    def _flat(self, albedo: Linear) -> Linear:
        return self.pose.lit(albedo, (self.side, 0.0, 0.0), self.light, 0.05)

    def _laid(self, places: Points) -> Points:
        return self.pose.to_world(on_flank(self.vehicle.kind, self.side, places[..., 0], places[..., 1]))

    def _line(self, ends: list[tuple[float, float]], light: Linear, width_m: float) -> None:
        self.brush.line(self._laid(np.array(ends)), light, width_m * min(1.0, 0.2 + 2 * self._openness()))

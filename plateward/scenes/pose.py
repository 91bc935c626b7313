"""Where a vehicle stands on the road, and the light that falls on it there."""

from dataclasses import dataclass

import numpy as np

from plateward.scenes.camera import Points
from plateward.scenes.light import Light, Linear


@dataclass(frozen=True, slots=True)
class Pose:
    """A vehicle's place: where the middle of its tail is, and how far it is turned about it."""

    across_m: float
    distance_m: float
    angle_rad: float

    def to_world(self, points: Points) -> Points:
        """World points of vehicle points, the last axis being x, y, z."""
        world: Points = self._turned(points) + np.array((self.across_m, 0.0, self.distance_m))
        return world

    def lit(self, albedo: Linear, normal: tuple[float, float, float], light: Light, gloss: float = 0.3) -> Linear:
        """Linear light from a patch of the vehicle that faces along the normal (vehicle axes)."""
        facing = self.turned_normals(np.array(normal, np.float32)[None])
        lit: Linear = light.shade(albedo[None], facing, gloss, self.distance_m)[0]
        return lit

    def turned_normals(self, normals: Points | Linear) -> Linear:
        """The vehicle's normals (n, 3) as the world has them, of unit length."""
        turned = self._turned(np.asarray(normals, float))
        return np.asarray(turned / np.linalg.norm(turned, axis=-1, keepdims=True), np.float32)

    def _turned(self, points: Points) -> Points:
        sine, cosine = np.sin(self.angle_rad), np.cos(self.angle_rad)
        x, z = points[..., 0], points[..., 2]
        return np.stack([x * cosine + z * sine, points[..., 1], z * cosine - x * sine], axis=-1)

"""Mounting a plate on a vehicle: where it hangs, its frame, and the light it throws back."""

import numpy as np

from plateward.scenes.body import SHAPES, on_tail
from plateward.scenes.brush import Brush, Image
from plateward.scenes.camera import Points
from plateward.scenes.light import Light, linear
from plateward.scenes.outline import box
from plateward.scenes.plate import HEIGHT_IN, WIDTH_IN, draw_plate
from plateward.scenes.pose import Pose
from plateward.scenes.traffic import Vehicle

_METRES_AN_INCH = 0.0254
PLATE_HALF_M = (WIDTH_IN / 2 * _METRES_AN_INCH, HEIGHT_IN / 2 * _METRES_AN_INCH)
"""Half the plate's width, and half its height."""
_PROUD_M = 0.015
_FRAME_M = 0.012
_BLACK_PLASTIC = linear((44, 43, 42))


def plate_in_world(vehicle: Vehicle, pose: Pose) -> Points:
    """The plate's corners in the world: upper left, upper right, lower right, lower left."""
    half, rise = PLATE_HALF_M
    return pose.to_world(_on_plate(vehicle, np.array([(-half, rise), (half, rise), (half, -rise), (-half, -rise)])))


def mount_plate(brush: Brush, vehicle: Vehicle, pose: Pose, light: Light) -> None:
    """Draw the frame, and in it the plate; raises ValueError for a plate that can't be pressed."""
    half, rise = (measure + _FRAME_M for measure in PLATE_HALF_M)
    frame = pose.to_world(_on_plate(vehicle, box(-half, half, -rise, rise, 0.15)))
    brush.patch(frame, pose.lit(_BLACK_PLASTIC, (0.0, 0.0, -1.0), light))
    corners = plate_in_world(vehicle, pose)
    sheet = draw_plate(vehicle.plate, vehicle.state, brush.width_px(corners))
    brush.hang(_retroreflected(sheet, light), corners)


def _on_plate(vehicle: Vehicle, places: Points) -> Points:
    """Points of the vehicle at places of the plate, metres to the right of its centre and up from it."""
    height = SHAPES[vehicle.kind].plate_height
    tail = on_tail(vehicle.kind, np.zeros(1), np.full(1, height))[0, 2] - _PROUD_M
    return np.column_stack([places[:, 0], places[:, 1] + height, np.full(len(places), tail)])


def _retroreflected(sheet: Image, light: Light) -> Image:
    levels = np.arange(256) * light.retroreflection ** (1 / 2.2)
    return np.asarray(np.rint(levels)[sheet], np.uint8)

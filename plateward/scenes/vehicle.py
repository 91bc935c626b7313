"""Standing a vehicle on the road: shadow, wheels, body, flank and tail, from far to near."""

from collections.abc import Sequence

import cv2
import numpy as np

from plateward.scenes.body import SHAPES, loft, wheel_face_m
from plateward.scenes.brush import Brush, Glow, Image
from plateward.scenes.camera import LENS_HEIGHT_M, Camera, Points
from plateward.scenes.flank import Flank
from plateward.scenes.light import Light, Linear, linear
from plateward.scenes.outline import box
from plateward.scenes.paint import paint
from plateward.scenes.plate_mount import mount_plate
from plateward.scenes.pose import Pose
from plateward.scenes.tail import Tail
from plateward.scenes.traffic import Vehicle
from plateward.scenes.trim import Trim

_UNDERSIDE: Linear = np.array((0.004, 0.004, 0.004), np.float32)
_RUBBER = linear((34, 34, 34))
_SHADOW_SCALE = 4


def draw_vehicle(picture: Image, camera: Camera, vehicle: Vehicle, pose: Pose, light: Light) -> Sequence[Glow]:
    """Draw a vehicle into the picture; gives its lit lamps, whose bloom comes last of all.

    Raises:
        ValueError: for a colour without a paint, a state without a plate design, or a plate that can't be pressed.

    """
    albedo = paint(vehicle.colour)
    body = pose.to_world(loft(vehicle.kind))
    _cast_shadow(picture, camera, body, light)
    below = np.array([(-1.3, 0.0, 0.2), (1.3, 0.0, 0.2), (-1.3, 1.0, 3.0), (1.3, 1.0, 3.0)])
    brush = Brush.over(picture, camera, np.concatenate([body.reshape(-1, 3), pose.to_world(below)]))
    _draw_wheels(brush, vehicle, pose, light)
    _draw_mirrors(brush, vehicle, pose, light, albedo)
    _draw_body(brush, body, vehicle, pose, light, albedo)
    for side in (-1.0, 1.0):
        flank = Flank(vehicle, pose, light, brush, albedo, side)
        if flank.visible():
            flank.draw()
    Tail(vehicle, Trim(vehicle.kind, pose, light, brush, albedo)).draw()
    mount_plate(brush, vehicle, pose, light)
    return brush.finish()


def _cast_shadow(picture: Image, camera: Camera, body: Points, light: Light) -> None:
    """Darken the road under the vehicle, and beside it where the sun leaves a soft edge."""
    footprint = body[4].copy()
    footprint[:, 0] = footprint[:, 0].mean() + (footprint[:, 0] - footprint[:, 0].mean()) * 1.12 + 0.12
    footprint[:, 1] = 0.0
    footprint[:, 2] -= 0.25
    height, width = picture.shape[:2]
    mask = np.zeros((height // _SHADOW_SCALE, width // _SHADOW_SCALE), np.float32)
    cv2.fillPoly(mask, [np.rint(camera.project(footprint) / _SHADOW_SCALE).astype(np.int32)], light.shadow)
    mask = cv2.GaussianBlur(mask, (0, 0), 5)
    top = int(np.flatnonzero(mask.max(axis=1) > 0.004)[0]) * _SHADOW_SCALE if mask.max() > 0.004 else height
    if top < height:
        whole = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)[top:]
        kept = ((1 - whole) ** (1 / 2.2) * 255).astype(np.uint8)
        picture[top:] = cv2.multiply(picture[top:], cv2.merge([kept, kept, kept]), scale=1 / 255)


def _draw_wheels(brush: Brush, vehicle: Vehicle, pose: Pose, light: Light) -> None:
    """The underside and the tyres' treads, of which the body leaves only the feet to be seen."""
    shape = SHAPES[vehicle.kind]
    sill, half = shape.sill, wheel_face_m(vehicle.kind)
    for axle in reversed(shape.axles):
        for side in (-1, 1):
            tread = box(side * half, side * (half - 0.24), 0.0, shape.wheel * 1.7, 0.3)
            outline = np.column_stack([tread, np.full(len(tread), axle - shape.wheel * 0.8)])
            brush.patch(pose.to_world(outline), pose.lit(_RUBBER, (0, 0.1, -1), light, 0.05))
    skirt = box(-half + 0.08, half - 0.08, sill - 0.05, sill + 0.1, 0.2)
    brush.patch(pose.to_world(np.column_stack([skirt, np.full(len(skirt), 0.35)])), _UNDERSIDE)


def _draw_mirrors(brush: Brush, vehicle: Vehicle, pose: Pose, light: Light, albedo: Linear) -> None:
    shape = SHAPES[vehicle.kind]
    belt, half = shape.rear_glass[0], shape.knots[5][3]
    for side in (-1, 1):
        shell = box(side * (half - 0.1), side * (half + 0.13), belt - 0.02, belt + 0.115, 0.42)
        outline = pose.to_world(np.column_stack([shell, np.full(len(shell), shape.side_glass[1] - 0.1)]))
        brush.patch(outline, pose.lit(albedo, (0, 0.2, -1), light, 0.2))
        pane = box(side * (half - 0.1), side * (half + 0.115), belt, belt + 0.11, 0.42)
        outline = pose.to_world(np.column_stack([pane, np.full(len(pane), shape.side_glass[1] - 0.12)]))
        brush.patch(outline, np.array(light.horizon, np.float32) * 0.1)


def _draw_body(brush: Brush, body: Points, vehicle: Vehicle, pose: Pose, light: Light, albedo: Linear) -> None:
    """Shade the lofted surface facet by facet, those that face away left out."""
    local = loft(vehicle.kind)
    around, upward = np.gradient(local, axis=1), np.gradient(local, axis=0)
    normals = pose.turned_normals(np.cross(upward, around) + 1e-9)
    corners = np.stack([body[:-1, :-1], body[:-1, 1:], body[1:, 1:], body[1:, :-1]], axis=2).reshape(-1, 4, 3)
    facing = (normals[:-1, :-1] + normals[1:, 1:] + normals[:-1, 1:] + normals[1:, :-1]).reshape(-1, 3) / 4
    facing = facing / np.linalg.norm(facing, axis=1, keepdims=True).clip(1e-6)
    pixels = brush.camera.project(corners)
    edge, other = pixels[:, 2] - pixels[:, 0], pixels[:, 3] - pixels[:, 1]
    seen = np.flatnonzero(edge[:, 0] * other[:, 1] - edge[:, 1] * other[:, 0] < 0)
    order = seen[np.argsort(-corners[seen, :, 2].mean(axis=1), kind="stable")]
    height = corners[order, :, 1].mean(axis=1)
    grime = (0.62 + 0.38 * np.clip((height - 0.15) / 0.6, 0, 1)).astype(np.float32)[:, None]
    shade = light.shade(np.broadcast_to(albedo, (len(order), 3)) * grime, facing[order], 0.75, pose.distance_m)
    brush.facets(corners[order], shade)
    if body[-1, 0, 1] < LENS_HEIGHT_M:
        brush.facets(body[-1:], light.shade(albedo[None], np.array([[0, 1, 0]], np.float32), 0.5, pose.distance_m))

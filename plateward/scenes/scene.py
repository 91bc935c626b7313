"""One picture of a roadside camera, and the truth about the plates in it."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple
from zlib import crc32

import cv2
import numpy as np
import numpy.typing as npt

from plateward.scenes.brush import Glow, Image
from plateward.scenes.camera import Camera, Points, aim
from plateward.scenes.light import LIGHTS, exposed
from plateward.scenes.plate_mount import plate_in_world
from plateward.scenes.pose import Pose
from plateward.scenes.road import empty_road, lane_centre_m
from plateward.scenes.traffic import Daylight, Vehicle, View
from plateward.scenes.vehicle import draw_vehicle

Placed = tuple[Vehicle, View, int]
"""A vehicle, how the camera sees it, and its lane: 0 beside the near verge, 1 and 2 to the left of it."""

_GLOW_SCALE = 4
_EMPTY = View()
_BYTES_DEVIATION = 100.0
"""Standard deviation of the noise below before it is scaled to the levels asked for."""


class Box(NamedTuple):
    """An upright rectangle of the picture, in whole pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PlateTruth:
    """A plate in a scene: its text, its state of issue, and the box around it, the frame left out."""

    text: str
    state: str
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A rendered picture (BGR) and the plates in it, in the order of the vehicles asked for."""

    image: Image
    plates: tuple[PlateTruth, ...]


def render_scene(
    vehicles: Sequence[Placed],
    *,
    size: tuple[int, int] = (1280, 720),
    seed: int,
    place: int | None = None,
    light: Daylight | None = None,
) -> Scene:
    """Render what a roadside camera sees; the same arguments give the same bytes.

    The camera looks along the middle of the lanes taken, and zooms out if otherwise a plate were not in the picture.
    It has one lens and one sensor: where views disagree on blur or noise, the worst holds.

    Args:
        vehicles: who is on the road; none gives an empty road.
        size: width and height in pixels.
        seed: of the sensor's noise, and of the place unless that is given.
        place: what stands still, so that a camera's pictures agree about it from frame to frame.
        light: of an empty road, which is seen by day otherwise; with vehicles, their views say it.

    Raises:
        ValueError: for an unknown state, colour or lane, a plate that can't be pressed, or lights that disagree.

    """
    daylight = _one_light(vehicles, light)
    poses = [
        Pose(lane_centre_m(lane), view.distance_m, float(np.radians(view.angle_deg))) for _, view, lane in vehicles
    ]
    plates = [plate_in_world(vehicle, pose) for (vehicle, _, _), pose in zip(vehicles, poses, strict=True)]
    across = [pose.across_m for pose in poses] or [0.0]
    camera = aim(size, (min(across) + max(across)) / 2, plates)
    picture = empty_road(camera, daylight, seed if place is None else place).copy()
    glows: list[Glow] = []
    for index in sorted(range(len(vehicles)), key=lambda index: -poses[index].distance_m):
        glows += draw_vehicle(picture, camera, vehicles[index][0], poses[index], LIGHTS[daylight])
    _bloom(picture, glows)
    views = [view for _, view, _ in vehicles] or [_EMPTY]
    _soften(picture, max(view.blur for view in views) * size[0] / 1280)
    rng = np.random.default_rng([seed, crc32(repr([astuple(part) for part, _, _ in vehicles]).encode())])
    image = _with_noise(picture, max(view.noise for view in views), rng)
    truths = (
        PlateTruth(vehicle.plate, vehicle.state, _box(camera, corners))
        for (vehicle, _, _), corners in zip(vehicles, plates, strict=True)
    )
    return Scene(image, tuple(truths))


def encode_jpeg(image: Image, quality: int = 88) -> bytes:
    """The picture as a JPEG; raises ValueError when it can't be encoded."""
    done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"no JPEG of a picture of shape {image.shape}")
    return encoded.tobytes()


def _one_light(vehicles: Sequence[Placed], light: Daylight | None) -> Daylight:
    lights = {view.light for _, view, _ in vehicles} | ({light} if light is not None else set())
    if len(lights) > 1:
        raise ValueError(f"one scene has one light, not {', '.join(sorted(lights))}")
    return lights.pop() if lights else "day"


def _box(camera: Camera, corners: Points) -> Box:
    pixels = camera.project(corners)
    left, top = np.floor(pixels.min(0)).astype(int).tolist()
    right, bottom = np.ceil(pixels.max(0)).astype(int).tolist()
    return Box(left, top, right - left, bottom - top)


def _bloom(picture: Image, glows: Sequence[Glow]) -> None:
    """Let lit lamps spill over their edges, as they do in a lens."""
    if not glows:
        return
    height, width = picture.shape[:2]
    lit = np.zeros((height // _GLOW_SCALE, width // _GLOW_SCALE, 3), np.uint8)
    for glow in glows:
        cv2.fillPoly(lit, [np.rint(glow.outline / _GLOW_SCALE).astype(np.int32)], exposed(glow.light).tolist())
    halo = cv2.addWeighted(cv2.GaussianBlur(lit, (0, 0), 3), 0.3, cv2.GaussianBlur(lit, (0, 0), 14), 0.5, 0)
    cv2.add(picture, cv2.resize(halo, (width, height), interpolation=cv2.INTER_LINEAR), dst=picture)


def _soften(picture: Image, sigma_px: float) -> None:
    if sigma_px > 0:
        cv2.GaussianBlur(picture, (0, 0), sigma_px, dst=picture)


def _with_noise(picture: Image, levels: float, rng: np.random.Generator) -> Image:
    """Add the sensor's noise: mostly of brightness, a little of colour in coarser grains."""
    if levels <= 0:
        return picture
    height, width = picture.shape[:2]
    bright = _bytes(rng, (height, width, 1)) + _bytes(rng, (height, width, 1))
    tint = _bytes(rng, (height, width, 3))
    noise = (bright * np.float32(0.9) + tint * np.float32(0.5)) * np.float32(levels / _BYTES_DEVIATION)
    return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), np.uint8)


def _bytes(rng: np.random.Generator, shape: tuple[int, int, int]) -> npt.NDArray[np.int16]:
    """Even noise from -127 to 127: two such added are near enough to a sensor's, and far cheaper than Gaussian."""
    drawn = np.frombuffer(rng.bytes(shape[0] * shape[1] * shape[2]), np.int8).reshape(shape)
    return drawn.astype(np.int16)

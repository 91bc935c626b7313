"""The place: road, verge, trees and sky, which stand still while the traffic passes."""

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from plateward.scenes.brush import Image
from plateward.scenes.camera import LENS_HEIGHT_M, Camera
from plateward.scenes.light import LIGHTS, Light, Linear, exposed, linear
from plateward.scenes.sky import draw_horizon
from plateward.scenes.traffic import Daylight

LANE_WIDTH_M = 3.0
LANES = 3
_NEAR_VERGE_M = LANE_WIDTH_M / 2
_MEDIAN_M = _NEAR_VERGE_M - LANES * LANE_WIDTH_M
_FAR_VERGE_M = _MEDIAN_M - 2 * LANE_WIDTH_M
_MARKING_M = 0.07
_COARSENESS = 2
_DASH_M, _DASH_EVERY_M = 3.0, 12.0
_ASPHALT, _CONCRETE = linear((104, 104, 103)), linear((126, 132, 136))
_GRASS, _PAINT, _YELLOW = linear((52, 98, 84)), linear((222, 224, 224)), linear((70, 168, 208))

Field = npt.NDArray[np.float32]


def lane_centre_m(lane: int) -> float:
    """Where across the road a lane's middle is: lane 0 runs beside the near verge, the others to its left.

    Raises:
        ValueError: when the road has no such lane.

    """
    if not 0 <= lane < LANES:
        raise ValueError(f"the road has lanes 0 to {LANES - 1}, not {lane}")
    return -lane * LANE_WIDTH_M


@lru_cache(maxsize=8)
def empty_road(camera: Camera, daylight: Daylight, place: int) -> Image:
    """The road without traffic, seen by the camera; the place is a seed, and the picture is not to be written to."""
    rng = np.random.default_rng([place, 0x10AD])
    light = LIGHTS[daylight]
    picture = np.empty((camera.height_px, camera.width_px, 3), np.uint8)
    horizon = round(camera.horizon_px) + 1
    ground = exposed(_ground(camera, light, horizon, rng))
    below = (camera.width_px, camera.height_px - horizon)
    picture[horizon:] = cv2.resize(ground, below, interpolation=cv2.INTER_CUBIC)
    draw_horizon(picture, camera, light, _FAR_VERGE_M, rng)
    picture.setflags(write=False)
    return picture


def _ground(camera: Camera, light: Light, horizon: int, rng: np.random.Generator) -> Linear:
    """Linear light of everything below the horizon at half the picture's size, by where each pixel meets the ground."""
    rows = np.arange(horizon + 0.5, camera.height_px, _COARSENESS, dtype=np.float32)[:, None] + 0.5
    away = np.minimum(camera.focal_px * LENS_HEIGHT_M / (rows - camera.horizon_px), 900).astype(np.float32)
    columns = np.arange(0.5, camera.width_px, _COARSENESS, dtype=np.float32)[None] + 0.5 - camera.width_px / 2
    across = columns * (away / camera.focal_px) + np.float32(camera.aim_m)
    grain = _grain(across, away, rng)
    slant = np.hypot(1, (across - np.float32(camera.aim_m)) / LENS_HEIGHT_M)
    pixel_m = (slant * away * (_COARSENESS / camera.focal_px)).astype(np.float32)
    albedo = _road(across, away, pixel_m, grain)
    _blend(albedo, _verge(across, grain), _GRASS * (0.55 + 0.9 * grain[..., None]))
    lamp = np.array(light.lamp, np.float32) * np.minimum(10 / away, 1.2)[..., None] ** 2 * 0.45
    lamp = lamp * np.exp(-((columns / camera.width_px) ** 2) * 3)[..., None]
    sun = np.array(light.sun, np.float32) * light.sun_from[1]
    lit = albedo * (np.array(light.ambient, np.float32) + sun + lamp)
    haze = (1 - np.exp(-away / 2500))[..., None]
    return np.asarray(lit + (np.array(light.horizon, np.float32) * 0.8 - lit) * haze, np.float32)


def _grain(across: Field, away: Field, rng: np.random.Generator) -> Field:
    """The ground's unevenness (about 0.5), fine grit and broad stains, in the ground's own perspective."""
    fine = cv2.GaussianBlur(rng.random((512, 512), np.float32), (0, 0), 0.8)
    coarse = np.pad(rng.random((16, 16), np.float32), 2, mode="wrap")
    broad = cv2.resize(coarse, (640, 640), interpolation=cv2.INTER_CUBIC)[64:-64, 64:-64]
    tile = 0.5 + (fine - 0.5) * 0.9 + (broad - 0.5) * 0.22
    x, y = across * np.float32(90), np.broadcast_to(away * np.float32(34), across.shape)
    return np.asarray(cv2.remap(tile, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32)


def _road(across: Field, away: Field, pixel_m: Field, grain: Field) -> Linear:
    """Albedo of asphalt, worn along the wheel tracks and stained between them, with its markings."""
    in_lane = np.mod(across - _NEAR_VERGE_M, LANE_WIDTH_M) / LANE_WIDTH_M
    wear = 1 + 0.10 * np.cos(in_lane * 4 * np.pi + np.pi) - 0.10 * np.exp(-(((in_lane - 0.5) / 0.1) ** 2))
    texture = (0.72 + 0.56 * grain) * wear
    albedo = texture[..., None] * _ASPHALT
    dashed = (np.mod(away + 2.0, _DASH_EVERY_M) < _DASH_M).astype(np.float32)
    worn = 0.55 + 0.5 * grain
    broken = [_NEAR_VERGE_M - line * LANE_WIDTH_M for line in range(1, LANES)] + [_MEDIAN_M - LANE_WIDTH_M]
    edges = [_NEAR_VERGE_M - 0.05, _FAR_VERGE_M]
    median = [_MEDIAN_M - 0.13, _MEDIAN_M + 0.13]
    _blend(albedo, (_stripes(across, broken, pixel_m) * dashed + _stripes(across, edges, pixel_m)) * worn, _PAINT)
    _blend(albedo, _stripes(across, median, pixel_m) * worn, _YELLOW)
    kerb = np.clip((across - _NEAR_VERGE_M - 0.3) / pixel_m, 0, 1)
    _blend(albedo, kerb, _CONCRETE * (0.6 + 0.6 * grain[..., None]))
    return np.asarray(albedo, np.float32)


def _verge(across: Field, grain: Field) -> Field:
    """How much of each pixel is grass, its edge frayed."""
    fray = (grain - 0.5) * 0.9
    near = np.clip((across - _NEAR_VERGE_M - 0.85 - fray) * 6, 0, 1)
    far = np.clip((_FAR_VERGE_M - 0.5 - fray - across) * 6, 0, 1)
    return np.asarray(np.maximum(near, far), np.float32)


def _stripes(across: Field, middles: Sequence[float], pixel_m: Field) -> Field:
    """How much of each pixel stripes along the road cover."""
    most = np.minimum(2 * _MARKING_M / pixel_m, 1)
    covers = [np.clip((_MARKING_M - np.abs(across - middle)) / pixel_m + 0.5, 0, most) for middle in middles]
    return np.asarray(np.sum(covers, axis=0), np.float32)


def _blend(albedo: Linear, cover: Field, over: Linear) -> None:
    albedo += cover[..., None] * (over - albedo)

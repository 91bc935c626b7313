"""Everything that stands against the sky: clouds, trees, the guard rail and the lamp posts."""

from dataclasses import replace

import cv2
import numpy as np

from plateward.scenes.brush import Brush, Image
from plateward.scenes.camera import Camera
from plateward.scenes.light import Light, Linear, exposed, linear

_LEAVES = linear((46, 84, 62))
_STEEL, _WOOD = linear((150, 150, 148)), linear((74, 84, 92))
_POSTS_M = 4.6
_LAMP_EVERY_M = 60.0
_COARSENESS = 2
"""What is far away is drawn at half the size: the lens is not sharp there."""


def draw_horizon(picture: Image, camera: Camera, light: Light, far_verge_m: float, rng: np.random.Generator) -> None:
    """Draw the sky over the horizon, and what stands along it, into the picture."""
    line = round(camera.horizon_px) + 1
    far = replace(camera, width_px=camera.width_px // _COARSENESS, horizon_px=camera.horizon_px / _COARSENESS)
    backdrop = exposed(_sky(far.width_px, line // _COARSENESS + 1, light, rng))
    _draw_hills(backdrop, far, light, rng)
    _draw_trees(backdrop, far, light, rng)
    size = (camera.width_px, backdrop.shape[0] * _COARSENESS)
    picture[:line] = cv2.resize(backdrop, size, interpolation=cv2.INTER_CUBIC)[:line]
    cv2.GaussianBlur(picture[: line + 8], (0, 0), 1.0, dst=picture[: line + 8])
    _draw_furniture(picture, camera, light, far_verge_m)


def _sky(width: int, height: int, light: Light, rng: np.random.Generator) -> Linear:
    """Linear light of the sky, darker towards the zenith, with drifts of thin cloud."""
    up = np.linspace(1, 0, height, dtype=np.float32)[:, None, None] ** 1.3
    zenith, horizon = np.array(light.zenith, np.float32), np.array(light.horizon, np.float32)
    clear = horizon + (zenith - horizon) * up * 0.8
    cloud = np.zeros((height, width), np.float32)
    for cells in (4, 9, 20):
        noise = rng.random((max(3, cells // 2), cells), np.float32)
        cloud += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC) * (4 / cells) ** 0.6
    cover = np.clip((cloud / cloud.max() - 0.5) * 1.8, 0, 0.75)[..., None]
    return np.asarray(np.broadcast_to(clear, (height, width, 3)) * (1 - cover) + horizon * 1.04 * cover, np.float32)


def _draw_hills(picture: Image, camera: Camera, light: Light, rng: np.random.Generator) -> None:
    columns = np.linspace(0, 1, 65)
    ridge = sum(np.sin(columns * 2 * np.pi * turns + rng.uniform(0, 6)) / turns for turns in (1, 2, 3, 5))
    tops = camera.horizon_px * (1 - 0.12 - 0.07 * np.asarray(ridge))
    outline = np.column_stack([columns * camera.width_px, tops])
    foot = np.array([(camera.width_px, camera.horizon_px + 2), (0, camera.horizon_px + 2)])
    away = _LEAVES * np.array(light.ambient, np.float32) * 0.9 + np.array(light.horizon, np.float32) * 0.32
    cv2.fillPoly(
        picture, [np.rint(np.concatenate([outline, foot])).astype(np.int32)], exposed(away).tolist(), cv2.LINE_AA
    )


def _draw_trees(picture: Image, camera: Camera, light: Light, rng: np.random.Generator) -> None:
    """Two rows of trees, the nearer darker and higher, both lower towards the vanishing point."""
    width, height = camera.width_px, len(picture)
    rows = np.arange(height, dtype=np.float32)[:, None]
    beside = np.abs(np.linspace(-1, 1, width, dtype=np.float32))
    ambient, sun = np.array(light.ambient, np.float32), np.array(light.sun, np.float32)
    haze = np.array(light.horizon, np.float32)
    for reach, floor, distance in ((0.34, 0.12, 0.30), (0.62, 0.02, 0.06)):
        crowns = _ridge(width, rng) * (floor + reach * beside**0.8)
        top = height - crowns * camera.horizon_px
        cover = np.clip((rows - top) / 1.0 + (_leaves(height, width, rng) - 0.5) * 7, 0, 1)[..., None]
        clump = _leaves(height, width, rng)[..., None]
        depth = np.clip((rows - top) / (crowns * camera.horizon_px + 2), 0, 1)[..., None]
        tint = _LEAVES * (0.45 + 1.0 * clump)
        leaf = tint * (ambient * (0.9 - 0.6 * depth) + sun * np.clip(clump * 1.7 - depth, 0, 1))
        leaf = leaf + (haze - leaf) * distance
        behind = (picture[:height].astype(np.float32) / 255) ** 2.2
        picture[:height] = exposed(behind + (leaf - behind) * cover)


def _ridge(width: int, rng: np.random.Generator) -> Linear:
    """The line of the crowns, from broad swells to single boughs; about 0.2 to 1 across the picture."""
    line = np.zeros((1, width), np.float32)
    for boughs in (6, 16, 44, 130):
        step = rng.random((1, boughs), np.float32)
        line += cv2.resize(step, (width, 1), interpolation=cv2.INTER_CUBIC) * np.float32((6 / boughs) ** 0.55)
    return np.asarray(np.clip(line[0] / 1.9, 0.15, 1.0), np.float32)


def _leaves(height: int, width: int, rng: np.random.Generator) -> Linear:
    """Foliage as soft noise (0 to 1) of boughs and leaves."""
    foliage = np.zeros((height, width), np.float32)
    for pixels, share in ((8, 0.6), (2, 0.4)):
        noise = rng.random((height // pixels + 1, width // pixels + 1), np.float32)
        foliage += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC) * np.float32(share)
    return np.asarray(np.clip(foliage, 0, 1), np.float32)


def _draw_furniture(picture: Image, camera: Camera, light: Light, far_verge_m: float) -> None:
    """The guard rail of the far verge, and lamp posts whose lamps burn when the tail lamps of cars do."""
    flat = np.array(light.ambient, np.float32) + np.array(light.sun, np.float32) * 0.35
    rail = far_verge_m - 1.2
    near, far = 14.0, 320.0
    brush = Brush.over(
        picture,
        camera,
        np.array([(rail, 0, near), (rail, 9, near), (rail + 9, 0, far), (99.0, 9.5, far), (-99, 0, far)]),
    )
    for post in np.arange(near, 160, 4.0)[::-1]:
        upright = np.array([(rail, 0, post), (rail + 0.12, 0, post), (rail + 0.12, 0.7, post), (rail, 0.7, post)])
        brush.patch(upright, _WOOD * flat)
    for low, high, bright in ((0.44, 0.54, 0.75), (0.54, 0.62, 1.1), (0.62, 0.74, 0.85)):
        band = np.array([(rail, low, near), (rail, high, near), (rail, high, far), (rail, low, far)])
        brush.patch(band, _STEEL * flat * np.float32(bright))
    for away in np.arange(75.0, 420.0, _LAMP_EVERY_M)[::-1]:
        x, width = _POSTS_M, 0.07
        pole = np.array(
            [(x - width, 0, away), (x + width, 0, away), (x + width * 0.6, 9, away), (x - width * 0.6, 9, away)]
        )
        brush.patch(pole, _STEEL * flat * np.float32(0.8))
        arm = np.array([(x, 8.9, away), (x, 9.05, away), (x - 2.2, 9.2, away), (x - 2.2, 9.08, away)])
        brush.patch(arm, _STEEL * flat * np.float32(0.8))
        lamp = np.array([(x - 2.9, 8.98, away), (x - 2.1, 8.98, away), (x - 2.1, 9.2, away), (x - 2.9, 9.16, away)])
        lit: Linear = np.array((0.55, 0.8, 0.98), np.float32) * np.float32(
            light.tail_lamps
        ) + _STEEL * flat * np.float32(0.4)
        brush.patch(lamp, lit)
    brush.finish()

"""Rendered roads to calibrate and to check the eight-bit models on.

The one place where a service sees rendered scenes. Photographs are never used: what is measured on them stays unseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from plateward.scenes import DESIGNS, Daylight, Kind, Placed, Vehicle, View, random_plate, render_scene
from plateward.scenes.paint import PAINTS
from services.recognizer.engine import Box, Image

CALIBRATION_SEED, CHECKING_SEED = 1, 2
"""Scenes to choose the models' ranges from, and others to see what the choice did to the models."""

SIZES = ((1280, 720), (960, 540), (1280, 960))
_LIGHTS: tuple[Daylight, ...] = ("day", "day", "dusk", "night")
_KINDS: tuple[Kind, ...] = ("sedan", "suv", "pickup", "van")


@dataclass(frozen=True, slots=True)
class RenderedRoad:
    """A picture, and the plates in it: what is written on each, and where."""

    image: Image
    plates: tuple[tuple[str, Box], ...]


def rendered_roads(count: int, seed: int) -> Iterator[RenderedRoad]:
    """Roads with one to three vehicles, by day and by night, sharp and soft, near and far; the same for a seed."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        light = _LIGHTS[number % len(_LIGHTS)]
        vehicles = [_vehicle(rng, light, lane) for lane in range(1 + number % 3)]
        scene = render_scene(vehicles, size=SIZES[number % len(SIZES)], seed=int(rng.integers(2**31)))
        yield RenderedRoad(scene.image, tuple((plate.text, plate.box) for plate in scene.plates))


def _vehicle(rng: np.random.Generator, light: Daylight, lane: int) -> Placed:
    state, colours = sorted(DESIGNS)[int(rng.integers(len(DESIGNS)))], sorted(PAINTS)
    vehicle = Vehicle(
        plate=random_plate(rng, state),
        state=state,
        colour=colours[int(rng.integers(len(colours)))],
        kind=_KINDS[int(rng.integers(len(_KINDS)))],
    )
    view = View(
        distance_m=float(rng.uniform(7.5, 22)),
        angle_deg=float(rng.uniform(-20, 20)),
        light=light,
        blur=float(rng.uniform(0.4, 1.6)),
        noise=float(rng.uniform(2, 9)),
    )
    return vehicle, view, lane

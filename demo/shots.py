"""What cameras send: pictures one after the other, with the truth where it is known."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.region import DemoCamera, DemoEntry, Region
from plateward.scenes import DESIGNS, Daylight, Kind, Placed, Vehicle, View, encode_jpeg, random_plate, render_scene
from plateward.scenes.paint import PAINTS

SEED = 466
LIGHTS: tuple[Daylight, ...] = ("day", "day", "dusk", "night")
KINDS: tuple[Kind, ...] = ("sedan", "suv", "pickup", "van")
EMPTY_ROAD_EVERY = 7
"""One frame in so many shows a road without a vehicle."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of one camera; `plate` is the truth where it is known, `listed` the entry that it should hit."""

    camera_id: str
    picture: bytes
    plate: str | None = None
    listed: DemoEntry | None = None


def demo_traffic(region: Region, passes_per_camera: int, *, seed: int = SEED) -> Iterator[Shot]:
    """Traffic past every camera in turn: strangers, empty roads, and each listed vehicle once; the same for a seed."""
    for turn in range(passes_per_camera):
        for number, camera in enumerate(region.cameras):
            rng = np.random.default_rng([seed, turn, number])
            listed = [entry for entry in region.entries if entry.passes == camera.id]
            if turn == 1 + number % 2 and listed:
                yield _shot(camera, number, _listed_vehicle(listed[0]), rng, listed[0])
            elif (turn * len(region.cameras) + number) % EMPTY_ROAD_EVERY == EMPTY_ROAD_EVERY - 1:
                yield Shot(camera.id, encode_jpeg(render_scene([], seed=_seed(rng), place=number).image))
            else:
                yield _shot(camera, number, _stranger(rng), rng, None)


def _shot(camera: DemoCamera, place: int, vehicle: Vehicle, rng: np.random.Generator, listed: DemoEntry | None) -> Shot:
    view = View(
        distance_m=float(rng.uniform(7.5, 10.5)),
        angle_deg=float(rng.uniform(-12, 12)),
        light=LIGHTS[int(rng.integers(len(LIGHTS)))],
    )
    placed: Placed = (vehicle, view, int(rng.integers(0, 2)))
    scene = render_scene([placed], seed=_seed(rng), place=place)
    return Shot(camera.id, encode_jpeg(scene.image), vehicle.plate, listed)


def _listed_vehicle(entry: DemoEntry) -> Vehicle:
    return Vehicle(entry.plate, entry.state or "CA", entry.colour or "silver", entry.kind or "sedan")


def _stranger(rng: np.random.Generator) -> Vehicle:
    state = sorted(DESIGNS)[int(rng.integers(len(DESIGNS)))]
    colours = sorted(PAINTS)
    return Vehicle(
        random_plate(rng, state), state, colours[int(rng.integers(len(colours)))], KINDS[int(rng.integers(len(KINDS)))]
    )


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))

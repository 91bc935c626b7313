"""A rendered road with traffic, as a video: who passes when is known.

Vehicles are drawn five times a second and the road once; between, only the sensor's noise changes. So a minute of
1920 x 1080 is rendered in about half of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from plateward.scenes.camera import Camera, aim
from plateward.scenes.light import LIGHTS
from plateward.scenes.plate import random_plate
from plateward.scenes.plate_mount import plate_in_world
from plateward.scenes.pose import Pose
from plateward.scenes.road import empty_road, lane_centre_m
from plateward.scenes.traffic import Kind, Vehicle
from plateward.scenes.vehicle import draw_vehicle

SIZE = (1920, 1080)
POSES_PER_SECOND = 5
NEAREST_M, FARTHEST_M = 7.0, 14.0
PARKED_M = 8.0
LANE_M = 2.4
"""A narrow gateway, so that a plate in any of its three lanes is large enough to be read."""

KINDS: tuple[Kind, ...] = ("sedan", "suv", "pickup", "van")
COLOURS = ("silver", "black", "white", "blue", "red")


@dataclass(frozen=True)
class Passing:
    """A vehicle that drives away from the camera: when it begins, for how long it is seen, and in which lane."""

    vehicle: Vehicle
    starts_s: float
    lasts_s: float
    lane: int

    def distance_m(self, at_s: float) -> float | None:
        done = (at_s - self.starts_s) / self.lasts_s
        return NEAREST_M + (FARTHEST_M - NEAREST_M) * done if 0 <= done < 1 else None


@dataclass(frozen=True)
class Traffic:
    """Who passes, and who stands all the while."""

    seconds: float
    passing: tuple[Passing, ...]
    parked: Vehicle

    @property
    def plates(self) -> list[str]:
        return [one.vehicle.plate for one in self.passing] + [self.parked.plate]


def traffic(seconds: float, passes: int, seed: int = 807) -> Traffic:
    """So many passes spread over the time, the middle two of them at once in two lanes."""
    rng = np.random.default_rng(seed)
    apart = (seconds - 4) / (passes - 1)
    middle = passes // 2
    passing = []
    for number in range(passes):
        starts = 1.0 + apart * (number - 1 if number == middle else number)
        lane = 1 + (number == middle) if number in (middle, middle - 1) else 1 + number % 2
        passing.append(Passing(_vehicle(rng, number), starts + 0.2 * (number == middle), 2.4, lane))
    return Traffic(seconds, tuple(passing), _vehicle(rng, passes))


def _vehicle(rng: np.random.Generator, number: int) -> Vehicle:
    state = ("CA", "AZ", "KY")[number % 3]
    return Vehicle(random_plate(rng, state), state, COLOURS[number % len(COLOURS)], KINDS[number % len(KINDS)])


def write_video(file: Path, given: Traffic, frames_per_second: int) -> None:
    """The video as Motion JPEG."""
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), frames_per_second, SIZE)
    for picture in pictures(given, frames_per_second):
        writer.write(picture)
    writer.release()


def pictures(given: Traffic, frames_per_second: int) -> Iterator[np.ndarray]:
    """All frames."""
    camera = aim(SIZE, lane_centre_m(1), [_plate(given.parked, 0, PARKED_M)] + [
        _plate(given.parked, lane, NEAREST_M) for lane in (1, 2)
    ])  # fmt: skip
    road = empty_road(camera, "day", 3).copy()
    draw_vehicle(road, camera, given.parked, _pose(0, PARKED_M), LIGHTS["day"])
    noises = _noises(np.random.default_rng(1))
    drawn_at, picture = -1, road
    for number in range(round(given.seconds * frames_per_second)):
        if (pose := int(number * POSES_PER_SECOND / frames_per_second)) != drawn_at:
            drawn_at, picture = pose, _drawn(road, camera, given.passing, pose / POSES_PER_SECOND)
        yield cv2.add(picture, noises[number * 7 % len(noises)], dtype=cv2.CV_8U)


def _drawn(road: np.ndarray, camera: Camera, passing: Sequence[Passing], at_s: float) -> np.ndarray:
    there = [(distance, one) for one in passing if (distance := one.distance_m(at_s)) is not None]
    picture = road.copy() if there else road
    for distance, one in sorted(there, key=lambda each: -each[0]):
        draw_vehicle(picture, camera, one.vehicle, _pose(one.lane, distance), LIGHTS["day"])
    return cv2.GaussianBlur(picture, (0, 0), 0.8)


def _noises(rng: np.random.Generator) -> list[np.ndarray]:
    return [rng.normal(0, 3, (SIZE[1], SIZE[0], 3)).astype(np.int16) for _ in range(4)]


def _pose(lane: int, distance_m: float) -> Pose:
    return Pose(lane_centre_m(1) + LANE_M * (1 - lane), distance_m, 0.0)


def _plate(vehicle: Vehicle, lane: int, distance_m: float) -> np.ndarray:
    return plate_in_world(vehicle, _pose(lane, distance_m))

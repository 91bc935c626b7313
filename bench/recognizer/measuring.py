"""Running an engine over the photographs, in a process of its own, and what came of it."""

import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any, Protocol, TypeVar

import cv2

from bench.recognizer.photographs import REGIONS, Photograph
from services.recognizer.adapters.engines import open_engine
from services.recognizer.engine import Image, PlateFound
from services.recognizer.plate_test import LEAST_PLATENESS
from services.recognizer.settings import RecognizerSettings

SURE = 0.95

_ON_THE_PLATE = 0.5
"""The share of a line that lies on the plate, or of the plate on the line, if the line is the plate's."""

T = TypeVar("T")


class Finder(Protocol):
    """What is measured: an engine, or anything that finds plates in a frame as one does."""

    def find(self, image: Image) -> list[PlateFound]:
        """The plates of a frame, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a photograph: the likeliest line, plate or not, and its time on one thread.

    `located` says whether any line that was spelled out lies on the plate.
    """

    photograph: Photograph
    best: PlateFound | None
    located: bool
    cpu_ms: float
    wall_ms: float

    @property
    def told(self) -> bool:
        """Whether the service tells the line: it passes the plate test."""
        return self.best is not None and self.best.plateness >= LEAST_PLATENESS

    @property
    def likeliest(self) -> bool:
        """Whether the likeliest line is the plate, O folded, told or not."""
        return self.best is not None and fold(self.best.text) == fold(self.photograph.plate)

    @property
    def exact(self) -> bool:
        """Whether the line that is told is the plate, character by character."""
        return self.told and self.best is not None and self.best.text == self.photograph.plate

    @property
    def folded(self) -> bool:
        """The same with every O taken for a 0, since the truth of some regions writes only one of them."""
        return self.told and self.likeliest


def fold(plate: str) -> str:
    """The plate with every O taken for a 0."""
    return plate.replace("O", "0")


def alone(work: Callable[..., T], *arguments: object) -> tuple[T, int]:
    """What some work gives in a fresh process, and the most memory that it took there, in MiB."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(_with_memory, work, arguments).result()


def _with_memory(work: Callable[..., T], arguments: Sequence[object]) -> tuple[T, int]:
    cv2.setNumThreads(1)
    result = work(*arguments)
    return result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def finder(mode: str, region: str, models_folder: Path, least_plateness: float = LEAST_PLATENESS) -> Finder:
    """A mode's engine that knows the region, on one thread; `plain` is PaddleOCR's own pipeline."""
    if mode == "plain":
        from bench.recognizer.plain_paddle import PlainPaddle  # only this mode needs the seconds that its import takes

        return PlainPaddle(region, models_folder)
    settings = RecognizerSettings.model_validate(
        {"engine": mode, "regions": region, "models_folder": models_folder, "threads": 1}
    )
    return open_engine(settings, print, least_plateness=least_plateness)


def read_all(mode: str, shown: Sequence[Photograph], models_folder: Path) -> list[Reading]:
    """Read every photograph in a mode; decoding it is not timed, nor is the first of a region."""
    by_region = ([photograph for photograph in shown if photograph.region == region] for region in REGIONS)
    return [reading for of_region in by_region if of_region for reading in _read_region(mode, of_region, models_folder)]


def _read_region(mode: str, of_region: Sequence[Photograph], models_folder: Path) -> list[Reading]:
    """The engine goes when its region is read, so that no two are ever in memory."""
    engine = finder(mode, of_region[0].region, models_folder, least_plateness=0.0)
    engine.find(of_region[0].image())
    return [_read(engine, photograph) for photograph in of_region]


def _read(engine: Finder, photograph: Photograph) -> Reading:
    image = photograph.image()
    wall, cpu = time.perf_counter(), time.process_time()
    plates = engine.find(image)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    located = any(photograph.shows(plate.box, _ON_THE_PLATE) for plate in plates)
    return Reading(photograph, plates[0] if plates else None, located, 1000 * cpu, 1000 * wall)


def figures(readings: Sequence[Reading], mib: int) -> dict[str, Any]:
    """A mode's figures: shares in percent by region, milliseconds of one thread, and how right its sure reads are."""
    by_region = {region: [reading for reading in readings if reading.photograph.region == region] for region in REGIONS}
    there = {region: of_region for region, of_region in by_region.items() if of_region}
    sure = [reading for reading in readings if reading.told and reading.best and reading.best.confidence >= SURE]
    return {
        **{region: _shares(of_region) for region, of_region in there.items()},
        "ms_median": {region: round(median(each.cpu_ms for each in all_)) for region, all_ in there.items()},
        "ms_mean": {region: round(mean(each.cpu_ms for each in all_)) for region, all_ in there.items()},
        "sure": {"n": len(sure), "right": sum(reading.folded for reading in sure)},
        "n": len(readings),
        "mib": mib,
        "load": round(os.getloadavg()[0], 1),
    }


def _shares(readings: Sequence[Reading]) -> dict[str, float]:
    parts = ("exact", "folded", "likeliest", "located")
    return {part: percent(sum(getattr(reading, part) for reading in readings), len(readings)) for part in parts}


def percent(part: int, whole: int) -> float:
    """A share in percent, to one place."""
    return round(100 * part / max(1, whole), 1)

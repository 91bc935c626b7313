"""Running an engine over the photographs, and what came of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from bench.recognizer.photographs import REGIONS, Photograph
from services.recognizer.adapters.engines import open_engine
from services.recognizer.engine import Engine, PlateFound
from services.recognizer.plate_lines import PLATE_SCORE
from services.recognizer.settings import RecognizerSettings

SURE = 0.95


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine made of a photograph: the likeliest line, plate or not, and its time on one thread."""

    photograph: Photograph
    best: PlateFound | None
    cpu_ms: float
    wall_ms: float

    @property
    def exact(self) -> bool:
        """Whether the best line is the plate, character by character."""
        return self.best is not None and self.best.text == self.photograph.plate

    @property
    def folded(self) -> bool:
        """The same with every O taken for a 0, since the truth of some regions writes only one of them."""
        return self.best is not None and fold(self.best.text) == fold(self.photograph.plate)

    @property
    def told(self) -> bool:
        """Whether the service would tell it: the line passes for a plate."""
        return self.best is not None and self.best.score >= PLATE_SCORE


def fold(plate: str) -> str:
    """The plate with every O taken for a 0."""
    return plate.replace("O", "0")


def engine_for(mode: str, region: str, models_folder: Path, least_score: float) -> Engine:
    """An engine that knows the region, on one thread."""
    settings = RecognizerSettings.model_validate(
        {"engine": mode, "regions": region, "models_folder": models_folder, "threads": 1}
    )
    return open_engine(settings, print, least_score=least_score)


def read_all(mode: str, shown: Sequence[Photograph], models_folder: Path) -> list[Reading]:
    """Read every photograph in a mode; decoding it is not timed, nor is the first of a region."""
    readings: list[Reading] = []
    for region in REGIONS:
        engine = engine_for(mode, region, models_folder, least_score=float("-inf"))
        of_region = [photograph for photograph in shown if photograph.region == region]
        for photograph in of_region[:1]:
            engine.find(photograph.image())
        readings += [_read(engine, photograph) for photograph in of_region]
    return readings


def _read(engine: Engine, photograph: Photograph) -> Reading:
    image = photograph.image()
    wall, cpu = time.perf_counter(), time.process_time()
    plates = engine.find(image)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Reading(photograph, plates[0] if plates else None, 1000 * cpu, 1000 * wall)


def figures(readings: Sequence[Reading]) -> dict[str, Any]:
    """A mode's figures: shares in percent by region, milliseconds of one thread, and how right its sure reads are."""
    by_region = {region: [reading for reading in readings if reading.photograph.region == region] for region in REGIONS}
    there = {region: of_region for region, of_region in by_region.items() if of_region}
    sure = [reading for reading in readings if reading.best is not None and reading.best.confidence >= SURE]
    return {
        **{region: _shares(of_region) for region, of_region in there.items()},
        "ms_median": {region: round(median(each.cpu_ms for each in all_)) for region, all_ in there.items()},
        "ms_mean": {region: round(mean(each.cpu_ms for each in all_)) for region, all_ in there.items()},
        "sure": {"n": len(sure), "right": sum(reading.folded for reading in sure)},
    }


def _shares(readings: Sequence[Reading]) -> dict[str, float]:
    return {
        "exact": percent(sum(reading.exact for reading in readings), len(readings)),
        "folded": percent(sum(reading.folded for reading in readings), len(readings)),
    }


def percent(part: int, whole: int) -> float:
    """A share in percent, to one place."""
    return round(100 * part / max(1, whole), 1)

"""Measured besides reading: false plates and states of issue. A module, so that a process of its own finds it."""

from collections.abc import Sequence
from pathlib import Path

from bench.recognizer.measuring import finder
from bench.recognizer.photographs import REGIONS, Photograph, is_second_plate, state_photographs
from services.recognizer.adapters.engines import open_state_reader


def false_plates(mode: str, shown: Sequence[Photograph], models_folder: Path) -> dict[str, int]:
    """How many frames with their plate painted over still yield one, in a mode.

    `plates` are all such frames; `second_plates` those of them whose every plate is another vehicle's real one.
    """
    plates = second = 0
    for region in REGIONS:
        engine = finder(mode, region, models_folder)
        for photograph in shown:
            found = engine.find(photograph.without_plate()) if photograph.region == region else []
            real = [is_second_plate(photograph.file, plate.box) for plate in found]
            plates += bool(found)
            second += bool(found) and all(real)
            for plate, is_real in zip(found, real, strict=True):
                what = "another vehicle's plate" if is_real else "no plate"
                print(
                    f"{mode}: painted over, yet told: {photograph.file} at {plate.box}, {plate.plateness:.2f}: {what}"
                )
    return {"frames": len(shown), "plates": plates, "second_plates": second}


def states(every: int) -> dict[str, int]:
    """How many close photographs of plates have their state of issue named right, wrong, or not at all."""
    reader = open_state_reader(1, print)
    counts = {"right": 0, "wrong": 0, "unknown": 0}
    for image, state in list(state_photographs())[::every]:
        named = reader.state_on(image)
        counts["unknown" if named is None else "right" if named == state else "wrong"] += 1
    return counts

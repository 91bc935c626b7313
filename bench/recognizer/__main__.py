"""Measures the recogniser: `make bench-recognizer`. The last line it prints is JSON."""

import argparse
import json
import os
import resource
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

# Before anything that counts the processor's cores is imported.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import cv2

from bench.recognizer.measuring import Reading, engine_for, figures, fold, percent, read_all
from bench.recognizer.photographs import DATASET, REGIONS, Photograph, peer_reads, photographs, state_photographs
from services.recognizer.adapters.engines import open_state_reader
from services.recognizer.plate_lines import PLATE_SCORE

MODES = {"fast": "fast", "accurate": "accurate", "paddleocr": "paddle"}
"""What a mode is called in the figures, and in the settings."""


def main() -> None:
    """Measure everything on every photograph, or on every n-th."""
    arguments = argparse.ArgumentParser(prog="python -m bench.recognizer", description=main.__doc__)
    arguments.add_argument("--every", type=int, default=1, help="take every n-th photograph only")
    every: int = arguments.parse_args().every
    cv2.setNumThreads(1)
    if not (DATASET / "truth.csv").is_file():
        raise SystemExit(f"No photographs at {DATASET}: set PLATEWARD_DATASET")
    shown = photographs()[::every]
    print(f"{len(shown)} photographs of {DATASET}; one thread; load {os.getloadavg()[0]:.1f}")
    print(
        "Shares are of the likeliest line, O folded to 0; `told` those that also pass for a plate, as the service asks."
    )
    modes: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as models_folder:
        for name, engine in MODES.items():
            readings = read_all(engine, shown, Path(models_folder))
            modes[name] = figures(readings)
            _tell(name, readings)
        _tell_peer(shown)
        false_plates = _false_plates(shown, Path(models_folder))
    states = _states(every)
    print(json.dumps({"modes": modes, "false_plates": false_plates, "states": states}, separators=(",", ":")))


def _tell(name: str, readings: Sequence[Reading]) -> None:
    for region in REGIONS:
        some = [reading for reading in readings if reading.photograph.region == region]
        if some:
            right = [reading for reading in some if reading.folded]
            told = sum(reading.told for reading in right)
            print(
                f"{name:10} {region}  {percent(len(right), len(some)):5} %  told {percent(told, len(some)):5} %"
                f"  median {median(reading.cpu_ms for reading in some):4.0f} ms of processor,"
                f" {median(reading.wall_ms for reading in some):4.0f} ms by the clock"
            )
    print(f"{name:10} up to {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB so far")


def _tell_peer(shown: Sequence[Photograph]) -> None:
    peer = peer_reads()
    for region in REGIONS if peer else ():
        some = [photograph for photograph in shown if photograph.region == region]
        right = sum(fold(peer.get(photograph.file, "")) == fold(photograph.plate) for photograph in some)
        print(f"{'OpenALPR':10} {region}  {percent(right, len(some)):5} %")


def _false_plates(shown: Sequence[Photograph], models_folder: Path) -> dict[str, int]:
    """How many frames with their plate painted over still have one, in the mode fast; some show a second plate."""
    plates = 0
    for region in REGIONS:
        engine = engine_for("fast", region, models_folder, PLATE_SCORE)
        for photograph in shown:
            found = engine.find(photograph.without_plate()) if photograph.region == region else []
            plates += bool(found)
            for plate in found:
                print(f"painted over, yet read: {photograph.file} at {plate.box}, score {plate.score:.2f}")
    return {"frames": len(shown), "plates": plates}


def _states(every: int) -> dict[str, int]:
    reader = open_state_reader(1, print)
    counts = {"right": 0, "wrong": 0, "unknown": 0}
    for image, state in list(state_photographs())[::every]:
        named = reader.state_on(image)
        counts["unknown" if named is None else "right" if named == state else "wrong"] += 1
    return counts


if __name__ == "__main__":
    main()

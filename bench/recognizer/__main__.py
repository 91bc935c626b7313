"""Measures the recogniser: `make bench-recognizer`. The last line it prints is JSON."""

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

# Before anything that counts the processor's cores is imported; the processes that measure inherit it.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

from bench.recognizer.measuring import Reading, alone, figures, finder, fold, percent, read_all
from bench.recognizer.photographs import (
    DATASET,
    REGIONS,
    Photograph,
    is_second_plate,
    peer_reads,
    photographs,
    state_photographs,
)
from services.recognizer.adapters.engines import open_state_reader

MODES = {"fast": "fast", "accurate": "accurate", "paddle": "paddle", "paddleocr": "plain"}
"""What is measured: the service's modes, and PaddleOCR's own pipeline."""

OWN = ("fast", "accurate")
"""The modes of which everything is asked; the others stand beside them."""


def main() -> None:
    """Measure everything on every photograph, or on every n-th."""
    arguments = argparse.ArgumentParser(prog="python -m bench.recognizer", description=main.__doc__)
    arguments.add_argument("--every", type=int, default=1, help="take every n-th photograph only")
    arguments.add_argument(
        "--beside", type=int, default=2, help="of those, every n-th for PaddleOCR's columns and ours beside them"
    )
    arguments.add_argument("--only", choices=MODES, help="measure only this")
    given = arguments.parse_args()
    if not (DATASET / "truth.csv").is_file():
        raise SystemExit(f"No photographs at {DATASET}: set PLATEWARD_DATASET")
    shown = photographs()[:: given.every]
    beside = shown[:: given.beside]
    print(f"{len(shown)} photographs of {DATASET}; one thread; load {os.getloadavg()[0]:.1f}")
    print("Shares are of the plate that the service tells, O folded to 0; `likeliest` leaves the plate test out.")
    print("PaddleOCR's own pipeline has no plate test: of its lines, the one spelled most like a plate counts.")
    with tempfile.TemporaryDirectory() as folder:
        if given.only:
            readings, mib = alone(read_all, MODES[given.only], shown, Path(folder))
            _tell(given.only, readings, mib)
            print(json.dumps({"modes": {given.only: figures(readings, mib)}}, separators=(",", ":")))
            return
        result = _everything(shown, beside, Path(folder))
    result["states"], _ = alone(_states, given.every)
    print(json.dumps(result, separators=(",", ":")))


def _everything(shown: Sequence[Photograph], beside: Sequence[Photograph], folder: Path) -> dict[str, Any]:
    modes: dict[str, Any] = {}
    sample: dict[str, Any] = {}
    files = {photograph.file for photograph in beside}
    for name in OWN:
        readings, mib = alone(read_all, MODES[name], shown, folder)
        modes[name] = figures(readings, mib)
        _tell(name, readings, mib)
        sample[name] = [reading for reading in readings if reading.photograph.file in files], mib
    _tell_peer(shown)
    print(f"On {len(beside)} of them, every {max(1, round(len(shown) / len(beside)))}th, PaddleOCR beside it:")
    for name in MODES:
        if name not in OWN:
            sample[name] = alone(read_all, MODES[name], beside, folder)
        _tell(name, *sample[name])
    return {
        "modes": modes,
        "beside": {name: figures(*measured) for name, measured in sample.items()},
        "false_plates": {name: alone(_false_plates, name, shown, folder)[0] for name in OWN},
    }


def _tell(name: str, readings: Sequence[Reading], mib: int) -> None:
    for region in REGIONS:
        some = [reading for reading in readings if reading.photograph.region == region]
        if some:
            right, likeliest, located = (
                percent(sum(getattr(reading, part) for reading in some), len(some))
                for part in ("folded", "likeliest", "located")
            )
            print(
                f"{name:10} {region}  {right:5} %  likeliest {likeliest:5} %  located {located:5} %"
                f"  median {median(reading.cpu_ms for reading in some):4.0f} ms of processor,"
                f" {median(reading.wall_ms for reading in some):4.0f} ms by the clock"
            )
    print(f"{name:10} took up to {mib} MiB", flush=True)


def _tell_peer(shown: Sequence[Photograph]) -> None:
    peer = peer_reads()
    for region in REGIONS if peer else ():
        some = [photograph for photograph in shown if photograph.region == region]
        right = sum(fold(peer.get(photograph.file, "")) == fold(photograph.plate) for photograph in some)
        print(f"{'OpenALPR':10} {region}  {percent(right, len(some)):5} %")


def _false_plates(mode: str, shown: Sequence[Photograph], models_folder: Path) -> dict[str, int]:
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


def _states(every: int) -> dict[str, int]:
    reader = open_state_reader(1, print)
    counts = {"right": 0, "wrong": 0, "unknown": 0}
    for image, state in list(state_photographs())[::every]:
        named = reader.state_on(image)
        counts["unknown" if named is None else "right" if named == state else "wrong"] += 1
    return counts


if __name__ == "__main__":
    main()

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

from bench.recognizer.besides import false_plates, states
from bench.recognizer.measuring import Reading, alone, figures, fold, percent, read_all
from bench.recognizer.photographs import (
    DATASET,
    REGIONS,
    Photograph,
    peer_reads,
    photographs,
)
from bench.recognizer.starting import seconds_to_ready

MODES = {"fast": "fast", "accurate": "accurate", "paddle": "paddle", "paddleocr": "plain"}
"""What is measured: the service's modes, and PaddleOCR's own pipeline."""

OWN = ("fast", "accurate")
"""The modes of which everything is asked; the others stand beside them."""

PARTS = (*MODES, "false-fast", "false-accurate", "states", "start")
"""What can be measured by itself: a mode, its false plates, the states of issue, and how soon a process is ready."""


def main() -> None:
    """Measure everything on every photograph, or on every n-th; or a part of it, and put that to the parts before."""
    arguments = argparse.ArgumentParser(prog="python -m bench.recognizer", description=main.__doc__)
    arguments.add_argument("--every", type=int, default=1, help="take every n-th photograph only")
    arguments.add_argument("--beside", type=int, default=3, help="of those, every n-th for PaddleOCR's columns")
    arguments.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="measure only this")
    arguments.add_argument("--into", type=Path, help="a file that the figures are put into, beside those of other runs")
    given = arguments.parse_args()
    if not (DATASET / "truth.csv").is_file():
        raise SystemExit(f"No photographs at {DATASET}: set PLATEWARD_DATASET")
    shown = photographs()[:: given.every]
    print(f"{len(shown)} photographs of {DATASET}; one thread; load {os.getloadavg()[0]:.1f}")
    print("Shares are of the plate that the service tells, O folded to 0; `likeliest` leaves the plate test out.")
    print("PaddleOCR's own pipeline has no plate test: of its lines, the one spelled most like a plate counts.")
    print(f"paddle and paddleocr read every {given.beside}th photograph only; our figures on those are under `sample`.")
    result: dict[str, Any] = json.loads(given.into.read_text()) if given.into and given.into.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        for part in given.only:
            for group, found in _measured(part, shown, given, Path(folder)).items():
                result[group] = result.get(group, {}) | found
            if given.into:
                given.into.write_text(json.dumps(result))
    _tell_peer(shown)
    print(json.dumps(result, separators=(",", ":")))


def _measured(part: str, shown: Sequence[Photograph], given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """The figures of a part, by the group that they belong to."""
    if part == "states":
        return {"states": alone(states, given.every)[0]}
    if part == "start":
        return {"start_s": seconds_to_ready(OWN)}
    if part.startswith("false-"):
        mode = part.removeprefix("false-")
        return {"false_plates": {mode: alone(false_plates, mode, shown, folder)[0]}}
    sample = shown[:: given.beside]
    readings, mib = alone(read_all, MODES[part], shown if part in OWN else sample, folder)
    _tell(part, readings, mib)
    files = {photograph.file for photograph in sample}
    sampled = figures([reading for reading in readings if reading.photograph.file in files], mib)
    return {"modes": {part: figures(readings, mib)} if part in OWN else {}, "sample": {part: sampled}}


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


if __name__ == "__main__":
    main()

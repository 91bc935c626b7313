"""`make bench-video`: a minute of 25 frames a second at 1080p, twelve passes, two of them at once, and a parked car."""

import argparse
import json
import os
import statistics
import tempfile
from dataclasses import asdict
from pathlib import Path

from bench.video.line import OneCore, account
from bench.video.traffic import traffic, write_video
from services.recognizer.adapters.engines import open_engine
from services.recognizer.settings import RecognizerSettings


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--passes", type=int, default=12)
    options.add_argument("--fps", type=int, default=25)
    options.add_argument("--video", type=Path, help="a file to keep the video in, or to take it from")
    options.add_argument("--engine", choices=("fast", "accurate", "paddle"), default="fast")
    given = options.parse_args()
    truth = traffic(given.seconds, given.passes)
    with tempfile.TemporaryDirectory() as folder:
        file = given.video or Path(folder) / "road.avi"
        if not file.exists():
            print("Rendering …")
            write_video(file, truth, given.fps)
        settings = {"engine": given.engine, "models_folder": Path(folder) / "models"}
        engine = open_engine(RecognizerSettings.model_validate(settings), print)
        print("Reading …")
        outcome = OneCore(engine).play(file)
    reads = sorted(outcome.reads.values(), key=lambda read: read.captured_at)
    for read in reads:
        mark = " (below the threshold)" if read.below_threshold else ""
        print(
            f"{read.captured_at:%M:%S.%f}"[:-4], read.plate, f"{read.confidence:.2f}", read.frames, read.direction, mark
        )
    result = account(reads, truth.plates)
    figures = asdict(result) | {
        "engine": engine.name,
        "frames": outcome.frames,
        "told": outcome.told,
        "gate_ms": {
            "p50": round(statistics.median(outcome.gate_ms), 2),
            "p95": round(statistics.quantiles(outcome.gate_ms, n=20)[-1], 2),
        },
        "real_time_factor": round(outcome.cpu_seconds / outcome.seconds, 3),
        "seconds_behind_at_the_end": round(outcome.latest_seconds, 2),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(figures))
    return 0 if result.found == result.expected and not result.doubles and not result.false else 1


if __name__ == "__main__":
    raise SystemExit(main())

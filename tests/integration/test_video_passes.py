"""A camera's video, read with the real engine: each vehicle once, and nothing else.

Twelve seconds at ten frames a second, four passes, two of them at once, and a parked car; `make bench-video` does the
same for a minute. No time is asserted, only what was read.
"""

from pathlib import Path

import pytest

from bench.video.line import OneCore, account
from bench.video.traffic import traffic, write_video
from services.recognizer.adapters.engines import open_engine
from services.recognizer.settings import RecognizerSettings


@pytest.mark.timeout(280)
def test_each_pass_of_a_video_is_read_once_and_nothing_else(tmp_path: Path) -> None:
    truth = traffic(12, 4)
    write_video(tmp_path / "road.avi", truth, 10)
    engine = open_engine(RecognizerSettings(models_folder=tmp_path / "models"), print)
    outcome = OneCore(engine).play(tmp_path / "road.avi")
    result = account(list(outcome.reads.values()), truth.plates)
    assert (result.expected, result.found, result.doubles, result.false) == (5, 5, 0, 0), outcome.reads
    assert sum(outcome.frames.values()) == 120, "every frame is accounted for"

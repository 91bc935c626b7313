"""Which looks a mode has at a frame."""

import numpy as np
import pytest

from services.recognizer.modes import ACCURATE, FAST


@pytest.mark.parametrize(
    ("width", "scales"),
    [
        (1920, [("light", 960), ("light", 1280)]),
        (1100, [("light", 960), ("light", 1100)]),
        (800, [("light", 800)]),
        (320, [("light", 960)]),
    ],
)
def test_a_look_that_would_repeat_the_one_before_is_left_out(width: int, scales: list[tuple[str, int]]) -> None:
    image = np.zeros((240, width, 3), np.uint8)
    assert [(look.detector, px) for look, px in ACCURATE.looks_at(image)] == scales


def test_the_fast_mode_has_one_look_with_one_detector() -> None:
    image = np.zeros((1080, 1920, 3), np.uint8)
    assert [(look.detector, px) for look, px in FAST.looks_at(image)] == [("light", 960)]
    assert FAST.detectors == ("light",)

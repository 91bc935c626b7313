"""The gate is shut while nothing moves, and open at once when something does."""

import numpy as np
import numpy.typing as npt

from services.ingest.adapters.motion import KEEP_ALIVE_SECONDS, MotionGate

Pixels = npt.NDArray[np.uint8]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def road(seed: int, noise: float = 1.5, vehicle: tuple[int, int] | None = None, height: int = 270) -> Pixels:
    """A road as the gate looks at it, with a sensor's noise, and a vehicle's back at a place."""
    rng = np.random.default_rng(seed)
    picture = np.full((height, 480, 3), 110, np.int16)
    picture[:75] = 190
    if vehicle is not None:
        x, y = vehicle
        picture[y : y + 22, x : x + 25] = 60
    picture += rng.normal(0, noise, picture.shape).astype(np.int16)
    return np.clip(picture, 0, 255).astype(np.uint8)


def settled() -> tuple[MotionGate, Clock]:
    clock = Clock()
    gate = MotionGate(clock)
    for number in range(10):
        gate.lets_pass(road(number))
        clock.now += 0.1
    return gate, clock


def test_the_first_frame_passes() -> None:
    assert MotionGate(Clock()).lets_pass(road(0))


def test_noise_is_no_motion() -> None:
    gate, clock = settled()
    for number in range(20):
        clock.now += 0.1
        assert not gate.lets_pass(road(100 + number, noise=3.0))


def test_the_gate_opens_at_once_and_stays_open_while_something_moves() -> None:
    gate, clock = settled()
    for number in range(10):
        clock.now += 0.1
        assert gate.lets_pass(road(number, vehicle=(75 + 10 * number, 150)))


def test_what_has_stopped_or_left_shuts_the_gate_again() -> None:
    for last in ((75, 150), None):
        gate, clock = settled()
        gate.lets_pass(road(1, vehicle=(75, 150)))
        for number in range(30):
            clock.now += 0.1
            gate.lets_pass(road(number, vehicle=last))
        assert not gate.lets_pass(road(31, vehicle=last))


def test_a_frame_now_and_then_shows_that_the_camera_lives() -> None:
    gate, clock = settled()
    clock.now += KEEP_ALIVE_SECONDS
    assert gate.lets_pass(road(1))
    clock.now += 0.1
    assert not gate.lets_pass(road(2))


def test_a_camera_that_changes_its_size_begins_anew() -> None:
    gate, _ = settled()
    assert gate.lets_pass(road(1, height=360))

"""A plate's way through the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recognizer.engine import Box
from services.recognizer.tracks import direction_of, is_near, stands
from tests.unit.recognizer.sightings import BOX, a_sighting

PLACES = st.tuples(st.integers(0, 1800), st.integers(0, 1000), st.integers(20, 400), st.integers(8, 130))


@pytest.mark.parametrize(
    ("last", "direction"),
    [
        ((600, 500, 180, 60), "towards"),
        ((640, 300, 60, 20), "away"),
        ((800, 400, 120, 40), "left-to-right"),
        ((400, 400, 120, 40), "right-to-left"),
        ((620, 410, 125, 41), None),
    ],
)
def test_the_direction_is_what_the_box_shows(last: Box, direction: str | None) -> None:
    assert direction_of([a_sighting(0), a_sighting(1, last)]) == direction


def test_one_sighting_shows_no_direction() -> None:
    assert direction_of([a_sighting(0)]) is None


@given(st.lists(PLACES, min_size=2, max_size=5))
def test_the_way_back_is_the_other_direction(boxes: list[Box]) -> None:
    opposite = {
        "towards": "away",
        "away": "towards",
        "left-to-right": "right-to-left",
        "right-to-left": "left-to-right",
    }
    there = direction_of([a_sighting(number, box) for number, box in enumerate(boxes)])
    back = direction_of([a_sighting(number, box) for number, box in enumerate(boxes[::-1])])
    assert back == (None if there is None else opposite[there])


@given(PLACES, st.floats(1.0, 100.0))
def test_what_does_not_move_stands_and_is_near_itself(box: Box, seconds: float) -> None:
    track = [a_sighting(0, box), a_sighting(seconds, box)]
    assert stands(track)
    assert is_near(track, a_sighting(seconds + 1, box))
    assert direction_of(track) is None


def test_what_was_seen_for_a_moment_does_not_stand() -> None:
    assert not stands([a_sighting(0)])
    assert not stands([a_sighting(0), a_sighting(0.9)])


def test_what_has_moved_does_not_stand() -> None:
    assert not stands([a_sighting(0), a_sighting(1, (700, 400, 120, 40)), a_sighting(2)])


def test_a_plate_is_expected_where_its_way_leads() -> None:
    track = [a_sighting(0, (0, 400, 120, 40)), a_sighting(1, (300, 400, 120, 40))]
    assert is_near(track, a_sighting(2, (610, 400, 120, 40)))
    assert not is_near(track, a_sighting(2, (0, 400, 120, 40)))
    assert not is_near(track, a_sighting(2, (610, 400, 400, 130)))
    assert is_near([a_sighting(0, BOX), a_sighting(0, BOX)], a_sighting(0, BOX))

import numpy as np
import pytest

from plateward.scenes import Daylight, Vehicle, View, render_scene
from services.recognizer.engine import Box, Image, VehicleColour
from services.recognizer.vehicle_colour import vehicle_colour, voted


def rear_of(colour: str, light: Daylight = "day") -> tuple[Image, Box]:
    """A rendered vehicle, and where the number on its plate is."""
    scene = render_scene([(Vehicle("7KXR214", "CA", colour, "van"), View(distance_m=9, light=light), 0)], seed=3)
    x, y, width, height = scene.plates[0].box
    return scene.image, (x + width // 14, y + height // 4, 12 * width // 14, height // 2)


@pytest.mark.parametrize(
    ("paint", "named"),
    [
        ("black", "black"),
        ("silver", "silver"),
        ("grey", "grey"),
        ("red", "red"),
        ("maroon", "red"),
        ("blue", "blue"),
        ("green", "green"),
        ("gold", "beige"),
        ("yellow", "yellow"),
        ("orange", "orange"),
    ],
)
def test_paint_is_named_as_a_witness_would(paint: str, named: str) -> None:
    colour = vehicle_colour(*rear_of(paint))
    assert colour is not None
    assert colour.name == named
    assert 0.65 <= colour.confidence <= 1


def test_white_in_the_shade_is_white_or_unknown() -> None:
    assert getattr(vehicle_colour(*rear_of("white")), "name", "white") == "white"


@pytest.mark.parametrize("light", ["dusk", "night"])
def test_by_dusk_and_by_night_nothing_is_told(light: Daylight) -> None:
    assert vehicle_colour(*rear_of("white", light)) is None


def test_a_plate_that_fills_the_frame_shows_no_paint() -> None:
    image = np.full((120, 400, 3), 230, np.uint8)
    assert vehicle_colour(image, (0, 0, 400, 120)) is None


RED, SURE_RED, BLUE = VehicleColour("red", 0.7), VehicleColour("red", 0.9), VehicleColour("blue", 0.8)


def test_the_looks_at_a_vehicle_vote() -> None:
    assert voted([RED, None, SURE_RED]) == VehicleColour("red", 0.8)


@pytest.mark.parametrize("looks", [[], [None, None], [RED, BLUE]])
def test_looks_that_disagree_or_see_nothing_name_no_colour(looks: list[VehicleColour | None]) -> None:
    assert voted(looks) is None

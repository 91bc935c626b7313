"""Scenes are the same for the same seed, and tell the truth about their plates."""

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import cv2
import numpy as np
import pytest

from plateward.scenes import Box, Daylight, Kind, Placed, Scene, Vehicle, View, draw_plate, encode_jpeg, render_scene
from plateward.scenes.body import SHAPES

SEDAN = Vehicle("7ABC123", "CA", "silver", "sedan")
SUV = Vehicle("BVC2441", "TX", "blue", "suv")
SMALL = (640, 360)
EASY = View(9.0)


def plate_seen(scene: Scene, box: Box) -> np.ndarray:
    return scene.image[box.y : box.y + box.height, box.x : box.x + box.width]


def likeness(seen: np.ndarray, text: str, state: str) -> float:
    """Correlation of what is seen with the plate drawn straight on, 1 for the same picture."""
    drawn = cv2.cvtColor(cv2.resize(draw_plate(text, state, 240), seen.shape[1::-1]), cv2.COLOR_BGR2GRAY)
    return float(np.corrcoef(drawn.ravel(), cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY).ravel())[0, 1])


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, again = (render_scene([(SEDAN, EASY, 0)], size=SMALL, seed=5) for _ in range(2))
    assert encode_jpeg(one.image) == encode_jpeg(again.image)
    assert one.plates == again.plates


def test_another_seed_gives_another_picture_of_the_same_plates() -> None:
    one, other = (render_scene([(SEDAN, EASY, 0)], size=SMALL, seed=seed) for seed in (5, 6))
    assert encode_jpeg(one.image) != encode_jpeg(other.image)
    assert one.plates == other.plates


def test_a_place_stands_still_from_frame_to_frame() -> None:
    quiet = replace(EASY, noise=0.0)
    one, other = (render_scene([(SEDAN, quiet, 0)], size=SMALL, seed=seed, place=3).image for seed in (5, 6))
    assert np.array_equal(one, other)


def test_a_place_stands_still_while_a_vehicle_comes_nearer_and_turns() -> None:
    views = [View(9.0, 6.0, noise=0.0), View(12.0, -3.0, noise=0.0)]
    near, far = (render_scene([(SEDAN, view, 1)], size=SMALL, seed=5, place=3).image for view in views)
    above_the_roof = np.s_[:60]
    assert np.array_equal(near[above_the_roof], far[above_the_roof])
    assert not np.array_equal(near, far)


def test_the_seed_draws_the_noise_of_a_place_anew() -> None:
    one, other = (render_scene([], size=SMALL, seed=seed, place=3).image for seed in (5, 6))
    change = one.astype(int) - other
    assert 1 < change.std() < 10


@pytest.mark.parametrize("light", get_args(Daylight))
@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_box_of_every_kind_in_every_light_holds_its_plate(kind: Kind, light: Daylight) -> None:
    scene = render_scene([(replace(SEDAN, kind=kind), View(9.0, light=light), 1)], size=SMALL, seed=2)
    (truth,) = scene.plates
    assert (truth.text, truth.state) == (SEDAN.plate, SEDAN.state)
    assert likeness(plate_seen(scene, truth.box), truth.text, truth.state) > 0.8
    beside = Box(truth.box.x - truth.box.width - 8, truth.box.y, truth.box.width, truth.box.height)
    assert likeness(plate_seen(scene, beside), truth.text, truth.state) < 0.3


@pytest.mark.parametrize(
    "vehicles",
    [
        [(SEDAN, View(7.0), 0)],
        [(SEDAN, View(2.5), 0)],
        [(SEDAN, View(12.0, 25.0), 2)],
        [(SEDAN, View(9.0), 0), (SUV, View(14.0, -10.0), 1)],
        [(SEDAN, View(8.0), 0), (SUV, View(8.0), 2)],
    ],
)
def test_every_plate_lies_inside_the_picture_and_can_be_made_out(vehicles: list[Placed]) -> None:
    scene = render_scene(vehicles, seed=1)
    height, width = scene.image.shape[:2]
    assert [truth.text for truth in scene.plates] == [vehicle.plate for vehicle, _, _ in vehicles]
    for truth in scene.plates:
        assert truth.box.x >= 0
        assert truth.box.y >= 0
        assert truth.box.x + truth.box.width <= width
        assert truth.box.y + truth.box.height <= height
        assert plate_seen(scene, truth.box).std() > 30


@pytest.mark.parametrize("metres", [7.0, 9.5, 12.0])
def test_in_easy_views_a_plate_is_wide_enough_to_read(metres: float) -> None:
    (truth,) = render_scene([(SEDAN, View(metres), 0)], seed=1).plates
    assert 110 <= truth.box.width <= 220


def test_an_empty_road_has_no_plates_and_no_vehicle() -> None:
    empty = render_scene([], size=SMALL, seed=4, place=1)
    passing = render_scene([(SEDAN, View(9.0), 0)], size=SMALL, seed=4, place=1)
    assert empty.plates == ()
    box = passing.plates[0].box
    assert plate_seen(empty, box).std() < plate_seen(passing, box).std() / 3


def test_it_grows_dark() -> None:
    day, dusk, night = (render_scene([], size=SMALL, seed=4, light=light).image.mean() for light in get_args(Daylight))
    assert day > 1.5 * dusk > 3 * night


@pytest.mark.parametrize(
    ("vehicle", "view", "lane", "said"),
    [
        (replace(SEDAN, state="ZZ"), EASY, 0, "'ZZ'"),
        (replace(SEDAN, colour="puce"), EASY, 0, "'puce'"),
        (replace(SEDAN, plate="NO WAY"), EASY, 0, "'NO WAY'"),
        (SEDAN, EASY, 3, "lanes 0 to 2, not 3"),
    ],
)
def test_what_cant_be_drawn_is_named(vehicle: Vehicle, view: View, lane: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        render_scene([(vehicle, view, lane)], size=SMALL, seed=1)


def test_one_scene_has_one_light() -> None:
    with pytest.raises(ValueError, match="one light, not day, night"):
        render_scene([(SEDAN, EASY, 0)], size=SMALL, seed=1, light="night")


def test_a_jpeg_keeps_the_picture() -> None:
    image = render_scene([], size=SMALL, seed=4).image
    decoded = cv2.imdecode(np.frombuffer(encode_jpeg(image), np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape == image.shape
    assert np.abs(decoded.astype(int) - image).mean() < 4
    assert len(encode_jpeg(image, quality=40)) < len(encode_jpeg(image))


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_bodys_heights_rise_so_that_each_has_one_place_on_the_tail(kind: Kind) -> None:
    assert all(lower[0] < upper[0] for lower, upper in pairwise(SHAPES[kind].knots))

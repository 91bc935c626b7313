import numpy as np
import pytest

from services.recognizer.adapters.line_geometry import (
    Quadrilateral,
    bounding_box,
    is_readable,
    joined_row,
    size,
    straightened,
    stretched,
    surroundings,
)


def upright(x: float, y: float, width: float, height: float) -> Quadrilateral:
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)


@pytest.mark.parametrize(
    ("width", "height", "readable"), [(60, 20, True), (20, 5, False), (20, 20, False), (300, 20, False)]
)
def test_readable_lines_are_high_enough_and_shaped_like_a_line(width: float, height: float, readable: bool) -> None:
    assert is_readable(upright(5, 5, width, height)) is readable


def test_a_slanted_line_is_straightened() -> None:
    image = np.zeros((200, 200, 3), np.uint8)
    corners = np.array([[20, 60], [140, 100], [130, 130], [10, 90]], np.float32)
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    for share in np.linspace(0, 1, 400):  # paint the left half of the line
        for depth in np.linspace(0, 1, 100):
            x, y = np.round(corners[0] + across * share / 2 + down * depth).astype(int)
            image[y, x] = 255
    line = straightened(image, corners)
    width, height = size(corners)
    assert line.shape == (48, round(48 * width / height), 3)
    half = line.shape[1] // 2
    assert line[8:-8, 8 : half - 8].mean() > 240
    assert line[8:-8, half + 8 : -8].mean() < 15


def test_surroundings_are_clipped_and_say_where_they_lie() -> None:
    image = np.zeros((50, 80, 3), np.uint8)
    cut, origin = surroundings(image, (10, 30, 40, 10), margin=12)
    assert origin == (0, 18)
    assert cut.shape == (32, 62, 3)


def test_pieces_on_the_tallest_ones_row_are_joined() -> None:
    left, right, below = upright(10, 10, 30, 20), upright(50, 12, 40, 18), upright(20, 40, 60, 8)
    joined = joined_row([below, right, left], bounding_box(upright(5, 5, 60, 40)))
    assert joined is not None
    assert joined.tolist() == [[10, 10], [90, 12], [90, 30], [10, 30]]


def test_nothing_inside_is_nothing_joined() -> None:
    assert joined_row([upright(200, 200, 30, 10)], (0, 0, 100, 100)) is None
    assert joined_row([], (0, 0, 100, 100)) is None


@pytest.mark.parametrize(("width", "read_at"), [(100, 112), (104, 112), (105, 128), (60, 80), (12, 48)])
def test_a_line_is_read_at_one_of_few_widths_and_never_narrowed(width: int, read_at: int) -> None:
    corners = np.array([(20, 20), (20 + width, 20), (20 + width, 68), (20, 68)], np.float32)
    assert stretched(np.zeros((120, 200, 3), np.uint8), corners).shape == (48, read_at, 3)

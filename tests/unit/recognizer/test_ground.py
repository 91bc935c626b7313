import cv2
import numpy as np
import pytest

from services.recognizer.adapters.line_geometry import with_its_ground
from services.recognizer.engine import Image
from services.recognizer.ground import LINE_PX, MARGIN, NO_GROUND, Ground, ground_of

BOX = (200, 150, 180, 40)


def street(ground: int, sheet: tuple[int, int, int, int] | None, paint: int, print_: int) -> Image:
    """Text at `BOX`, on a sheet of a grey level or on bare paint."""
    image = np.full((400, 600, 3), paint, np.uint8)
    if sheet is not None:
        x, y, width, height = sheet
        cv2.rectangle(image, (x, y), (x + width, y + height), (ground,) * 3, -1)
    cv2.putText(image, "KLM4829", (203, 185), cv2.FONT_HERSHEY_DUPLEX, 1.25, (print_,) * 3, 2, cv2.LINE_AA)
    return image


def measured(image: Image, slant: float = 0.0) -> Ground:
    x, y, width, height = BOX
    corners = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.float32)
    turn = cv2.getRotationMatrix2D((x + width / 2, y + height / 2), slant, 1)
    turned = np.asarray(cv2.warpAffine(image, turn, (600, 400), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    corners = (corners @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
    return ground_of(with_its_ground(turned, corners))


PLATE = street(235, (180, 130, 220, 80), 90, 20)
BADGE = street(90, None, 90, 220)


def test_a_plate_ends_in_edges_on_all_sides() -> None:
    plate = measured(PLATE)
    assert plate.dark_print == 1
    assert plate.contrast > 0.5
    assert min(plate.edges) > 0.5


def test_a_badge_stands_on_paint_that_goes_on() -> None:
    badge = measured(BADGE)
    assert badge.dark_print == 0
    assert badge.ends[1] < 0.1  # the print itself has upright edges at both of its ends


def test_a_sheet_that_goes_on_to_one_side_is_not_ended_there() -> None:
    ends = measured(street(235, (180, 130, 420, 80), 90, 20)).ends
    assert ends[0] < 0.1
    assert ends[1] > 0.5


def test_what_stands_farther_out_does_not_hide_the_sheet() -> None:
    image = PLATE.copy()
    cv2.rectangle(image, (0, 0), (600, 96), (255,) * 3, -1)
    cv2.rectangle(image, (0, 98), (600, 108), (0,) * 3, -1)
    assert measured(image).ends[0] > 0.5


@pytest.mark.parametrize("slant", [-12, 12])
def test_a_slanted_plate_is_measured_along_its_own_lines(slant: float) -> None:
    assert measured(PLATE, slant).ends == pytest.approx(measured(PLATE).ends, abs=0.2)


def test_an_edge_may_stray_a_little_from_the_line() -> None:
    turned = cv2.warpAffine(PLATE, cv2.getRotationMatrix2D((290, 170), 1.5, 1), (600, 400), borderValue=(90, 90, 90))
    assert measured(np.asarray(turned, np.uint8)).ends[0] > 0.4


@pytest.mark.parametrize("level", [0, 128, 255])
def test_what_is_all_one_grey_has_no_ground(level: int) -> None:
    around = 2 * round(MARGIN * LINE_PX)
    assert ground_of(np.full((LINE_PX + around, 60 + around), level, np.uint8)) == NO_GROUND

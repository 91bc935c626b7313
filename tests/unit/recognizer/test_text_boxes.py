"""From a map of probabilities to quadrilaterals around lines."""

import cv2
import numpy as np
import pytest

from services.recognizer.adapters.text_boxes import text_boxes


def test_a_region_grows_to_the_line_it_is_the_core_of_and_to_the_pictures_scale() -> None:
    probabilities = np.zeros((96, 160), np.float32)
    probabilities[40:50, 20:120] = 0.9
    (corners,) = text_boxes(probabilities, (320, 192))
    grown = 99 * 9 * 1.6 / (2 * (99 + 9))
    expected = np.array(
        [[20 - grown, 40 - grown], [119 + grown, 40 - grown], [119 + grown, 49 + grown], [20 - grown, 49 + grown]]
    )
    assert corners == pytest.approx(2 * expected, abs=2)


@pytest.mark.parametrize(("probability", "height"), [(0.25, 10), (0.45, 10), (0.9, 2)])
def test_what_is_faint_or_thin_is_no_line(probability: float, height: int) -> None:
    probabilities = np.zeros((96, 160), np.float32)
    probabilities[40 : 40 + height, 20:120] = probability
    assert text_boxes(probabilities, (160, 96)) == []


def test_a_slanted_line_has_its_corners_in_reading_order() -> None:
    probabilities = np.zeros((200, 200), np.float32)
    cv2.fillPoly(probabilities, [np.array([[40, 90], [160, 60], [164, 76], [44, 106]])], 0.9)
    ((top_left, top_right, bottom_right, bottom_left),) = text_boxes(probabilities, (200, 200))
    assert top_left[0] < 45 and top_left[1] < bottom_left[1]
    assert top_right[0] > 155 and top_right[1] < top_left[1] < bottom_left[1]
    assert bottom_right[1] > top_right[1]

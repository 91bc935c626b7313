import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recognizer.patches import plate_patch

FRAME = np.arange(60 * 100 * 3, dtype=np.uint8).reshape(60, 100, 3)


def test_a_patch_has_a_margin_of_a_quarter_of_the_height() -> None:
    patch = plate_patch(FRAME, (30, 20, 40, 12))
    assert patch.shape == (18, 46, 3)
    assert (patch == FRAME[17:35, 27:73]).all()


@given(st.integers(-20, 99), st.integers(-20, 59), st.integers(21, 200), st.integers(21, 200))
def test_a_patch_never_leaves_its_frame(x: int, y: int, width: int, height: int) -> None:
    patch = plate_patch(FRAME, (x, y, width, height))
    assert 1 <= patch.shape[0] <= 60
    assert 1 <= patch.shape[1] <= 100


def test_a_patch_does_not_keep_its_frame_in_memory() -> None:
    assert plate_patch(FRAME, (30, 20, 40, 12)).base is None


@pytest.mark.parametrize("box", [(200, 20, 10, 10), (20, -50, 10, 10)])
def test_a_box_outside_the_frame_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        plate_patch(FRAME, box)

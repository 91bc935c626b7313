import numpy as np
import pytest

from services.recognizer.adapters.jpeg import decode_jpeg, encode_jpeg
from services.recognizer.engine import Image


def slope(height: int, width: int) -> Image:
    row = np.linspace(0, 255, width).astype(np.uint8)
    return np.repeat(np.repeat(row[None, :, None], height, axis=0), 3, axis=2)


def test_what_is_encoded_is_decoded() -> None:
    image = slope(90, 160)
    decoded = decode_jpeg(encode_jpeg(image, quality=95, longest_px=1000))
    assert decoded.shape == image.shape
    assert np.abs(decoded.astype(int) - image).mean() < 2


@pytest.mark.parametrize(
    ("size", "shrunk"), [((90, 160), (45, 80)), ((160, 90), (80, 45)), ((40, 60), (40, 60)), ((1, 4000), (1, 80))]
)
def test_a_picture_is_shrunk_to_its_longest_side_and_never_enlarged(
    size: tuple[int, int], shrunk: tuple[int, int]
) -> None:
    assert decode_jpeg(encode_jpeg(slope(*size), quality=90, longest_px=80)).shape[:2] == shrunk


def test_a_lower_quality_is_smaller() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (100, 100, 3), dtype=np.uint8)
    assert len(encode_jpeg(noise, 40, 100)) < len(encode_jpeg(noise, 90, 100))


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="Not a picture"):
        decode_jpeg(data)


def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        encode_jpeg(np.zeros((0, 10, 3), np.uint8), 80, 100)

"""A frame is checked by its bytes before anything decodes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.frame_check import SIDE_PX_MAX, check_image
from services.ingest.image_size import ImageSize
from services.ingest.refusals import Refused
from tests.unit.ingest.pictures import jpeg, png, png_bomb, soft, with_dimensions


@pytest.mark.parametrize(("data", "kind"), [(jpeg(soft(30, 20)), "jpeg"), (png(soft(30, 20)), "png")])
def test_kind_and_size_come_from_the_bytes(data: bytes, kind: str) -> None:
    image = check_image(data, pixels_max=600)
    assert (image.kind, image.size, image.data) == (kind, ImageSize(30, 20), data)


@pytest.mark.parametrize(
    ("data", "pixels_max"),
    [
        (jpeg(soft(30, 20)), 599),
        (png(soft(30, 20)), 599),
        (png_bomb(2**31 - 1, 2**31 - 1), 40_000_000),
        (with_dimensions(jpeg(soft(30, 20)), 65_000, 65_000), 40_000_000),
        (png_bomb(SIDE_PX_MAX + 1, 1), 40_000_000),
    ],
)
def test_too_many_pixels_are_refused(data: bytes, pixels_max: int) -> None:
    with pytest.raises(Refused) as refused:
        check_image(data, pixels_max=pixels_max)
    assert refused.value.reason == "too-many-pixels"


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"GIF89a" + bytes(100), b"BM" + bytes(100), b"\x89PNG\r\n\x1a"])
def test_what_is_neither_jpeg_nor_png_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        check_image(data, pixels_max=1)
    assert refused.value.reason == "not-an-image"


@given(st.binary(max_size=100))
def test_any_bytes_are_refused_or_checked(data: bytes) -> None:
    try:
        assert 0 < check_image(data, pixels_max=10).size.pixels <= 10
    except Refused as refused:
        assert refused.field == "body"

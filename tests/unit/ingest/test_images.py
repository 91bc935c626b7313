"""Pictures are decoded wholly, and made to fit on the topic."""

import struct
import zlib

import cv2
import numpy as np
import pytest

from plateward.contracts.frames import FRAME_BYTES_MAX
from services.ingest.acceptance import Jpeg
from services.ingest.adapters.images import QUALITIES, encode_within, fit
from services.ingest.frame_check import CheckedImage, check_image
from services.ingest.image_size import ImageSize
from services.ingest.refusals import Refused
from tests.unit.ingest.pictures import jpeg, noise, png, png_chunk, png_of, soft, turned


def checked(data: bytes) -> CheckedImage:
    return check_image(data, pixels_max=40_000_000)


def decoded(image: Jpeg) -> ImageSize:
    height, width = np.asarray(cv2.imdecode(np.frombuffer(image.data, np.uint8), cv2.IMREAD_COLOR)).shape[:2]
    return ImageSize(width, height)


@pytest.mark.parametrize("data", [jpeg(soft(64, 48)), jpeg(soft(64, 48), progressive=True)])
def test_a_jpeg_that_fits_is_unchanged(data: bytes) -> None:
    assert fit(checked(data)) == Jpeg(data, ImageSize(64, 48))


def test_the_size_is_that_of_the_upright_picture() -> None:
    data = turned(jpeg(soft(64, 48)))
    assert fit(checked(data)) == Jpeg(data, ImageSize(48, 64))


@pytest.mark.parametrize(
    "pixels",
    [soft(64, 48), soft(64, 48)[:, :, :1], np.dstack([soft(64, 48), np.full((48, 64), 128, np.uint8)])],
    ids=["colour", "grey", "transparent"],
)
def test_a_png_becomes_a_jpeg(pixels: np.typing.NDArray[np.uint8]) -> None:
    image = fit(checked(png(pixels)))
    assert image.data.startswith(b"\xff\xd8\xff")
    assert image.size == decoded(image) == ImageSize(64, 48)


def test_quality_is_lowered_first() -> None:
    pixels = noise(400, 300)
    bytes_max = len(jpeg(pixels, QUALITIES[2]))
    image = encode_within(pixels, bytes_max)
    assert image.size == ImageSize(400, 300)
    assert len(image.data) == bytes_max


def test_then_the_size_in_proportion() -> None:
    pixels = noise(400, 300)
    bytes_max = len(jpeg(pixels, QUALITIES[-1])) // 4
    image = encode_within(pixels, bytes_max)
    assert len(image.data) <= bytes_max
    assert 180 <= image.size.width_px <= 200  # half the width and half the height
    assert image.size == decoded(image)
    assert image.size.width_px / image.size.height_px == pytest.approx(4 / 3, rel=0.02)


def test_the_noisiest_large_jpeg_fits() -> None:
    picture = jpeg(noise(2_400, 1_800), 90)
    assert len(picture) > 3 * FRAME_BYTES_MAX
    image = fit(checked(picture))
    assert len(image.data) <= FRAME_BYTES_MAX
    assert image.size == decoded(image)


def test_a_png_without_all_its_rows_is_refused() -> None:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0))
    half = png_chunk(b"IDAT", zlib.compress((b"\0" + bytes(64 * 3)) * 24))
    with pytest.raises(Refused, match="must decode to a picture"):
        fit(checked(png_of(header, half, png_chunk(b"IEND", b""))))


def test_a_jpeg_that_only_looks_like_one_is_refused() -> None:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 48, 64, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00"
    with pytest.raises(Refused, match="must decode to a picture"):
        fit(checked(b"\xff\xd8" + frame + scan + b"\xff\xd9"))

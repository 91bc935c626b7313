"""A PNG's dimensions and its end are found without inflating it."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.image_size import ImageSize
from services.ingest.png_file import CHUNKS_MAX, SIGNATURE, png_size
from services.ingest.refusals import Refused
from tests.unit.ingest.pictures import noise, png, png_bomb, png_chunk, png_of

PNG = png(noise(20, 12))


def header(width_px: int, height_px: int) -> bytes:
    return png_chunk(b"IHDR", struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0))


def test_size_of_a_whole_file() -> None:
    assert png_size(PNG) == ImageSize(20, 12)


def test_size_is_what_the_file_says() -> None:
    assert png_size(png_bomb(100_000, 100_000)) == ImageSize(100_000, 100_000)


def test_no_beginning_of_a_file_is_taken_for_the_whole() -> None:
    for length in range(len(SIGNATURE), len(PNG)):
        with pytest.raises(Refused, match="must"):
            png_size(PNG[:length])


def test_no_byte_of_a_chunk_can_be_another() -> None:
    for at in range(len(SIGNATURE), len(PNG)):
        with pytest.raises(Refused, match="must"):
            png_size(PNG[:at] + bytes([PNG[at] ^ 1]) + PNG[at + 1 :])


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (png_of(header(0, 5), png_chunk(b"IDAT", b"x"), png_chunk(b"IEND", b"")), "must say its dimensions first"),
        (png_of(png_chunk(b"IDAT", b"x"), header(4, 5), png_chunk(b"IEND", b"")), "must say its dimensions first"),
        (png_of(png_chunk(b"IHDR", b"\0\0\0\1\0\0\0\1")), "must say its dimensions first"),
        (png_of(header(4, 5), png_chunk(b"IEND", b"")), "must hold a picture"),
        (png_of(header(4, 5)), "must go on to its IEND chunk"),
        (png_of(header(4, 5), png_chunk(b"tEXt", b"") * CHUNKS_MAX), f"must have at most {CHUNKS_MAX} chunks"),
    ],
)
def test_a_file_that_is_no_picture_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        png_size(data)
    assert (refused.value.reason, refused.value.rule) == ("undecodable", f"as a PNG, {rule}")


@given(st.binary(max_size=200))
def test_any_bytes_give_a_size_or_a_refusal(data: bytes) -> None:
    try:
        assert png_size(SIGNATURE + data).pixels > 0
    except Refused as refused:
        assert refused.reason == "undecodable"


@given(st.lists(st.tuples(st.sampled_from([b"IHDR", b"IDAT", b"IEND", b"tEXt"]), st.binary(max_size=16)), max_size=5))
def test_any_chunks_give_a_size_or_a_refusal(chunks: list[tuple[bytes, bytes]]) -> None:
    try:
        assert png_size(png_of(*(png_chunk(kind, content) for kind, content in chunks))).pixels > 0
    except Refused as refused:
        assert refused.reason == "undecodable"

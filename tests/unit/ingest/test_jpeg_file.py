"""A JPEG's dimensions and its end are found without decoding it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.image_size import ImageSize
from services.ingest.jpeg_file import SCANS_MAX, SEGMENTS_MAX, SIGNATURE, jpeg_size
from services.ingest.refusals import Refused
from tests.unit.ingest.pictures import jpeg, noise, soft, turned, with_dimensions, with_segment

BASELINE = jpeg(soft(64, 48))
PROGRESSIVE = jpeg(noise(40, 24), progressive=True)
RESTARTING = jpeg(noise(40, 24), restart_interval=1)
WITH_THUMBNAIL = with_segment(BASELINE, 0xE1, b"Exif\0\0" + jpeg(soft(16, 12)))


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (BASELINE, ImageSize(64, 48)),
        (PROGRESSIVE, ImageSize(40, 24)),
        (RESTARTING, ImageSize(40, 24)),
        (WITH_THUMBNAIL, ImageSize(64, 48)),
        (turned(BASELINE), ImageSize(64, 48)),
        (BASELINE + b"\0" * 100, ImageSize(64, 48)),
        (BASELINE[:2] + b"\xff\xff\xff" + BASELINE[2:], ImageSize(64, 48)),
        (with_dimensions(BASELINE, 65_535, 1), ImageSize(65_535, 1)),
    ],
    ids=["baseline", "progressive", "restarting", "thumbnail", "exif", "padded", "fill-bytes", "as-it-says"],
)
def test_size_of_a_whole_file(data: bytes, size: ImageSize) -> None:
    assert jpeg_size(data) == size


@pytest.mark.parametrize("data", [BASELINE, PROGRESSIVE, RESTARTING, WITH_THUMBNAIL])
def test_no_beginning_of_a_file_is_taken_for_the_whole(data: bytes) -> None:
    for length in range(len(data)):
        with pytest.raises(Refused) as refused:
            jpeg_size(data[:length])
        assert refused.value.rule == "as a JPEG, must go on to its end-of-image marker"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"\xff\xd8\xff\xd9", "must hold a picture"),
        (with_dimensions(BASELINE, 0, 48), "must say its dimensions"),
        (with_dimensions(BASELINE, 64, 0), "must say its dimensions"),
        (with_segment(BASELINE, 0xC0, b"\x08\0\x10\0\x10\x03"), "must hold one picture"),
        (with_segment(BASELINE, 0xC0, b"\x08\0\x10"), "must say its dimensions"),
        (BASELINE[:2] + BASELINE, "must have a segment at byte 4"),
        (BASELINE[:2] + b"x" + BASELINE[2:], "must have a marker at byte 2"),
        (b"\xff\xd8\xff\xe0\0\1" + BASELINE[2:], "must have a whole segment at byte 4"),
        (BASELINE[:2] + b"\xff\xda\0\2\xff\x00" * (SCANS_MAX + 1) + BASELINE[2:], "must have at most 100 scans"),
        (BASELINE[:2] + b"\xff\xfe\0\2" * SEGMENTS_MAX + BASELINE[2:], "must have at most 4096 segments"),
    ],
)
def test_a_file_that_is_no_picture_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        jpeg_size(data)
    assert (refused.value.reason, refused.value.rule) == ("undecodable", f"as a JPEG, {rule}")


@given(st.binary(max_size=400))
def test_any_bytes_give_a_size_or_a_refusal(data: bytes) -> None:
    try:
        assert jpeg_size(SIGNATURE + data).pixels > 0
    except Refused as refused:
        assert refused.reason == "undecodable"


@given(st.integers(0, len(BASELINE) - 1), st.binary(max_size=8))
def test_a_spoilt_file_gives_a_size_or_a_refusal(at: int, spoilt: bytes) -> None:
    try:
        assert jpeg_size(BASELINE[:at] + spoilt + BASELINE[at + len(spoilt) :]).pixels > 0
    except Refused as refused:
        assert refused.reason == "undecodable"

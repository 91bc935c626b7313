"""Whatever is sent as a picture, it decodes to a JPEG that fits or is refused; and whatever is sent as its time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from plateward.contracts.frames import FRAME_BYTES_MAX
from services.ingest.adapters.images import fit
from services.ingest.capture_time import AGE_MAX, FUTURE_MAX, capture_time
from services.ingest.frame_check import check_image
from services.ingest.refusals import Refused
from tests.unit.ingest.pictures import jpeg, png, png_bomb, soft, turned, with_dimensions

PIXELS_MAX = 1_000_000
JPEG = jpeg(soft(48, 32))
NOW = datetime(2026, 3, 1, 9, 12, 7, tzinfo=UTC)

PICTURES = {
    "baseline": JPEG,
    "progressive": jpeg(soft(48, 32), progressive=True),
    "restarts": jpeg(soft(48, 32), restart_interval=1),
    "turned": turned(JPEG),
    "png": png(soft(48, 32)),
}


def taken(data: bytes) -> None:
    """Takes a picture as a door does; a refusal is as good as a JPEG."""
    try:
        image = check_image(data, pixels_max=PIXELS_MAX)
        assert image.size.pixels <= PIXELS_MAX
        made = fit(image)
    except Refused as why:
        assert why.field == "body"
        return
    assert made.data.startswith(b"\xff\xd8\xff")
    assert len(made.data) <= FRAME_BYTES_MAX
    assert 0 < made.size.pixels <= PIXELS_MAX


@given(st.binary(max_size=400) | st.binary(max_size=400).map(lambda data: b"\xff\xd8\xff" + data))
@example(b"")
@example(b"\x00" * 1000)
@example(b"\xff" * 1000)
@example(b"GIF89a" + bytes(50))
@example(b"\x89PNG\r\n\x1a\n")
def test_any_bytes(data: bytes) -> None:
    taken(data)


@pytest.mark.parametrize("kind", PICTURES)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_picture_with_damaged_bytes(kind: str, data: st.DataObject) -> None:
    picture = bytearray(PICTURES[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        picture[data.draw(st.integers(0, len(picture) - 1))] = data.draw(st.integers(0, 255))
    taken(bytes(picture))


@pytest.mark.parametrize("kind", PICTURES)
@given(data=st.data())
def test_no_picture_that_breaks_off_is_taken(kind: str, data: st.DataObject) -> None:
    picture = PICTURES[kind]
    with pytest.raises(Refused):
        check_image(picture[: data.draw(st.integers(0, len(picture) - 1))], pixels_max=PIXELS_MAX)


@given(width_px=st.integers(0, 2**16 - 1), height_px=st.integers(0, 2**16 - 1))
@example(65_535, 65_535)
def test_a_picture_that_says_it_is_larger_than_it_is(width_px: int, height_px: int) -> None:
    taken(with_dimensions(JPEG, width_px, height_px))
    taken(png_bomb(width_px, height_px))


@given(st.text(max_size=60))
@example("9999-12-31T23:59:59+00:00")
@example("0001-01-01T00:00:00+23:59")
@example("2026-03-01T09:12:07")
@example("2026-02-30T09:12:07Z")
def test_any_text_as_a_time(text: str) -> None:
    try:
        at = capture_time(text, NOW)
    except Refused as why:
        assert (why.reason, why.field) == ("captured-at", "Captured-At")
    else:
        assert NOW - AGE_MAX <= at <= NOW + FUTURE_MAX


@given(st.datetimes(timezones=st.just(UTC)))
@example(NOW + FUTURE_MAX)
@example(NOW + FUTURE_MAX + timedelta(microseconds=1))
@example(NOW - AGE_MAX)
@example(NOW - AGE_MAX - timedelta(microseconds=1))
def test_a_time_is_taken_exactly_within_the_bounds(at: datetime) -> None:
    if NOW - AGE_MAX <= at <= NOW + FUTURE_MAX:
        assert capture_time(at.isoformat(), NOW) == at
    else:
        with pytest.raises(Refused):
            capture_time(at.isoformat(), NOW)

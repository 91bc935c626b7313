"""Which frames are looked at when there are more than can be."""

from datetime import datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.recognizer.backlog import UNHURRIED, fate
from tests.unit.recognizer.sightings import START, a_shot

AGE_MAX = timedelta(seconds=60)
BEHIND = st.floats(0, 59).map(lambda seconds: timedelta(seconds=seconds))
APART = st.floats(0, 10).map(lambda seconds: timedelta(seconds=seconds))


def of(behind: timedelta, apart: timedelta | None) -> str:
    frame = msgspec.structs.replace(a_shot(0).frame, received_at=START)
    last: datetime | None = None if apart is None else START - apart
    return fate(frame, last, START + behind, AGE_MAX)


@given(APART)
def test_who_keeps_up_looks_at_every_frame(apart: timedelta) -> None:
    assert of(UNHURRIED, apart) == "look"


@given(BEHIND)
def test_a_cameras_first_frame_is_looked_at(behind: timedelta) -> None:
    assert of(behind, None) == "look"


@given(BEHIND, st.floats(2, 10).map(lambda seconds: timedelta(seconds=seconds)))
def test_frames_two_seconds_apart_are_never_skipped(behind: timedelta, apart: timedelta) -> None:
    assert of(behind, apart) == "look"


@given(BEHIND, BEHIND, APART)
def test_who_is_further_behind_looks_at_no_more(one: timedelta, other: timedelta, apart: timedelta) -> None:
    less, more = sorted((one, other))
    assert of(more, apart) == "skipped" or of(less, apart) == "look"


def test_close_frames_are_skipped_by_who_is_behind() -> None:
    assert of(timedelta(seconds=2), timedelta(seconds=0.4)) == "skipped"
    assert of(timedelta(seconds=2), timedelta(seconds=0.5)) == "look"


def test_a_frame_too_old_is_stale() -> None:
    assert of(AGE_MAX + timedelta(seconds=1), None) == "stale"

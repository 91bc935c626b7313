"""How a camera is: well, silent, blank, undecodable, reported, out of service; and when that is said."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.cameras import CameraStatus
from services.ingest.condition import SAID_AGAIN_AFTER, Condition, Pulse, condition, is_to_be_said
from tests.support.cameras import BY, a_camera

AT = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SENDS = a_camera("c", "key", silent_after_seconds=60, in_service_since=AT)
WELL = Condition("working")


def seconds(count: float) -> datetime:
    return AT + timedelta(seconds=count)


def test_silence_begins_after_its_time_and_ends_with_a_frame() -> None:
    pulse = Pulse(last_frame_at=seconds(10))
    assert condition(SENDS, pulse, seconds(70), 5) == WELL
    assert condition(SENDS, pulse, seconds(70.001), 5) == Condition("faulty", "silent since 2026-05-01T12:00:10Z")
    assert condition(SENDS, pulse.taken(seconds(71), blank=False), seconds(72), 5) == WELL


def test_a_frame_that_may_not_be_known_yet_is_waited_for() -> None:
    late = timedelta(seconds=5)
    assert condition(SENDS, Pulse(AT), seconds(65), 5, late) == WELL
    assert condition(SENDS, Pulse(AT), seconds(65.001), 5, late).state == "faulty"


def test_one_that_has_never_sent_is_silent_since_it_came_into_service() -> None:
    assert condition(SENDS, Pulse(), seconds(60), 5) == WELL
    assert condition(SENDS, Pulse(), seconds(61), 5).fault == "silent since 2026-05-01T12:00:00Z"


def test_time_out_of_service_is_no_silence() -> None:
    days_ago = Pulse(last_frame_at=AT - timedelta(days=3))
    assert condition(SENDS, days_ago, seconds(59), 5) == WELL


def test_where_silence_says_nothing_nobody_is_silent() -> None:
    assert condition(a_camera("c", "key"), Pulse(), AT + timedelta(days=365), 5) == WELL


@pytest.mark.parametrize(("blank", "fault"), [(True, "frames are blank"), (False, "frames do not decode")])
def test_bad_frames_in_a_row_are_a_fault_and_a_good_one_ends_it(blank: bool, fault: str) -> None:
    def bad(pulse: Pulse) -> Pulse:
        return pulse.taken(AT, blank=True) if blank else pulse.spoilt()

    pulse = Pulse(last_frame_at=AT)
    for _ in range(4):
        pulse = bad(pulse)
        assert condition(SENDS, pulse, AT, 5) == WELL
    pulse = bad(pulse)
    assert condition(SENDS, pulse, AT, 5) == Condition("faulty", fault)
    assert condition(SENDS, pulse.taken(AT, blank=False), AT, 5) == WELL


def test_what_a_person_reported_stays_although_frames_come() -> None:
    reported = a_camera("c", "key", fault=BY)
    assert condition(reported, Pulse(AT), AT, 5) == Condition("faulty", "reported: The roadway.")


def test_out_of_service_comes_before_all_faults() -> None:
    withdrawn = a_camera("c", "key", fault=BY, out_of_service=BY, silent_after_seconds=1)
    how = condition(withdrawn, Pulse(undecodable=9), AT, 5)
    assert how.state == "out-of-service"
    assert how.fault is not None
    assert "The roadway." in how.fault


EVENTS = st.lists(st.sampled_from(["good", "blank", "broken"]), max_size=20)


def after(pulse: Pulse, events: list[str], start: int = 0) -> Pulse:
    for number, event in enumerate(events, start):
        pulse = pulse.spoilt() if event == "broken" else pulse.taken(seconds(number), blank=event == "blank")
    return pulse


@given(EVENTS, EVENTS)
def test_what_processes_add_one_after_the_other_is_as_if_one_had_heard_it_all(
    first: list[str], then: list[str]
) -> None:
    assert after(Pulse(), first).then(after(Pulse(), then, len(first))) == after(Pulse(), first + then)


@given(EVENTS)
def test_a_good_frame_ends_every_run(events: list[str]) -> None:
    assert after(Pulse(), [*events, "good"]) == Pulse(seconds(len(events)), showed=True)


def said(how: Condition, last_frame_at: datetime | None) -> CameraStatus:
    return CameraStatus(
        camera_id="c", agency_id="flagstaff", state=how.state, at=AT, fault=how.fault, last_frame_at=last_frame_at
    )


def test_a_change_is_said_at_once_and_frames_every_thirty_seconds() -> None:
    silent, before = Condition("faulty", "silent"), said(WELL, AT)
    again = AT + SAID_AGAIN_AFTER
    assert is_to_be_said(WELL, Pulse(), None, AT)
    assert is_to_be_said(silent, Pulse(AT), before, AT)
    assert not is_to_be_said(WELL, Pulse(AT), before, AT + timedelta(days=1))
    assert not is_to_be_said(WELL, Pulse(seconds(1)), before, again - timedelta(microseconds=1))
    assert is_to_be_said(WELL, Pulse(seconds(1)), before, again)

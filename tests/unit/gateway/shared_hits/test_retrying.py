"""When a delivery is tried again, and which goes next."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.shared_hits.retrying import PAUSES, TRIES_MAX, Waiting, next_of, pause_after

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def waiting(sequence: int, *, tries: int = 0, aside: bool = False, due: int = 0) -> Waiting:
    return Waiting(uuid.uuid4(), sequence, tries, aside, AT + timedelta(seconds=due))


def test_ten_tries_over_three_days_and_then_none() -> None:
    pauses = [pause_after(failures, 0.0, None) for failures in range(1, TRIES_MAX)]
    assert pauses == list(PAUSES)
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert pause_after(TRIES_MAX, 0.0, None) is None


@given(st.integers(1, TRIES_MAX - 1), st.floats(0, 1))
def test_chance_makes_a_pause_longer_by_a_fifth_at_most(failures: int, chance: float) -> None:
    pause = pause_after(failures, chance, None)
    assert pause is not None
    assert PAUSES[failures - 1] <= pause <= PAUSES[failures - 1] * 1.2


@pytest.mark.parametrize(
    ("asked", "pause"),
    [(timedelta(seconds=90), 90), (timedelta(seconds=1), 5), (timedelta(days=90), 86_400), (timedelta(days=-1), 5)],
)
def test_a_receiver_may_ask_for_more_time_within_bounds(asked: timedelta, pause: int) -> None:
    assert pause_after(1, 0.0, asked) == timedelta(seconds=pause)


def test_the_first_in_line_goes_next_and_what_is_aside_only_when_nobody_is_in_line() -> None:
    first, second, aside = waiting(5), waiting(9), waiting(1, tries=3, aside=True)
    assert next_of([first, second, aside], 0, AT) == first
    assert next_of([aside], 0, AT) == aside
    assert next_of([waiting(1, aside=True, due=1)], 0, AT) is None
    assert next_of([], 0, AT) is None


def test_after_three_failures_it_is_every_other_time_the_next_one_that_is_tried() -> None:
    first, second = waiting(5, tries=3), waiting(9)
    chosen = [next_of([first, second], failures, AT) for failures in range(7)]
    assert chosen == [first, first, first, second, first, second, first]
    assert next_of([first], 3, AT) == first, "there is no other"

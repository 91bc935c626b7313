"""A clock that jumps purges nothing early."""

from datetime import UTC, datetime, timedelta

import pytest

from services.retention.trusted_time import ClockDoubt, TrustedTime, Witnesses

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(process: datetime, database: datetime | None = None, counted: timedelta = timedelta(0)) -> Witnesses:
    return Witnesses(process, database or process, counted.total_seconds())


def test_the_earlier_of_two_clocks_that_agree_is_believed() -> None:
    assert TrustedTime(DAY).believed(at(START + timedelta(minutes=4), START), None) == START


@pytest.mark.parametrize("apart", [timedelta(minutes=6), timedelta(days=400), -timedelta(minutes=6)])
def test_clocks_that_disagree_are_not_believed(apart: timedelta) -> None:
    with pytest.raises(ClockDoubt, match="set them"):
        TrustedTime(DAY).believed(at(START + apart, START), None)


def test_both_clocks_of_a_machine_that_jump_ahead_together_are_not_believed() -> None:
    trusted = TrustedTime(400 * DAY)
    trusted.believed(at(START), None)
    with pytest.raises(ClockDoubt, match="jumped ahead"):
        trusted.believed(at(START + 31 * DAY, counted=HOUR), START)
    assert trusted.believed(at(START + HOUR, counted=HOUR), START) == START + HOUR


def test_a_process_that_runs_for_long_goes_on_believing() -> None:
    trusted = TrustedTime(DAY)
    for hours in range(0, 24 * 40, 12):
        passed = hours * HOUR
        assert trusted.believed(at(START + passed, counted=passed), START + passed - HOUR) == START + passed


def test_after_a_long_time_without_a_purge_a_person_is_asked() -> None:
    with pytest.raises(ClockDoubt, match="confirm-clock"):
        TrustedTime(3 * DAY).believed(at(START + 4 * DAY), START)
    assert TrustedTime(3 * DAY).believed(at(START + 4 * DAY), START + 2 * DAY) == START + 4 * DAY


def test_a_clock_that_is_set_back_only_delays() -> None:
    trusted = TrustedTime(DAY)
    trusted.believed(at(START), None)
    assert trusted.believed(at(START - 30 * DAY, counted=HOUR), START) == START - 30 * DAY

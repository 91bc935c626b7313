"""What the watch tells the administrator, and what it lets be."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.audit.watching.alarms import Alarm
from services.audit.watching.looks import Look, look_of
from services.audit.watching.thresholds import Thresholds
from services.audit.watching.watch import Watch
from services.audit.watching.words import is_vague
from tests.support.access_log import a_look

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def a_search(number: int, at: datetime = NOON, **changes: str) -> Look:
    """An honest search: its own plate, its own case, from the person's own desk."""
    look = Look(
        access_id=uuid.UUID(int=number),
        at=at,
        person_id="p1",
        agency_id="flagstaff",
        session="s1",
        address="192.0.2.7",
        plate=f"PLATE{number}",
        case=f"26-{4000 + number:06}",
        words="catalytic converter taken on Elm St",
    )
    return replace(look, **changes)  # type: ignore[arg-type]


def alarms(looks: list[Look]) -> list[Alarm]:
    return list(Watch().over(looks))


def kinds(looks: list[Look]) -> list[str]:
    return [alarm.kind for alarm in alarms(looks)]


def test_a_month_of_honest_work_raises_nothing() -> None:
    looks = [a_search(100 * day + n, NOON + day * DAY + n * 20 * MINUTE) for day in range(30) for n in range(5)]
    assert kinds(looks) == []


def test_one_plate_on_many_days_is_told_with_every_look_as_evidence() -> None:
    looks = [a_search(n, NOON + n * DAY, plate="7KXR214", case="26-004417") for n in range(12)]
    (alarm,) = alarms(looks)
    assert (alarm.kind, alarm.person_id, alarm.agency_id, alarm.at) == ("repeat_target", "p1", "flagstaff", looks[7].at)
    assert alarm.evidence == tuple(look.access_id for look in looks[:8])
    assert alarm.says == "one plate on 8 days, under 1 case"
    assert "7KXR214" not in alarm.says


def test_one_plate_under_ever_another_case_is_told_sooner() -> None:
    assert kinds([a_search(n, NOON + n * DAY, plate="7KXR214") for n in range(2)]) == []
    assert kinds([a_search(n, NOON + n * DAY, plate="7KXR214") for n in range(3)]) == ["repeat_target"]


def test_what_is_long_ago_counts_no_more() -> None:
    assert kinds([a_search(n, NOON + n * 31 * DAY, plate="7KXR214") for n in range(12)]) == []


def test_one_plate_looked_for_by_many_people_is_nobodys_target() -> None:
    assert kinds([a_search(n, NOON + n * DAY, plate="7KXR214", person_id=f"p{n}") for n in range(12)]) == []


def test_one_case_for_many_plates_is_told() -> None:
    looks = [a_search(n, NOON + n * DAY, case="26-004417") for n in range(10)]
    assert kinds(looks[:9]) == []
    assert kinds(looks) == ["off_case"]


def test_hours_that_are_not_a_persons_own_are_told() -> None:
    habit = [a_search(n, NOON + n * DAY + n % 5 * 60 * MINUTE) for n in range(40)]
    night = [a_search(100 + n, NOON + (40 + n) * DAY + timedelta(hours=14)) for n in range(3)]
    assert kinds(habit + night[:2]) == []
    (alarm,) = alarms(habit + night)
    assert (alarm.kind, alarm.evidence) == ("off_hours", tuple(look.access_id for look in night))
    assert kinds(night) == [], "who is new has no hours yet"


def test_a_night_shift_is_as_good_as_any() -> None:
    habit = [a_search(n, NOON + n * DAY + timedelta(hours=11 + n % 3)) for n in range(60)]
    assert kinds(habit) == []


def test_an_account_in_two_places_at_once_is_told() -> None:
    desks = [{"session": "s1", "address": "192.0.2.7"}, {"session": "s2", "address": "192.0.2.9"}]
    to_and_fro = [a_search(n, NOON + n * MINUTE, **desks[n % 2]) for n in range(3)]
    assert kinds(to_and_fro) == ["shared_account"]
    moved = [a_search(n, NOON + n * MINUTE, **desks[n // 5]) for n in range(10)]
    assert kinds(moved) == [], "somebody went to another desk"
    slowly = [a_search(n, NOON + n * 20 * MINUTE, **desks[n % 2]) for n in range(6)]
    assert kinds(slowly) == [], "a car and a desk, in turn"


def test_reasons_that_would_fit_any_search_are_told() -> None:
    looks = [a_search(n, NOON + n * DAY, words="Police business!") for n in range(3)]
    assert kinds(looks[:2]) == []
    assert kinds(looks) == ["vague_reason"]


@pytest.mark.parametrize(
    ("case", "words", "vague"),
    [
        ("26-004417", "taken overnight from Elm St", False),
        ("26-004417", "hit and run", False),
        ("26-0417", "", False),
        ("E2600417", "", False),
        ("26-004417", "investigation", True),
        ("26-004417", "ongoing criminal investigation, follow up", True),
        ("26-004417", "x", True),
        ("26-000000", "taken overnight from Elm St", True),
        ("26-12345", "taken overnight from Elm St", True),
        ("99999", "taken overnight from Elm St", True),
        ("", "", True),
        ("", "missing since Tuesday, family worried", False),
    ],
)
def test_what_says_nothing_is_known(case: str, words: str, vague: bool) -> None:
    assert is_vague(a_search(1, case=case, words=words), Thresholds().vague_characters) is vague


def test_many_searches_in_minutes_are_told_once() -> None:
    looks = [a_search(n, NOON + n * timedelta(seconds=20)) for n in range(40)]
    assert kinds(looks[:19]) == []
    assert kinds(looks) == ["burst"]


def test_many_more_plates_than_colleagues_are_told() -> None:
    colleagues = [a_search(1000 + n, NOON, person_id=f"c{n}") for n in range(9)]
    looks = [a_search(n, NOON + n * 60 * MINUTE) for n in range(60)]
    assert kinds(colleagues + looks) == ["breadth"]
    busy = [
        a_search(2000 + 50 * n + m, NOON - DAY + m * 20 * MINUTE, person_id=f"c{n}")
        for m in range(30)
        for n in range(9)
    ]
    assert kinds(busy + looks) == [], "it is a week in which everybody is busy"


def test_what_was_told_is_told_again_after_a_month() -> None:
    looks = [a_search(n, NOON + n * timedelta(seconds=20)) for n in range(20)]
    later = [replace(look, at=look.at + 31 * DAY) for look in looks]
    soon = [replace(look, at=look.at + 5 * DAY) for look in looks]
    assert kinds(looks + soon) == ["burst"]
    assert kinds(looks + later) == ["burst", "burst"]


def test_a_search_is_read_from_its_record_of_asking() -> None:
    record = a_look()
    look = look_of(record)
    assert look is not None
    assert (look.access_id, look.at, look.person_id, look.plate, look.case) == (
        record.access_id,
        record.at,
        "p1",
        "ABC123",
        "26-1",
    )
    assert look_of(a_look(phase="answered")) is None
    assert look_of(a_look(action="watch-hits")) is None


def test_a_canvass_is_nobodys_target_and_a_further_page_is_no_search_of_its_own() -> None:
    canvasses = [a_search(n, NOON + n * DAY, plate="", case="") for n in range(30)]
    assert kinds(canvasses) == []
    page = a_look(query={"plate": "ABC123", "search": str(uuid.UUID(int=7)), "after": "2026-03-01T09:30:00Z"})
    assert look_of(page) is None

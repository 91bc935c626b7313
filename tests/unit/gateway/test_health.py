"""The lights of the line: red for what is wrong, and that first."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import msgspec
import pytest

from deploy.checks.kafka import GROUPS
from plateward.contracts.lists import HotList
from plateward.contracts.self_checks import self_check_camera
from plateward.matching.in_force import why_not_in_force
from services.gateway.adapters.gauges import FOLLOWED, Marks
from services.gateway.camera_changes import InvalidCamera, NewCamera, Placement, registered
from services.gateway.camera_health import CameraHealth
from services.gateway.health.lights import (
    ClockOffset,
    Lag,
    Light,
    LogState,
    in_order,
    of_camera,
    of_clock,
    of_lag,
    of_list,
    of_log,
    of_purge,
)
from services.gateway.health.self_checks import (
    SelfCheck,
    SelfChecking,
    check_entry,
    check_list,
    is_of_a_check,
    of_check,
)
from tests.support.cameras import a_camera
from tests.unit.retention.events import a_hit, a_read

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def a_list(age: timedelta) -> HotList:
    return HotList(
        agency_id="flagstaff",
        list_id="department",
        name="Own list",
        source="department",
        version=7,
        refreshed_at=AT - age,
        fresh_for_hours=24,
    )


def test_time_stamps_have_a_light_where_an_authority_is_asked_and_it_may_be_away_for_an_hour() -> None:
    def light(**stamps: object) -> Light | None:
        log = LogState(records=9, signed_at=AT, unsigned_since=None, unwatched_since=None, **stamps)  # type: ignore[arg-type]
        return next((one for one in of_log(log, AT) if one.name == "Time-stamps"), None)

    assert light() is None
    well = light(authority="tsa.example", stamped_at=AT - HOUR / 2)
    away = light(authority="tsa.example", stamped_at=AT - HOUR / 2, unstamped_since=AT - HOUR / 3)
    late = light(authority="tsa.example", unstamped_since=AT - HOUR - SECOND)
    assert [one and one.state for one in (well, away, late)] == ["right", "right", "wrong"]
    assert late is not None and late.says == "tsa.example has given no time-stamp for 60 min"


def test_what_is_wrong_comes_first_and_then_what_is_not_known() -> None:
    lights = [Light("camera", name, state, "") for name, state in (("a", "right"), ("b", "unknown"), ("c", "wrong"))]  # type: ignore[arg-type]
    assert [light.name for light in in_order(lights)] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("wrong", "last_frame_at", "overdue", "state"),
    [
        ((), AT, False, "right"),
        ((), None, False, "unknown"),
        ((), AT, True, "wrong"),
        (("lens cracked",), AT, False, "wrong"),
    ],
)
def test_a_cameras_light(wrong: tuple[str, ...], last_frame_at: datetime | None, overdue: bool, state: str) -> None:
    health = CameraHealth(a_camera("c1", "key"), "working", wrong, last_frame_at, None, overdue)
    assert of_camera(health).state == state


def test_a_lists_light_tells_its_version_and_age() -> None:
    assert of_list(a_list(3 * HOUR), silent=False, at=AT).says == "Version 7, refreshed 3 h ago"
    assert of_list(a_list(25 * HOUR), silent=False, at=AT).state == "wrong"
    assert of_list(a_list(3 * HOUR), silent=True, at=AT).state == "wrong"


@pytest.mark.parametrize(
    ("since", "state"), [(None, "right"), (AT - 59 * SECOND, "right"), (AT - 61 * SECOND, "wrong")]
)
def test_a_service_is_red_when_something_waits_for_over_a_minute(since: datetime | None, state: str) -> None:
    assert of_lag(Lag("audit", "access", 5, since), AT).state == state


def test_a_partition_waits_since_the_end_was_reached_that_is_not_passed_yet() -> None:
    marks = Marks()
    assert marks.behind_since(0, 0, AT) is None
    assert marks.behind_since(0, 5, AT + SECOND) == AT + SECOND
    assert marks.behind_since(3, 9, AT + 2 * SECOND) == AT + SECOND
    assert marks.behind_since(5, 9, AT + 3 * SECOND) == AT + 2 * SECOND
    assert marks.behind_since(9, 9, AT + 4 * SECOND) is None


def test_the_purge_and_the_log_turn_red_when_they_stay_behind() -> None:
    assert of_purge(None, is_current=True, at=AT).state == "unknown"
    assert of_purge(AT - HOUR, is_current=True, at=AT).state == "right"
    assert of_purge(AT - 27 * HOUR, is_current=True, at=AT).state == "wrong"
    assert of_purge(AT - HOUR, is_current=False, at=AT).state == "wrong"
    quiet = LogState(records=9, signed_at=AT - 5 * HOUR, unsigned_since=None, unwatched_since=None)
    assert [light.state for light in of_log(quiet, AT)] == ["right", "right"], "of a quiet log nothing waits"
    stuck = LogState(records=9, signed_at=AT - 5 * HOUR, unsigned_since=AT - HOUR, unwatched_since=AT - HOUR)
    assert [light.state for light in of_log(stuck, AT)] == ["wrong", "wrong"]


@pytest.mark.parametrize(
    ("ahead", "give_or_take", "state"),
    [(0.4, 0.1, "right"), (-3, 0.1, "wrong"), (3, 0.1, "wrong"), (3, 2.5, "right")],
)
def test_clocks_apart_are_red_beyond_what_measuring_leaves_open(ahead: float, give_or_take: float, state: str) -> None:
    offset = ClockOffset("database", timedelta(seconds=ahead), timedelta(seconds=give_or_take))
    assert of_clock(offset).state == state


def test_every_group_that_is_measured_is_one_of_the_deployments() -> None:
    assert {one.group for one in FOLLOWED} <= {group for groups in GROUPS.values() for group in groups}


@pytest.mark.parametrize(
    ("check", "state"),
    [
        (None, "unknown"),
        (SelfCheck(UUID(int=1), "flagstaff", AT - 30 * SECOND), "unknown"),
        (SelfCheck(UUID(int=1), "flagstaff", AT - 90 * SECOND), "wrong"),
        (SelfCheck(UUID(int=1), "flagstaff", AT - 90 * SECOND, AT - 80 * SECOND), "right"),
        (SelfCheck(UUID(int=1), "flagstaff", AT - 90 * SECOND, AT), "wrong"),
    ],
)
def test_a_check_of_the_line_is_right_when_its_hit_has_come_within_a_minute(
    check: SelfCheck | None, state: str
) -> None:
    assert of_check(check, AT).state == state


def test_a_hit_of_a_check_is_none_whether_its_camera_or_its_list_says_so() -> None:
    check = SelfCheck(UUID(int=1), "flagstaff", AT)
    real = a_hit(a_read())
    assert not is_of_a_check(real)
    assert is_of_a_check(a_hit(a_read(camera_id=self_check_camera("flagstaff"))))
    assert is_of_a_check(msgspec.structs.replace(real, entry=check_entry(check)))
    assert why_not_in_force(check_entry(check), check_list("flagstaff", AT), AT) is None


async def test_a_check_is_asked_for_once_a_shift_for_every_agency() -> None:
    class Asked:
        """A store that notes what is asked of it."""

        asked: ClassVar[list[tuple[str, datetime]]] = []

        async def newest(self, agency_id: str) -> SelfCheck | None:
            return None

        async def ask(self, agency_id: str, at: datetime, unless_since: datetime) -> None:
            self.asked.append((agency_id, unless_since))

    store = Asked()
    await SelfChecking(store, ("flagstaff", "stockton"), 8 * HOUR, lambda: AT).ask_due()
    assert store.asked == [("flagstaff", AT - 8 * HOUR), ("stockton", AT - 8 * HOUR)]


def test_no_camera_is_registered_under_the_id_of_a_check() -> None:
    new = NewCamera(self_check_camera("flagstaff"), "fixed", Placement("Here", 35.2, -111.6))
    with pytest.raises(InvalidCamera, match="what comes from it is a check"):
        registered(new, "flagstaff", "0" * 64, AT)

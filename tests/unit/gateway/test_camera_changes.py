"""What may be done to a camera on file, by whom, and what it leaves behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from plateward.contracts.camera_registrations import ByPerson, CameraRegistration
from plateward.policy.cameras import is_special, what_bars
from plateward.policy.catalogue import load_catalogue
from services.gateway import camera_changes
from services.gateway.camera_changes import GRACE_MINUTES_MAX, InvalidCamera, NewCamera, Placement

FLAGSTAFF = load_catalogue()["flagstaff"]
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
HERE = Placement("Route 66", 35.2, -111.6, 75.0)
THERE = Placement("Milton Rd", 35.1, -111.7)
CHIEF = ByPerson(name="R. Yazzie", title="Police Chief", at=AT, statement="The roadway.")
SILENT = replace(CHIEF, statement="")


def on_file(kind: str = "fixed", placement: Placement = HERE) -> CameraRegistration:
    return camera_changes.registered(NewCamera("camera-1", kind, placement), "flagstaff", "0" * 64, AT)


def in_service() -> CameraRegistration:
    return camera_changes.declared(camera_changes.approved(on_file(), FLAGSTAFF, CHIEF), CHIEF)


def test_a_camera_comes_into_service_with_approval_and_declaration() -> None:
    assert what_bars(on_file(), AT) is not None
    assert on_file().in_service_since is None
    camera = in_service()
    assert what_bars(camera, AT) is None
    assert (camera.in_service_since, camera.version) == (AT, 3)


def test_a_camera_that_is_moved_needs_both_anew() -> None:
    later = AT + timedelta(days=1)
    moved = camera_changes.placed(in_service(), THERE, later)
    assert (moved.place.name, moved.placed_at, moved.approval, moved.public_view) == ("Milton Rd", later, None, None)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewCamera("a b", "fixed", HERE), "camera_id"),
        (NewCamera("", "fixed", HERE), "camera_id"),
        (NewCamera("c", "drone", HERE), "kind"),
        (NewCamera("c", "fixed", Placement(" ", 35, -111)), "place.name"),
        (NewCamera("c", "fixed", Placement("a\0", 35, -111)), "place.name"),
        (NewCamera("c", "fixed", Placement("a", float("nan"), -111)), "place.latitude"),
        (NewCamera("c", "fixed", Placement("a", 35, 180.1)), "place.longitude"),
        (NewCamera("c", "fixed", Placement("a", 35, -111, 360)), "place.bearing_deg"),
        (NewCamera("c", "fixed", Placement("a", 35, -111, float("nan"))), "place.bearing_deg"),
        (NewCamera("c", "fixed", HERE, silent_after_seconds=0), "silent_after_seconds"),
        (NewCamera("c", "trailer", HERE), "ends_at"),
        (NewCamera("c", "fixed", Placement("a", 35, -111, special=True)), "ends_at"),
        (NewCamera("c", "fixed", Placement("a", 35, -111, ends_at=AT)), "ends_at"),
    ],
)
def test_what_cannot_be_registered_names_its_field(new: NewCamera, field: str) -> None:
    with pytest.raises(InvalidCamera) as invalid:
        camera_changes.registered(new, "flagstaff", "0" * 64, AT)
    assert [one.field for one in invalid.value.missing] == [field]


@pytest.mark.parametrize(
    "change",
    [
        lambda: camera_changes.declared(on_file(), SILENT),
        lambda: camera_changes.withdrawn(in_service(), SILENT),
        lambda: camera_changes.damaged(in_service(), SILENT),
        lambda: camera_changes.inspected(in_service(), "needs-repair", SILENT),
        lambda: camera_changes.returned(camera_changes.withdrawn(in_service(), CHIEF), SILENT),
        lambda: camera_changes.returned(in_service(), CHIEF),
        lambda: camera_changes.inspected(in_service(), "fine", CHIEF),
        lambda: camera_changes.rekeyed(in_service(), "1" * 64, -1, AT),
        lambda: camera_changes.rekeyed(in_service(), "1" * 64, GRACE_MINUTES_MAX + 1, AT),
    ],
)
def test_what_is_not_said_or_makes_no_sense_is_refused(change: Callable[[], CameraRegistration]) -> None:
    with pytest.raises(InvalidCamera):
        change()


def test_without_a_grace_the_old_key_is_gone_at_once() -> None:
    keys = camera_changes.rekeyed(in_service(), "1" * 64, 0, AT).keys
    assert [key.sha256 for key in keys] == ["1" * 64]


COMMANDS = st.one_of(
    st.builds(lambda minutes: ("rekey", minutes), st.integers(0, GRACE_MINUTES_MAX)),
    st.builds(lambda days: ("place", days), st.integers(1, 30)),
    st.sampled_from(
        [("approve", 0), ("declare", 0), ("withdraw", 0), ("return", 0), ("damage", 0), ("pass", 0), ("fail", 0)]
    ),
)


def do(camera: CameraRegistration, command: tuple[str, int], at: datetime, number: int) -> CameraRegistration:
    name, much = command
    by = replace(CHIEF, at=at)
    if name == "rekey":
        return camera_changes.rekeyed(camera, f"{number:064x}", much, at)
    if name == "place":
        return camera_changes.placed(camera, replace_end(THERE, at + timedelta(days=much)), at)
    if name == "approve":
        return camera_changes.approved(camera, FLAGSTAFF, by)
    if name == "declare":
        return camera_changes.declared(camera, by)
    if name == "withdraw":
        return camera_changes.withdrawn(camera, by)
    if name == "return":
        return camera_changes.returned(camera, by)
    if name == "damage":
        return camera_changes.damaged(camera, by)
    return camera_changes.inspected(camera, "in-order" if name == "pass" else "needs-repair", by)


def replace_end(placement: Placement, ends_at: datetime) -> Placement:
    return Placement(placement.name, placement.latitude, placement.longitude, ends_at=ends_at)


@given(st.lists(st.tuples(COMMANDS, st.integers(0, 3 * 24 * 60)), max_size=25))
def test_whatever_is_done_in_whatever_order(commands: list[tuple[tuple[str, int], int]]) -> None:
    camera, at = on_file(), AT
    for number, (command, minutes) in enumerate(commands, 1):
        at += timedelta(minutes=minutes)
        try:
            after = do(camera, command, at, number)
        except InvalidCamera:
            assert command[0] == "return"
            continue
        assert after.version == camera.version + 1
        assert (after.camera_id, after.agency_id, after.registered_at) == ("camera-1", "flagstaff", AT)
        assert sum(key.valid_until is None for key in after.keys) == 1
        assert len(after.keys) <= 2
        if command[0] in ("place", "withdraw", "fail"):
            assert what_bars(after, at) is not None
        if what_bars(after, at) is None:
            assert after.approval is not None
            assert after.approval.at >= after.placed_at
            assert after.public_view is not None
            assert after.public_view.at >= after.placed_at
            assert after.in_service_since is not None
            assert after.ends_at is None or at < after.ends_at
            assert not is_special(after) or after.ends_at is not None
        camera = after

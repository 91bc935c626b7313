"""When reports are of the same passing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.ingest.edge.edge_read import EdgeRead
from services.ingest.passing import LONGEST, NEAR, fresh_passing, marks_of
from tests.support.edge import AT

READ = EdgeRead(field="plate", plate="7KXR214", confidence=0.9, captured_at=AT, names=("a",), joins_near=True)


def same(one: EdgeRead, plate: str, other: EdgeRead, other_plate: str, camera: str = "main-1") -> bool:
    """Whether the second report finds what the first has left."""
    left, looked_for = marks_of("main-1", "edge:x", one, plate), marks_of(camera, "edge:x", other, other_plate)
    return not set(left.own).isdisjoint((*looked_for.own, *looked_for.near))


@pytest.mark.parametrize("seconds", [0, 5, 10])
def test_the_same_plate_moments_later_is_the_same_passing(seconds: int) -> None:
    later = replace(READ, names=("b",), captured_at=AT + timedelta(seconds=seconds))
    assert same(READ, "7KXR214", later, "7KXR214")
    assert same(later, "7KXR214", READ, "7KXR2I4"), "in either order, and under a confusable spelling"


def test_later_than_that_it_is_another() -> None:
    assert not same(READ, "7KXR214", replace(READ, names=("b",), captured_at=AT + 2 * NEAR), "7KXR214")


def test_a_name_that_the_device_gave_holds_at_any_time() -> None:
    assert same(READ, "7KXR214", replace(READ, captured_at=AT + timedelta(hours=1)), "7KXR214")


def test_another_plate_or_camera_is_another_passing() -> None:
    assert not same(READ, "7KXR214", READ, "8KXR214")
    assert not same(READ, "7KXR214", READ, "7KXR214", camera="main-2")


def test_without_joining_only_the_names_count() -> None:
    read = replace(READ, joins_near=False)
    assert not same(read, "7KXR214", replace(read, names=("b",)), "7KXR214")


def test_a_long_passing_leaves_no_more_than_so_many_marks() -> None:
    marks = marks_of("main-1", "edge:x", replace(READ, until=AT + timedelta(days=300)), "7KXR214")
    assert len(marks.own) == 1 + LONGEST // NEAR + 1


def test_the_id_of_a_new_passing_is_always_the_same() -> None:
    ids = {fresh_passing(marks_of("main-1", "edge:x", READ, plate), AT).read_id for plate in ("7KXR214", "7KXR2I4")}
    assert len(ids) == 1

"""Which records of a read are news: a pass told again is not, and one below the threshold never is."""

import pytest

from tests.unit.matcher.events import NOW, a_join, a_read, an_entry


def hits(**changes: object) -> int:
    return len(a_join(an_entry("7KXR214")).hits_of(a_read("7KXR214", **changes), NOW))


def test_a_read_below_the_threshold_raises_no_hit_by_itself() -> None:
    assert hits(below_threshold=True) == 0


@pytest.mark.parametrize(("before", "expected"), [("7KXR214", 0), ("7KXR2I4", 0), ("7KXR2T4", 1)])
def test_a_pass_told_again_hits_only_as_another_plate(before: str, expected: int) -> None:
    assert hits(supersedes=before) == expected

"""Which records of a read are news: a pass told again is not, and one below the threshold never is."""

from datetime import timedelta

import msgspec
import pytest

from plateward.contracts.examples import AT, HOT_LIST_ENTRY, PLATE_READ
from plateward.contracts.reads import PlateRead
from services.matcher.index import HotListIndex
from services.matcher.join import hits_of

AFTER = AT + timedelta(minutes=1)
READ = msgspec.structs.replace(PLATE_READ, plate="7KXR214", below_threshold=False, supersedes=None)


def hits(**changes: object) -> int:
    index = HotListIndex()
    index.put(HOT_LIST_ENTRY)
    read: PlateRead = msgspec.structs.replace(READ, **changes)
    return len(hits_of(read, index, AFTER))


def test_a_read_below_the_threshold_raises_no_hit_by_itself() -> None:
    assert hits(below_threshold=True) == 0


@pytest.mark.parametrize(("before", "expected"), [("7KXR214", 0), ("7KXR2I4", 0), ("7KXR2T4", 1)])
def test_a_pass_told_again_hits_only_as_another_plate(before: str, expected: int) -> None:
    assert hits(supersedes=before) == expected

"""Reads and entries for the matcher's tests: whole ones, of which a test names what it is about."""

import uuid
from datetime import UTC, datetime, timedelta

import msgspec

from plateward.contracts.examples import HOT_LIST_ENTRY, PLATE_READ
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import Candidate, PlateRead

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_read(plate: str, **changes: object) -> PlateRead:
    """A read of its own, by a camera of Barstow, that could be no other plate."""
    own: dict[str, object] = {"id": uuid.uuid4(), "below_threshold": False, "supersedes": None}
    own |= {"candidates": (Candidate(plate=plate, confidence=PLATE_READ.confidence),)}
    return msgspec.structs.replace(PLATE_READ, plate=plate, **(own | changes))


def an_entry(plate: str, *, at: datetime = NOW, **changes: object) -> HotListEntry:
    """An entry of its own, of Barstow, for that plate anywhere, in force an hour before and after `at`."""
    own: dict[str, object] = {
        "id": uuid.uuid4(),
        "starts_at": at - timedelta(hours=1),
        "expires_at": at + timedelta(hours=1),
    }
    own |= {"near_misses": False, "area": None}
    return msgspec.structs.replace(HOT_LIST_ENTRY, plate=plate, **(own | changes))

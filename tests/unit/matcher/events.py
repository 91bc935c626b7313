"""Reads and entries for the matcher's tests: whole ones, of which a test names what it is about."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import cast, get_args

import msgspec

from plateward.contracts.examples import HOT_LIST_ENTRY, PLATE_READ
from plateward.contracts.hot_list import Category, HotListEntry
from plateward.contracts.lists import HotList, ListDesignation
from plateward.contracts.reads import Candidate, PlateRead
from plateward.contracts.sharing import DataKind, SharingAgreement
from services.matcher.index import HotListIndex
from services.matcher.join import Join
from services.matcher.standing import Standing
from services.matcher.windows import SightingWindows

WINDOW = timedelta(seconds=60)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_read(plate: str, **changes: object) -> PlateRead:
    """A read of its own, by a camera of Barstow, at `NOW`, that could be no other plate."""
    own: dict[str, object] = {"id": uuid.uuid4(), "below_threshold": False, "supersedes": None, "captured_at": NOW}
    own |= {"candidates": (Candidate(plate=plate, confidence=PLATE_READ.confidence),)}
    return msgspec.structs.replace(PLATE_READ, plate=plate, **(own | changes))


def an_entry(plate: str, *, at: datetime = NOW, **changes: object) -> HotListEntry:
    """An entry of its own, of Barstow, for that plate anywhere, in force an hour before and after `at`."""
    own: dict[str, object] = {
        "id": uuid.uuid4(),
        "starts_at": at - timedelta(hours=1),
        "expires_at": at + timedelta(hours=1),
    }
    own |= {"near_misses": False, "area": None, "awaits_approval": False, "distribution": ()}
    own |= {"suspended_at": None, "found_by": None, "grade": "actionable"}
    return msgspec.structs.replace(HOT_LIST_ENTRY, plate=plate, **(own | changes))


def a_list(agency_id: str = "barstow", list_id: str = "department", **changes: object) -> HotList:
    """A list of which all is designated, and that is never stale."""
    sources = (HOT_LIST_ENTRY.source, "department")
    hot_list = HotList(
        agency_id=agency_id,
        list_id=list_id,
        name=f"{list_id} of {agency_id}",
        source=HOT_LIST_ENTRY.source,
        version=7,
        refreshed_at=NOW - timedelta(hours=1),
        designations=tuple(ListDesignation(source=source, categories=get_args(Category)) for source in sources),
        retroactive_hours=24,
    )
    return msgspec.structs.replace(hot_list, **changes)


def a_grant(grantor: str, grantee: str, *kinds: str, **changes: object) -> SharingAgreement:
    """An agreement in force, with no list named."""
    grant = SharingAgreement(
        id=uuid.uuid4(),
        mou_id="MOU 2026-07",
        mou_version=1,
        grantor=grantor,
        grantee=grantee,
        data_kinds=cast("tuple[DataKind, ...]", kinds),
        starts_at=NOW - timedelta(days=1),
        ends_at=NOW + timedelta(days=1),
    )
    return msgspec.structs.replace(grant, **changes)


def a_standing(*known: HotList | SharingAgreement) -> Standing:
    """What the matcher knows beside entries."""
    standing = Standing()
    for one in known:
        if isinstance(one, HotList):
            standing.put_list(one)
        else:
            standing.put_agreement(one)
    return standing


def a_join(*entries: HotListEntry, standing: Standing | None = None, windows: SightingWindows | None = None) -> Join:
    """A matcher's join that holds these entries; by default each agency's list is in force and nothing is shared."""
    index = HotListIndex()
    for entry in entries:
        index.put(entry)
    lists = {(one.agency_id, one.list_id) for one in entries}
    return Join(index, standing or a_standing(*(a_list(*one) for one in lists)), windows or SightingWindows(WINDOW))

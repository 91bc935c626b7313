"""What an entry lacks, and that whatever lacks nothing keeps to the contract."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode, encode
from plateward.contracts.hot_list import Category, HotListEntry, Priority
from plateward.contracts.reads import VehicleDescription
from plateward.policy.catalogue import load_catalogue
from services.gateway.access import AccessGate
from services.gateway.entries.approval import EntryRequest
from services.gateway.entries.new_entry import NewEntry, what_an_entry_lacks
from services.gateway.hot_list import HotList
from tests.unit.gateway.entries import AT, a_new_entry
from tests.unit.gateway.sessions import a_session

POLICIES = load_catalogue()
LASTS_AT_MOST = timedelta(days=POLICIES["flagstaff"].custom_entries.longest_days)

WRONG: dict[str, tuple[Any, ...]] = {
    "plate": ("", " - ", "ABCDEFGHIJKLM", "\u0410BC123"),
    "category": ("", "speeding", "Stolen-Vehicle"),
    "priority": ("", "urgent"),
    "state": ("", "C", "ca", "CAL", "C4", "ÄÖ", "ℂA"),
    "case_number": ("", " \t", "26\0"),
    "reason": ("", "\n", "a\0b"),
    "requested_by": ("", "  ", "A.\0"),
    "contact": ("", "\u2003", "\0"),
    "instructions": ("stop\0",),
    "expires_at": (
        AT,
        AT - timedelta(days=1),
        AT + LASTS_AT_MOST + timedelta(microseconds=1),
        datetime.max.replace(tzinfo=AT.tzinfo),
    ),
}


def fields_of(new: NewEntry) -> list[str]:
    """Of an entry of Flagstaff's, which asks for the most."""
    return sorted(one.field for one in what_an_entry_lacks(new, POLICIES["flagstaff"], AT))


@given(st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in WRONG.items()}))
def test_an_entry_lacks_exactly_what_is_wrong_with_it(wrong: dict[str, Any]) -> None:
    assert fields_of(a_new_entry(**wrong)) == sorted(wrong)


@pytest.mark.parametrize("part", ["make", "model", "colour", "kind"])
def test_each_part_of_the_vehicle_can_be_kept_or_is_named(part: str) -> None:
    assert fields_of(a_new_entry(vehicle=msgspec.structs.replace(VehicleDescription(), **{part: "sil\0ver"}))) == [
        f"vehicle.{part}"
    ]
    features = VehicleDescription(features=("roof rack", "\0"))
    assert fields_of(a_new_entry(vehicle=features)) == ["vehicle.features"]


@pytest.mark.parametrize("lasts", [timedelta(microseconds=1), timedelta(days=7), LASTS_AT_MOST])
def test_an_entry_lasts_up_to_thirty_days(lasts: timedelta) -> None:
    assert fields_of(a_new_entry(expires_at=AT + lasts)) == []


class Kept:
    """A hot list and an access log in memory."""

    def __init__(self) -> None:
        self.entries: list[HotListEntry] = []

    async def append(self, record: AccessRecord) -> None:
        decode(encode(record), AccessRecord)

    async def add(self, entry: HotListEntry, request: EntryRequest | None = None) -> None:
        assert entry.awaits_approval == (request is not None)
        self.entries.append(entry)

    async def one(self, entry_id: UUID, agency_id: str) -> HotListEntry | None:
        raise NotImplementedError

    async def members(self, agency_id: str, usernames: tuple[str, ...]) -> frozenset[str]:
        return frozenset(usernames)

    async def of_agency(self, agency_id: str, at: datetime) -> list[HotListEntry]:
        return [entry for entry in self.entries if entry.agency_id == agency_id and entry.expires_at > at]

    async def remove(self, entry_id: UUID, agency_id: str, removed_by: str, at: datetime) -> bool:
        raise NotImplementedError

    async def suspend(self, entry_id: UUID, agency_id: str, found_by: str, at: datetime) -> HotListEntry | None:
        raise NotImplementedError


texts = st.text(max_size=20)
anything = st.builds(
    NewEntry,
    plate=st.text(alphabet="AB0o-. éß①\u0410", max_size=14) | texts,
    category=st.sampled_from(get_args(Category)) | texts,
    priority=st.sampled_from(get_args(Priority)) | texts,
    reason=texts,
    case_number=texts,
    requested_by=texts,
    contact=texts,
    expires_at=st.timedeltas(timedelta(days=-1), timedelta(days=31)).map(AT.__add__),
    state=st.none() | st.text(max_size=2),
    instructions=st.none() | texts,
    other_information=st.none() | texts,
    distribution=st.lists(texts, max_size=3).map(tuple),
    vehicle=st.none() | st.builds(VehicleDescription, make=st.none() | texts, features=st.lists(texts).map(tuple)),
)


@given(anything, st.sampled_from(["stockton", "flagstaff"]))
async def test_whatever_lacks_nothing_keeps_to_the_contract_as_it_was_written(new: NewEntry, agency: str) -> None:
    if what_an_entry_lacks(new, POLICIES[agency], AT):
        return
    now: Callable[[], datetime] = lambda: AT  # noqa: E731
    kept = Kept()
    hot_list = HotList(gate=AccessGate(kept, now), store=kept, policies=POLICIES, now=now)
    entry = await hot_list.enter(a_session(agency), new, "192.0.2.7")
    assert kept.entries == [decode(encode(entry), HotListEntry)] == [entry]
    assert "\0" not in encode(entry).decode()
    assert (entry.reason, entry.case_number) == (new.reason.strip(), new.case_number.strip())
    assert all(getattr(entry, name) for name in ("reason", "requested_by", "contact", "plate"))
    assert entry.awaits_approval == (agency == "flagstaff")

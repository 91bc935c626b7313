"""An agency's own hot list: entering, listing, removing (Flagstaff 317.7, Kentucky IV.I.6, Barstow 466.11)."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from plateward.contracts.hot_list import HotListEntry
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Missing
from services.gateway.access import KEEPING_LISTS, AccessGate
from services.gateway.entries.approval import EntryRequest
from services.gateway.entries.new_entry import (
    DEPARTMENT_LIST,
    InvalidEntry,
    NewEntry,
    as_entry,
    requester_title,
    what_an_entry_lacks,
)
from services.gateway.people import NotAllowed, Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.writing import unwritable


class HotListStore(Protocol):
    """Where entries are kept, with the outbox that carries each change to the topic in the same transaction."""

    async def of_agency(self, agency_id: str, at: datetime) -> list[HotListEntry]:
        """The agency's own entries that have not expired, newest first; those that await approval are among them."""

    async def add(self, entry: HotListEntry, request: EntryRequest | None = None) -> None:
        """Adds an entry and its event; one that is asked for with a request is not told before it is approved."""

    async def remove(self, entry_id: uuid.UUID, agency_id: str, removed_by: str, at: datetime) -> bool:
        """Removes an entry and has a tombstone sent; False when the agency has no such entry."""

    async def suspend(self, entry_id: uuid.UUID, agency_id: str, found_by: str, at: datetime) -> HotListEntry | None:
        """Suspends an entry as recovered; None when the agency has no such entry. Once more changes nothing."""

    async def one(self, entry_id: uuid.UUID, agency_id: str) -> HotListEntry | None:
        """An entry of the agency that is on its list."""

    async def members(self, agency_id: str, usernames: tuple[str, ...]) -> frozenset[str]:
        """Those of these names who are the agency's."""


class HotList:
    """The hot list of the person's own agency."""

    def __init__(
        self, *, gate: AccessGate, store: HotListStore, policies: PolicyCatalogue, now: Callable[[], datetime]
    ) -> None:
        self._gate, self._store, self._policies, self._now = gate, store, policies, now

    async def entries(self, session: Session, address: str) -> list[HotListEntry]:
        """The entries in force or awaiting approval, newest first; raises NotAllowed, NotRecorded."""
        require_reading(session, self._profile(session), DEPARTMENT_LIST)
        async with self._gate.look_at_own(
            session, "list-entries", {"list": DEPARTMENT_LIST}, KEEPING_LISTS, address
        ) as look:
            found = await self._store.of_agency(session.person.agency_id, self._now())
            look.results = len(found)
        return found

    async def enter(self, session: Session, new: NewEntry, address: str) -> HotListEntry:
        """The entry as it was taken, in force at once or once it is approved.

        Raises NotAllowed, InvalidEntry, NotRecorded.
        """
        require(session, "enter-entries")
        at, profile, person = self._now(), self._profile(session), session.person
        missing = what_an_entry_lacks(new, profile, at) or await self._strangers(session, new)
        if missing:
            raise InvalidEntry(*missing)
        title = requester_title(new, person)
        chain = profile.custom_entries.chain_of(title)
        entry = as_entry(new, person, at, awaits_approval=chain is not None)
        request = None
        if chain is not None:
            request = EntryRequest(
                id=uuid.uuid4(),
                entry_id=entry.id,
                agency_id=entry.agency_id,
                kind="entry",
                asked_by=person.actor,
                requester_title=title,
                asked_at=at,
                expires_at=entry.expires_at,
            )
        query = {"plate": entry.plate, "entry_id": str(entry.id), "case_number": entry.case_number}
        async with self._gate.look_at_own(session, "enter-entry", query, KEEPING_LISTS, address) as look:
            await self._store.add(entry, request)
            look.results = 1
        return entry

    async def remove(self, session: Session, entry_id: uuid.UUID, address: str) -> None:
        """Takes an entry off the list; raises NotAllowed, NoSuchRecord, NotRecorded."""
        require(session, "enter-entries")
        person = session.person
        async with self._gate.look_at_own(
            session, "remove-entry", {"entry_id": str(entry_id)}, KEEPING_LISTS, address
        ) as look:
            if not await self._store.remove(entry_id, person.agency_id, person.username, self._now()):
                raise NoSuchRecord(entry_id)
            look.results = 1

    async def suspend(self, session: Session, entry_id: uuid.UUID, found_by: str, address: str) -> HotListEntry:
        """Has an entry match no more, its vehicle being recovered by this finder (Barstow 466.11).

        The entry stays on the list, suspended, until its end; only a new entry matches again. Raises NotAllowed,
        InvalidEntry, NoSuchRecord, NotRecorded.
        """
        require(session, "enter-entries")
        finder = found_by.strip()
        missing = unwritable({"found_by": finder}) or (Missing("found_by", "The finder's name is missing"),) * (
            not finder
        )
        if missing:
            raise InvalidEntry(*missing)
        await self._require_enders(session, entry_id)
        query = {"entry_id": str(entry_id), "found_by": finder}
        async with self._gate.look_at_own(session, "suspend-entry", query, KEEPING_LISTS, address) as look:
            entry = await self._store.suspend(entry_id, session.person.agency_id, finder, self._now())
            if entry is None:
                raise NoSuchRecord(entry_id)
            look.results = 1
        return entry

    async def _require_enders(self, session: Session, entry_id: uuid.UUID) -> None:
        """Raises InvalidEntry where the policy has the enterer alone end an entry, and this is somebody else."""
        if self._profile(session).custom_entries.removed_on_recovery_by != "enterer":
            return
        entry = await self._store.one(entry_id, session.person.agency_id)
        if entry is not None and entry.entered_by != session.person.name:
            raise InvalidEntry(Missing("found_by", f"{entry.entered_by}, who entered it, has it suspended"))

    async def _strangers(self, session: Session, new: NewEntry) -> tuple[Missing, ...]:
        if not new.distribution:
            return ()
        known = await self._store.members(session.person.agency_id, new.distribution)
        strangers = sorted(set(new.distribution) - known)
        return (
            (Missing("distribution", f"nobody of your agency is called {', '.join(strangers)}"),) if strangers else ()
        )

    def _profile(self, session: Session) -> AgencyProfile:
        return self._policies[session.person.agency_id]


def require_reading(session: Session, profile: AgencyProfile, list_id: str) -> None:
    """Raises NotAllowed unless the person may read what is on this list of their agency (Barstow 466.4.e)."""
    require(session, "list-entries")
    require_list(session, profile, list_id)


def require_list(session: Session, profile: AgencyProfile, list_id: str) -> None:
    """Raises NotAllowed where the policy keeps this list from the person's title, whatever right they come with."""
    if not profile.hot_lists.may_read(list_id, session.person.title):
        why = f"{profile.policy} ({profile.hot_lists.section}) keeps the list {list_id} from a {session.person.title}"
        raise NotAllowed("list-entries", why)

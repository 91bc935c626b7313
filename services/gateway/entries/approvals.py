"""Deciding on entries and renewals, by the chain of the requester's title; and asking for a renewal."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from plateward.contracts.hot_list import HotListEntry
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import ApprovalChain, CustomEntries
from plateward.policy.reasons import Missing
from services.gateway.access import KEEPING_LISTS, AccessGate
from services.gateway.entries.approval import (
    Decided,
    EntryRequest,
    RequestState,
    approved_entry,
    approvers_of,
    chain_for,
    decided,
    is_of,
    renewed_entry,
    what_bars_deciding,
)
from services.gateway.entries.new_entry import InvalidEntry, what_its_end_lacks
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.writing import unwritable

SHOWN_BACK = timedelta(days=7)
"""How far back decided requests are shown."""


class EntryRequestStore(Protocol):
    """Where requests are kept; what they change of an entry is changed with them or not at all."""

    async def of_agency(self, agency_id: str, since: datetime) -> list[tuple[EntryRequest, HotListEntry]]:
        """The agency's requests made since then, and all that wait, each with its entry, newest first."""

    async def waiting(self, entry_id: uuid.UUID, agency_id: str) -> tuple[EntryRequest, HotListEntry] | None:
        """What waits for a decision on an entry of the agency that is on its list."""

    async def add(self, request: EntryRequest) -> bool:
        """Keeps a request; False when another of the same entry waits already."""

    async def decide(self, request: EntryRequest, entry: HotListEntry | None) -> bool:
        """Writes a decision down with what it makes of the entry; False when it was decided, or ended, meanwhile."""

    async def replace(self, entry: HotListEntry, at: datetime) -> bool:
        """Has an entry be what it is now; False when it has changed meanwhile."""


class EntryReader(Protocol):
    """Where entries are looked up."""

    async def one(self, entry_id: uuid.UUID, agency_id: str) -> HotListEntry | None:
        """An entry of the agency that is on its list."""


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request as one person sees it."""

    request: EntryRequest
    entry: HotListEntry
    state: RequestState
    approvers: tuple[str, ...]
    may_decide: bool
    before: tuple[str, ...]
    """Those who would have to be asked before this person."""


class EntryApprovals:
    """The requests about an agency's own entries."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        entries: EntryReader,
        store: EntryRequestStore,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._entries, self._store, self._policies, self._now = gate, entries, store, policies, now

    async def shown(self, session: Session, address: str) -> list[ShownRequest]:
        """The agency's requests for who approves, one's own for others; raises NotAllowed, NotRecorded."""
        approves = "approve-entries" in session.rights
        if not approves:
            require(session, "enter-entries")
        query = {"requests": "of the agency" if approves else "own"}
        async with self._gate.look_at_own(session, "list-entry-requests", query, KEEPING_LISTS, address) as look:
            all_ = await self._store.of_agency(session.person.agency_id, self._now() - SHOWN_BACK)
            own = str(session.person.id)
            shown = [self._shown(session, *one) for one in all_ if approves or one[0].asked_by.person_id == own]
            look.results = len(shown)
        return shown

    async def decide(self, session: Session, entry_id: uuid.UUID, said: Decided, address: str) -> HotListEntry:
        """Approves or refuses what waits of an entry, which is returned as it is then; a refused one is off the list.

        Raises NotAllowed, NoSuchRecord, InvalidEntry, NotRecorded.
        """
        require(session, "approve-entries")
        found = await self._store.waiting(entry_id, session.person.agency_id)
        if found is None:
            raise NoSuchRecord(entry_id)
        (request, entry), person, at = found, session.person, self._now()
        missing = what_bars_deciding(request, entry, person, self._rules(session), said, at)
        if missing:
            raise InvalidEntry(*missing)
        changed = approved_entry(entry, request, person, at) if said.agreed else None
        query = {"entry_id": str(entry_id), "request": request.kind, "agreed": "yes" if said.agreed else "no"}
        query |= {"statement": said.statement.strip()} if said.statement.strip() else {}
        query |= {"unreachable": said.unreachable.strip()} if said.unreachable.strip() else {}
        async with self._gate.look_at_own(session, "decide-entry", query, KEEPING_LISTS, address) as look:
            if not await self._store.decide(decided(request, person, said, at), changed):
                raise InvalidEntry(Missing("approval", "has been decided by somebody else meanwhile"))
            look.results = 1
        return changed or entry

    async def renew(
        self, session: Session, entry_id: uuid.UUID, expires_at: datetime, statement: str, address: str
    ) -> HotListEntry:
        """Asks that an entry be kept until then; where nobody need approve it, it is at once.

        Raises NotAllowed, NoSuchRecord, InvalidEntry, NotRecorded.
        """
        require(session, "enter-entries")
        entry, at = await self._entries.one(entry_id, session.person.agency_id), self._now()
        if entry is None:
            raise NoSuchRecord(entry_id)
        missing = what_a_renewal_lacks(entry, expires_at, statement, self._rules(session), at)
        if missing:
            raise InvalidEntry(*missing)
        chain = self._rules(session).chain_of(session.person.title)
        query = {"entry_id": str(entry_id), "expires_at": expires_at.isoformat(), "statement": statement.strip()}
        async with self._gate.look_at_own(session, "renew-entry", query, KEEPING_LISTS, address) as look:
            entry, done = await self._renewed(session, entry, chain, expires_at, statement.strip(), at)
            if not done:
                raise InvalidEntry(Missing("expires_at", "a decision on this entry waits already"))
            look.results = 1
        return entry

    async def _renewed(
        self,
        session: Session,
        entry: HotListEntry,
        chain: ApprovalChain | None,
        expires_at: datetime,
        statement: str,
        at: datetime,
    ) -> tuple[HotListEntry, bool]:
        if chain is None:
            renewed = renewed_entry(entry, expires_at)
            return renewed, await self._store.replace(renewed, at)
        request = EntryRequest(
            id=uuid.uuid4(),
            entry_id=entry.id,
            agency_id=entry.agency_id,
            kind="renewal",
            asked_by=session.person.actor,
            requester_title=session.person.title,
            asked_at=at,
            expires_at=expires_at,
            statement=statement,
        )
        return entry, await self._store.add(request)

    def _shown(self, session: Session, request: EntryRequest, entry: HotListEntry) -> ShownRequest:
        chain, title, state = chain_for(request, self._rules(session)), session.person.title, request.state(self._now())
        approvers = approvers_of(chain, self._rules(session))
        may = state == "waiting" and title in approvers and not is_of(session.person, request, entry)
        before = chain.those_before(title) if chain is not None else ()
        return ShownRequest(request, entry, state, approvers, may, before)

    def _rules(self, session: Session) -> CustomEntries:
        return self._policies[session.person.agency_id].custom_entries


def what_a_renewal_lacks(
    entry: HotListEntry, expires_at: datetime, statement: str, rules: CustomEntries, at: datetime
) -> tuple[Missing, ...]:
    """What keeps an entry from being kept for longer; a recovered or ended one is entered anew instead."""
    if entry.awaits_approval:
        return (Missing("expires_at", "the entry itself awaits approval"),)
    if entry.suspended_at is not None or at >= entry.expires_at:
        return (Missing("expires_at", "the entry has ended: enter the vehicle anew"),)
    missing = [*what_its_end_lacks(entry.category, expires_at, rules, at), *unwritable({"statement": statement})]
    if not statement.strip():
        missing.append(Missing("statement", "why the vehicle is still looked for is missing"))
    return tuple(missing)

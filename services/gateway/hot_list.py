"""An agency's own hot list: entering, listing, removing (Flagstaff 317.7, Kentucky IV.I.6, Barstow 466.11)."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast, get_args

from plateward.contracts.access import Action
from plateward.contracts.hot_list import Area, Category, HotListEntry, Priority
from plateward.contracts.reads import VehicleDescription
from plateward.plates.normalise import NotAPlate
from plateward.plates.patterns import normalise_listed
from plateward.policy.reasons import Missing
from services.gateway.access import KEEPING_LISTS, AccessGate, Inquiry
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.writing import unwritable

DEPARTMENT_LIST = "department"
"""The list of an agency's own entries."""

LASTS_AT_MOST = timedelta(days=30)
"""No entry of the department's own list stays longer without being renewed (Stockton IV.D.1)."""


class InvalidEntry(Exception):
    """An entry that cannot be taken; says what is missing."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__("; ".join(f"{one.field}: {one.rule}" for one in missing))
        self.missing = missing


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What somebody asks to be entered, as they wrote it."""

    plate: str
    category: str
    priority: str
    reason: str
    case_number: str
    requested_by: str
    contact: str
    expires_at: datetime
    state: str | None = None
    instructions: str | None = None
    vehicle: VehicleDescription | None = None
    near_misses: bool = False
    area: Area | None = None


class HotListStore(Protocol):
    """Where entries are kept, with the outbox that carries each change to the topic in the same transaction."""

    async def of_agency(self, agency_id: str, at: datetime) -> list[HotListEntry]:
        """The agency's entries in force, newest first."""

    async def add(self, entry: HotListEntry) -> None:
        """Adds an entry and its event."""

    async def remove(self, entry_id: uuid.UUID, agency_id: str, removed_by: str, at: datetime) -> bool:
        """Removes an entry and has a tombstone sent; False when the agency has no such entry."""

    async def suspend(self, entry_id: uuid.UUID, agency_id: str, found_by: str, at: datetime) -> HotListEntry | None:
        """Suspends an entry as recovered; None when the agency has no such entry. Once more changes nothing."""


class HotList:
    """The hot list of the person's own agency."""

    def __init__(self, *, gate: AccessGate, store: HotListStore, now: Callable[[], datetime]) -> None:
        self._gate, self._store, self._now = gate, store, now

    async def entries(self, session: Session, address: str) -> list[HotListEntry]:
        """The entries in force, newest first; raises NotAllowed, NotRecorded."""
        require(session, "list-entries")
        async with self._gate.look(self._inquiry(session, "list-entries", {"list": DEPARTMENT_LIST}, address)) as look:
            found = await self._store.of_agency(session.person.agency_id, self._now())
            look.results = len(found)
        return found

    async def enter(self, session: Session, new: NewEntry, address: str) -> HotListEntry:
        """The entry as it was taken; raises NotAllowed, InvalidEntry, NotRecorded."""
        require(session, "enter-entries")
        at = self._now()
        missing = what_an_entry_lacks(new, at)
        if missing:
            raise InvalidEntry(missing)
        entry = _entry(new, session, at)
        query = {"plate": entry.plate, "entry_id": str(entry.id), "case_number": entry.case_number}
        async with self._gate.look(self._inquiry(session, "enter-entry", query, address)) as look:
            await self._store.add(entry)
            look.results = 1
        return entry

    async def remove(self, session: Session, entry_id: uuid.UUID, address: str) -> None:
        """Takes an entry off the list; raises NotAllowed, NoSuchRecord, NotRecorded."""
        require(session, "enter-entries")
        person = session.person
        async with self._gate.look(
            self._inquiry(session, "remove-entry", {"entry_id": str(entry_id)}, address)
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
        missing = unwritable({"found_by": finder}) or [Missing("found_by", "The finder's name is missing")] * (
            not finder
        )
        if missing:
            raise InvalidEntry(tuple(missing))
        query = {"entry_id": str(entry_id), "found_by": finder}
        async with self._gate.look(self._inquiry(session, "suspend-entry", query, address)) as look:
            entry = await self._store.suspend(entry_id, session.person.agency_id, finder, self._now())
            if entry is None:
                raise NoSuchRecord(entry_id)
            look.results = 1
        return entry

    def _inquiry(self, session: Session, action: Action, query: dict[str, str], address: str) -> Inquiry:
        return Inquiry(session, action, query, KEEPING_LISTS, (session.person.agency_id,), address)


def what_an_entry_lacks(new: NewEntry, at: datetime) -> tuple[Missing, ...]:
    """What keeps an entry from being taken; empty when nothing does."""
    missing = [
        Missing(name, f"{label} is missing")
        for name, label in (
            ("case_number", "The case number"),
            ("reason", "The reason"),
            ("requested_by", "The requesting member's name"),
            ("contact", "The requesting member's contact"),
        )
        if not getattr(new, name).strip()
    ]
    missing += unwritable(_texts(new))
    try:
        normalise_listed(new.plate)
    except NotAPlate as error:
        missing.append(Missing("plate", str(error)))
    if new.category not in get_args(Category):
        missing.append(Missing("category", f"must be one of: {', '.join(get_args(Category))}"))
    if new.priority not in get_args(Priority):
        missing.append(Missing("priority", f"must be one of: {', '.join(get_args(Priority))}"))
    if new.state is not None and not re.fullmatch("[A-Z]{2}", new.state):
        missing.append(Missing("state", "must be the two capital letters of a state of issue"))
    if not at < new.expires_at <= at + LASTS_AT_MOST:
        missing.append(Missing("expires_at", f"must lie in the future, at most {LASTS_AT_MOST.days} days ahead"))
    return tuple(missing)


def _texts(new: NewEntry) -> dict[str, str | None]:
    vehicle = new.vehicle or VehicleDescription()
    texts = {name: getattr(new, name) for name in ("case_number", "reason", "requested_by", "contact", "instructions")}
    parts = {f"vehicle.{name}": getattr(vehicle, name) for name in ("make", "model", "colour", "kind")}
    return texts | parts | {"vehicle.features": ", ".join(vehicle.features)}


def _entry(new: NewEntry, session: Session, at: datetime) -> HotListEntry:
    return HotListEntry(
        id=uuid.uuid4(),
        list_id=DEPARTMENT_LIST,
        agency_id=session.person.agency_id,
        plate=normalise_listed(new.plate),
        category=cast("Category", new.category),
        priority=cast("Priority", new.priority),
        reason=new.reason.strip(),
        case_number=new.case_number.strip(),
        entered_by=session.person.name,
        requested_by=new.requested_by.strip(),
        contact=new.contact.strip(),
        entered_at=at,
        starts_at=at,
        expires_at=new.expires_at,
        version=1,
        state=new.state,
        vehicle=new.vehicle,
        instructions=new.instructions,
        near_misses=new.near_misses,
        area=new.area,
    )

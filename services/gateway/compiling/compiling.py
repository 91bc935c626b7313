"""Defining compiled lists, approving them, and making them: each run is a look at the data, in its approver's name."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from plateward.contracts.access import Actor
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.reasons import Missing
from services.gateway.access import KEEPING_LISTS, AccessGate
from services.gateway.compiling.definition import (
    Change,
    Definition,
    Listed,
    Plates,
    Source,
    change,
    designation_of,
    in_all,
    what_a_definition_lacks,
)
from services.gateway.entries.new_entry import InvalidEntry
from services.gateway.people import Person, Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable


class DefinitionStore(Protocol):
    """Where definitions are kept, and the entries that their runs have made."""

    async def put(self, definition: Definition) -> None:
        """Keeps a definition as it is now."""

    async def of_agency(self, agency_id: str) -> list[Definition]:
        """The agency's definitions, newest first."""

    async def one(self, definition_id: uuid.UUID, agency_id: str) -> Definition | None:
        """A definition of the agency."""

    async def all(self) -> list[Definition]:
        """The definitions of all agencies."""

    async def listed(self, definition: Definition) -> dict[str, Listed]:
        """The entries that its runs have made and that are on the list, by match key."""

    async def made(self, definition: Definition, made: Change, at: datetime) -> None:
        """Changes the list as a run has found it, states it once as fresh, and keeps what was changed, or nothing."""


class ComparedSources(Protocol):
    """Where the plates of a source are found."""

    async def plates(self, agency_id: str, source: Source, at: datetime) -> Plates:
        """The plates of a source of the agency, by match key."""


class CompiledLists:
    """The compiled lists of the agencies."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        store: DefinitionStore,
        sources: ComparedSources,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._store, self._sources = gate, store, sources
        self._policies, self._now = policies, now

    async def shown(self, session: Session, address: str) -> list[Definition]:
        """The agency's definitions; raises NotAllowed, NotRecorded."""
        if "designate-lists" not in session.rights:
            require(session, "list-entries")
        async with self._gate.look_at_own(
            session, "list-compiled-lists", {"lists": "own"}, KEEPING_LISTS, address
        ) as look:
            found = await self._store.of_agency(session.person.agency_id)
            look.results = len(found)
        return found

    async def define(
        self,
        session: Session,
        *,
        name: str,
        category: str,
        case_number: str,
        contact: str,
        sources: tuple[Source, ...],
        every_hours: int,
        address: str,
    ) -> Definition:
        """Puts a definition before who approves it; raises NotAllowed, InvalidEntry, NotRecorded."""
        require(session, "enter-entries")
        profile, person = self._policies[session.person.agency_id], session.person
        designation = designation_of(profile)
        written = {
            "id": uuid.uuid4(),
            "agency_id": profile.id,
            "list_id": designation.list if designation else "",
            "name": name.strip(),
            "category": category,
            "case_number": case_number.strip(),
            "contact": contact.strip(),
            "sources": sources,
            "every_hours": every_hours,
            "asked_by": person.actor,
            "asked_at": self._now(),
        }
        definition = Definition(**written)  # type: ignore[arg-type]  # its category is checked below
        missing = what_a_definition_lacks(definition, profile)
        if missing:
            raise InvalidEntry(*missing)
        query = {"compiled_list": str(definition.id), "name": definition.name, "sources": _written(sources)}
        async with self._gate.look_at_own(session, "define-compiled-list", query, KEEPING_LISTS, address) as look:
            await self._store.put(definition)
            look.results = 1
        return definition

    async def decide(
        self, session: Session, definition_id: uuid.UUID, *, agreed: bool, statement: str, address: str
    ) -> Definition:
        """Approves a definition, refuses it, or ends a running one; raises NotAllowed, NoSuchRecord, InvalidEntry."""
        require(session, "designate-lists")
        definition = await self._store.one(definition_id, session.person.agency_id)
        if definition is None:
            raise NoSuchRecord(definition_id)
        done = _decided(definition, session.person.actor, agreed, statement.strip(), self._now())
        query = {"compiled_list": str(definition_id), "agreed": "yes" if agreed else "no", "statement": done.statement}
        async with self._gate.look_at_own(session, "decide-compiled-list", query, KEEPING_LISTS, address) as look:
            await self._store.put(done)
            if done.state == "stopped":
                listed = await self._store.listed(done)
                await self._store.made(done, Change((), tuple(one.id for one in listed.values()), 0), self._now())
            look.results = 1
        return done

    async def run_due(self) -> int:
        """Makes the lists that are due; returns how many. Raises NotRecorded."""
        due = [one for one in await self._store.all() if one.is_due(self._now()) and self._is_designated(one)]
        for definition in due:
            await self._run(definition)
        return len(due)

    def _is_designated(self, definition: Definition) -> bool:
        """Whether its agency's policy still has the list."""
        profile = self._policies.get(definition.agency_id)
        designation = None if profile is None else designation_of(profile)
        return designation is not None and designation.list == definition.list_id

    async def _run(self, definition: Definition) -> None:
        profile, at = self._policies[definition.agency_id], self._now()
        assert definition.decided_by is not None
        query = {"compiled_list": str(definition.id), "name": definition.name, "sources": _written(definition.sources)}
        session = _of_the_schedule(definition.decided_by, definition.id, at)
        async with self._gate.look_at_own(session, "compile-list", query, KEEPING_LISTS, "by schedule") as look:
            found = in_all([await self._sources.plates(profile.id, source, at) for source in definition.sources])
            ran = msgspec.structs.replace(definition, last_run_at=at)
            await self._store.made(ran, change(ran, profile, await self._store.listed(ran), found, at), at)
            look.results = len(found)


def _decided(definition: Definition, by: Actor, agreed: bool, statement: str, at: datetime) -> Definition:
    if definition.state in ("refused", "stopped"):
        raise InvalidEntry(Missing("decision", f"is made: {definition.state}"))
    if len(statement) < STATEMENT_AT_LEAST:
        raise InvalidEntry(Missing("statement", f"says why, in at least {STATEMENT_AT_LEAST} characters"))
    unkept = unwritable({"statement": statement})
    if unkept:
        raise InvalidEntry(*unkept)
    if definition.state == "running":
        if agreed:
            raise InvalidEntry(Missing("decision", "is made: running"))
        return msgspec.structs.replace(definition, stopped_at=at, statement=statement)
    if agreed and definition.asked_by.person_id == by.person_id:
        raise InvalidEntry(Missing("decision", "nobody approves a list of their own"))
    return msgspec.structs.replace(definition, decided_by=by, decided_at=at, agreed=agreed, statement=statement)


def _of_the_schedule(by: Actor, definition_id: uuid.UUID, at: datetime) -> Session:
    """A run is in the name of who has approved it; its session is the definition."""
    person = Person(uuid.UUID(by.person_id), by.username, by.name, by.title, by.agency_id)
    return Session(definition_id, person, frozenset(), at)


def _written(sources: tuple[Source, ...]) -> str:
    return msgspec.json.encode(sources).decode()

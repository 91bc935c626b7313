"""The lists that files bring to an agency: which there are, how they stand, and what each new file does to them."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from plateward.contracts.access import Reason
from plateward.contracts.event import derive_id
from plateward.contracts.lists import HotList
from plateward.matching.in_force import is_stale
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile, Designation
from plateward.policy.reasons import Lacking, Missing
from services.gateway.access import AccessGate
from services.gateway.list_sources.designated import DesignatedList, Format, brought_lists
from services.gateway.list_sources.refresh import ArrivedFile, Refresh, RejectedLine, Way
from services.gateway.list_sources.stating import under_rules_of_today
from services.gateway.people import Person, Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

KEEPING_SOURCES = Reason(purpose="hot-list", form="duty", values={"duty": "keeping the lists that the agency matches"})
"""The standing reason for bringing lists up to date; each file carries its own digest."""


ListKey = tuple[str, str]
"""Agency and list."""


class InvalidRefresh(Lacking):
    """This cannot be done to the list; says what is missing."""


@dataclass(frozen=True, slots=True)
class Source:
    """How a list comes, as the settings have it: the format of its files, and whether it is fetched by itself."""

    format: Format = "csv"
    mapping: str = ""
    way: Way = "upload"
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file with all that its taking needs to know."""

    designated: DesignatedList
    profile: AgencyProfile
    designation: Designation
    file: ArrivedFile
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A designator's decision on a file that waits."""

    refresh_id: uuid.UUID
    profile: AgencyProfile
    agreed: bool
    statement: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store knows of a list."""

    hot_list: HotList | None
    entries: int
    refreshes: tuple[Refresh, ...]
    """Newest first."""
    rejected: tuple[RejectedLine, ...]
    """The first of the newest file that was looked into."""
    asked_at: datetime | None = None
    problem: str | None = None
    """Why the list's source could not be asked the last time."""


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list as its page shows it."""

    designation: Designation
    source: Source
    kept: Kept
    stale: bool

    @property
    def held(self) -> Refresh | None:
        """The file that waits for a decision."""
        return next((one for one in self.kept.refreshes if one.state == "held"), None)

    @property
    def newest(self) -> Refresh | None:
        """The newest file that came, whatever became of it."""
        return self.kept.refreshes[0] if self.kept.refreshes else None


@dataclass(frozen=True, slots=True)
class By:
    """Who had a list fetched, and from where."""

    session: Session
    address: str


class ListFetch(Protocol):
    """A source that can be asked for its list."""

    async def fetch(self, by: By | None = None) -> Refresh | None:
        """Asks it now; None where it could not be had, which the page of lists then says. Raises NotRecorded."""


class SourceListStore(Protocol):
    """Where lists, their files and their entries are kept, with the outbox that carries the differences."""

    async def take(self, brought: Brought) -> Refresh:
        """Does to the list what the file does to it, alone with it; raises InvalidMapping."""

    async def still(self, designation: Designation, profile: AgencyProfile, by: Person, at: datetime) -> Refresh:
        """Notes that the source has nothing else than what is in force; raises InvalidRefresh where nothing is."""

    async def decide(self, decided: Decided) -> Refresh:
        """Has a held file taken or declined; raises NoSuchRecord, InvalidRefresh where it does not wait."""

    async def one(self, refresh_id: uuid.UUID, agency_id: str) -> Refresh | None:
        """A file of this agency."""

    async def kept(self, agency_id: str, list_ids: frozenset[str]) -> dict[str, Kept]:
        """What is known of these lists."""

    async def restate(self, agency_id: str, change: Callable[[HotList], HotList]) -> None:
        """States anew those of the agency's lists from files of which something else is to be said."""


class SourceLists:
    """The lists that files bring, of the person's own agency."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        store: SourceListStore,
        policies: PolicyCatalogue,
        sources: Mapping[ListKey, Source],
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._store, self._policies = gate, store, policies
        self._sources, self._now = sources, now

    async def shown(self, session: Session, address: str) -> list[ListShown]:
        """The agency's lists in the order of its profile; raises NotAllowed, NotRecorded."""
        if "designate-lists" not in session.rights:
            require(session, "list-entries")
        agency_id, at = session.person.agency_id, self._now()
        designations = brought_lists(self._policies[agency_id])
        async with self._gate.look_at_own(session, "list-lists", {"lists": "all"}, KEEPING_SOURCES, address) as look:
            kept = await self._store.kept(agency_id, frozenset(designations))
            look.results = len(designations)
        return [
            ListShown(
                designation=one,
                source=self._source(agency_id, one.list),
                kept=kept[one.list],
                stale=(stated := kept[one.list].hot_list) is not None and is_stale(stated, at),
            )
            for one in designations.values()
        ]

    def may_bring(self, session: Session, list_id: str) -> Source:
        """How the list comes; raises NotAllowed, NoSuchRecord. Asked before a file is even received."""
        require(session, "designate-lists")
        _designation(self._policies[session.person.agency_id], list_id)
        return self._source(session.person.agency_id, list_id)

    async def bring(
        self, session: Session, list_id: str, file: ArrivedFile, address: str, format: Format | None = None
    ) -> Refresh:
        """What becomes of a file that a person brings; raises NotAllowed, NoSuchRecord, InvalidRefresh, NotRecorded."""
        self.may_bring(session, list_id)
        return await self._bring(session, list_id, file, address, format)

    async def bring_by_itself(self, agency_id: str, list_id: str, file: ArrivedFile, by: By | None = None) -> Refresh:
        """What becomes of a file that the gateway fetched; raises NoSuchRecord, InvalidRefresh, NotRecorded."""
        by = by or _the_gateway(agency_id, file.way)
        return await self._bring(by.session, list_id, file, by.address, None)

    async def found_unchanged(self, agency_id: str, list_id: str, by: By | None = None) -> Refresh:
        """The refresh that a source's word makes that nothing has changed; raises InvalidRefresh, NotRecorded."""
        profile, by = self._policies[agency_id], by or _the_gateway(agency_id, "pull")
        designation = _designation(profile, list_id)
        query = {"list": list_id, "way": "pull", "file": "unchanged"}
        async with self._gate.look_at_own(by.session, "refresh-list", query, KEEPING_SOURCES, by.address):
            return await self._store.still(designation, profile, by.session.person, self._now())

    def reading(self, agency_id: str, list_id: str) -> str:
        """A digest of all that decides how the list's files are read; raises NoSuchRecord."""
        designation = _designation(self._policies[agency_id], list_id)
        return _designated(agency_id, designation, self._source(agency_id, list_id), None).reading

    async def decide(
        self, session: Session, refresh_id: uuid.UUID, *, agreed: bool, statement: str, address: str
    ) -> Refresh:
        """Has a file that waits taken, or declined; raises NotAllowed, NoSuchRecord, InvalidRefresh, NotRecorded."""
        require(session, "designate-lists")
        waiting = await self._store.one(refresh_id, session.person.agency_id)
        if waiting is None:
            raise NoSuchRecord(refresh_id)
        words = statement.strip()
        if len(words) < STATEMENT_AT_LEAST:
            raise InvalidRefresh(Missing("statement", f"needs at least {STATEMENT_AT_LEAST} characters"))
        _check_texts({"statement": words})
        decided = Decided(
            refresh_id=refresh_id,
            profile=self._policies[session.person.agency_id],
            agreed=agreed,
            statement=words,
            by=session.person,
            at=self._now(),
        )
        query = {"list": waiting.list_id, "file": waiting.sha256, "agreed": "yes" if agreed else "no"}
        async with self._gate.look_at_own(
            session, "decide-refresh", query | {"statement": words}, KEEPING_SOURCES, address
        ) as look:
            refresh = await self._store.decide(decided)
            look.results = refresh.counts.added + refresh.counts.changed + refresh.counts.removed
        return refresh

    async def restate(self) -> None:
        """States anew the lists of which the agencies' profiles now say something else."""
        for profile in self._policies.values():
            designations = brought_lists(profile)

            def change(
                before: HotList, profile: AgencyProfile = profile, lists: Mapping[str, Designation] = designations
            ) -> HotList:
                return under_rules_of_today(before, profile, lists.get(before.list_id))

            await self._store.restate(profile.id, change)

    async def _bring(
        self, session: Session, list_id: str, file: ArrivedFile, address: str, format: Format | None
    ) -> Refresh:
        agency_id, at = session.person.agency_id, self._now()
        profile = self._policies[agency_id]
        designation = _designation(profile, list_id)
        source = self._source(agency_id, list_id)
        case_number = (file.case_number or source.case_number).strip()
        if designation.special and not case_number:
            raise InvalidRefresh(Missing("case_number", "A special list is renewed under a case number"))
        _check_texts({"case_number": case_number})
        brought = Brought(
            designated=_designated(agency_id, designation, source, format),
            profile=profile,
            designation=designation,
            file=replace(file, case_number=case_number),
            by=session.person,
            at=at,
        )
        query = {"list": list_id, "way": file.way, "file": file.sha256, "as_of": file.as_of.isoformat()}
        query |= {"case_number": case_number} if case_number else {}
        async with self._gate.look_at_own(session, "refresh-list", query, KEEPING_SOURCES, address) as look:
            refresh = await self._store.take(brought)
            look.results = refresh.counts.accepted
        return refresh

    def _source(self, agency_id: str, list_id: str) -> Source:
        return self._sources.get((agency_id, list_id), Source())


def _designation(profile: AgencyProfile, list_id: str) -> Designation:
    designation = brought_lists(profile).get(list_id)
    if designation is None:
        raise NoSuchRecord(list_id)
    return designation


def _designated(agency_id: str, designation: Designation, source: Source, format: Format | None) -> DesignatedList:
    return DesignatedList(
        agency_id=agency_id,
        list_id=designation.list,
        source=designation.source,
        categories=designation.categories,
        grade=designation.grade,
        format=format or source.format,
        mapping=source.mapping if (format or source.format) == source.format else "",
    )


def _check_texts(texts: Mapping[str, str | None]) -> None:
    unkept = unwritable(texts)
    if unkept:
        raise InvalidRefresh(*unkept)


def _the_gateway(agency_id: str, way: Way) -> By:
    """In whose name the gateway itself brings a file."""
    who = Person(derive_id("gateway", agency_id), "gateway", "Gateway", "service", agency_id)
    return By(Session(who.id, who, frozenset(), datetime.min.replace(tzinfo=UTC)), way)

"""The lists that files bring to an agency: which there are, how they stand, and what each new file does to them."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from plateward.contracts.access import Reason
from plateward.contracts.lists import HotList
from plateward.matching.in_force import is_stale
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile, Designation
from plateward.policy.reasons import Missing
from services.gateway.access import AccessGate
from services.gateway.hot_list import require_list
from services.gateway.list_sources.designated import DesignatedList, Format, brought_lists
from services.gateway.list_sources.kept import Brought, Decided, InvalidRefresh, ListShown, SourceListStore
from services.gateway.list_sources.refresh import ArrivedFile, Refresh
from services.gateway.list_sources.sources import By, ListKey, Source, the_gateway
from services.gateway.list_sources.stating import under_rules_of_today
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

KEEPING_SOURCES = Reason(purpose="hot-list", form="duty", values={"duty": "keeping the lists that the agency matches"})
"""The standing reason for bringing lists up to date; each file carries its own digest."""


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
        """The agency's lists that the person may read, in the order of its profile; raises NotAllowed, NotRecorded."""
        if "designate-lists" not in session.rights:
            require(session, "list-entries")
        agency_id, at = session.person.agency_id, self._now()
        kept_from = self.kept_from(session)
        designations = {
            list_id: one
            for list_id, one in brought_lists(self._policies[agency_id]).items()
            if list_id not in kept_from
        }
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

    def kept_from(self, session: Session) -> tuple[str, ...]:
        """The lists from elsewhere that the policy keeps from the person's title (Barstow 466.4.e)."""
        profile = self._policies[session.person.agency_id]
        return tuple(one for one in brought_lists(profile) if not profile.hot_lists.may_read(one, session.person.title))

    def may_bring(self, session: Session, list_id: str) -> Source:
        """How the list comes; raises NotAllowed, NoSuchRecord. Asked before a file is even received."""
        require(session, "designate-lists")
        profile = self._policies[session.person.agency_id]
        _designation(profile, list_id)
        require_list(session, profile, list_id)
        return self._source(session.person.agency_id, list_id)

    async def bring(
        self, session: Session, list_id: str, file: ArrivedFile, address: str, format: Format | None = None
    ) -> Refresh:
        """What becomes of a file that a person brings; raises NotAllowed, NoSuchRecord, InvalidRefresh, NotRecorded."""
        self.may_bring(session, list_id)
        return await self._bring(session, list_id, file, address, format)

    async def bring_by_itself(self, agency_id: str, list_id: str, file: ArrivedFile, by: By | None = None) -> Refresh:
        """What becomes of a file that the gateway fetched; raises NoSuchRecord, InvalidRefresh, NotRecorded."""
        by = by or the_gateway(agency_id, file.way)
        return await self._bring(by.session, list_id, file, by.address, None)

    async def found_unchanged(self, agency_id: str, list_id: str, by: By | None = None) -> Refresh:
        """The refresh that a source's word makes that nothing has changed; raises InvalidRefresh, NotRecorded."""
        profile, by = self._policies[agency_id], by or the_gateway(agency_id, "pull")
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
        require_list(session, self._policies[session.person.agency_id], waiting.list_id)
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

"""Searching reads: an admitted question, then the record, then the look (Kentucky IV.Q.1, Flagstaff 317.8.G)."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plateward.contracts.access import Approved, Reason
from plateward.contracts.partners import PageAfter
from plateward.contracts.reads import ImageKind
from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.access import AccessGate, Inquiry
from services.gateway.people import Person, Session, require
from services.gateway.regions.asking import RegionAnswer, RegionSearch
from services.gateway.searching.approval import ApprovalNeeded, ApprovalStore
from services.gateway.searching.breadth import Breadth, asked_entirely, cameras_asked, what_is_too_far
from services.gateway.searching.found import RESULTS_MAX, Found, FoundRead, KnownPlace, ReadFinder, places_of
from services.gateway.searching.inquiry_gate import Admission, InquiryGate, ReasonRefused
from services.gateway.searching.owners import OwnerDecision, OwnersPart, granted, scopes_of, shared_under
from services.gateway.searching.past import PastSearch, SearchStore
from services.gateway.searching.picture_links import PictureAsked, PictureLinks
from services.gateway.searching.question import Position, Question
from services.gateway.searching.scopes import owners_of


class NoSuchRecord(KeyError):
    """Nothing of this id that the asker may see."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of what a search found, and under which number the look at it is recorded."""

    access_id: uuid.UUID
    search: PastSearch
    parts: tuple[OwnersPart, ...]
    reads: tuple[FoundRead, ...]
    next_after: Position | None
    """Where the next page begins; None where this is the last."""
    elsewhere: tuple[RegionAnswer, ...] = ()
    """What each other region has answered, or why it has not; each has pages of its own."""

    @property
    def all_reads(self) -> tuple[FoundRead, ...]:
        """Those of here, then those of each other region: what a map of the answer shows."""
        return (*self.reads, *(read for region in self.elsewhere for read in region.reads))


class Pictures(Protocol):
    """Where images are."""

    async def get(self, key: str) -> bytes:
        """The image; raises KeyError."""


async def picture_under(key: str | None, pictures: Pictures) -> bytes:
    """The image of this key; raises NoSuchRecord when none was sent, and once its day has come."""
    if key is None:
        raise NoSuchRecord("picture")
    try:
        return await pictures.get(key)
    except KeyError as error:
        raise NoSuchRecord(key) from error


class ReadSearch:
    """Searches the reads of every owner that grants it."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        inquiries: InquiryGate,
        approvals: ApprovalStore,
        owners: OwnerDecision,
        finder: ReadFinder,
        searches: SearchStore,
        pictures: Pictures,
        links: PictureLinks,
        regions: RegionSearch,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._inquiries, self._approvals, self._owners = gate, inquiries, approvals, owners
        self._finder, self._searches, self._pictures, self._links = finder, searches, pictures, links
        self._regions, self._policies, self._now = regions, policies, now

    @asynccontextmanager
    async def run(self, session: Session, question: Question, reason: Reason, address: str) -> AsyncIterator[Answer]:
        """The first page of what answers; raises NotAllowed, ReasonRefused, ApprovalNeeded, NotRecorded.

        What is made of it in the block waits at its end for the outcome's record to be durable.
        """
        admission, parts = await self._begun(session, question, reason)
        inquiry = Inquiry(
            *(session, "search", question.as_query, reason, granted(parts), address),
            case=admission.case,
            approved=_approved(admission),
            shared_under=shared_under(parts),
        )
        async with self._gate.look(inquiry) as look:
            search = PastSearch(look.access_id, session.person.id, question, reason)
            await self._use(admission, look.access_id)
            # A search is kept even when nothing is found, and while it is looked for.
            found, _, elsewhere = await asyncio.gather(
                self._find(question, parts, None, RESULTS_MAX),
                self._searches.keep(search, admission.traces, self._now()),
                self._regions.ask(inquiry, question, parts),
            )
            await look.found(len(found.reads))
            yield Answer(look.access_id, search, parts, found.reads, found.next_after, elsewhere)

    @asynccontextmanager
    async def page(
        self, session: Session, access_id: uuid.UUID, after: Position, address: str
    ) -> AsyncIterator[Answer]:
        """A further page of one's own search, as `run` gives it; raises NotAllowed, NoSuchRecord, NotRecorded."""
        search = await self.own_search(session, access_id)
        parts = await self.parts(session.person, search.question, search.reason)
        query = search.question.as_query | {"search": str(access_id), "after": after.captured_at.isoformat()}
        under = shared_under(parts)
        inquiry = Inquiry(session, "search", query, search.reason, granted(parts), address, shared_under=under)
        async with self._gate.look(inquiry) as look:
            found = await self._find(search.question, parts, after, RESULTS_MAX)
            await look.found(len(found.reads))
            yield Answer(look.access_id, search, parts, found.reads, found.next_after)

    async def page_elsewhere(
        self, session: Session, access_id: uuid.UUID, region: str, after: PageAfter, address: str
    ) -> Answer:
        """A further page of what another region has found; raises NotAllowed, NoSuchRecord, NotRecorded."""
        search = await self.own_search(session, access_id)
        parts = await self.parts(session.person, search.question, search.reason)
        inquiry = Inquiry(session, "search", {}, search.reason, (), address)
        answer = await self._regions.page(region, inquiry, search.question, parts, after)
        if answer is None:
            raise NoSuchRecord(access_id)
        number = access_id if answer.record is None else answer.record.access_id
        return Answer(number, search, parts, (), None, (answer,))

    async def image(self, session: Session, asked: PictureAsked, address: str) -> bytes:
        """A picture of a read that one's own search has found, by the link that the search gave.

        Raises NotAllowed, NoSuchRecord, NotRecorded.
        """
        require(session, "view-images")
        if not self._links.is_valid(session.person, asked):
            raise NoSuchRecord(asked.access_id)
        search = await self.own_search(session, asked.access_id)
        parts = await self.parts(session.person, search.question, search.reason)
        query = {"read_id": str(asked.read_id), "image": asked.kind, "search": str(asked.access_id)}
        under = shared_under(parts)
        inquiry = Inquiry(session, "view-image", query, search.reason, granted(parts), address, shared_under=under)
        async with self._gate.look(inquiry) as look:
            key = await self._finder.image_key(asked.read_id, asked.expires_on, asked.kind, scopes_of(parts))
            picture = await picture_under(key, self._pictures)
            look.results = 1
        return picture

    def picture_paths(self, session: Session, answer: Answer) -> Mapping[uuid.UUID, dict[ImageKind, str | None]]:
        """The links to the pictures of the answer's reads, by read; none where they are not for this person."""
        if "view-images" not in session.rights:
            return {}
        return self._links.paths(session.person, answer.search.access_id, answer.reads)

    async def own_search(self, session: Session, access_id: uuid.UUID) -> PastSearch:
        """A search that this person made; raises NotAllowed, NoSuchRecord."""
        require(session, "search")
        search = await self._searches.past(access_id)
        if search is None or search.person_id != session.person.id:
            raise NoSuchRecord(access_id)
        return search

    async def known_cameras(self, session: Session) -> list[KnownPlace]:
        """The cameras of one's own agency, by name, to choose from; raises NotAllowed."""
        require(session, "search")
        return await self._finder.cameras((session.person.agency_id,))

    async def parts(self, asker: Person, question: Question, reason: Reason) -> tuple[OwnersPart, ...]:
        """What was decided about each owner asked, one's own agency first."""
        owners = question.owners or (*self._policies, *self._regions.agencies)
        asked = sorted(owners, key=lambda owner: (owner != asker.agency_id, owner))
        return self._regions.placed(await self._owners.decide(asked, asker, question, reason))

    async def breadth(self, session: Session, question: Question, reason: Reason) -> Breadth:
        """How many owners and cameras the question would ask now; raises NotAllowed. Nothing is looked up."""
        require(session, "search")
        return await self._breadth(await self.parts(session.person, question, reason), question)

    async def _begun(
        self, session: Session, question: Question, reason: Reason
    ) -> tuple[Admission, tuple[OwnersPart, ...]]:
        """What a new search may rest on, and its parts; raises NotAllowed, ReasonRefused, ApprovalNeeded."""
        # Side by side, and what the inquiry gate says of it goes before what the owners say.
        admission, parts = await asyncio.gather(
            self._inquiries.admit(session, question, reason),
            self._narrow_parts(session, question, reason),
            return_exceptions=True,
        )
        if isinstance(admission, BaseException):
            raise admission
        if isinstance(parts, BaseException):
            raise parts
        return admission, self._regions.placed(await self._owners.begin(parts))

    async def _narrow_parts(self, session: Session, question: Question, reason: Reason) -> tuple[OwnersPart, ...]:
        """The parts, if they are no broader than the purpose allows; raises ReasonRefused."""
        parts = await self.parts(session.person, question, reason)
        profile = self._policies[session.person.agency_id]
        missing = what_is_too_far(await self._breadth(parts, question), profile, reason.purpose)
        if missing:
            raise ReasonRefused(*missing)
        return parts

    async def _breadth(self, parts: tuple[OwnersPart, ...], question: Question) -> Breadth:
        scopes = scopes_of(parts)
        entirely = asked_entirely(scopes, question)
        partly = tuple(scope for scope in scopes if scope.owner not in entirely)
        cameras = await self._finder.how_many_stand(entirely) if entirely else 0
        if partly:
            cameras += cameras_asked(partly, question, await self._finder.standing(owners_of(partly)))
        elsewhere = sum(part.granted and bool(part.region) for part in parts)
        # How many cameras those have, only they know; each holds the question to its own bounds.
        return Breadth(len(owners_of(scopes)) + elsewhere, cameras)

    async def _find(
        self, question: Question, parts: tuple[OwnersPart, ...], after: Position | None, limit: int
    ) -> Found:
        places = await places_of(question, granted(parts), self._finder)
        return await self._finder.find(question, places, scopes_of(parts), after=after, limit=limit)

    async def _use(self, admission: Admission, access_id: uuid.UUID) -> None:
        if admission.agreement is not None and not await self._approvals.use(admission.agreement.id, access_id):
            raise ApprovalNeeded(admission.agreement.why)


def _approved(admission: Admission) -> Approved | None:
    return None if admission.agreement is None else admission.agreement.approved

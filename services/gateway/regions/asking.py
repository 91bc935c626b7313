"""Asking other regions: one look for each, whose records are the same bytes in both logs, or that says what failed."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

import msgspec
import structlog

from plateward.contracts.access import AccessRecord
from plateward.contracts.partners import PageAfter, PartnerSearchAnswered, query_of
from plateward.contracts.questions import QuestionAsked
from services.gateway.access import AccessGate, Inquiry
from services.gateway.regions.answers import Distrusted, check_outcome, found_there
from services.gateway.regions.region import Region, Regions
from services.gateway.searching.found import FoundRead
from services.gateway.searching.owners import OwnersPart
from services.gateway.searching.question import Question

log = structlog.get_logger("plateward.regions")

Parts = tuple[OwnersPart, ...]
AnswerState = Literal["answered", "refused", "unreachable", "not asked", "distrusted"]


class NotReached(Exception):
    """The other region's gateway could not be reached, or did not answer in time."""


class RefusedThere(Exception):
    """The other region's gateway has refused; its words are the message."""


class OtherGateway(Protocol):
    """The gateway of another region, as one agency of here is known there."""

    async def ask(
        self, record: AccessRecord, question: QuestionAsked, after: PageAfter | None
    ) -> PartnerSearchAnswered:
        """One page; raises NotReached, RefusedThere."""


@dataclass(frozen=True, slots=True)
class RegionAnswer:
    """What came of asking one other region. One that cannot answer is a part that says so, and is never left out."""

    region: str
    state: AnswerState
    why: str
    """Where it has not answered, why not, in words; else empty."""
    parts: Parts
    """As the owners' own gateway has decided; where it has not answered, as this side's agreements say."""
    record: AccessRecord | None = None
    """Of the asking: its number is the same in both logs. None where nothing was asked."""
    reads: tuple[FoundRead, ...] = ()
    next_after: PageAfter | None = None


class RegionSearch:
    """Asks the owners elsewhere whom an agreement on file here lets be asked."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        regions: Regions,
        gateways: Mapping[tuple[str, str], OtherGateway],
        now: Callable[[], datetime],
    ) -> None:
        """`gateways` are by region and by the agency of here that is known there."""
        self._gate, self._regions, self._gateways, self._now = gate, regions, gateways, now

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies that answer elsewhere, by id."""
        return tuple(party.agency_id for region in self._regions.all for party in region.agencies)

    def placed(self, parts: Parts) -> Parts:
        """The parts, those of owners elsewhere with the name of their region."""
        found = ((part, self._regions.of(part.agency_id)) for part in parts)
        return tuple(part if region is None else replace(part, region=region.name) for part, region in found)

    async def ask(
        self, inquiry: Inquiry, question: Question, parts: tuple[OwnersPart, ...]
    ) -> tuple[RegionAnswer, ...]:
        """The first page of each region one of whose owners may be asked; raises NotRecorded.

        `inquiry` is the person's, as it is recorded here; each region's look is made of it.
        """
        asked = [region for region in self._regions.all if _granted(parts, region)]
        return tuple(await asyncio.gather(*(self._ask(region, inquiry, question, parts, None) for region in asked)))

    async def page(
        self, region: str, inquiry: Inquiry, question: Question, parts: Parts, after: PageAfter
    ) -> RegionAnswer | None:
        """A further page of one region; None where none of its owners may be asked; raises NotRecorded."""
        named = self._regions.named(region)
        if named is None or not _granted(parts, named):
            return None
        return await self._ask(named, inquiry, question, parts, after)

    async def _ask(
        self,
        region: Region,
        inquiry: Inquiry,
        question: Question,
        parts: tuple[OwnersPart, ...],
        after: PageAfter | None,
    ) -> RegionAnswer:
        own = inquiry.session.person.agency_id
        granted = _granted(parts, region)
        gateway = self._gateways.get((region.name, own))
        if gateway is None:
            return RegionAnswer(region.name, "not asked", "your agency is not known there as a client yet", granted)
        owners = tuple(part.agency_id for part in granted)
        narrowed = msgspec.structs.replace(question, owners=owners)
        there = replace(
            inquiry,
            query=query_of(narrowed, after),
            owners=owners,
            shared_under=tuple(one for part in granted for one in part.under),
        )
        async with self._gate.look_elsewhere(there) as look:
            unanswered = RegionAnswer(region.name, "unreachable", "", granted, look.asked)
            try:
                answered = await gateway.ask(look.asked, narrowed, after)
            except NotReached as error:
                look.problem = "NotReached"
                return replace(unanswered, why=str(error))
            except RefusedThere as error:
                look.problem = "RefusedThere"
                return replace(unanswered, state="refused", why=str(error))
            try:
                check_outcome(answered.outcome, look.asked, self._now())
                look.outcome = answered.outcome
                reads = found_there(answered, look.asked, narrowed, granted, after)
            except Distrusted as error:
                look.problem = "Distrusted"
                log.warning("another region's answer was not shown", region=region.name, why=str(error))
                return replace(unanswered, state="distrusted", why=f"its answer {error}")
        decided = tuple(
            OwnersPart(one.agency_id, one.granted, one.basis, under=one.under, region=region.name)
            for one in answered.parts
        )
        state: AnswerState = "answered" if any(part.granted for part in decided) else "refused"
        why = "" if state == "answered" else "; ".join(part.basis for part in decided)
        return RegionAnswer(region.name, state, why, decided, look.asked, reads, answered.next)


def _granted(parts: Parts, region: Region) -> Parts:
    return tuple(part for part in parts if part.granted and part.region == region.name)

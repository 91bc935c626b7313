"""Why a read was a hit, and why it was none: the decision made again with what held at that moment."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from plateward.contracts.access import Reason
from plateward.contracts.hits import Comparison
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from plateward.contracts.sharing import SharingAgreement
from plateward.matching.decision import Decision, decide
from plateward.matching.in_force import Lists
from plateward.matching.news import why_no_news
from plateward.matching.sharing import Sharing
from plateward.plates.comparison import compare
from plateward.plates.confusion import match_key
from plateward.plates.likelihood import may_count
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.inquiries import what_an_inquiry_lacks
from services.gateway.access import AccessGate, Inquiry
from services.gateway.eyes import Eyes, eyes_of
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.searching.inquiry_gate import ReasonRefused
from services.gateway.writing import unwritable


@dataclass(frozen=True, slots=True)
class Considered:
    """An entry whose plate could be the read's, how it compares, and what came of it."""

    entry: HotListEntry
    comparison: Comparison
    decision: Decision


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a read was compared with at a moment; without entries where it was none that raises hits."""

    access_id: uuid.UUID
    read: PlateRead
    at: datetime
    no_news: str | None
    considered: tuple[Considered, ...]


class History(Protocol):
    """Reads as they are kept; entries, lists and agreements as they were at a time."""

    async def read(self, read_id: uuid.UUID, owners: tuple[str, ...]) -> PlateRead | None:
        """A read of one of these agencies."""

    async def raised_at(self, read_id: uuid.UUID, agency_id: str) -> datetime | None:
        """When the first hit of the read that the agency may see was raised."""

    async def entries(self, keys: frozenset[str], at: datetime) -> list[HotListEntry]:
        """The entries that were on any list, and had one of these match keys or could have any."""

    async def lists(self, at: datetime) -> Lists:
        """All lists as they were."""

    async def agreements(self, at: datetime) -> list[SharingAgreement]:
        """All agreements as they were."""


class Explanations:
    """Explains the reads of the person's own agency."""

    def __init__(
        self, *, gate: AccessGate, history: History, policies: PolicyCatalogue, now: Callable[[], datetime]
    ) -> None:
        self._gate, self._history, self._policies, self._now = gate, history, policies, now

    async def explain(self, session: Session, read_id: uuid.UUID, reason: Reason, address: str) -> Explanation:
        """What came of a read; raises NotAllowed, ReasonRefused, NoSuchRecord, NotRecorded."""
        require(session, "search")
        missing = what_an_inquiry_lacks(self._policies[session.person.agency_id], reason)
        missing += unwritable({f"reason.{name}": value for name, value in reason.values.items()})
        if missing:
            raise ReasonRefused(*missing)
        owners = (session.person.agency_id,)
        inquiry = Inquiry(session, "explain", {"read_id": str(read_id)}, reason, owners, address)
        async with self._gate.look(inquiry) as look:
            eyes = eyes_of(session.person, self._policies[session.person.agency_id])
            explanation = await self._explain(look.access_id, read_id, session.person.agency_id, eyes)
            look.results = len(explanation.considered)
        return explanation

    async def _explain(self, access_id: uuid.UUID, read_id: uuid.UUID, agency_id: str, eyes: Eyes) -> Explanation:
        read = await self._history.read(read_id, (agency_id,))
        if read is None:
            raise NoSuchRecord(read_id)
        # A read without a hit leaves no trace of when it was compared: within a second or two of its image.
        at = await self._history.raised_at(read_id, agency_id) or read.captured_at
        # Kept is the last record of its pass; it was compared when the first one came.
        no_news = why_no_news(msgspec.structs.replace(read, supersedes=None))
        considered = () if no_news else tuple(await self._considered(read, agency_id, eyes, at))
        return Explanation(access_id, read, at, no_news, considered)

    async def _considered(self, read: PlateRead, agency_id: str, eyes: Eyes, at: datetime) -> list[Considered]:
        lists, sharing = await self._history.lists(at), Sharing(await self._history.agreements(at), at)
        return [
            Considered(entry, comparison, decide(read, entry, lists, sharing, at))
            for entry in await self._history.entries(_keys(read), at)
            # Of others' entries, or lists that one may not read, nobody learns by asking why they did not match.
            if agency_id in sharing.who_knows(entry)
            and eyes.may_see(entry)
            and (comparison := compare(entry, read)) is not None
        ]


def _keys(read: PlateRead) -> frozenset[str]:
    spellings = (read.plate, *(one.plate for one in read.candidates if may_count(one)))
    return frozenset(match_key(plate) for plate in spellings)

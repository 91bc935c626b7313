"""The access gate: a durable record of asking before anything is looked up, and of the outcome before it leaves."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import anyio
import msgspec

from plateward.contracts.access import (
    AccessPhase,
    AccessRecord,
    Action,
    Approved,
    CaseCheck,
    Reason,
    SharedUnder,
    access_record_id,
    outcome_of,
)
from services.gateway.people import Session

WATCHING_HITS = Reason(purpose="hit-response", form="duty", values={"duty": "watching the hits of the own agency"})
"""The standing reason of a desk: alerts come by themselves, and whoever sees them is recorded all the same."""

KEEPING_LISTS = Reason(purpose="hot-list", form="duty", values={"duty": "keeping the agency's own hot list"})
"""The standing reason for working on the agency's own list; each entry carries its own case and reason."""


TURNS_TO_THE_BROKER = 4
"""So many turns of the event loop bring a record to the broker's socket; what is made of an answer then holds it up."""


class NotRecorded(Exception):
    """The access record could not be made durable: nobody gets an answer."""


class AccessLog(Protocol):
    """Where access records become durable."""

    async def append(self, record: AccessRecord) -> None:
        """Returns when the record is durable; raises NotRecorded."""


class Look:
    """One look at the data while it happens: its number, how much it found, and its outcome once that is known."""

    def __init__(self, asked: AccessRecord, access_log: AccessLog, now: Callable[[], datetime]) -> None:
        self.results = 0
        self._asked, self._log, self._now = asked, access_log, now
        self._answered: asyncio.Task[None] | None = None

    @property
    def access_id(self) -> uuid.UUID:
        """Under which number it is recorded."""
        return self._asked.access_id

    async def asked(self) -> None:
        """Returns when it is durable that this was asked; raises NotRecorded."""
        await self._log.append(self._asked)

    async def found(self, results: int) -> None:
        """Sends the outcome on its way: it becomes durable while the answer is made, which waits for it to leave."""
        self.results = results
        self._answered = asyncio.create_task(self._append_answered())
        for _ in range(TURNS_TO_THE_BROKER):
            await asyncio.sleep(0)

    async def answered(self) -> None:
        """Returns when it is durable that this was answered; raises NotRecorded. Who waits for it may go away."""
        if self._answered is None:
            self._answered = asyncio.create_task(self._append_answered())
        await asyncio.shield(self._answered)

    async def failed(self, error: Exception) -> None:
        """Records what kept it from being answered, unless it has been by then; raises NotRecorded."""
        if self._answered is None:
            await self._log.append(outcome_of(self._asked, "failed", self._now(), problem=type(error).__name__))
        else:
            await self.answered()

    async def _append_answered(self) -> None:
        await self._log.append(outcome_of(self._asked, "answered", self._now(), results=self.results))


@dataclass(slots=True)
class LookElsewhere:
    """A look that another region's gateway takes for a person of here, while it happens."""

    asked: AccessRecord
    outcome: AccessRecord | None = None
    """The owner's record of how it ended, once it has answered: both logs hold it as the owner has made it."""
    problem: str = ""
    """What kept it from answering, where this side must say it."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Who asks what of whom, and why."""

    session: Session
    action: Action
    query: dict[str, str]
    reason: Reason
    owners: tuple[str, ...]
    address: str
    case: CaseCheck | None = None
    approved: Approved | None = None
    shared_under: tuple[SharedUnder, ...] = ()

    @classmethod
    def of_own(cls, session: Session, action: Action, query: dict[str, str], reason: Reason, address: str) -> "Inquiry":
        """A look at what is the own agency's."""
        return cls(session, action, query, reason, (session.person.agency_id,), address)


class AccessGate:
    """Lets a look at the data happen between its two records, or not at all."""

    def __init__(self, access_log: AccessLog, now: Callable[[], datetime]) -> None:
        self._log, self._now = access_log, now

    @asynccontextmanager
    async def look(self, inquiry: Inquiry) -> AsyncIterator[Look]:
        """Records the asking, lets the body look, records the outcome; raises NotRecorded when either cannot be."""
        look = Look(self._record(inquiry, uuid.uuid4(), "asked"), self._log, self._now)
        await look.asked()
        try:
            yield look
        except (asyncio.CancelledError, GeneratorExit):
            # The asker has gone away in the middle; what they had seen by then is recorded all the same.
            with anyio.CancelScope(shield=True):
                await look.answered()
            raise
        except Exception as error:
            await look.failed(error)
            raise
        await look.answered()

    async def note_refused(self, inquiry: Inquiry) -> None:
        """Records what somebody tried and was not let do; raises NotRecorded."""
        asked = self._record(inquiry, uuid.uuid4(), "failed")
        await self._log.append(msgspec.structs.replace(asked, problem="refused"))

    @asynccontextmanager
    async def look_elsewhere(self, inquiry: Inquiry) -> AsyncIterator[LookElsewhere]:
        """As `look`, of what is asked of another region: the outcome that is recorded is the owner's own.

        Where the owner gives none, this side records that it failed. Raises NotRecorded.
        """
        look = LookElsewhere(self._record(inquiry, uuid.uuid4(), "asked"))
        await self._log.append(look.asked)
        try:
            yield look
        except BaseException as error:
            look.problem = look.problem or type(error).__name__
            with anyio.CancelScope(shield=True):
                await self._log.append(self._outcome_elsewhere(look))
            raise
        await self._log.append(self._outcome_elsewhere(look))

    def _outcome_elsewhere(self, look: LookElsewhere) -> AccessRecord:
        return look.outcome or outcome_of(look.asked, "failed", self._now(), problem=look.problem or "NoOutcome")

    async def keep(self, record: AccessRecord) -> None:
        """Appends a record as it is: one that a partner has made of a look on both sides. Raises NotRecorded."""
        await self._log.append(record)

    def look_at_own(
        self, session: Session, action: Action, query: dict[str, str], reason: Reason, address: str
    ) -> AbstractAsyncContextManager[Look]:
        """A look at what is the own agency's; raises NotRecorded."""
        return self.look(Inquiry.of_own(session, action, query, reason, address))

    def _record(self, inquiry: Inquiry, access_id: uuid.UUID, phase: AccessPhase) -> AccessRecord:
        return AccessRecord(
            id=access_record_id(access_id, phase),
            access_id=access_id,
            phase=phase,
            at=self._now(),
            actor=inquiry.session.person.actor,
            action=inquiry.action,
            query=inquiry.query,
            reason=inquiry.reason,
            owners=inquiry.owners,
            address=inquiry.address,
            session=str(inquiry.session.public_id),
            case=inquiry.case,
            approved=inquiry.approved,
            shared_under=inquiry.shared_under,
        )

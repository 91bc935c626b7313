"""A supervisor's agreement to another's search (Stockton III.A.1.c): for that question, once, and not for long."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from plateward.contracts.access import Actor, Approved, Reason
from services.gateway.searching.question import Question

ApprovalState = Literal["waiting", "approved", "refused", "used", "expired"]


class ApprovalNeeded(Exception):
    """A supervisor must agree before this question is asked; says why."""

    def __init__(self, why: tuple[str, ...]) -> None:
        super().__init__("; ".join(why))
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest:
    """A question that waits for a supervisor, and what became of it."""

    id: uuid.UUID
    agency_id: str
    asked_by: Actor
    asked_at: datetime
    question: Question
    reason: Reason
    why: tuple[str, ...]
    expires_at: datetime
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    agreed: bool | None = None
    statement: str = ""
    used_by: uuid.UUID | None = None
    """The access under which it was used."""

    def state(self, at: datetime) -> ApprovalState:
        """How it stands at this time."""
        if self.used_by is not None:
            return "used"
        if self.agreed is False:
            return "refused"
        if at >= self.expires_at:
            return "expired"
        return "approved" if self.agreed else "waiting"

    @property
    def approved(self) -> Approved | None:
        """The agreement as the access record holds it."""
        if not self.agreed or self.decided_by is None or self.decided_at is None:
            return None
        return Approved(approval_id=self.id, by=self.decided_by, at=self.decided_at, statement=self.statement)


class ApprovalStore(Protocol):
    """Where requests are kept."""

    async def add(self, request: ApprovalRequest, fingerprint: str) -> None:
        """Keeps a request."""

    async def of_agency(self, agency_id: str, since: datetime) -> list[ApprovalRequest]:
        """The agency's requests made since then, newest first."""

    async def one(self, request_id: uuid.UUID, agency_id: str) -> ApprovalRequest | None:
        """A request of the agency."""

    async def decide(self, request: ApprovalRequest) -> bool:
        """Writes the decision down; False when somebody else has decided meanwhile."""

    async def agreed_to(self, person_id: str, fingerprint: str, at: datetime) -> ApprovalRequest | None:
        """An agreement to this person's question that is in force and not used."""

    async def use(self, request_id: uuid.UUID, access_id: uuid.UUID) -> bool:
        """Uses the agreement up; False when it is used already."""


def fingerprint_of(question: Question, reason: Reason) -> str:
    """What makes a question the one that was agreed to: all of it, and its reason."""
    encoded = msgspec.json.encode([question, reason], order="sorted")
    return hashlib.sha256(encoded).hexdigest()

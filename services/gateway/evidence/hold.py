"""A hold while it is asked for and agreed to, and how it stands after."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from plateward.contracts.access import Actor
from plateward.policy.reasons import Lacking, Missing

HoldState = Literal["waiting", "refused", "copying", "held", "impossible", "over"]

LONGEST = timedelta(days=3653)
"""A hold of more than ten years is asked for again."""

READS_AT_MOST = 500
"""What is more than this is no case's evidence but a copy of the data."""


class InvalidHold(Lacking):
    """The hold cannot be asked for or decided so; says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHold:
    """What a person asks to be held, for which case, until when."""

    case_number: str
    reason: str
    ends_on: date
    read_ids: tuple[uuid.UUID, ...]

    def lacking(self, today: date) -> list[Missing]:
        """What keeps it from being asked for."""
        missing = [
            Missing(field, "is missing")
            for field, value in (("case_number", self.case_number), ("reason", self.reason))
            if not value.strip()
        ]
        if not today < self.ends_on <= today + LONGEST:
            missing.append(Missing("ends_on", f"must lie after {today} and at most ten years ahead"))
        if not 0 < len(set(self.read_ids)) <= READS_AT_MOST:
            missing.append(Missing("read_ids", f"must name one to {READS_AT_MOST} reads"))
        return missing


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRequest:
    """A hold that one person has asked for, and what a second one said."""

    id: uuid.UUID
    agency_id: str
    asked_by: Actor
    asked_at: datetime
    case_number: str
    reason: str
    ends_on: date
    read_ids: tuple[uuid.UUID, ...]
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    agreed: bool | None = None
    statement: str = ""
    copied_at: datetime | None = None
    """When retention had all of it in evidence."""
    impossible: str | None = None
    """Why retention could not place it."""

    def state(self, today: date) -> HoldState:
        """How it stands on this day."""
        if self.agreed is None:
            return "waiting"
        if not self.agreed:
            return "refused"
        if self.impossible is not None:
            return "impossible"
        if self.copied_at is None:
            return "copying"
        return "held" if today < self.ends_on else "over"


@dataclass(frozen=True, slots=True)
class DueHit:
    """A hit of a case whose read goes soon and is in no evidence (Barstow 466.5)."""

    case_number: str
    read_id: uuid.UUID
    owner: str
    """The agency whose read it is: only it can hold it."""
    expires_on: date


class HoldStore(Protocol):
    """Where holds are kept."""

    async def add(self, request: HoldRequest) -> None:
        """Keeps a request."""

    async def of_agency(self, agency_id: str) -> list[HoldRequest]:
        """The agency's, newest first."""

    async def one(self, hold_id: uuid.UUID, agency_id: str) -> HoldRequest | None:
        """One of the agency's."""

    async def decide(self, request: HoldRequest) -> bool:
        """Writes the decision down, and has an agreed hold placed; False when somebody else has decided meanwhile."""

    async def due(self, agency_id: str, until: date) -> list[DueHit]:
        """What of the agency's cases goes before this day."""

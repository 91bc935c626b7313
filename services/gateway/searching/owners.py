"""Whose reads may answer: each owner's part of a question is decided by itself."""

from dataclasses import dataclass
from typing import Protocol

from plateward.contracts.access import Reason
from services.gateway.people import Person
from services.gateway.searching.question import Question


@dataclass(frozen=True, slots=True)
class OwnersPart:
    """What was decided about one owner's reads."""

    agency_id: str
    granted: bool
    basis: str
    """By which agreement they may be seen, or why they may not, in words for the person who asks."""


class OwnerDecision(Protocol):
    """Decides whether one owner's reads may answer a question. Asked anew for each page, picture and export."""

    async def decide(self, owner: str, asker: Person, question: Question, reason: Reason) -> OwnersPart:
        """The owner's part."""


class OwnReadsOnly:
    """Where no agencies have agreed on anything: one's own reads, and nobody else's."""

    async def decide(self, owner: str, asker: Person, question: Question, reason: Reason) -> OwnersPart:
        """Grants the asker's own agency, denies every other."""
        if owner == asker.agency_id:
            return OwnersPart(owner, granted=True, basis="reads of your own agency")
        return OwnersPart(owner, granted=False, basis="no agreement with your agency is in force")


def granted(parts: tuple[OwnersPart, ...]) -> tuple[str, ...]:
    """The owners whose reads may answer."""
    return tuple(part.agency_id for part in parts if part.granted)

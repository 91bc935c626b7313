"""Whose reads may answer: each owner's part of a question is decided by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from plateward.contracts.access import Reason, SharedUnder
from services.gateway.people import Person
from services.gateway.searching.question import Question
from services.gateway.searching.scopes import Scope


@dataclass(frozen=True, slots=True)
class OwnersPart:
    """What was decided about one owner's reads."""

    agency_id: str
    granted: bool
    basis: str
    """By which agreement they may be seen, or why they may not, in words for the person who asks."""
    scopes: tuple[Scope, ...] = ()
    """Which of its reads may answer; of a part that is not granted, none."""
    under: tuple[SharedUnder, ...] = ()
    """The MOUs that grant it, as the access record names them; none for one's own reads."""
    region: str = ""
    """The other region whose gateway answers for this owner; empty for an owner of here."""


class OwnerDecision(Protocol):
    """Decides whose reads may answer a question. Asked anew for each page, picture and export."""

    async def decide(
        self, owners: Sequence[str], asker: Person, question: Question, reason: Reason
    ) -> tuple[OwnersPart, ...]:
        """Each owner's part, in the order asked."""

    async def begin(self, parts: tuple[OwnersPart, ...]) -> tuple[OwnersPart, ...]:
        """The parts with which a new search begins: it counts against quotas; what is used up is granted no more."""


def granted(parts: tuple[OwnersPart, ...]) -> tuple[str, ...]:
    """The owners of here whose reads may answer."""
    return tuple(part.agency_id for part in _here(parts))


def scopes_of(parts: tuple[OwnersPart, ...]) -> tuple[Scope, ...]:
    """Which reads of here may answer."""
    return tuple(scope for part in _here(parts) for scope in part.scopes)


def shared_under(parts: tuple[OwnersPart, ...]) -> tuple[SharedUnder, ...]:
    """The MOUs under which reads of here answer."""
    return tuple(one for part in _here(parts) for one in part.under)


def _here(parts: tuple[OwnersPart, ...]) -> tuple[OwnersPart, ...]:
    return tuple(part for part in parts if part.granted and not part.region)

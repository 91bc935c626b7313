"""A client's look, as it is kept: so that the same one sent again is answered the same, or not at all."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from plateward.contracts.access import AccessRecord
from services.gateway.searching.question import Question

NOTHING_GRANTED = "NotGranted"
"""The problem in the outcome's record where no owner grants anything."""

KEPT = timedelta(days=1)
"""How long further pages of a search can be asked for."""

ANSWERED_WITHIN = timedelta(seconds=60)
"""A look that has been begun for longer has been lost, with the process that began it."""


class LookRefused(Exception):
    """The look stands against one that is on file; says how. What was asked can be asked anew under a new number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLook:
    """A look at the moment when it is asked for."""

    access_id: uuid.UUID
    client_id: str
    record: bytes
    """The canonical bytes, which the client has signed."""
    signature: str
    question: Question
    search_id: uuid.UUID
    """The look by which the search began: this one's own where it is the first page."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look came to, which is told the same each time."""

    record: AccessRecord
    found: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """A look that may go on: for the first time, or again after it was lost, or was answered and the answer was."""

    is_new: bool
    outcome: Outcome | None


class LookStore(Protocol):
    """Where clients' looks are on file."""

    async def begin(self, look: PartnerLook, at: datetime) -> Begun:
        """Puts a look on file, or takes it up again; raises LookRefused where it is being answered, or is another."""

    async def finish(self, access_id: uuid.UUID, outcome: Outcome) -> None:
        """Keeps what it came to, before anybody is told."""

    async def release(self, access_id: uuid.UUID) -> None:
        """Lets it be taken up again: it came to nothing."""

    async def question(self, search_id: uuid.UUID, client_id: str) -> Question | None:
        """What a search of the client's asked, while its pages can be asked for."""

"""The searches that a person has made: for their pages and pictures, and so that the same again is noticed."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plateward.contracts.access import Reason
from services.gateway.searching.question import Question


@dataclass(frozen=True, slots=True)
class PastSearch:
    """A search that a person made: under its reason its next pages and the pictures of what it found are looked at."""

    access_id: uuid.UUID
    person_id: uuid.UUID
    question: Question
    reason: Reason


@dataclass(frozen=True, slots=True)
class RecentSearch:
    """A search that somebody made a while ago, as they choose it again."""

    search: PastSearch
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Traces:
    """What of a search is remembered for longer, so that repetition is noticed: keyed hashes, nothing to be read."""

    target: bytes | None
    """Of the plate, as confusable plates share it; None for a question without one."""
    words: bytes
    """Of what the reason tells."""
    case: bytes | None
    """Of the case number; None where the reason names none."""
    validated: bool
    """Whether the register knew the case."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a person has done the same before."""

    of_the_plate: int
    """Searches of this plate without a validated case."""
    with_the_words: int
    """Other plates that were searched with the same words, and not for the same case."""


class SearchStore(Protocol):
    """Which searches were made, by whom and why."""

    async def keep(self, search: PastSearch, traces: Traces, at: datetime) -> None:
        """Keeps a search for as long as its session can last, and its traces for as long as policy looks back."""

    async def past(self, access_id: uuid.UUID) -> PastSearch | None:
        """A search that was kept."""

    async def tally(self, person_id: uuid.UUID, traces: Traces, since: datetime) -> Tally:
        """How often this person has done the same since then."""

"""A hit: a read that may be a listed vehicle. An alert, not proof (Stockton I.D)."""

import uuid
from typing import ClassVar, Literal

from plateward.contracts.event import Event, Moment, Value, derive_id
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead

Verdict = Literal["agrees", "confusable", "differs"]
Agreement = Literal["agrees", "contradicts", "unknown"]
MatchGrade = Literal["exact", "confusable"]


class CharacterComparison(Value, frozen=True):
    """One position of the entry's plate against the same position of the read."""

    listed: str
    read: str
    verdict: Verdict


class Comparison(Value, frozen=True):
    """What a dispatcher must compare: each character, the state of issue (Flagstaff 317.6.E.1, Stockton III.D.2)."""

    grade: MatchGrade
    characters: tuple[CharacterComparison, ...]
    state: Agreement


class HitRaised(Event, frozen=True):
    """The first event of a hit's life, with everything needed to check it."""

    TYPE: ClassVar[str] = "plateward.hit-raised.v1"

    id: uuid.UUID
    raised_at: Moment
    read: PlateRead
    entry: HotListEntry
    comparison: Comparison
    agencies: tuple[str, ...]
    """The agencies that may see it."""


def hit_id(read: uuid.UUID, entry: uuid.UUID) -> uuid.UUID:
    """The id of the hit of this read on this entry: matched again, it is the same hit."""
    return derive_id("hit", read, entry)

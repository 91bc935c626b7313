"""What partners' machine clients and the gateway tell each other: a question with its access record, and the answer.

The record of asking is the requester's own, byte for byte: the owner appends it to its log as it came, and the
requester appends the record of the outcome as the owner has made it. So both logs hold the same leaves (RFC 6962).
"""

import uuid
from datetime import date
from typing import Annotated, Literal

import msgspec

from plateward.contracts.access import AccessRecord, SharedUnder
from plateward.contracts.event import Moment, Value
from plateward.contracts.questions import QuestionAsked

ClientScope = Literal["reads.search", "hits.subscribe"]
"""What a machine client may be registered for. Scopes open doors; what lies behind them, MOUs decide."""


class PageAfter(Value, frozen=True):
    """Which page is wanted: the reads after this one, of a search that was asked before."""

    search: uuid.UUID
    """The `access_id` under which the search began."""
    captured_at: Moment
    read_id: uuid.UUID

    @property
    def as_query(self) -> dict[str, str]:
        """What the access record of a further page holds beside the question."""
        return {"search": str(self.search), "after": self.captured_at.isoformat()}


class PartnerSearchAsked(Value, frozen=True):
    """The body of `POST /v1/partner/searches`."""

    record: AccessRecord
    """Of the asking, as the requester has logged it. Its `query` is `query_of` this question and page."""
    signature: Annotated[str, msgspec.Meta(max_length=1000)]
    """By a key of the client, over the record's canonical bytes: a JWS whose payload is detached (RFC 7515, F)."""
    question: QuestionAsked
    after: PageAfter | None = None


class OwnersPartDecided(Value, frozen=True):
    """What was decided about one owner's reads."""

    agency_id: str
    granted: bool
    basis: str
    """By which agreement, or why not, in words for the person who asks."""
    under: tuple[SharedUnder, ...] = ()


class ReadShared(Value, frozen=True):
    """A read that answers, with as much of it as an MOU shows."""

    id: uuid.UUID
    agency_id: str
    camera_id: str
    camera_name: str
    latitude: float
    longitude: float
    captured_at: Moment
    expires_on: date
    """The day on which its owner deletes it."""
    plate: str
    confidence: float
    below_threshold: bool
    grade: Literal["exact", "confusable", "seen"]
    bearing_deg: float | None = None
    state: str | None = None
    make: str | None = None
    model: str | None = None
    colour: str | None = None
    kind: str | None = None


class LogPlace(Value, frozen=True):
    """How the owner's log is asked to prove that it holds both records of this look."""

    records: tuple[uuid.UUID, uuid.UUID]
    """The record of asking, and that of the outcome."""
    proofs: str | None = None
    """Where: `{proofs}?record=<id>` is a proof of inclusion. None where the owner's log answers nobody outside."""


class PartnerSearchAnswered(Value, frozen=True):
    """A page of what was found, and the owner's record of it, which the requester appends to its own log."""

    parts: tuple[OwnersPartDecided, ...]
    reads: tuple[ReadShared, ...]
    outcome: AccessRecord
    log: LogPlace
    next: PageAfter | None = None
    """None where this is the last page."""


def query_of(question: QuestionAsked, after: PageAfter | None = None) -> dict[str, str]:
    """What the record of this question holds as its query: it cannot say less than is asked."""
    return question.as_query | (after.as_query if after else {})

"""A subscription, a delivery, and each try to make it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from plateward.contracts.event import derive_id
from services.gateway.shared_hits.retrying import Waiting

Way = Literal["webhook", "stream"]
State = Literal["waiting", "delivered", "given-up", "withheld", "superseded"]
"""`withheld`: no agreement gave it any more when it was to leave; `superseded`: it was told anew before it left."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a client has hits delivered, and how its receiver does."""

    id: uuid.UUID
    client_id: str
    agency_id: str
    url: str
    made_at: datetime
    failures: int = 0
    """One after the other, up to now."""
    failing_since: datetime | None = None
    next_at: datetime | None = None
    """Before this nothing is tried."""
    old_secret_until: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One try to deliver: what the receiver answered, or why it did not."""

    at: datetime
    took_ms: int
    status: int | None = None
    problem: str = ""
    retry_after: timedelta | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing any more (410 Gone)."""
        return self.status == 410

    @property
    def in_words(self) -> str:
        """What became of it."""
        return f"answered {self.status}" if self.status is not None else self.problem


@dataclass(frozen=True, slots=True)
class ToDeliver:
    """A delivery that is to be made now."""

    waiting: Waiting
    hit_id: uuid.UUID
    round: int
    record: bytes | None
    recorded: bool

    @property
    def id(self) -> uuid.UUID:
        """The `webhook-id`: the same for every try, so that a receiver knows a message that it has."""
        return self.waiting.id


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as pages and the API show it; with no plate in it."""

    id: uuid.UUID
    way: Way
    subscription_id: uuid.UUID | None
    client_id: str
    agency_id: str
    owners: tuple[str, ...]
    hit_id: uuid.UUID
    made_at: datetime
    state: State
    changed_at: datetime
    why: str
    next_at: datetime
    sent_again_by: str
    access_id: uuid.UUID | None
    """Of the record under which it left last."""
    tries: tuple[Try, ...]


def delivery_id(subscription: uuid.UUID, hit: uuid.UUID, sequence: int) -> uuid.UUID:
    """The id of the delivery of a hit, as it stood at this number of the feed: found again, it is the same one."""
    return derive_id("hit delivery", subscription, hit, sequence)

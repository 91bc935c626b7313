"""The record of asking, as whoever asks makes it, logs it and then sends it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from plateward.contracts.access import AccessRecord, Actor, Reason, access_record_id
from plateward.contracts.partners import PageAfter, query_of
from plateward.contracts.questions import QuestionAsked


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks: the person, never a shared account, and where they sit."""

    actor: Actor
    address: str
    session: str


def asking(
    asker: Asker, question: QuestionAsked, reason: Reason, owners: Sequence[str], after: PageAfter | None = None
) -> AccessRecord:
    """The record of asking these owners this question now, under a new number."""
    access_id = uuid.uuid4()
    return AccessRecord(
        id=access_record_id(access_id, "asked"),
        access_id=access_id,
        phase="asked",
        at=datetime.now(UTC),
        actor=asker.actor,
        action="search",
        query=query_of(question, after),
        reason=reason,
        owners=tuple(owners),
        address=asker.address,
        session=asker.session,
    )

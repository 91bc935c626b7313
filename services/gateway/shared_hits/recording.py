"""The access records of deliveries: the client is the actor, and whose data it is are the owners. Pure."""

import uuid
from datetime import datetime

from plateward.contracts.access import AccessPhase, AccessRecord, Reason, access_record_id, outcome_of
from plateward.contracts.hits import HitRaised
from services.gateway.shared_hits.delivery import Way
from services.gateway.shared_hits.sharing import Granted, Partner

SHARED_HITS = Reason(purpose="hit-response", form="duty", values={"duty": "hits that an agreement shares"})
"""The standing reason of a machine client: hits come by themselves, each under the agreements that its record names."""


def delivery_record(
    partner: Partner,
    hit: HitRaised,
    granted: Granted,
    *,
    access_id: uuid.UUID,
    way: Way,
    address: str,
    session: str,
    at: datetime,
) -> AccessRecord:
    """The record of a hit that is about to leave for this address."""
    return AccessRecord(
        id=access_record_id(access_id, "asked"),
        access_id=access_id,
        phase="asked",
        at=at,
        actor=partner.actor,
        action="receive-hit",
        query={"hit_id": str(hit.id), "by": way},
        reason=SHARED_HITS,
        owners=granted.owners,
        address=address,
        session=session,
        shared_under=granted.under,
    )


def delivery_outcome(asked: AccessRecord, phase: AccessPhase, at: datetime, problem: str | None = None) -> AccessRecord:
    """The record of how the delivery of a hit went."""
    return outcome_of(asked, phase, at, results=1 if phase == "answered" else None, problem=problem)

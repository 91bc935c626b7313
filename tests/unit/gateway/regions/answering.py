"""A question to another region and a true answer to it, of which a test changes what it is about."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from plateward.contracts.access import AccessRecord, Actor, Reason, SharedUnder, access_record_id
from plateward.contracts.partners import LogPlace, OwnersPartDecided, PartnerSearchAnswered, ReadShared, query_of
from services.gateway.searching.owners import OwnersPart
from services.gateway.searching.question import Question
from services.gateway.searching.scopes import Scope

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
UNDER = SharedUnder(owner="ashgrove", mou="ashgrove-barstow-0a1b2c", version=1)
QUESTION = Question(
    captured_from=AT - timedelta(days=1), captured_until=AT, plate="AB0123", owners=("ashgrove", "elmwood")
)
AGREED = (
    OwnersPart(
        "ashgrove",
        granted=True,
        basis="MOU ashgrove-barstow-0a1b2c, version 1",
        scopes=(Scope("ashgrove", shows=frozenset({"state"}), since=AT - timedelta(hours=12)),),
        under=(UNDER,),
        region="The valley",
    ),
    OwnersPart("elmwood", granted=True, basis="MOU", scopes=(Scope("elmwood"),), region="The valley"),
)


def asked(question: Question = QUESTION, **changes: Any) -> AccessRecord:
    access_id = uuid.uuid4()
    record = AccessRecord(
        id=access_record_id(access_id, "asked"),
        access_id=access_id,
        phase="asked",
        at=AT,
        actor=Actor(person_id="1", username="okafor", name="D. Okafor", title="Detective", agency_id="barstow"),
        action="search",
        query=query_of(question),
        reason=Reason(purpose="stolen-vehicle", form="case", values={"case_number": "26-004417"}),
        owners=question.owners,
        address="192.0.2.7",
        session="s-9",
        shared_under=(UNDER,),
    )
    return msgspec.structs.replace(record, **changes)


def outcome(record: AccessRecord, results: int | None = 0, **changes: Any) -> AccessRecord:
    ended = msgspec.structs.replace(
        record, id=access_record_id(record.access_id, "answered"), phase="answered", results=results
    )
    return msgspec.structs.replace(ended, **changes)


def a_read(**changes: Any) -> ReadShared:
    fields: dict[str, Any] = {
        "id": uuid.uuid4(),
        "agency_id": "ashgrove",
        "camera_id": "a-1",
        "camera_name": "Mill Road",
        "latitude": 35.0,
        "longitude": -117.0,
        "captured_at": AT - timedelta(hours=1),
        "expires_on": date(2026, 3, 30),
        "plate": "AB0123",
        "confidence": 0.9,
        "below_threshold": False,
        "grade": "exact",
        "state": "CA",
    }
    return ReadShared(**(fields | changes))


def answered(record: AccessRecord, *reads: ReadShared, **changes: Any) -> PartnerSearchAnswered:
    ended = outcome(record, len(reads))
    parts = tuple(OwnersPartDecided(agency_id=owner, granted=True, basis="MOU") for owner in record.owners)
    answer = PartnerSearchAnswered(parts=parts, reads=reads, outcome=ended, log=LogPlace(records=(record.id, ended.id)))
    return msgspec.structs.replace(answer, **changes)

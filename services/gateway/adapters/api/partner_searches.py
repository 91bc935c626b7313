"""Searching by partners' machines: the request is the access record, and the answer brings ours."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from plateward.contracts.access import AccessRecord, access_record_id
from plateward.contracts.event import encode
from plateward.contracts.partners import LogPlace, OwnersPartDecided, PageAfter, PartnerSearchAnswered, ReadShared
from plateward.kernel.openapi import problem_answer
from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.api.inquiry_bodies import Moment, QuestionGiven, ReasonGiven
from services.gateway.adapters.callers import Address, TheGateway
from services.gateway.adapters.machines import SearchingMachine
from services.gateway.partners.searches import PartnerAnswer
from services.gateway.searching.found import FoundRead
from services.gateway.searching.owners import OwnersPart

Line = Annotated[str, Field(max_length=200)]
Agency = Annotated[str, Field(min_length=1, max_length=100)]
Version = Annotated[int, Field(ge=1, lt=2**31)]


class ActorGiven(Asked):
    """The person who looks, at the partner's."""

    person_id: Line
    username: Line
    name: Line
    title: Line
    agency_id: Agency


class CaseGiven(Asked):
    """What the partner's own register said of the case."""

    number: Line
    found: Literal["known", "unknown", "unreachable", "no-register"]


class ApprovedGiven(Asked):
    """The partner's supervisor who agreed."""

    approval_id: uuid.UUID
    by: ActorGiven
    at: Moment
    statement: Annotated[str, Field(max_length=2000)]


class SharedUnderGiven(Asked):
    """Under which agreement the partner takes it to be shared."""

    owner: Agency
    mou: Line
    version: Version


class RecordGiven(Asked):
    """The record of asking, as the partner has appended it to its own log."""

    id: uuid.UUID
    access_id: uuid.UUID
    phase: Literal["asked"]
    at: Moment
    actor: ActorGiven
    action: Literal["search"]
    query: Annotated[dict[str, Annotated[str, Field(max_length=60_000)]], Field(max_length=20)]
    reason: ReasonGiven
    owners: Annotated[list[Agency], Field(max_length=500)]
    address: Line
    session: Line
    case: CaseGiven | None = None
    approved: ApprovedGiven | None = None
    shared_under: Annotated[list[SharedUnderGiven], Field(max_length=500)] = Field(default=[])

    def as_record(self) -> AccessRecord:
        """The record as both logs hold it."""
        return msgspec.convert(self.model_dump(exclude_none=True), AccessRecord)


class AfterGiven(Asked):
    """Which page is wanted: the reads after this one, of a search that was asked before."""

    search: uuid.UUID
    captured_at: Moment
    read_id: uuid.UUID


class SearchAsked(Asked):
    """A question with its record. `signature` is a detached JWS over the record's canonical bytes."""

    record: RecordGiven
    signature: Annotated[str, Field(max_length=1000)]
    question: QuestionGiven
    after: AfterGiven | None = None


class UnderShown(BaseModel):
    """An agreement, as it was when this was decided."""

    owner: str
    mou: str
    version: int


class PartShown(BaseModel):
    """What was decided about one owner's reads."""

    agency_id: str
    granted: bool
    basis: str
    under: list[UnderShown] = []


class ReadShown(BaseModel):
    """A read, with as much of it as an agreement shows."""

    id: uuid.UUID
    agency_id: str
    camera_id: str
    camera_name: str
    latitude: float
    longitude: float
    captured_at: datetime
    expires_on: date
    plate: str
    confidence: float
    below_threshold: bool
    grade: str
    bearing_deg: float | None = None
    state: str | None = None
    make: str | None = None
    model: str | None = None
    colour: str | None = None
    kind: str | None = None


class LogShown(BaseModel):
    """How our log is asked to prove that it holds the record of asking, and that of the outcome."""

    records: list[uuid.UUID]
    proofs: str | None = None


class AfterShown(BaseModel):
    """What to send as `after` for the next page."""

    search: uuid.UUID
    captured_at: datetime
    read_id: uuid.UUID


class SearchAnswered(BaseModel):
    """A page of what was found, and our record of that, which belongs into the partner's log as it is."""

    parts: list[PartShown]
    reads: list[ReadShown]
    outcome: dict[str, Any] = Field(description="An access record: plateward.access-record.v1.")
    log: LogShown
    next: AfterShown | None = None


def search_routes(access_log_url: str | None) -> APIRouter:
    """The routes; `access_log_url` is where partners can ask our log for proofs."""
    routes = APIRouter(prefix="/v1/partner/searches", tags=["partners' machines"])
    proofs = None if access_log_url is None else f"{access_log_url.rstrip('/')}/proofs/inclusion"

    @routes.post(
        "",
        summary="Search reads, as a machine of a partner",
        status_code=200,
        response_model=SearchAnswered,
        responses={409: problem_answer("This number was used for another look, or its answer is no longer the same.")},
    )
    async def search(asked: SearchAsked, machine: SearchingMachine, gateway: TheGateway, address: Address) -> Response:
        """Each owner is decided by itself; a refused one says why. The outcome is recorded before this is answered."""
        after = None if asked.after is None else PageAfter(**asked.after.model_dump())
        answer = await gateway.partner_searches.run(
            machine, asked.record.as_record(), asked.signature, asked.question.as_question(), after, address
        )
        return Response(encode(_answered(answer, proofs)), media_type="application/json")

    return routes


def _answered(answer: PartnerAnswer, proofs: str | None) -> PartnerSearchAnswered:
    outcome = answer.outcome
    return PartnerSearchAnswered(
        parts=tuple(_part(part) for part in answer.parts),
        reads=tuple(_read(read) for read in answer.found.reads),
        outcome=outcome,
        log=LogPlace(records=(access_record_id(outcome.access_id, "asked"), outcome.id), proofs=proofs),
        next=answer.after,
    )


def _part(part: OwnersPart) -> OwnersPartDecided:
    return OwnersPartDecided(agency_id=part.agency_id, granted=part.granted, basis=part.basis, under=part.under)


def _read(read: FoundRead) -> ReadShared:
    return ReadShared(**{name: getattr(read, name) for name in ReadShared.__struct_fields__})

"""Searching reads over the API. The question travels in the body: nothing sensitive is ever in a URL."""

import uuid
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from plateward.contracts.access import Reason
from plateward.kernel.problems import Problem
from plateward.plates.normalise import NotAPlate, normalise
from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.api.pictures import Picture
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.search import Answer, ImageKind, Question

routes = APIRouter(prefix="/v1/searches", tags=["searches"])


Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""A time at which a camera can have taken an image; the ends of the calendar overflow in some zones."""


class ReasonGiven(Asked):
    """Purpose and reason, in one of the forms that the asker's agency accepts."""

    purpose: Annotated[str, Field(max_length=100)]
    form: Annotated[str, Field(max_length=100)]
    values: Annotated[dict[str, Annotated[str, Field(max_length=2000)]], Field(max_length=20)]


class SearchAsked(Asked):
    """A plate, the time in which it was seen, and why this is asked."""

    plate: Annotated[str, Field(min_length=1, max_length=30)]
    captured_from: Moment
    captured_until: Moment
    reason: ReasonGiven


class ReadFound(BaseModel):
    """A read that answers."""

    id: uuid.UUID
    agency_id: str
    camera_id: str
    camera_name: str
    latitude: float
    longitude: float
    bearing_deg: float | None
    captured_at: datetime
    plate: str
    confidence: float
    state: str | None
    grade: str
    has_plate_picture: bool
    has_scene_picture: bool


class SearchAnswered(BaseModel):
    """What was found, and the number under which the search is recorded."""

    access_id: uuid.UUID
    reads: list[ReadFound]
    truncated: bool


@routes.post("", summary="Search reads by plate and time")
async def search(asked: SearchAsked, session: Caller, gateway: TheGateway, address: Address) -> SearchAnswered:
    """The reads of the asker's agency with this plate or one confusable with it, newest first."""
    reason = Reason(purpose=asked.reason.purpose, form=asked.reason.form, values=asked.reason.values)
    return _answered(await gateway.search.run(session, _question(asked), reason, address))


@routes.get(
    "/{access_id}/reads/{read_id}/images/{kind}", response_class=Picture, summary="A picture of a read that was found"
)
async def image(
    access_id: uuid.UUID, read_id: uuid.UUID, kind: ImageKind, session: Caller, gateway: TheGateway, address: Address
) -> Response:
    """The plate or the scene, under the reason of the asker's own search."""
    return Picture(await gateway.search.image(session, access_id, read_id, kind, address))


def _question(asked: SearchAsked) -> Question:
    if asked.captured_until <= asked.captured_from:
        rule = "must lie after captured_from"
        raise Problem(422, "This time ends before it begins", errors=[{"field": "captured_until", "rule": rule}])
    try:
        return Question(normalise(asked.plate), asked.captured_from, asked.captured_until)
    except NotAPlate as error:
        raise Problem(422, "This is no plate", errors=[{"field": "plate", "rule": str(error)}]) from error


def _answered(answer: Answer) -> SearchAnswered:
    reads = [ReadFound.model_validate(read, from_attributes=True) for read in answer.reads]
    return SearchAnswered(access_id=answer.access_id, reads=reads, truncated=answer.truncated)

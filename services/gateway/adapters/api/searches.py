"""Searching reads over the API."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from operator import attrgetter
from typing import Annotated, Self

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from plateward.contracts.partners import PageAfter
from plateward.contracts.reads import ImageKind
from plateward.kernel.openapi import problem_answer
from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.api.inquiry_bodies import InquiryAsked, Moment
from services.gateway.adapters.api.pictures import Picture
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.gateway import Gateway
from services.gateway.people import Session
from services.gateway.regions.asking import AnswerState, RegionAnswer
from services.gateway.search import Answer
from services.gateway.searching.found import FoundRead
from services.gateway.searching.picture_links import PictureAsked
from services.gateway.searching.question import Position

NO_PICTURES: Mapping[ImageKind, None] = {"plate": None, "scene": None}

routes = APIRouter(prefix="/v1/searches", tags=["searches"])


class PositionGiven(Asked):
    """The last read of a page."""

    captured_at: Moment
    read_id: uuid.UUID

    @classmethod
    def of(cls, position: Position) -> Self:
        """The position as it travels."""
        return cls(captured_at=position.captured_at, read_id=position.read_id)


class PageAsked(Asked):
    """Which page is wanted: the one after this read."""

    after: PositionGiven


class PicturePaths(BaseModel):
    """Where the read's pictures are for the next while; null where there is none."""

    plate: str | None
    scene: str | None


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
    below_threshold: bool
    state: str | None
    make: str | None
    model: str | None
    colour: str | None
    kind: str | None
    grade: str
    pictures: PicturePaths


class MouNamed(BaseModel):
    """An MOU, as it was agreed when this was decided."""

    mou: str
    version: int


class OwnersPartDecided(BaseModel):
    """What was decided about one owner's reads."""

    agency_id: str
    granted: bool
    basis: str
    under: list[MouNamed] = Field(default=[], description="The MOUs that grant it, each with its version.")
    region: str = Field(default="", description="The other region that answers for it; empty for an agency of here.")


class PageElsewhere(Asked):
    """Which page of another region's reads is wanted: the one after this read, of the search as it began there."""

    search: uuid.UUID
    captured_at: Moment
    read_id: uuid.UUID


class ElsewhereAsked(Asked):
    """A further page of one other region."""

    region: Annotated[str, Field(min_length=1, max_length=60)]
    after: PageElsewhere


class RegionAnswered(BaseModel):
    """What another region has answered: its owners' decisions, reads and cursor, or why it has not answered."""

    region: str
    state: AnswerState
    why: str
    access_id: uuid.UUID | None = Field(description="The number of this look in both regions' logs.")
    owners: list[OwnersPartDecided]
    reads: list[ReadFound] = Field(description="Without pictures: those stay with their owner.")
    next_after: PageElsewhere | None

    @classmethod
    def of(cls, answer: RegionAnswer) -> Self:
        """The answer as it travels."""
        after = answer.next_after
        position = None if after is None else msgspec.structs.asdict(after)
        return cls(
            region=answer.region,
            state=answer.state,
            why=answer.why,
            access_id=None if answer.record is None else answer.record.access_id,
            owners=[OwnersPartDecided.model_validate(part, from_attributes=True) for part in answer.parts],
            reads=[ReadFound.model_validate(_shown(read, NO_PICTURES), from_attributes=True) for read in answer.reads],
            next_after=None if position is None else PageElsewhere(**position),
        )


class BreadthFound(BaseModel):
    """How many owners grant a question, and how many of their cameras it asks."""

    owners: int
    cameras: int


class SearchAnswered(BaseModel):
    """A page of what was found, and the number under which this look is recorded."""

    access_id: uuid.UUID
    search_id: uuid.UUID
    owners: list[OwnersPartDecided]
    reads: list[ReadFound]
    next_after: PositionGiven | None
    elsewhere: list[RegionAnswered] = Field(description="Each other region that was asked, with pages of its own.")


@routes.post(
    "",
    summary="Search reads",
    status_code=200,
    response_model=SearchAnswered,
    responses={409: problem_answer("A supervisor must agree first.")},
)
async def search(asked: InquiryAsked, session: Caller, gateway: TheGateway, address: Address) -> Response:
    """The newest reads that answer, of every owner that grants it; 409 where a supervisor must agree first."""
    async with gateway.search.run(session, asked.as_question(), asked.reason.as_reason(), address) as answer:
        return _answered(gateway, session, answer)


@routes.post("/breadth", summary="How many agencies and cameras a search would ask", status_code=200)
async def breadth(asked: InquiryAsked, session: Caller, gateway: TheGateway) -> BreadthFound:
    """Before it is asked, and without asking: nothing is looked up."""
    found = await gateway.search.breadth(session, asked.as_question(), asked.reason.as_reason())
    return BreadthFound(owners=found.owners, cameras=found.cameras)


@routes.post(
    "/{search_id}/pages",
    summary="A further page of a search of one's own",
    status_code=200,
    response_model=SearchAnswered,
)
async def page(
    search_id: uuid.UUID, asked: PageAsked, session: Caller, gateway: TheGateway, address: Address
) -> Response:
    """The reads after this one. What has come in since the search does not shift them."""
    after = Position(asked.after.captured_at, asked.after.read_id)
    async with gateway.search.page(session, search_id, after, address) as answer:
        return _answered(gateway, session, answer)


@routes.post("/{search_id}/elsewhere", summary="A further page of another region", status_code=200)
async def page_elsewhere(
    search_id: uuid.UUID, asked: ElsewhereAsked, session: Caller, gateway: TheGateway, address: Address
) -> RegionAnswered:
    """The reads of that region after this one; a look of its own, in both logs."""
    after = PageAfter(search=asked.after.search, captured_at=asked.after.captured_at, read_id=asked.after.read_id)
    answer = await gateway.search.page_elsewhere(session, search_id, asked.region, after, address)
    return RegionAnswered.of(answer.elsewhere[0])


@routes.get(
    "/{search_id}/reads/{read_id}/images/{kind}",
    response_class=Picture,
    summary="A picture of a read that was found, by the link that came with it",
)
async def image(
    search_id: uuid.UUID,
    read_id: uuid.UUID,
    kind: ImageKind,
    kept_until: date,
    until: Annotated[int, Query(ge=0, lt=2**53)],
    signature: Annotated[str, Field(max_length=100)],
    session: Caller,
    gateway: TheGateway,
    address: Address,
) -> Response:
    """The plate or the scene, under the reason of the asker's own search, for a quarter of an hour."""
    asked = PictureAsked(search_id, read_id, kind, kept_until, until, signature)
    return Picture(await gateway.search.image(session, asked, address))


def _answered(gateway: Gateway, session: Session, answer: Answer) -> Response:
    """As JSON at once: checking a hundred reads again, by FastAPI or by the model, takes milliseconds."""
    pictures = gateway.search.picture_paths(session, answer)
    answered = SearchAnswered(
        access_id=answer.access_id,
        search_id=answer.search.access_id,
        owners=[OwnersPartDecided.model_validate(part, from_attributes=True) for part in answer.parts],
        reads=[],
        next_after=None if answer.next_after is None else PositionGiven.of(answer.next_after),
        elsewhere=[RegionAnswered.of(one) for one in answer.elsewhere],
    )
    shown = answered.model_dump() | {
        "reads": [_shown(read, pictures.get(read.id, NO_PICTURES)) for read in answer.reads]
    }
    return Response(msgspec.json.encode(shown), media_type="application/json")


_as_shown = msgspec.defstruct("_AsShown", ReadFound.model_fields)
_values = attrgetter(*(name for name in ReadFound.model_fields if name != "pictures"))


def _shown(read: FoundRead, pictures: Mapping[ImageKind, str | None]) -> msgspec.Struct:
    """The fields of `ReadFound`, in its order."""
    return _as_shown(*_values(read), pictures)

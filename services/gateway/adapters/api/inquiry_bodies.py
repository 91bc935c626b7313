"""A question and its reason as they travel: in the body, since nothing sensitive is ever in a URL."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from pydantic import AwareDatetime, Field

from plateward.contracts.access import Reason
from plateward.kernel.problems import Problem
from plateward.plates.normalise import NotAPlate
from plateward.plates.parts import parse_pattern
from services.gateway.adapters.api.asked import Asked, Number
from services.gateway.searching.area import Area
from services.gateway.searching.question import Question

Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""A time at which a camera can have taken an image; the ends of the calendar overflow in some zones."""

Latitude = Annotated[Number, Field(ge=-90, le=90)]
Longitude = Annotated[Number, Field(ge=-180, le=180)]
Word = Annotated[str, Field(min_length=1, max_length=60)]


class ReasonGiven(Asked):
    """Purpose and reason, in one of the forms that the asker's agency accepts."""

    purpose: Annotated[str, Field(max_length=100)]
    form: Annotated[str, Field(max_length=100)]
    values: Annotated[dict[str, Annotated[str, Field(max_length=2000)]], Field(max_length=20)]

    def as_reason(self) -> Reason:
        """The reason as records hold it."""
        return Reason(purpose=self.purpose, form=self.form, values=self.values)


class CircleAsked(Asked):
    """All that is at most so far from a point."""

    type: Literal["circle"]
    latitude: Latitude
    longitude: Longitude
    radius_m: Annotated[Number, Field(gt=0, le=100_000)]


class PolygonAsked(Asked):
    """What lies within these corners, each latitude and longitude."""

    type: Literal["polygon"]
    corners: Annotated[list[tuple[Latitude, Longitude]], Field(min_length=3, max_length=100)]


class VehicleAsked(Asked):
    """What is known of the vehicle."""

    make: Word | None = None
    model: Word | None = None
    colour: Word | None = None
    kind: Word | None = None


class QuestionGiven(Asked):
    """Who passed where and when. What is left out does not matter."""

    captured_from: Moment
    captured_until: Moment
    plate: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(
        default=None, description="A plate or a part of one: ? is one character, * any number of them."
    )
    spelling: Literal["confusable", "exact"] = "confusable"
    state: Annotated[str, Field(pattern=r"^[A-Z]{2,3}$")] | None = None
    vehicle: VehicleAsked = VehicleAsked()
    cameras: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=500)] = Field(default=[])
    area: Annotated[CircleAsked | PolygonAsked, Field(discriminator="type")] | None = None
    owners: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=500)] = Field(
        default=[], description="The agencies whose reads are asked for; none named: all of the region."
    )

    def as_question(self) -> Question:
        """The question as the domain takes it; raises a 422 problem."""
        try:
            plate = None if self.plate is None else parse_pattern(self.plate).text
        except NotAPlate as error:
            raise Problem(422, "This is no plate", errors=[{"field": "plate", "rule": str(error)}]) from error
        area: Area | None = None if self.area is None else msgspec.convert(self.area.model_dump(), Area)
        fields = self.model_dump(exclude={"reason", "plate", "area"})
        return msgspec.structs.replace(msgspec.convert(fields, Question), plate=plate, area=area)


class InquiryAsked(QuestionGiven):
    """A question, and why it is asked."""

    reason: ReasonGiven

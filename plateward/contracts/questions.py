"""A question to the reads as it travels, and the words in which an access record holds it: the same for all sides."""

from typing import Annotated, Literal

import msgspec

from plateward.contracts.event import Moment

Spelling = Literal["confusable", "exact"]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Latitude = Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)]
Longitude = Annotated[float, msgspec.Meta(ge=-180.0, le=180.0)]


class CircleAsked(msgspec.Struct, frozen=True, tag="circle"):
    """All that is at most so far from a point."""

    latitude: Latitude
    longitude: Longitude
    radius_m: Annotated[float, msgspec.Meta(gt=0.0, le=100_000.0)]

    @property
    def as_text(self) -> str:
        """The area as an access record holds it."""
        return f"within {self.radius_m:g} m of {self.latitude:.5f}, {self.longitude:.5f}"


class PolygonAsked(msgspec.Struct, frozen=True, tag="polygon"):
    """What lies within these corners (latitude, longitude), which are joined in their order, the last to the first."""

    corners: Annotated[tuple[tuple[Latitude, Longitude], ...], msgspec.Meta(min_length=3, max_length=100)]

    @property
    def as_text(self) -> str:
        """The area as an access record holds it."""
        return "within " + "; ".join(f"{latitude:.5f}, {longitude:.5f}" for latitude, longitude in self.corners)


class VehicleAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of the vehicle; what is not is None (Flagstaff 317.3.A, 317.5.3)."""

    make: Word | None = None
    model: Word | None = None
    colour: Word | None = None
    kind: Word | None = None


class QuestionAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question to the reads: who passed where and when. What is not said does not matter."""

    captured_from: Moment
    captured_until: Moment
    plate: str | None = None
    """As `plateward.plates.parts.parse_pattern` spells it."""
    spelling: Spelling = "confusable"
    state: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2,3}\Z")] | None = None
    vehicle: VehicleAsked = VehicleAsked()
    cameras: Annotated[tuple[str, ...], msgspec.Meta(max_length=500)] = ()
    area: CircleAsked | PolygonAsked | None = None
    owners: Annotated[tuple[str, ...], msgspec.Meta(max_length=500)] = ()
    """The agencies whose reads are asked for; none named: all of the region."""

    @property
    def as_query(self) -> dict[str, str]:
        """The question as the access record holds it: every data element used to query (Civ. Code 1798.90.52)."""
        said = {
            "plate": self.plate,
            "spelling": None if self.spelling == "confusable" else self.spelling,
            "state": self.state,
            **msgspec.structs.asdict(self.vehicle),
            "cameras": ", ".join(self.cameras),
            "area": self.area.as_text if self.area else None,
            "owners": ", ".join(self.owners),
            "captured_from": self.captured_from.isoformat(),
            "captured_until": self.captured_until.isoformat(),
        }
        return {name: value for name, value in said.items() if value}

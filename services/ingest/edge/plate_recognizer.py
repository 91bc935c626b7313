"""Webhooks of Plate Recognizer Stream: one report for each vehicle, as JSON or beside its picture.

A result has one of two shapes: the plate as a text with its score, or, from engines that name vehicles without plates
too, as an object with `props`. Confidences run from 0 to 1. Stream sends a report again until it is taken; it is known
again by its `timestamp` and the plate.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from plateward.contracts.reads import VehicleDescription
from services.ingest.edge.documents import Word, shaped
from services.ingest.edge.edge_read import READS_MAX, EdgeRead, Picture, described, share
from services.ingest.refusals import Refused

SOURCE = "edge:plate-recognizer"

JSON_PART, PICTURE_PART = "json", "upload"
"""The parts of a webhook with a picture."""


class Spelling(msgspec.Struct, frozen=True):
    """A candidate. Some versions give it no score."""

    plate: Word
    score: float | None = None


class Code(msgspec.Struct, frozen=True):
    """Where the plate was issued."""

    code: Word = ""
    score: float = 0.0


class Guess(msgspec.Struct, frozen=True):
    """A value and its score."""

    value: Word
    score: float = 0.0


class MakeModel(msgspec.Struct, frozen=True):
    """What the vehicle may be."""

    make: Word = ""
    model: Word = ""
    score: float = 0.0


class Colour(msgspec.Struct, frozen=True):
    """What colour it may have."""

    color: Word
    score: float = 0.0


class PlateProps(msgspec.Struct, frozen=True):
    """What is known of a plate, in the newer shape."""

    plate: tuple[Guess, ...] = ()
    region: tuple[Guess, ...] = ()


class PlateObject(msgspec.Struct, frozen=True):
    """A plate, in the newer shape."""

    props: PlateProps


class VehicleProps(msgspec.Struct, frozen=True):
    """What is known of a vehicle, in the newer shape."""

    make_model: tuple[MakeModel, ...] = ()
    color: tuple[Guess, ...] = ()


class Vehicle(msgspec.Struct, frozen=True):
    """The vehicle around the plate."""

    type: Word = ""
    props: VehicleProps | None = None


class Result(msgspec.Struct, frozen=True):
    """One vehicle, in either shape."""

    plate: Word | PlateObject | None = None
    score: float | None = None
    candidates: tuple[Spelling, ...] = ()
    region: Code | None = None
    vehicle: Vehicle | None = None
    model_make: tuple[MakeModel, ...] = ()
    color: tuple[Colour, ...] = ()
    direction: float | Word | None = None


class Data(msgspec.Struct, frozen=True):
    """What was seen, and when; `timestamp` says its zone, or is UTC."""

    timestamp: Word
    results: Annotated[tuple[Result, ...], msgspec.Meta(max_length=READS_MAX)]
    camera_id: Word | None = None


class Report(msgspec.Struct, frozen=True):
    """The webhook's document."""

    data: Data


def edge_reads(document: object, picture: Picture | None = None) -> list[EdgeRead]:
    """The reads in a report, with the picture of the scene that came with it; none for vehicles without a plate.

    Raises Refused.
    """
    data = shaped(document, Report).data
    at = _time(data.timestamp)
    reads = (_read(result, f"data.results[{place}]", at, picture) for place, result in enumerate(data.results))
    return [replace(read, stream=data.camera_id) for read in reads if read is not None]


def _read(result: Result, field: str, at: datetime, picture: Picture | None) -> EdgeRead | None:
    spellings = _spellings(result, field)
    if not spellings:
        return None
    plate, confidence = spellings[0]
    return EdgeRead(
        field=f"{field}.plate",
        plate=plate,
        confidence=confidence,
        captured_at=at,
        names=(at.isoformat(),),
        candidates=tuple(spellings),
        region=_region(result),
        vehicle=_vehicle(result),
        direction=_direction(result.direction),
        scene_picture=picture,
    )


def _spellings(result: Result, field: str) -> list[tuple[str, float]]:
    """The plate and how else it may be spelled, the best first; empty for a vehicle without a plate."""
    if result.plate is None or result.plate == "":
        return []
    if isinstance(result.plate, PlateObject):
        places = enumerate(result.plate.props.plate)
        return [(one.value, share(one.score, f"{field}.plate.props.plate[{n}].score")) for n, one in places]
    if result.score is None:
        raise Refused("payload", f"{field}.score", "must be there")
    scored = [
        (n, one) for n, one in enumerate(result.candidates) if one.score is not None and one.plate != result.plate
    ]
    others = [(one.plate, share(one.score or 0.0, f"{field}.candidates[{n}].score")) for n, one in scored]
    return [(result.plate, share(result.score, f"{field}.score")), *others]


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused("captured-at", "data.timestamp", "must be a date and time as 2026-05-01T12:30:00Z") from error


def _region(result: Result) -> str | None:
    if isinstance(result.plate, PlateObject):
        return _likeliest(result.plate.props.region)
    return result.region.code if result.region else None


def _vehicle(result: Result) -> VehicleDescription | None:
    props = result.vehicle.props if result.vehicle else None
    models = props.make_model if props else result.model_make
    model = max(models, key=lambda one: one.score) if models else MakeModel()
    colour = _likeliest(props.color if props else tuple(Guess(one.color, one.score) for one in result.color))
    return described(
        make=model.make, model=model.model, colour=colour, kind=result.vehicle.type if result.vehicle else None
    )


def _likeliest(guesses: Sequence[Guess]) -> str | None:
    return max(guesses, key=lambda guess: guess.score).value if guesses else None


def _direction(direction: float | str | None) -> str | None:
    if direction is None or isinstance(direction, str):
        return direction or None
    return f"{direction:.0f}° in the picture"

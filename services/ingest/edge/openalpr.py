"""Reports of the OpenALPR agent (Rekor Scout): `alpr_results` for a frame, `alpr_group` once the vehicle has passed.

A vehicle that passes is reported many times: once for each frame in which its plate was read, each with the frame's
`uuid`, and then once as a group that lists these `uuids`. All of them are one read: frames are known by uuid and plate
index, and frames of the same plate that follow each other within moments are one passing, as the group will say.
Confidences are percentages, times milliseconds since 1970.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from plateward.contracts.reads import VehicleDescription
from services.ingest.edge.documents import Base64, Word, picture_in, shaped
from services.ingest.edge.edge_read import READS_MAX, EdgeRead, after_epoch, described, share, tidy
from services.ingest.refusals import Refused

SOURCE = "edge:openalpr"

Frames = Annotated[tuple[Word, ...], msgspec.Meta(max_length=10_000)]
Indexes = Annotated[tuple[int, ...], msgspec.Meta(max_length=10_000)]

_NAMES_MAX = 200


class Candidate(msgspec.Struct, frozen=True):
    """A spelling of the plate."""

    plate: Word
    confidence: float


class Guess(msgspec.Struct, frozen=True):
    """What a vehicle may be in one respect."""

    name: Word
    confidence: float = 0.0


class Vehicle(msgspec.Struct, frozen=True):
    """What the vehicle may be, by respect."""

    color: tuple[Guess, ...] = ()
    make: tuple[Guess, ...] = ()
    make_model: tuple[Guess, ...] = ()
    body_type: tuple[Guess, ...] = ()


class PlateResult(msgspec.Struct, frozen=True):
    """One plate of a frame."""

    plate: Word
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    plate_index: int = 0
    region: Word | None = None
    plate_crop_jpeg: Base64 | None = None
    vehicle: Vehicle | None = None


class Results(msgspec.Struct, frozen=True):
    """`alpr_results`: all plates of one frame."""

    uuid: Word
    epoch_time: float
    results: Annotated[tuple[PlateResult, ...], msgspec.Meta(max_length=READS_MAX)]
    camera_id: int | Word | None = None


class BestPlate(msgspec.Struct, frozen=True):
    """Of a group's best frame what is used here."""

    plate_crop_jpeg: Base64 | None = None


class Group(msgspec.Struct, frozen=True):
    """`alpr_group`: all frames of one vehicle's passing."""

    uuids: Frames
    epoch_start: float
    epoch_end: float
    best_plate_number: Word
    best_confidence: float
    plate_indexes: Indexes = ()
    camera_id: int | Word | None = None
    best_uuid_epoch_ms: float | None = None
    best_region: Word | None = None
    best_plate: BestPlate = BestPlate()
    candidates: tuple[Candidate, ...] = ()
    vehicle: Vehicle | None = None
    vehicle_crop_jpeg: Base64 | None = None
    travel_direction: float | None = None


class Kind(msgspec.Struct, frozen=True):
    """What every report of the agent says first."""

    data_type: Word


_WITHOUT_PLATE = frozenset({"heartbeat", "vehicle", "alpr_alert"})
"""Reports that the agent also sends. An alert repeats a group, for a list that is kept elsewhere."""


def edge_reads(document: object, *, groups_alone: bool = False) -> list[EdgeRead]:
    """The reads in a report; none in a heartbeat, nor in a frame's report where groups alone are wanted.

    Raises Refused.
    """
    kind = shaped(document, Kind).data_type
    if kind == "alpr_results":
        return [] if groups_alone else _of_results(shaped(document, Results))
    if kind == "alpr_group":
        return [_of_group(shaped(document, Group))]
    if kind in _WITHOUT_PLATE:
        return []
    raise Refused("payload", "data_type", "must be alpr_results or alpr_group")


def _of_results(report: Results) -> list[EdgeRead]:
    at = after_epoch(report.epoch_time, "epoch_time")
    return [
        EdgeRead(
            field=(field := f"results[{place}]"),
            plate=found.plate,
            confidence=share(found.confidence, f"{field}.confidence", of=100.0),
            captured_at=at,
            names=(_name(report.uuid, found.plate_index),),
            joins_near=True,
            candidates=_candidates(found.candidates, field),
            region=found.region,
            vehicle=_vehicle(found.vehicle),
            plate_picture=picture_in(found.plate_crop_jpeg, f"{field}.plate_crop_jpeg"),
            stream=_stream(report.camera_id),
        )
        for place, found in enumerate(report.results)
    ]


def _of_group(report: Group) -> EdgeRead:
    began, ended = after_epoch(report.epoch_start, "epoch_start"), after_epoch(report.epoch_end, "epoch_end")
    if ended < began:
        raise Refused("payload", "epoch_end", "must not be before epoch_start")
    best = report.best_uuid_epoch_ms
    return EdgeRead(
        field="best_plate_number",
        plate=report.best_plate_number,
        confidence=share(report.best_confidence, "best_confidence", of=100.0),
        captured_at=began if best is None else after_epoch(best, "best_uuid_epoch_ms"),
        until=ended,
        frames=max(1, len(report.uuids)),
        names=_names(report),
        joins_near=True,
        candidates=_candidates(report.candidates, ""),
        region=report.best_region,
        vehicle=_vehicle(report.vehicle),
        direction=_direction(report.travel_direction),
        plate_picture=picture_in(report.best_plate.plate_crop_jpeg, "best_plate.plate_crop_jpeg"),
        scene_picture=picture_in(report.vehicle_crop_jpeg, "vehicle_crop_jpeg"),
        stream=_stream(report.camera_id),
    )


def _stream(camera_id: int | str | None) -> str | None:
    return None if camera_id is None else str(camera_id)


def _name(uuid: str, index: int) -> str:
    return f"{uuid}/{index}"


def _names(report: Group) -> tuple[str, ...]:
    """The group's frames, the earliest first: a uuid ends with its frame's milliseconds, all of the same length."""
    indexes = report.plate_indexes or (0,) * len(report.uuids)
    if len(indexes) != len(report.uuids):
        raise Refused("payload", "plate_indexes", "must be as many as uuids")
    return tuple(sorted(map(_name, report.uuids, indexes)))[:_NAMES_MAX]


def _candidates(found: Sequence[Candidate], field: str) -> tuple[tuple[str, float], ...]:
    inside = f"{field}.candidates" if field else "candidates"
    return tuple(
        (one.plate, share(one.confidence, f"{inside}[{place}].confidence", of=100.0)) for place, one in enumerate(found)
    )


def _vehicle(found: Vehicle | None) -> VehicleDescription | None:
    if found is None:
        return None
    make, model = _best(found.make), _best(found.make_model)
    if make and model:
        # The agent names the model with its make in front: "toyota_camry".
        model = model.removeprefix(make).lstrip("_ ") or None
    return described(make=_spaced(make), model=_spaced(model), colour=_best(found.color), kind=_best(found.body_type))


def _best(guesses: Sequence[Guess]) -> str | None:
    return max(guesses, key=lambda guess: guess.confidence).name if guesses else None


def _spaced(word: str | None) -> str | None:
    return tidy(word.replace("_", " ")) if word else None


def _direction(degrees: float | None) -> str | None:
    # An angle within the picture: only who knows how the camera hangs can make a heading of it.
    return None if degrees is None else f"{degrees:.0f}° in the picture"

"""A plate that a device at the roadside has read itself, in words that are the same for all makers."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from plateward.contracts.reads import VehicleDescription
from services.ingest.refusals import Refused

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

READS_MAX = 100
"""Reads in one report at most."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it came, unchecked, and where in the report it stood."""

    field: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeRead:
    """What one report says of one plate. Nothing of it has been checked but its types and its confidences."""

    field: str
    """Where in the report it stands, for refusals to name."""
    plate: str
    """As the device spells it."""
    confidence: float
    """From 0 to 1, as are those of the candidates."""
    captured_at: datetime
    names: tuple[str, ...] = ()
    """What the device calls this passing of a vehicle, the same in each report of it; the first makes the read's id."""
    until: datetime | None = None
    """When the vehicle was last seen, where the device says."""
    frames: int = 1
    """How many frames of the passing the device has put together in this report."""
    joins_near: bool = False
    """Whether the same plate seen by the same camera moments before or after is the same passing."""
    candidates: tuple[tuple[str, float], ...] = ()
    region: str | None = None
    """The state or country of issue, as the device codes it."""
    vehicle: VehicleDescription | None = None
    direction: str | None = None
    plate_picture: Picture | None = None
    scene_picture: Picture | None = None
    stream: str | None = None
    """What a device that watches with several cameras calls this one."""


def share(value: float, field: str, of: float = 1.0) -> float:
    """A confidence as a part of what it can be at most; raises Refused when it lies outside, or is no number."""
    if math.isnan(value) or not 0.0 <= value <= of:
        raise Refused("payload", field, f"must be a number from 0 to {of:g}")
    return round(value / of, 4)


def after_epoch(milliseconds: float, field: str) -> datetime:
    """The time that lies so many milliseconds after the beginning of 1970; raises Refused where the calendar ends."""
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except (OverflowError, ValueError) as error:
        raise Refused("captured-at", field, "must be a time since 1970") from error


def described(
    *, make: str | None = None, model: str | None = None, colour: str | None = None, kind: str | None = None
) -> VehicleDescription | None:
    """The vehicle, as far as the device describes it; None when it says nothing."""
    vehicle = VehicleDescription(
        make=tidy(make or ""), model=tidy(model or ""), colour=tidy(colour or ""), kind=tidy(kind or "")
    )
    return None if vehicle == VehicleDescription() else vehicle


def tidy(text: str) -> str | None:
    """A device's word without control characters or blanks around it, at most 60 characters; None for no word."""
    word = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:60]
    return None if word.lower() in ("", "unknown", "none", "null", "n/a") else word

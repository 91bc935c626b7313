"""What a search finds, and whose it is."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

import msgspec

from plateward.contracts.reads import ImageKind
from services.gateway.searching.area import Box
from services.gateway.searching.question import Position, Question
from services.gateway.searching.scopes import Scope

Grade = Literal["exact", "confusable", "seen"]
"""The plate as asked; one that a reader takes for it; or no plate was asked for."""

RESULTS_MAX = 100
"""The most reads that one page of an answer holds, newest first."""


class FoundRead(msgspec.Struct, frozen=True, kw_only=True):
    """One read that answers a question."""

    id: uuid.UUID
    agency_id: str
    camera_id: str
    camera_name: str
    latitude: float
    longitude: float
    bearing_deg: float | None
    captured_at: datetime
    expires_on: date
    plate: str
    confidence: float
    below_threshold: bool
    state: str | None
    make: str | None
    model: str | None
    colour: str | None
    kind: str | None
    grade: Grade
    has_plate_picture: bool = True
    has_scene_picture: bool = True
    """Edge readers may send a read without its pictures."""

    @property
    def position(self) -> Position:
        """Where the read stands among the answers, newest first."""
        return Position(self.captured_at, self.id)


@dataclass(frozen=True, slots=True)
class Found:
    """The reads of a page, newest first, and where the next page begins; None where there is none."""

    reads: tuple[FoundRead, ...]
    next_after: Position | None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a camera stands or stood."""

    camera_id: str
    agency_id: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A camera as a person knows it."""

    camera_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Places:
    """What a question's cameras and area come to: the cameras that can have seen it, and the box around the area."""

    cameras: tuple[str, ...] | None
    box: Box | None


class ReadFinder(Protocol):
    """Where reads are found. Every question names the scopes within which reads may answer it."""

    async def find(
        self, question: Question, places: Places, scopes: tuple[Scope, ...], *, after: Position | None, limit: int
    ) -> Found:
        """The newest reads that answer, or those after a position."""

    async def image_key(
        self, read_id: uuid.UUID, expires_on: date, kind: ImageKind, scopes: tuple[Scope, ...]
    ) -> str | None:
        """The blob key of a read's picture; None where no scope shows it."""

    async def placements(self, owners: tuple[str, ...]) -> list[Placement]:
        """Every place at which a camera of these agencies stands or stood."""

    async def standing(self, owners: tuple[str, ...]) -> list[Placement]:
        """Where each camera of these agencies stands at present."""

    async def how_many_stand(self, owners: tuple[str, ...]) -> int:
        """How many cameras these agencies have at present."""

    async def cameras(self, owners: tuple[str, ...]) -> list[KnownPlace]:
        """The cameras of these agencies, by name."""


async def places_of(question: Question, owners: tuple[str, ...], finder: ReadFinder) -> Places:
    """The cameras of a question. An area is asked of every place that a camera ever had, so that none is left out."""
    if question.area is None:
        return Places(question.cameras or None, None)
    area = question.area
    within = {
        placement.camera_id
        for placement in await finder.placements(owners)
        if area.contains(placement.latitude, placement.longitude)
    }
    chosen = within & set(question.cameras) if question.cameras else within
    return Places(tuple(sorted(chosen)), area.box)

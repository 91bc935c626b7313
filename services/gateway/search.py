"""Searching reads: an accepted reason, then the record, then the question (Kentucky IV.Q.1, Flagstaff 317.8.G)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from plateward.contracts.access import Reason
from plateward.plates.confusion import match_key
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.reasons import Missing, what_is_missing
from services.gateway.access import AccessGate, Inquiry
from services.gateway.people import Session, require
from services.gateway.writing import unwritable

RESULTS_MAX = 100
"""The most reads that one answer holds, newest first."""

ImageKind = Literal["plate", "scene"]


class ReasonRefused(Exception):
    """The agency's policy does not accept this purpose or reason; says what is missing."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__("; ".join(f"{one.field}: {one.rule}" for one in missing))
        self.missing = missing


class NoSuchRecord(KeyError):
    """Nothing of this id that the asker may see."""


@dataclass(frozen=True, slots=True)
class Question:
    """A plate, normalised, and the time in which it was seen."""

    plate: str
    captured_from: datetime
    captured_until: datetime

    @property
    def as_query(self) -> dict[str, str]:
        """The question as the access record holds it."""
        return {
            "plate": self.plate,
            "captured_from": self.captured_from.isoformat(),
            "captured_until": self.captured_until.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class FoundRead:
    """One read that answers a question, whose it is, and whether it is the plate asked for or a confusable one."""

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
    grade: Literal["exact", "confusable"]
    has_plate_picture: bool = True
    has_scene_picture: bool = True
    """Edge readers may send a read without its pictures."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found, under the number of its access record."""

    access_id: uuid.UUID
    reads: tuple[FoundRead, ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class PastSearch:
    """A search that a person made: under its reason the pictures of what it found may be looked at."""

    access_id: uuid.UUID
    person_id: uuid.UUID
    reason: Reason


class ReadFinder(Protocol):
    """Where reads are found. Every question names the agencies whose reads may answer it."""

    async def find(self, question: Question, key: str, owners: tuple[str, ...], limit: int) -> tuple[FoundRead, ...]:
        """The newest reads with this match key in the question's time."""

    async def image_key(self, read_id: uuid.UUID, kind: ImageKind, owners: tuple[str, ...]) -> str | None:
        """The blob key of a read's picture."""


class SearchStore(Protocol):
    """Which searches were made, by whom and why."""

    async def keep(self, search: PastSearch, at: datetime) -> None:
        """Keeps a search for as long as its session can last."""

    async def past(self, access_id: uuid.UUID) -> PastSearch | None:
        """A search that was kept."""


class Pictures(Protocol):
    """Where images are."""

    async def get(self, key: str) -> bytes:
        """The image; raises KeyError."""


async def picture_under(key: str | None, pictures: Pictures) -> bytes:
    """The image of this key; raises NoSuchRecord when none was sent, and once its day has come."""
    if key is None:
        raise NoSuchRecord("picture")
    try:
        return await pictures.get(key)
    except KeyError as error:
        raise NoSuchRecord(key) from error


class ReadSearch:
    """Searches the reads of the asker's own agency; other owners' are denied until an agreement says otherwise."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        finder: ReadFinder,
        searches: SearchStore,
        pictures: Pictures,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._finder, self._searches, self._pictures = gate, finder, searches, pictures
        self._policies, self._now = policies, now

    async def run(self, session: Session, question: Question, reason: Reason, address: str) -> Answer:
        """The reads that answer; raises NotAllowed, ReasonRefused, NotRecorded."""
        require(session, "search")
        missing = what_is_missing(self._policies[session.person.agency_id], reason)
        missing += unwritable({f"reason.{name}": value for name, value in reason.values.items()})
        if missing:
            raise ReasonRefused(missing)
        owners = (session.person.agency_id,)
        inquiry = Inquiry(session, "search", question.as_query, reason, owners, address)
        async with self._gate.look(inquiry) as look:
            found = await self._finder.find(question, match_key(question.plate), owners, RESULTS_MAX + 1)
            look.results = min(len(found), RESULTS_MAX)
            await self._searches.keep(PastSearch(look.access_id, session.person.id, reason), self._now())
        return Answer(look.access_id, found[:RESULTS_MAX], truncated=len(found) > RESULTS_MAX)

    async def image(
        self, session: Session, access_id: uuid.UUID, read_id: uuid.UUID, kind: ImageKind, address: str
    ) -> bytes:
        """A picture of a read, under the reason of the asker's own search.

        Raises NotAllowed, NoSuchRecord, NotRecorded.
        """
        require(session, "view-images")
        search = await self._searches.past(access_id)
        if search is None or search.person_id != session.person.id:
            raise NoSuchRecord(access_id)
        owners = (session.person.agency_id,)
        query = {"read_id": str(read_id), "image": kind, "search": str(access_id)}
        async with self._gate.look(Inquiry(session, "view-image", query, search.reason, owners, address)) as look:
            key = await self._finder.image_key(read_id, kind, owners)
            picture = await picture_under(key, self._pictures)
            look.results = 1
        return picture

"""Links to the pictures of a search's own results: signed, for one person, and short-lived."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from plateward.contracts.reads import ImageKind
from services.gateway.people import Person
from services.gateway.searching.found import FoundRead
from services.gateway.searching.seals import Seals

LINK_LASTS = timedelta(minutes=15)
"""How long a page may stand open before its pictures are asked for anew."""


@dataclass(frozen=True, slots=True)
class PictureAsked:
    """A picture as its link names it."""

    access_id: uuid.UUID
    read_id: uuid.UUID
    kind: ImageKind
    expires_on: date
    until: int
    signature: str


class PictureLinks:
    """Makes and checks links. Nothing is kept: the signature says that this search found this read."""

    def __init__(self, seals: Seals, now: Callable[[], datetime]) -> None:
        self._seals, self._now = seals, now

    def paths(self, person: Person, access_id: uuid.UUID, read: FoundRead) -> dict[ImageKind, str]:
        """Where the person finds the pictures of a read that their search has found, for the next while."""
        # To the minute, so that a page that is loaded again has the same links.
        until = int((self._now() + LINK_LASTS).timestamp()) // 60 * 60 + 60
        parts = _parts(person, access_id, read.id, read.expires_on, until)
        signature = self._seals.signature("picture", *parts)
        folder = f"/v1/searches/{access_id}/reads/{read.id}/images"
        query = f"kept_until={read.expires_on}&until={until}&signature={signature}"
        there: dict[ImageKind, bool] = {"plate": read.has_plate_picture, "scene": read.has_scene_picture}
        return {kind: f"{folder}/{kind}?{query}" for kind, sent in there.items() if sent}

    def is_valid(self, person: Person, asked: PictureAsked) -> bool:
        """Whether the link is this person's, as it was made, and still good."""
        parts = _parts(person, asked.access_id, asked.read_id, asked.expires_on, asked.until)
        fresh = self._now() < datetime.fromtimestamp(min(asked.until, 2**33), UTC)
        return self._seals.is_signed(asked.signature, "picture", *parts) and fresh


def _parts(person: Person, access_id: uuid.UUID, read_id: uuid.UUID, expires_on: date, until: int) -> tuple[str, ...]:
    # Not the kind: whoever found the read may see both of its pictures.
    return str(person.id), str(access_id), str(read_id), expires_on.isoformat(), str(until)

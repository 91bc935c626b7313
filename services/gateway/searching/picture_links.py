"""Links to the pictures of a search's own results: signed, for one person, and short-lived."""

import uuid
from collections.abc import Callable, Iterable
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

    def paths(
        self, person: Person, access_id: uuid.UUID, reads: Iterable[FoundRead]
    ) -> dict[uuid.UUID, dict[ImageKind, str | None]]:
        """Where the person finds the pictures of reads that their search has found, by read, for the next while.

        Where the reader sent no picture of a kind, there is None.
        """
        # To the minute, so that a page that is loaded again has the same links.
        until = str(int((self._now() + LINK_LASTS).timestamp()) // 60 * 60 + 60)
        asker, search = str(person.id), str(access_id)
        return {read.id: self._of_read(read, asker, search, until) for read in reads}

    def is_valid(self, person: Person, asked: PictureAsked) -> bool:
        """Whether the link is this person's, as it was made, and still good."""
        # Not the kind: whoever found the read may see both of its pictures.
        named = (str(asked.access_id), str(asked.read_id), asked.expires_on.isoformat(), str(asked.until))
        fresh = self._now() < datetime.fromtimestamp(min(asked.until, 2**33), UTC)
        return self._seals.is_signed(asked.signature, "picture", str(person.id), *named) and fresh

    def _of_read(self, read: FoundRead, asker: str, search: str, until: str) -> dict[ImageKind, str | None]:
        found, kept_until = str(read.id), read.expires_on.isoformat()
        signature = self._seals.signature("picture", asker, search, found, kept_until, until)
        folder = f"/v1/searches/{search}/reads/{found}/images"
        query = f"kept_until={kept_until}&until={until}&signature={signature}"
        return {
            "plate": f"{folder}/plate?{query}" if read.has_plate_picture else None,
            "scene": f"{folder}/scene?{query}" if read.has_scene_picture else None,
        }

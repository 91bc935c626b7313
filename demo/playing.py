"""Playing a feed: pictures to ingest, never more of them under way than the recogniser keeps up with."""

import asyncio
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import httpx
import structlog

from demo.shots import Shot
from demo.tally import Sent, Tally
from demo.watching import Noticing

log = structlog.get_logger("plateward.demo")

UNDER_WAY_MAX = 1
"""Frames sent whose outcome is not known yet. A recogniser that is behind passes over a camera's frames in between, as
it should on a road; here every frame is to be read, so none comes before the last one is done."""

STALLED_SECONDS = 60.0
"""A line in which nothing at all happens for this long has stalled."""


class LineStalled(RuntimeError):
    """Frames went in and nothing came out."""


class Player:
    """Sends shots as their cameras would, with the cameras' keys."""

    def __init__(
        self,
        ingest: httpx.AsyncClient,
        keys: Mapping[str, str],
        agencies: Mapping[str, str],
        listed: Mapping[tuple[str, str], uuid.UUID],
        tally: Tally,
        noticing: Noticing,
        *,
        must_read_listed: bool,
    ) -> None:
        """`listed` gives the entry of an agency's plate; with `must_read_listed`, a listed vehicle has to be a hit."""
        self._ingest, self._keys, self._agencies, self._listed = ingest, keys, agencies, listed
        self._tally, self._noticing, self._must_read_listed = tally, noticing, must_read_listed

    async def play(self, shots: Iterable[Shot]) -> int:
        """Sends all of them and returns how many; raises LineStalled."""
        count = 0
        for shot in shots:
            if not await self._noticing.until(self._has_room, STALLED_SECONDS):
                raise LineStalled(f"{len(self._tally.unaccounted())} frames have been under way for a minute")
            await self.send(shot)
            count += 1
        return count

    def _has_room(self) -> bool:
        return len(self._tally.unaccounted()) < UNDER_WAY_MAX

    async def send(self, shot: Shot) -> None:
        """Sends one picture until ingest takes or refuses it."""
        headers = {
            "Authorization": f"Bearer {self._keys[shot.camera_id]}",
            "Captured-At": datetime.now(UTC).isoformat(),
            "Content-Type": "application/octet-stream",
        }
        at = asyncio.get_running_loop().time()
        while True:
            answer = await self._ingest.post(
                f"/v1/cameras/{shot.camera_id}/frames", content=shot.picture, headers=headers
            )
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))
        if answer.status_code == httpx.codes.ACCEPTED:
            agency = self._agencies[shot.camera_id]
            entry = self._listed.get((agency, shot.listed.plate)) if shot.listed else None
            self._tally.sent[uuid.UUID(answer.json()["frame_id"])] = Sent(
                at, agency, shot.plate, entry if self._must_read_listed else None
            )
        else:
            self._tally.refused += 1
            log.warning("frame.refused", camera=shot.camera_id, status=answer.status_code)

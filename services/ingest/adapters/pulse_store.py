"""What came of each camera, in PostgreSQL: one table for all ingest processes, and one of them at a time speaks."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import msgspec

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.cameras import CameraStatus
from services.ingest.condition import Pulse

SPEAKER_LOCK = 0x43414D53
"""Who holds it adds pulses and says how cameras are."""

_WATCHED = """
SELECT c.document, p.last_frame_at, coalesce(p.undecodable, 0) AS undecodable, coalesce(p.blank, 0) AS blank,
       p.said_at, p.said_state, p.said_fault, p.said_last_frame
  FROM ingest.cameras c LEFT JOIN ingest.camera_pulses p ON p.camera_id = c.id ORDER BY c.id
"""

_PULSE = """
INSERT INTO ingest.camera_pulses (camera_id, last_frame_at, undecodable, blank) VALUES ($1, $2, $3, $4)
ON CONFLICT (camera_id) DO UPDATE SET
    last_frame_at = excluded.last_frame_at, undecodable = excluded.undecodable, blank = excluded.blank
"""

_SAID = """
INSERT INTO ingest.camera_pulses (camera_id, said_at, said_state, said_fault, said_last_frame)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (camera_id) DO UPDATE SET
    said_at = excluded.said_at, said_state = excluded.said_state, said_fault = excluded.said_fault,
    said_last_frame = excluded.said_last_frame
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """A camera on file, what came of it, and what was last said of it."""

    registration: CameraRegistration
    pulse: Pulse
    said: CameraStatus | None


class PulseStore:
    """The table `ingest.camera_pulses`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator["Speaker"]:
        """The right to speak, held by one process at a time."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", SPEAKER_LOCK)
            yield Speaker(connection)


class Speaker:
    """Who may speak, until the context ends."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, later: Mapping[str, Pulse]) -> list[Watched]:
        """Adds what came of cameras since, and returns all of them."""
        watched = []
        for row in await self._connection.fetch(_WATCHED):
            registration = msgspec.convert(row["document"], CameraRegistration)
            pulse = Pulse(row["last_frame_at"], row["undecodable"], row["blank"])
            if registration.camera_id in later:
                pulse = pulse.then(later[registration.camera_id])
                await self._connection.execute(
                    _PULSE, registration.camera_id, pulse.last_frame_at, pulse.undecodable, pulse.blank
                )
            watched.append(Watched(registration, pulse, _said(row, registration)))
        return watched

    async def said(self, status: CameraStatus) -> None:
        """Notes what was said of a camera."""
        await self._connection.execute(
            _SAID, status.camera_id, status.at, status.state, status.fault, status.last_frame_at
        )


def _said(row: asyncpg.Record, registration: CameraRegistration) -> CameraStatus | None:
    if row["said_at"] is None:
        return None
    return CameraStatus(
        camera_id=registration.camera_id,
        agency_id=registration.agency_id,
        state=row["said_state"],
        at=row["said_at"],
        last_frame_at=row["said_last_frame"],
        fault=row["said_fault"],
    )

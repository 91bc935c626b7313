"""Cameras in PostgreSQL, the outbox that carries each change to the topic, and what ingest says of them."""

from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg
import msgspec

from plateward.contracts.camera_registrations import ByPerson, CameraRegistration
from plateward.contracts.cameras import CameraStatus
from plateward.contracts.event import derive_id, encode
from plateward.contracts.topics import CAMERAS
from plateward.kernel.kafka.consumer import Received
from plateward.kernel.postgres import within_scope
from services.gateway.adapters.outgoing import OUTBOX_CHANNEL
from services.gateway.camera_health import KnownCamera
from services.gateway.cameras import CameraChange, SelfCheck

KNOWN = """
SELECT c.document, s.document AS status FROM cameras c LEFT JOIN camera_statuses s ON s.camera_id = c.id
 WHERE c.agency_id = $1
"""


class PostgresCameras:
    """The tables `cameras`, `camera_changes` and `outbox`, changed together or not at all."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_agency(self, agency_id: str) -> list[KnownCamera]:
        """The agency's cameras, by id."""
        return [_known(row) for row in await self._pool.fetch(f"{KNOWN} ORDER BY c.id", agency_id)]

    async def to_inspect(self) -> list[CameraRegistration]:
        """All agencies' cameras, without their keys: for whoever keeps the platform, who sees no data."""
        rows = await self._pool.fetch("SELECT document FROM camera_inspections ORDER BY agency_id, id")
        return [msgspec.convert(row["document"] | {"keys": []}, CameraRegistration) for row in rows]

    async def one(self, camera_id: str, agency_id: str) -> KnownCamera | None:
        """A camera of the agency."""
        if "\0" in camera_id:  # in no text of PostgreSQL, so in no id
            return None
        row = await self._pool.fetchrow(f"{KNOWN} AND c.id = $2", agency_id, camera_id)
        return None if row is None else _known(row)

    async def history(self, camera_id: str, agency_id: str) -> list[CameraChange]:
        """All that was done to it, oldest first."""
        rows = await self._pool.fetch(
            """
            SELECT h.command, h.done_by, h.person_id, h.document
              FROM camera_changes h JOIN cameras c ON c.id = h.camera_id
             WHERE h.camera_id = $1 AND c.agency_id = $2 ORDER BY h.version
            """,
            *(camera_id, agency_id),
        )
        return [
            CameraChange(
                command=row["command"],
                by=msgspec.convert(row["done_by"], ByPerson),
                person_id=row["person_id"],
                camera=msgspec.convert(row["document"], CameraRegistration),
            )
            for row in rows
        ]

    async def add(self, change: CameraChange) -> bool:
        """Puts a camera on file; False when the id is taken."""
        camera = change.camera
        async with self._pool.acquire() as connection, connection.transaction():
            added = await connection.fetchval(
                """
                INSERT INTO cameras (id, agency_id, version, document) VALUES ($1, $2, $3, $4)
                ON CONFLICT (id) DO NOTHING RETURNING true
                """,
                *(camera.camera_id, camera.agency_id, camera.version, msgspec.to_builtins(camera)),
            )
            if added:
                await _note(connection, change)
        return bool(added)

    async def change(
        self, camera_id: str, agency_id: str, decide: Callable[[CameraRegistration], CameraChange]
    ) -> CameraChange | None:
        """Does to the camera what is decided, alone with it; None when the agency has no such camera."""
        if "\0" in camera_id:
            return None
        async with self._pool.acquire() as connection, connection.transaction():
            document = await connection.fetchval(
                "SELECT document FROM cameras WHERE id = $1 AND agency_id = $2 FOR UPDATE", camera_id, agency_id
            )
            if document is None:
                return None
            change = decide(msgspec.convert(document, CameraRegistration))
            await connection.execute(
                "UPDATE cameras SET version = $2, document = $3 WHERE id = $1",
                *(camera_id, change.camera.version, msgspec.to_builtins(change.camera)),
            )
            await _note(connection, change)
        return change


class PostgresCameraReads:
    """The view `retention.searchable_reads`, asked about a camera."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of_camera(self, camera_id: str, owners: tuple[str, ...], since: datetime) -> SelfCheck:
        """How many reads since then, and when the newest."""
        async with within_scope(self._pool, owners) as connection:
            row = await connection.fetchrow(
                """
                SELECT count(*) AS reads, max(captured_at) AS newest_at FROM retention.searchable_reads
                 WHERE agency_id = ANY($1) AND camera_id = $2 AND captured_at >= $3
                """,
                *(list(owners), camera_id, since),
            )
        return SelfCheck(row["reads"], row["newest_at"])


class CameraStatuses:
    """The effect of the topic `camera-status`: the newest word on each camera is in the table."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def take(self, received: Sequence[Received[CameraStatus]]) -> None:
        """Keeps each status that is not older than what is there."""
        await self._pool.executemany(
            """
            INSERT INTO camera_statuses (camera_id, at, document) VALUES ($1, $2, $3)
            ON CONFLICT (camera_id) DO UPDATE SET at = excluded.at, document = excluded.document
             WHERE camera_statuses.at <= excluded.at
            """,
            [(one.event.camera_id, one.event.at, msgspec.to_builtins(one.event)) for one in received],
        )


def _known(row: asyncpg.Record) -> KnownCamera:
    status = row["status"]
    return KnownCamera(
        registration=msgspec.convert(row["document"], CameraRegistration),
        status=None if status is None else msgspec.convert(status, CameraStatus),
    )


async def _note(connection: asyncpg.Connection, change: CameraChange) -> None:
    """Keeps what was done, and has the camera sent as it is now."""
    camera = change.camera
    await connection.execute(
        """
        INSERT INTO camera_changes (camera_id, version, command, person_id, done_by, document)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        *(camera.camera_id, camera.version, change.command, change.person_id),
        *(msgspec.to_builtins(change.by), msgspec.to_builtins(camera)),
    )
    await connection.execute(
        "INSERT INTO outbox (topic, key, value, event_id, made_at) VALUES ($1, $2, $3, $4, $5)",
        *(CAMERAS.name, camera.camera_id, encode(camera)),
        *(derive_id("camera", camera.camera_id, camera.version), camera.changed_at),
    )
    await connection.execute(f"NOTIFY {OUTBOX_CHANNEL}")

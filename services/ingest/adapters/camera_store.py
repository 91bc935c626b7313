"""Cameras in PostgreSQL: the table `ingest.cameras`."""

import asyncpg

from plateward.contracts.cameras import CameraPlace
from services.ingest.cameras import Camera, RegisteredCamera, key_hash
from services.ingest.refusals import Unavailable

ANSWER_SECONDS = 3.0
"""How long the database may take to find a camera."""

_FIND = "SELECT * FROM ingest.cameras WHERE id = $1"

_ALL = "SELECT * FROM ingest.cameras ORDER BY id"

_REGISTER = """
INSERT INTO ingest.cameras (id, agency_id, name, latitude, longitude, bearing_deg, state, key_sha256)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET
    agency_id = excluded.agency_id, name = excluded.name, latitude = excluded.latitude,
    longitude = excluded.longitude, bearing_deg = excluded.bearing_deg, state = excluded.state,
    key_sha256 = excluded.key_sha256
"""


class CameraStore:
    """The cameras of all agencies."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(self, camera_id: str) -> RegisteredCamera | None:
        """The camera of this id, if there is one; raises Unavailable when the database doesn't answer."""
        try:
            row = await self._pool.fetchrow(_FIND, camera_id, timeout=ANSWER_SECONDS)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable("cameras") from error
        return None if row is None else RegisteredCamera(_camera(row), row["key_sha256"], row["registered_at"])

    async def register(self, camera: Camera, key: str) -> None:
        """Puts a camera and the hash of its key on file, in place of what was there under its id."""
        place = camera.place
        await self._pool.execute(
            _REGISTER,
            camera.id,
            camera.agency_id,
            place.name,
            place.latitude,
            place.longitude,
            place.bearing_deg,
            camera.state,
            key_hash(key),
        )

    async def all(self) -> list[Camera]:
        """Every camera, by id."""
        return [_camera(row) for row in await self._pool.fetch(_ALL)]


def _camera(row: asyncpg.Record) -> Camera:
    place = CameraPlace(
        name=row["name"], latitude=row["latitude"], longitude=row["longitude"], bearing_deg=row["bearing_deg"]
    )
    return Camera(id=row["id"], agency_id=row["agency_id"], place=place, state=row["state"])

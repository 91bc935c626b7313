"""Cameras in PostgreSQL: the table `ingest.cameras`, kept as the topic `cameras` says."""

from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg
import msgspec
from aiokafka import ConsumerRecord

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.event import ContractError, decode
from plateward.kernel.clock import now
from plateward.kernel.kafka.consumer import Received
from services.ingest.cameras import RegisteredCamera, as_registered
from services.ingest.refusals import Unavailable

ANSWER_SECONDS = 3.0
"""How long the database may take to find a camera."""

_FIND = "SELECT document FROM ingest.cameras WHERE id = $1"

# A camera's records come in the order of their versions; one that comes again, late, changes nothing.
_PUT = """
INSERT INTO ingest.cameras AS known (id, agency_id, version, document) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET
    agency_id = excluded.agency_id, version = excluded.version, document = excluded.document
WHERE known.version < excluded.version
"""


def registration_in(record: ConsumerRecord) -> CameraRegistration:
    """The camera in a record of the topic `cameras`; raises ContractError."""
    if record.value is not None and b"\\u0000" in record.value:
        raise ContractError("CameraRegistration: holds the character NUL, which no text of PostgreSQL can")
    return decode(record.value, CameraRegistration)


class CameraStore:
    """The cameras of all agencies."""

    def __init__(self, pool: asyncpg.Pool, *, clock: Callable[[], datetime] = now) -> None:
        self._pool, self._clock = pool, clock

    async def find(self, camera_id: str) -> RegisteredCamera | None:
        """The camera of this id as it is now, if there is one; raises Unavailable when the database doesn't answer."""
        try:
            document = await self._pool.fetchval(_FIND, camera_id, timeout=ANSWER_SECONDS)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable("cameras") from error
        return None if document is None else as_registered(_registration(document), self._clock())

    async def put(self, registrations: Sequence[CameraRegistration]) -> None:
        """Has these versions on file, except where there is a newer one."""
        await self._pool.executemany(
            _PUT, [(one.camera_id, one.agency_id, one.version, msgspec.to_builtins(one)) for one in registrations]
        )

    async def take(self, received: Sequence[Received[CameraRegistration]]) -> None:
        """The effect of the topic `cameras`."""
        await self.put([one.event for one in received])


def _registration(document: object) -> CameraRegistration:
    return msgspec.convert(document, CameraRegistration)

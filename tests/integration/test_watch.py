"""Two ingest processes take a camera's frames: each change is said once, by either, and neither takes it for silent."""

import asyncio
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.status import Status
from services.ingest.adapters.camera_store import CameraStore
from services.ingest.adapters.pulse_store import PulseStore
from services.ingest.adapters.watch import Watch
from tests.support.cameras import a_camera
from tests.unit.ingest.doors import CAMERA
from tests.unit.ingest.test_watch import PublisherInMemory, Time, reported

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


async def test_each_change_is_said_once_by_whichever_process(database: str) -> None:
    await migrate(database, service_schemas({}))
    publisher, time = PublisherInMemory(), Time()
    async with database_pool(DatabaseSettings(dsn=SecretStr(database)), schema="ingest") as pool:
        await CameraStore(pool).put([a_camera(CAMERA.id, "key", silent_after_seconds=60, in_service_since=START)])
        here, there = (
            Watch(
                *(PulseStore(pool), publisher, Status()),
                look_every_seconds=5,
                bad_frames=3,
                clock=time.clock,
                monotonic=time.monotonic,
            )
            for _ in range(2)
        )

        async def both_look_at(seconds: float) -> list[str | None]:
            time.seconds = seconds
            await asyncio.gather(here.look(), there.look())
            return [status.fault for status in reported(publisher)]

        await both_look_at(0)
        here.heard(CAMERA, START + timedelta(seconds=1), blank=False)
        assert await both_look_at(31) == [None]
        # The other process has a frame that this one cannot know of when it speaks first.
        there.heard(CAMERA, START + timedelta(seconds=61), blank=False)
        assert await both_look_at(65) == [None]
        assert await both_look_at(126) == []
        assert await both_look_at(127) == ["silent since 2026-05-01T12:01:01Z"]
        assert await both_look_at(200) == []

        here.spoilt(CAMERA)
        here.spoilt(CAMERA)
        there.spoilt(CAMERA)
        assert "frames do not decode" in await both_look_at(201)

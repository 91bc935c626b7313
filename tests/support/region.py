"""A whole region for tests: six processes on a Kafka and a PostgreSQL that no other test uses.

A pytest plugin, after `tests.support.stack`. It is started once, by the first test that asks for it.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from demo.region import Region, load_region
from demo.region_in_a_box import Box, Scenery, region_on
from plateward.embedded.services import OneMachine
from tests.support.stack import fresh_kafka, fresh_postgres

log = structlog.get_logger("plateward.tests")


@pytest.fixture(scope="session")
def region() -> Region:
    """The demo's region: its people, cameras and entries."""
    return load_region()


@pytest.fixture(scope="session")
async def box(region: Region, docker_answers: bool, embedded_folder: Path) -> AsyncIterator[Box]:
    """The region, running. Processes that a test kills it starts again; nothing supervises them."""
    scenery = Scenery(region.cameras, region.entries, must_read_listed=True)
    folder = embedded_folder / "region"
    async with (
        fresh_kafka(docker_answers, folder / "kafka") as kafka,
        fresh_postgres(docker_answers, folder / "postgres") as postgres,
    ):
        machine = OneMachine(folder, kafka.bootstrap_servers, postgres.dsn)
        async with region_on(machine, region, scenery, supervise=False, tell=log.info) as running:
            yield running

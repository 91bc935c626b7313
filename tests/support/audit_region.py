"""An audit service and a witness that serve, with an empty log. A pytest plugin."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.audit_at_work import Region, a_region
from tests.support.stack import KafkaServer, PostgresServer


@pytest.fixture
async def audited(postgres: PostgresServer, kafka: KafkaServer, tmp_path: Path) -> AsyncIterator[Region]:
    """A log of its own for each test."""
    async with a_region(postgres, kafka, tmp_path) as audited:
        yield audited

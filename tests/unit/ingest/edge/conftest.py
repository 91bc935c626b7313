"""What the tests of edge readers share."""

import pytest

from services.ingest.adapters.images import DecodingThreads
from tests.unit.ingest.edge.doors import EdgeIngest


@pytest.fixture
def edge(images: DecodingThreads) -> EdgeIngest:
    return EdgeIngest(images)

"""What ingest's unit tests share."""

from collections.abc import AsyncIterator

import pytest

from services.ingest.adapters.images import DecodingThreads, decoding_threads


@pytest.fixture(scope="session")
async def images() -> AsyncIterator[DecodingThreads]:
    async with decoding_threads(2) as threads:
        yield threads

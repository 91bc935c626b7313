"""The bytes that a sender sends: all of them, in time, and never more than may be."""

import asyncio
from collections.abc import AsyncIterable

from services.ingest.refusals import Refused


async def read_body(chunks: AsyncIterable[bytes], *, bytes_max: int, seconds_max: float) -> bytes:
    """All of it; raises Refused when it is too large or takes too long."""
    data = bytearray()
    try:
        async with asyncio.timeout(seconds_max):
            async for chunk in chunks:
                data += chunk
                if len(data) > bytes_max:
                    raise Refused("too-large", "body", f"must have at most {bytes_max} bytes")
    except TimeoutError as error:
        raise Refused("too-slow", "body", f"must be there within {seconds_max:g} seconds") from error
    return bytes(data)

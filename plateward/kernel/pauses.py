"""Pauses in a loop that end when the process is told to stop."""

import asyncio
from contextlib import suppress


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    """Returns after so long, or as soon as the event says stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)

"""Pauses in a loop that end when something happens: when the process is told to stop, or there is news."""

import asyncio
from contextlib import suppress


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    """Returns after so long, or as soon as the event says stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


async def first_of(*events: asyncio.Event, within_seconds: float | None = None) -> None:
    """Returns as soon as one of the events is set, or after so long."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=within_seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()

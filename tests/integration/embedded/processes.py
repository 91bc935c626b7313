"""Watching processes that are nobody's children here."""

import asyncio
import os


def ended(pid: int) -> asyncio.Future[None]:
    """A future that is done once that process, running now, has ended."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()
    descriptor = os.pidfd_open(pid)

    def note_end() -> None:
        loop.remove_reader(descriptor)
        os.close(descriptor)
        future.set_result(None)

    loop.add_reader(descriptor, note_end)
    return future

"""Waiting until a child process serves, or saying why it does not."""

import asyncio
from collections.abc import Awaitable, Callable

from plateward.embedded.child import Child

_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 0.2


class NotServingError(RuntimeError):
    """A process did not come up; the message quotes the end of its log."""

    def __init__(self, name: str, what_happened: str, log_tail: str) -> None:
        super().__init__(f"{name} {what_happened}. The end of its log:\n{log_tail or '(empty)'}")
        self.name = name
        self.log_tail = log_tail


class DiedError(NotServingError):
    """A process ended before it was ready."""

    def __init__(self, name: str, returncode: int, log_tail: str) -> None:
        super().__init__(name, f"ended with return code {returncode} before it was ready", log_tail)
        self.returncode = returncode


async def until_ready(
    name: str, child: Child, is_ready: Callable[[], Awaitable[bool]], *, timeout_seconds: float
) -> None:
    """Asks `is_ready` with growing pauses until it says yes.

    Raises DiedError when the child ends before that, NotServingError when the time is over.
    """
    ended = asyncio.ensure_future(child.wait())
    polled = asyncio.ensure_future(poll_until(is_ready))
    try:
        await asyncio.wait({ended, polled}, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            raise DiedError(name, ended.result(), child.log_tail())
        if not polled.done():
            raise NotServingError(name, f"was not ready within {timeout_seconds:g} seconds", child.log_tail())
        polled.result()
    finally:
        ended.cancel()
        polled.cancel()
        await asyncio.gather(ended, polled, return_exceptions=True)


async def poll_until(is_ready: Callable[[], Awaitable[bool]]) -> None:
    """Asks with growing pauses until the answer is yes: however long that takes."""
    pause_seconds = _FIRST_PAUSE_SECONDS
    while not await is_ready():
        await asyncio.sleep(pause_seconds)
        pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)

"""Starting several things at once, wholly or not at all."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*starts: Coroutine[Any, Any, object]) -> None:
    """Awaits all; where one fails, ends the others and raises what that one raised, itself and not in a group."""
    tasks = [asyncio.ensure_future(start) for start in starts]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise

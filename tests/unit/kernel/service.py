"""A small service to start as a process: what its loop does is its argument, what became of it a file."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from plateward.kernel.lifecycle import Loop, Running, run_process
from plateward.kernel.settings import ServiceSettings
from plateward.kernel.status import Status, status_app

behaviour, file = sys.argv[1], Path(sys.argv[2])


def note(line: str) -> None:
    with file.open("a", encoding="utf-8") as notes:
        notes.write(line + "\n")


async def until_stopped(stopping: asyncio.Event) -> None:
    await stopping.wait()
    note("finishing")
    for _ in range(100):
        await asyncio.sleep(0)
    note("finished")


async def failing(_: asyncio.Event) -> None:
    raise ConnectionError("the database has gone")


async def ending(_: asyncio.Event) -> None:
    return


LOOPS: dict[str, tuple[Loop, ...]] = {
    "work": (until_stopped,),
    "fail": (until_stopped, failing),
    "end": (until_stopped, ending),
}


@asynccontextmanager
async def running() -> AsyncIterator[Running]:
    if behaviour == "no-wiring":
        raise ConnectionError("no brokers")
    note("wired")
    try:
        yield Running(status_app("small", Status()), LOOPS[behaviour])
    finally:
        note("unwired")


if __name__ == "__main__":
    run_process("small", ServiceSettings(), running)

"""`make demo`: the region plays until Ctrl-C, or once to the end with an account of every frame."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from demo.photographs import Photographs
from demo.playing import STALLED_SECONDS, LineStalled
from demo.region import Region, load_region
from demo.region_in_a_box import Box, Scenery, fresh, region_in_a_box
from demo.shots import SEED, Shot, demo_traffic
from plateward.embedded.ports import answers_tcp
from plateward.kernel.logs import configure_logs
from plateward.kernel.settings import LogSettings

HOME = Path(".plateward")
"""Everything that the demo keeps is below this folder of the project."""

CONSOLE_PORT = 8080
PASSES_ONCE = 5
"""Frames that each camera sends when the demo is played once."""

PAUSE_SECONDS = 1.5
"""Between two frames while the demo is looked at: an unhurried road."""

QUIET = LogSettings(level="warning", format="console")
"""The demo says its own steps; what the services log is in files below HOME."""

screen = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Feed:
    """What is played, and the shots in their order."""

    scenery: Scenery
    shots: Iterator[Shot]


async def play_once(frames: Path | None) -> int:
    """Plays the feed to its end, waits until the line is drained, prints the account; 0 when nothing is missing."""
    configure_logs("demo", QUIET)
    region, tell = load_region(), Progress()
    feed = _photographs(frames, region) if frames else _traffic(region, PASSES_ONCE)
    async with _box(region, feed, fresh(HOME / "once"), None, tell) as box:
        tell("Playing the feed …")
        try:
            sent = await box.player.play(tell.counted(feed.shots))
            tell(f"{sent} frames sent; waiting for the line to drain …")
            await box.noticing.until(box.tally.complete, STALLED_SECONDS)
        except LineStalled as stalled:
            tell(f"The line has stalled: {stalled}")
        _explain(box, tell)
    screen.print(box.tally.table())
    complete = box.tally.complete() and bool(box.tally.sent)
    print(box.tally.line())  # noqa: T201
    return 0 if complete else 1


async def play_on() -> int:
    """Plays the demo's traffic until Ctrl-C."""
    if await answers_tcp(CONSOLE_PORT):
        screen.print(f"Port {CONSOLE_PORT} is taken by another program; stop that one first.")
        return 1
    configure_logs("demo", QUIET)
    region, tell = load_region(), Progress()
    feed = _traffic(region, None)
    async with _box(region, feed, HOME / "demo", CONSOLE_PORT, tell) as box:
        _welcome(region, box.password)
        stopping = _ctrl_c()
        playing = asyncio.create_task(_play_unhurried(box, feed.shots))
        await asyncio.wait({playing, asyncio.create_task(stopping.wait())}, return_when=asyncio.FIRST_COMPLETED)
        playing.cancel()
        screen.print()
    return 0


class Progress:
    """Says each step in a line, with the seconds since the start."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def __call__(self, step: str) -> None:
        """Says one step."""
        screen.print(f"[dim]{time.monotonic() - self._started:6.1f} s[/dim]  {step}")

    def counted(self, shots: Iterator[Shot], every: int = 25) -> Iterator[Shot]:
        """The shots, with a line now and then."""
        for number, shot in enumerate(shots, start=1):
            yield shot
            if number % every == 0:
                self(f"{number} frames")


def _box(
    region: Region, feed: Feed, folder: Path, console_port: int | None, tell: Progress
) -> AbstractAsyncContextManager[Box]:
    return region_in_a_box(
        region, feed.scenery, folder=folder, artefacts=HOME / "kafka", console_port=console_port, tell=tell
    )


def _traffic(region: Region, passes: int | None) -> Feed:
    shots = (
        demo_traffic(region, passes)
        if passes
        else (shot for seed in count(SEED) for shot in demo_traffic(region, PASSES_ONCE, seed=seed))
    )
    return Feed(Scenery(region.cameras, region.entries, must_read_listed=True), shots)


def _photographs(folder: Path, region: Region) -> Feed:
    photographs = Photographs(folder, region)
    scenery = Scenery(photographs.cameras(), photographs.entries(), must_read_listed=False)
    return Feed(scenery, photographs.shots())


async def _play_unhurried(box: Box, shots: Iterator[Shot]) -> None:
    for shot in shots:
        await box.player.play([shot])
        await asyncio.sleep(PAUSE_SECONDS)


def _explain(box: Box, tell: Progress) -> None:
    for frame in box.tally.unaccounted():
        tell(f"frame {frame} is unaccounted for")
    for read, entry in box.tally.missing_hits():
        tell(f"the hit of read {read} on entry {entry} did not arrive at a console")


def _welcome(region: Region, password: str) -> None:
    table = Table("log-in", "name", "title", "agency", box=SIMPLE)
    for person in region.people:
        table.add_row(person.username, person.name, person.title, person.agency)
    screen.print()
    screen.print(f"  The console   [bold]http://127.0.0.1:{CONSOLE_PORT}[/bold]")
    screen.print(f"  Password      [bold]{password}[/bold]   (of everybody below, for this run)")
    screen.print(table)
    screen.print("  No second factor is asked for here (PLATEWARD_GATEWAY_SECOND_FACTOR=off); anywhere else it is.")
    screen.print("  Sign in as a dispatcher to watch hits come in, as a detective to search. Ctrl-C stops everything.")


def _ctrl_c() -> asyncio.Event:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping

"""A group of service processes: started, made ready, watched, restarted and stopped together."""

import asyncio
import signal
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import httpx

from plateward.embedded.child import Child
from plateward.embedded.readiness import NotServingError, until_ready
from plateward.embedded.together import together

_FIRST_BACKOFF_SECONDS = 0.25
_LONGEST_BACKOFF_SECONDS = 8.0
_STEADY_SECONDS = 30.0  # who runs longer than that has recovered: its next pause is a short one again


@dataclass(frozen=True, slots=True)
class Program:
    """A service to run as a process, and the URL that answers 200 once it is ready (None: ready when it runs)."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    log: Path
    ready_url: str | None = None


@dataclass(frozen=True, slots=True)
class Exited:
    """A process that had been ready ended without being asked to."""

    name: str
    returncode: int
    log_tail: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """A process runs again, by itself, and is ready."""

    name: str
    pid: int


@dataclass(frozen=True, slots=True)
class RestartFailed:
    """A process that was started again did not become ready; it will be tried again."""

    name: str
    error: NotServingError


Event = Exited | Restarted | RestartFailed


class _Member:
    """One program of the group: its process of the moment, and who watches it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.child: Child | None = None
        self.watch: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        return self.child is not None and self.child.returncode is None

    async def end_watch(self) -> None:
        if self.watch is not None:
            self.watch.cancel()
            await asyncio.wait({self.watch})


class ProcessGroup:
    """Programs by name. Leaving the context stops them all, the last one first."""

    def __init__(
        self,
        programs: Iterable[Program],
        *,
        report: Callable[[Event], None],
        supervise: bool = False,
        ready_seconds: float = 60,
        stop_seconds: float = 10,
    ) -> None:
        """With `supervise`, a process that ends unexpectedly after it was ready is started again, after a pause that
        grows while it keeps ending. `ready_seconds` and `stop_seconds` bound each start and each stop.
        """
        self._members = {program.name: _Member(program) for program in programs}
        self._report = report
        self._supervise = supervise
        self._ready_seconds = ready_seconds
        self._stop_seconds = stop_seconds

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop_all()

    def pids(self) -> dict[str, int]:
        """The process ids of those that run."""
        return {name: member.child.pid for name, member in self._members.items() if member.child and member.running}

    async def start_all(self) -> None:
        """Starts all at once and returns when all are ready.

        Raises DiedError or NotServingError for the first that fails, quoting its log; those still starting then end.
        """
        await together(*(self.start(name) for name in self._members))

    async def start(self, name: str) -> int:
        """Starts one, unless it runs, and returns its pid when it is ready.

        Raises DiedError or NotServingError, quoting its log.
        """
        member = self._members[name]
        if member.child is None or not member.running:
            await member.end_watch()
            member.child = await self._launch(member.program)
            member.watch = asyncio.create_task(self._watch(member, member.child), name=f"watch {name}")
        return member.child.pid

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Sends a signal, as somebody from outside would: an end by it is an unexpected one."""
        child = self._members[name].child
        if child is not None:
            child.send(number)

    async def ended(self, name: str) -> int:
        """Waits until the process of the moment has ended, and gives its return code; raises RuntimeError for none."""
        child = self._members[name].child
        if child is None:
            raise RuntimeError(f"{name} has not been started")
        return await child.wait()

    async def stop(self, name: str) -> None:
        """Stops one: SIGTERM, and SIGKILL when it takes too long. It is not started again by itself."""
        member = self._members[name]
        await member.end_watch()
        if member.child is not None:
            await member.child.stop(patience_seconds=self._stop_seconds)

    async def restart(self, name: str) -> int:
        """Stops one, starts it again and returns its new pid when it is ready."""
        await self.stop(name)
        return await self.start(name)

    async def stop_all(self) -> None:
        """Stops all, one after the other and the last one first."""
        for name in reversed(self._members):
            await self.stop(name)

    async def _launch(self, program: Program) -> Child:
        child = await Child.start(program.argv, log=program.log, env=program.env)
        try:
            async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
                await until_ready(
                    program.name,
                    child,
                    lambda: _answers_200(client, program.ready_url),
                    timeout_seconds=self._ready_seconds,
                )
        except BaseException:
            await child.stop(patience_seconds=self._stop_seconds)
            raise
        return child

    async def _watch(self, member: _Member, child: Child) -> None:
        name, pause_seconds = member.program.name, _FIRST_BACKOFF_SECONDS
        clock = asyncio.get_running_loop().time
        while True:
            ready_at = clock()
            returncode = await child.wait()
            self._report(Exited(name, returncode, child.log_tail()))
            if not self._supervise:
                return
            if clock() - ready_at > _STEADY_SECONDS:
                pause_seconds = _FIRST_BACKOFF_SECONDS
            child, pause_seconds = await self._start_again(member.program, pause_seconds)
            member.child = child
            self._report(Restarted(name, child.pid))

    async def _start_again(self, program: Program, pause_seconds: float) -> tuple[Child, float]:
        """Tries until it is ready; gives the process, and the pause before the next try should it end again."""
        while True:
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, _LONGEST_BACKOFF_SECONDS)
            try:
                return await self._launch(program), pause_seconds
            except NotServingError as error:
                self._report(RestartFailed(program.name, error))


async def _answers_200(client: httpx.AsyncClient, url: str | None) -> bool:
    if url is None:
        return True
    try:
        answer = await client.get(url)
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK

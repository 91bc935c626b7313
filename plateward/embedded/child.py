"""One child process: started with its log file, watched, stopped, and never outliving us."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

_LAUNCHER = Path(__file__).with_name("launch.py")
_LARGEST_LOG_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the system to run a program as."""

    uid: int
    gid: int


class Child:
    """A running (or ended) program in a session of its own, so that Ctrl-C in the terminal does not reach it."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path, log_start: int) -> None:
        self._process = process
        self._log = log
        self._log_start = log_start

    @classmethod
    async def start(
        cls,
        argv: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        account: Account | None = None,
        on_our_death: signal.Signals = signal.SIGKILL,
    ) -> Self:
        """Starts `argv`, its output appended to `log`; `env` is its whole environment (ours when None).

        Where we end without stopping it, the kernel sends it `on_our_death` (on Linux).
        Raises OSError where the log cannot be written. A program that cannot be executed shows as a child that
        died at once, its log saying why.
        """
        uid, gid = (account.uid, account.gid) if account else (-1, -1)
        launch = [
            sys.executable,
            "-I",
            "-S",
            str(_LAUNCHER),
            str(os.getpid()),
            str(int(on_our_death)),
            str(uid),
            str(gid),
        ]
        with _open_log(log) as output:
            process = await asyncio.create_subprocess_exec(
                *launch,
                *argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
            )
            return cls(process, log, output.tell())

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs; the exit status, or the negative number of the signal that ended it."""
        return self._process.returncode

    async def wait(self) -> int:
        """Waits for its end, and gives its return code."""
        return await self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal; does nothing when it has ended."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def stop(self, *, first: signal.Signals = signal.SIGTERM, patience_seconds: float = 10) -> int:
        """Asks it to end with `first`, and kills it and its descendants when it takes longer than that."""
        self.send(first)
        try:
            return await asyncio.wait_for(self.wait(), patience_seconds)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            return await self.wait()

    def log_tail(self, lines: int = 20) -> str:
        """The last lines that it has written, since it was started."""
        try:
            with self._log.open("rb") as written:
                written.seek(self._log_start)
                text = written.read().decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


def _open_log(log: Path) -> BinaryIO:
    """Opens it for appending, from its beginning again once it has become large."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LARGEST_LOG_BYTES:
        os.truncate(log, 0)
    output = log.open("ab")
    output.seek(0, os.SEEK_END)
    return output

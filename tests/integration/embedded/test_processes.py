"""A group of processes: watched, restarted, stopped in order, and gone when we are."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from plateward.embedded.ports import free_port
from plateward.embedded.processes import Event, Exited, ProcessGroup, Program, Restarted, RestartFailed
from plateward.embedded.readiness import DiedError, NotServingError
from tests.integration.embedded.processes import ended
from tests.support.asking import asking
from tests.support.stack import ARTEFACTS

SERVICE = """
import http.server, os, pathlib, signal, sys
name, port, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
if (folder / f"{name} is broken").exists():
    sys.exit("no database, no service")

def note_stop(*_):
    with (folder / "stops").open("a") as stops:
        stops.write(f"{name}\\n")
    sys.exit(0)

class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass

signal.signal(signal.SIGTERM, note_stop)
http.server.HTTPServer(("127.0.0.1", port), Ready).serve_forever()
"""

STUBBORN = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if descendant := os.fork():
    pathlib.Path(sys.argv[1]).write_text(str(descendant))
while True:
    time.sleep(60)
"""

PARENT = """
import asyncio, sys
from pathlib import Path
from plateward.embedded.processes import ProcessGroup, Program
from plateward.embedded.stack import Stack

async def main():
    folder, artefacts = map(Path, sys.argv[1:])
    child = Program("child", (sys.executable, "-c", "import time; time.sleep(600)"), {}, folder / "child.log")
    group = ProcessGroup([child], report=print)
    async with Stack(folder, artefacts=artefacts, fsync=False, tell=lambda _: None) as stack, group:
        await group.start_all()
        print(stack.kafka.pid, stack.postgres.pid, *group.pids().values(), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def service(name: str, folder: Path) -> Program:
    port = free_port()
    argv = (sys.executable, "-c", SERVICE, name, str(port), str(folder))
    return Program(name, argv, {}, folder / f"{name}.log", f"http://127.0.0.1:{port}/readyz")


def ignore(_: Event) -> None:
    """For who does not care."""


async def test_a_killed_process_is_reported_and_can_be_started_again(tmp_path: Path) -> None:
    events: list[Event] = []
    async with ProcessGroup([service("reader", tmp_path)], report=events.append) as group:
        await group.start_all()
        first = group.pids()["reader"]
        group.kill("reader")
        assert await group.ended("reader") == -signal.SIGKILL
        assert group.pids() == {}
        second = await group.start("reader")
        assert events == [Exited("reader", -signal.SIGKILL, "")]
        third = await group.restart("reader")
        assert group.pids() == {"reader": third}
        assert len({first, second, third}) == 3
    assert len(events) == 1  # what we ask for is no event


async def test_a_supervised_process_comes_back_however_long_it_takes(tmp_path: Path) -> None:
    events: asyncio.Queue[Event] = asyncio.Queue()
    broken = tmp_path / "reader is broken"
    reader = service("reader", tmp_path)
    async with ProcessGroup([reader], report=events.put_nowait, supervise=True) as group:
        await group.start_all()
        broken.touch()
        group.kill("reader")
        assert isinstance(await events.get(), Exited)
        failed = await events.get()
        assert isinstance(failed, RestartFailed)
        assert "no database, no service" in str(failed.error)
        broken.unlink()
        while isinstance(event := await events.get(), RestartFailed):
            pass
        assert event == Restarted("reader", group.pids()["reader"])
        assert reader.ready_url
        async with asking() as client:
            assert (await client.get(reader.ready_url)).status_code == 200


async def test_an_early_death_quotes_the_log_and_ends_the_others(tmp_path: Path) -> None:
    (tmp_path / "matcher is broken").touch()
    group = ProcessGroup([service("reader", tmp_path), service("matcher", tmp_path)], report=ignore)
    async with group:
        with pytest.raises(DiedError, match="no database, no service") as caught:
            await group.start_all()
        assert (caught.value.name, caught.value.returncode) == ("matcher", 1)
    assert group.pids() == {}


async def test_a_program_that_cannot_be_executed_is_an_early_death(tmp_path: Path) -> None:
    nothing = Program("nothing", ("/no/such/program",), {}, tmp_path / "log", "http://127.0.0.1:1/readyz")
    async with ProcessGroup([nothing], report=ignore) as group:
        with pytest.raises(DiedError, match="No such file or directory"):
            await group.start("nothing")


async def test_a_process_that_never_gets_ready_is_given_up(tmp_path: Path) -> None:
    reader = service("reader", tmp_path)
    unready = Program(reader.name, reader.argv, {}, reader.log, f"{reader.ready_url}/never")
    async with ProcessGroup([unready], report=ignore, ready_seconds=0.5) as group:
        with pytest.raises(NotServingError, match="was not ready within"):
            await group.start("reader")
    assert group.pids() == {}


async def test_all_are_stopped_the_last_one_first(tmp_path: Path) -> None:
    names = ["audit", "reader", "gateway"]
    async with ProcessGroup([service(name, tmp_path) for name in names], report=ignore) as group:
        await group.start_all()
    assert (tmp_path / "stops").read_text().split() == ["gateway", "reader", "audit"]


async def test_who_ignores_a_stop_is_killed_with_its_descendants(tmp_path: Path) -> None:
    says = tmp_path / "says"
    os.mkfifo(says)
    stubborn = Program("stubborn", (sys.executable, "-c", STUBBORN, str(says)), {}, tmp_path / "log")
    async with ProcessGroup([stubborn], report=ignore, stop_seconds=0.1) as group:
        await group.start_all()
        descendant = ended(int(await asyncio.to_thread(says.read_text)))
    assert await group.ended("stubborn") == -signal.SIGKILL
    await descendant


async def test_the_terminals_ctrl_c_does_not_reach_them(tmp_path: Path) -> None:
    async with ProcessGroup([service("reader", tmp_path)], report=ignore) as group:
        pid = await group.start("reader")
        assert os.getsid(pid) == pid  # of no terminal at all


async def test_everything_dies_with_the_parent_and_starts_again(embedded_folder: Path) -> None:
    folder = embedded_folder / "killed"
    arguments = [sys.executable, "-c", PARENT, str(folder), str(ARTEFACTS)]
    for _ in range(2):
        parent = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
        assert parent.stdout
        exits = [ended(int(pid)) for pid in (await parent.stdout.readline()).split()]
        assert len(exits) == 3
        parent.kill()
        await parent.wait()
        async with asyncio.timeout(20):
            await asyncio.gather(*exits)

"""A service process, from start to stop: a real one."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plateward.embedded.ports import free_port
from plateward.embedded.processes import Event, ProcessGroup, Program
from plateward.embedded.readiness import DiedError
from tests.support.asking import asking

PROJECT = Path(__file__).parents[3]
NAME = "small"

Group = Callable[..., ProcessGroup]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def group(tmp_path: Path, notes: Path, port: int) -> Group:
    """The small service, to behave as asked."""

    def of(behaviour: str, *, wait_until_ready: bool = True) -> ProcessGroup:
        program = Program(
            name=NAME,
            argv=(sys.executable, "-m", "tests.unit.kernel.service", behaviour, str(notes)),
            env={**os.environ, "PLATEWARD_HTTP_PORT": str(port), "PYTHONPATH": str(PROJECT)},
            log=tmp_path / "log",
            ready_url=f"http://127.0.0.1:{port}/readyz" if wait_until_ready else None,
        )
        return ProcessGroup([program], report=ends.append)

    ends: list[Event] = []
    return of


@pytest.fixture
def taken(port: int) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", port)):
        yield


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_service_told_to_stop_finishes_its_loop_and_ends_well(
    group: Group, notes: Path, port: int, number: signal.Signals
) -> None:
    async with group("work") as processes, asking() as client:
        await processes.start_all()
        assert (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
        assert notes.read_text().split() == ["wired"]
        processes.kill(NAME, number)
        assert await processes.ended(NAME) == 0
    assert notes.read_text().split() == ["wired", "finishing", "finished", "unwired"]


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [("fail", "the database has gone"), ("end", "a loop ended by itself")],
)
async def test_a_loop_that_cannot_go_on_ends_the_process_with_1(
    group: Group, notes: Path, tmp_path: Path, behaviour: str, said: str
) -> None:
    async with group(behaviour, wait_until_ready=False) as processes:
        await processes.start_all()
        assert await processes.ended(NAME) == 1
    assert said in (tmp_path / "log").read_text()
    assert notes.read_text().split() == ["wired", "unwired"], "connections are closed all the same"


async def test_a_service_that_cannot_be_wired_ends_with_1(group: Group) -> None:
    async with group("no-wiring") as processes:
        with pytest.raises(DiedError, match="no brokers") as died:
            await processes.start_all()
    assert died.value.returncode == 1


async def test_a_service_whose_port_is_taken_ends_with_1(
    group: Group, taken: None, notes: Path, tmp_path: Path, port: int
) -> None:
    async with group("work", wait_until_ready=False) as processes:
        await processes.start_all()
        assert await processes.ended(NAME) == 1
    assert f"cannot listen on port {port}" in (tmp_path / "log").read_text()
    assert notes.read_text().split() == ["wired", "unwired"], "connections are closed all the same"

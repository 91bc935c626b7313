"""The whole region on one machine: servers, services, people, cameras and lists, ready to play."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from demo.agreeing import agree
from demo.case_register import cases_of
from demo.loading import Entered, enter_vehicles, register_cameras, register_people, sign_in
from demo.partnering import register_clients
from demo.playing import Player
from demo.region import DemoCamera, DemoEntry, Region
from demo.tally import Tally
from demo.watching import Noticing, watching_hits, watching_topics
from plateward.embedded.ports import free_port
from plateward.embedded.processes import Event, Exited, ProcessGroup, Program, Restarted
from plateward.embedded.services import OneMachine
from plateward.embedded.stack import Stack
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.migrations import migrate
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.settings import KafkaSettings
from plateward.policy.catalogue import load_catalogue

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Box:
    """A region that runs."""

    machine: OneMachine
    processes: ProcessGroup
    player: Player
    tally: Tally
    noticing: Noticing
    password: str
    camera_keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scenery:
    """What is put into the region to be played: its cameras, what is on the lists, and whether that must be hit."""

    cameras: Sequence[DemoCamera]
    entries: Sequence[DemoEntry]
    must_read_listed: bool


@asynccontextmanager
async def region_in_a_box(
    region: Region, scenery: Scenery, *, folder: Path, artefacts: Path, console_port: int | None, tell: Tell
) -> AsyncIterator[Box]:
    """Starts everything in its order, servers first, and at the end stops it in the reverse one."""
    async with Stack(folder, artefacts=artefacts, tell=tell) as stack:
        machine = OneMachine(folder, stack.bootstrap_servers, stack.postgres_dsn)
        if console_port is not None:
            machine = machine.with_port("gateway", console_port)
        async with region_on(machine, region, scenery, supervise=True, tell=tell) as box:
            yield box
            tell("Stopping everything …")


@asynccontextmanager
async def region_on(
    machine: OneMachine, region: Region, scenery: Scenery, *, supervise: bool, tell: Tell
) -> AsyncIterator[Box]:
    """The six services on servers that run already, the region loaded, a console of each agency subscribed."""
    async with AsyncExitStack() as running:
        await _prepare(machine, tell)
        tell("Starting the six services; the recogniser loads its models …")
        processes = await running.enter_async_context(
            ProcessGroup(_programs(machine, region), report=lambda event: tell(_in_words(event)), supervise=supervise)
        )
        await processes.start_all()
        tell("Loading the region: people, cameras, hot lists …")
        password = await register_people(machine, region.people)
        gateway = await running.enter_async_context(_client(machine.url("gateway")))
        keys = await register_cameras(machine, gateway, region, scenery.cameras, password)
        entered = await enter_vehicles(gateway, region, scenery.entries, password)
        await agree(gateway, region, password)
        await register_clients(machine, gateway, region, password)
        tally, noticing = Tally({one.id: (one.agency_id, one.key) for one in entered}), Noticing()
        await running.enter_async_context(watching_topics(machine.kafka, tally, noticing))
        for dispatcher in region.dispatchers():
            token = await sign_in(gateway, dispatcher.username, password)
            await running.enter_async_context(watching_hits(machine.url("gateway"), token, tally, noticing))
        await _until_matcher_has(len(tally.entries), machine)
        ingest = await running.enter_async_context(_client(machine.url("ingest")))
        player = _player(ingest, keys, scenery, entered, tally, noticing)
        yield Box(machine, processes, player, tally, noticing, password, keys)


def fresh(folder: Path) -> Path:
    """The folder, with what an earlier run left in it deleted."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _programs(machine: OneMachine, region: Region) -> list[Program]:
    """The services, and the register of cases, which the gateway is told of."""
    url = f"http://127.0.0.1:{free_port()}"
    register = Program(
        name="case-register",
        argv=(sys.executable, "-m", "demo.case_register", url.rpartition(":")[2]),
        env={},
        log=machine.folder / "logs" / "case-register.log",
        ready_url=f"{url}/readyz",
    )
    registers = {agency: f"{url}/{agency}" for agency in cases_of(region)}
    told = {"gateway": {"PLATEWARD_GATEWAY_CASE_REGISTERS": json.dumps(registers)}}
    return [*machine.programs(told), register]


def _client(url: str) -> httpx.AsyncClient:
    # Patient: a machine that starts six services at once may be slow to answer, and that is no failure.
    return httpx.AsyncClient(base_url=url, trust_env=False, timeout=30)


async def _prepare(machine: OneMachine, tell: Tell) -> None:
    tell("Preparing topics, database and keys …")
    machine.make_keys(load_catalogue())
    await prepare_topics(KafkaSettings(bootstrap_servers=machine.kafka))
    await migrate(machine.administrator_dsn, service_schemas(machine.passwords))


async def _until_matcher_has(entries: int, machine: OneMachine, patience_seconds: float = 30) -> None:
    """Returns when the matcher's replica holds this many entries; raises TimeoutError."""
    async with asyncio.timeout(patience_seconds), httpx.AsyncClient(trust_env=False) as client:
        while True:
            metrics = (await client.get(f"{machine.url('matcher')}/metrics")).text
            held = next(line for line in metrics.splitlines() if line.startswith("plateward_hot_list_entries "))
            if float(held.split()[1]) >= entries:
                return
            await asyncio.sleep(0.1)


def _player(
    ingest: httpx.AsyncClient,
    keys: dict[str, str],
    scenery: Scenery,
    entered: Sequence[Entered],
    tally: Tally,
    noticing: Noticing,
) -> Player:
    agencies = {camera.id: camera.agency for camera in scenery.cameras}
    listed = {(one.agency_id, one.entry.plate): one.id for one in entered}
    must_read_listed = scenery.must_read_listed
    return Player(ingest, keys, agencies, listed, tally, noticing, must_read_listed=must_read_listed)


def _in_words(event: Event) -> str:
    match event:
        case Exited(name, returncode, log_tail):
            return f"{name} ended with {returncode} and is started again; its last lines:\n{log_tail}"
        case Restarted(name, pid):
            return f"{name} runs again (pid {pid})"
        case _:
            return f"{event.name} did not come up again: {event.error}"

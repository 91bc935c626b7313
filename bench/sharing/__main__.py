"""Measures a search over many owners with many agreements in force: `make bench-sharing`. Its last line is JSON."""

import argparse
import asyncio
import json
import random
import shutil
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import asyncpg
from pydantic import SecretStr

from bench.lists.replacing import replace_seconds
from bench.search.measuring import quantile
from bench.sharing.agreed_region import ASKER, agree, fill_cameras, fill_reads, make_agency_keys, write_profiles
from plateward.contracts.access import Reason
from plateward.embedded.services import OneMachine
from plateward.embedded.stack import Stack
from plateward.kernel.clock import now
from plateward.kernel.images import open_images
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.settings import BlobSettings, KafkaSettings, KeySettings, PolicySettings
from plateward.kernel.status import Status
from services.gateway.access import AccessGate
from services.gateway.adapters.access_topic import AccessTopic
from services.gateway.adapters.case_registers import open_case_registers
from services.gateway.adapters.stores.one_transaction import JoiningPool
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.adapters.stores.searches import load_seals
from services.gateway.factory.entries import entry_parts
from services.gateway.factory.parts import Parts
from services.gateway.factory.regions import region_parts
from services.gateway.factory.searching import searching_parts
from services.gateway.factory.sharing import sharing_parts
from services.gateway.hits import Bell
from services.gateway.people import Person, Session
from services.gateway.search import ReadSearch
from services.gateway.searching.question import Question
from services.gateway.settings import GatewaySettings

ARTEFACTS = Path(".plateward/kafka").resolve()
ROUNDS, WARM = 150, 10
LIST_ENTRIES = 1_000_000


def main() -> None:
    """Have agencies agree, search, and say how long it took."""
    arguments = argparse.ArgumentParser(prog="python -m bench.sharing", description=main.__doc__)
    arguments.add_argument("--owners", type=int, default=200)
    arguments.add_argument("--mous", type=int, default=400)
    given = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="plateward-bench-"))
    try:
        asyncio.run(measure(folder, given.owners, given.mous))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def measure(folder: Path, owners: int, mous: int) -> None:
    """Prepares the region, measures, prints."""
    async with Stack(folder, artefacts=ARTEFACTS, fsync=False, tell=print) as stack:
        machine = OneMachine(folder, stack.bootstrap_servers, stack.postgres_dsn)
        machine.make_keys()
        await migrate(machine.administrator_dsn, service_schemas(machine.passwords))
        await prepare_topics(KafkaSettings(bootstrap_servers=machine.kafka))
        policies, draw = write_profiles(folder / "profiles", owners), random.Random(1)
        keys = make_agency_keys(machine.agency_keys, owners)
        async with database_pool(_database(machine, "retention"), schema="retention") as pool:
            plates = await fill_reads(pool, owners, now(), draw)
        settings = _settings(machine, folder)
        async with (
            database_pool(settings.database, schema="gateway") as connections,
            open_publisher(settings.kafka, source="gateway") as publisher,
            open_case_registers({}, None) as cases,
        ):
            await fill_cameras(connections, owners)
            await agree(connections, machine.agency_keys, keys, policies, mous, now())
            print(f"{owners} agencies, {mous} agreements in force")
            parts = Parts(
                settings=settings,
                pool=JoiningPool(connections),
                publisher=publisher,
                status=Status(),
                policies=policies,
                gate=AccessGate(AccessTopic(publisher, settings.record_within_seconds), now),
                cases=cases,
                seals=await load_seals(connections),
                pictures=open_images(settings.blobs, settings.keys),
                bell=Bell(),
            )
            session = await _somebody(connections)
            owners_asked = sharing_parts(parts, entry_parts(parts).list_sharing).owners
            async with region_parts(parts) as regions:
                search = searching_parts(parts, owners_asked, regions.search).search
                decide, whole = await _measured(search, session, plates, draw)
    figures = {
        "owners": owners,
        "mous": mous,
        "decide_ms": decide,
        "search_ms": whole,
        "list_replace_s": await replace_seconds(LIST_ENTRIES),
    }
    print(json.dumps(figures))


async def _measured(
    search: ReadSearch, session: Session, plates: list[str], draw: random.Random
) -> tuple[dict[str, float], dict[str, float]]:
    """The decision alone, and the search whole: decided, recorded twice, found."""
    reason = Reason(
        purpose="stolen-vehicle", form="dr", values={"dr_number": "26-01234", "synopsis": "Carjacking on Charter Way"}
    )

    def asked() -> Question:
        at = now()
        return Question(captured_from=at - timedelta(days=9), captured_until=at, plate=draw.choice(plates))

    found = 0

    async def run() -> None:
        nonlocal found
        async with search.run(session, asked(), reason, "127.0.0.1") as answer:
            found += len(answer.reads)

    async def decide() -> None:
        parts = await search.parts(session.person, asked(), reason)
        assert all(part.granted for part in parts), "an owner without an agreement would be decided sooner"

    figures = await _times(decide), await _times(run)
    print(f"{found / (ROUNDS + WARM):.1f} reads found by a search")
    return figures


async def _times(do: Callable[[], Awaitable[None]]) -> dict[str, float]:
    times = []
    for number in range(WARM + ROUNDS):
        begun = time.perf_counter()
        await do()
        if number >= WARM:
            times.append((time.perf_counter() - begun) * 1000)
    return {"p50": quantile(times, 0.5), "p95": quantile(times, 0.95)}


async def _somebody(pool: asyncpg.Pool) -> Session:
    person = Person(uuid.uuid4(), "chen", "W. Chen", "Detective", ASKER)
    await PostgresPeople(pool).register(person, "nobody signs in", {})
    return Session(uuid.uuid4(), person, frozenset({"search"}), now())


def _settings(machine: OneMachine, folder: Path) -> GatewaySettings:
    return GatewaySettings(
        kafka=KafkaSettings(bootstrap_servers=machine.kafka),
        database=_database(machine, "gateway"),
        blobs=BlobSettings(folder=machine.blobs),
        keys=KeySettings(file=machine.key_file, folder=folder / "keyring"),
        policy=PolicySettings(profiles=folder / "profiles"),
        agency_keys=machine.agency_keys,
    )


def _database(machine: OneMachine, service: str) -> DatabaseSettings:
    return DatabaseSettings(dsn=SecretStr(machine.dsn(service)), connections=4)


if __name__ == "__main__":
    main()

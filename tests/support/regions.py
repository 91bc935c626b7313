"""Two regions on one machine: each with its own Kafka, database, gateway and log, and none that knows the other's.

A pytest plugin, after `tests.support.stack`.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml
from pydantic import HttpUrl, SecretStr

from plateward.client import ClientKey
from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode
from plateward.embedded.ports import free_port
from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.key_files import create_key_file
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.settings import BlobSettings, HttpSettings, KafkaSettings, PolicySettings
from plateward.kernel.signatures import make_signing_key, read_signing_key
from plateward.policy import catalogue
from plateward.tlog.keys import Role
from services.audit import factory as audit
from services.audit.settings import AuditSettings
from services.gateway.settings import AgencyElsewhere, GatewaySettings, OtherRegion, RegionClient
from tests.support.gateway_at_work import POLICIES, ROLE_PASSWORDS, Console, GatewayAtWork, dsn_of, gateway_at_work
from tests.support.keys import key_settings
from tests.support.stack import KafkaServer, PostgresServer, fresh_database, fresh_kafka
from tests.support.things import titled_for

PROFILES = Path(catalogue.__file__).parent / "profiles"
PATIENCE_SECONDS = 30

HIGH_COUNTRY = ("flagstaff", "barstow")
COAST = ("florence", "kentucky")

Mou = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One region: its gateway, and its log as the superuser of its database sees it."""

    gateway: GatewayAtWork
    administrator: asyncpg.Pool

    async def signer(self, agency: str) -> Console:
        """Somebody who signs agreements for the agency."""
        return await self.gateway.sign_in(await self.gateway.register(agency, titled_for(agency, "sign-agreements")))

    async def leaves(self, access_id: str) -> Mapping[str, bytes]:
        """The leaf hashes of a look by phase, once this region's log holds both of its records."""
        rows: list[asyncpg.Record] = []

        async def both() -> bool:
            rows[:] = await self.administrator.fetch(
                "SELECT canonical, leaf_hash FROM audit.records WHERE access_id = $1",
                uuid.UUID(access_id),
            )
            return len(rows) == 2

        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(both)
        return {decode(row["canonical"], AccessRecord).phase: row["leaf_hash"] for row in rows}


@dataclass(frozen=True, slots=True)
class TwoRegions:
    """The high country, whose people ask, and the coast, which answers."""

    high: Deployment
    coast: Deployment
    agreed: Mou
    """Florence lets Flagstaff search its reads."""


def terms(grantor: str, grantee: str, **changes: Any) -> dict[str, Any]:
    """What to post to propose that one lets the other search its reads for stolen vehicles."""
    asked = {
        "grantor": grantor,
        "grantee": grantee,
        "purposes": ["stolen-vehicle"],
        "data_kinds": ["reads", "images"],
        "fields": ["state", "direction"],
        "starts_at": (now() - timedelta(minutes=1)).isoformat(),
        "ends_at": (now() + timedelta(days=30)).isoformat(),
    }
    return asked | changes


async def passed_on(mou: Mou, sender: Console, receiver: Console) -> Mou:
    """The agreement at the receiver's, once it has been passed on; raises HTTPStatusError where it is refused."""
    document = (await sender.http.get(f"/v1/mous/{mou['mou_id']}/document")).raise_for_status().json()
    taken: Mou = (await receiver.http.post("/v1/mou-documents", json=document)).raise_for_status().json()
    return taken


async def signed(mou: Mou, signer: Console) -> Mou:
    """The newest version, signed for the signer's agency."""
    path, version = f"/v1/mous/{mou['mou_id']}/signatures", {"version": mou["version"]}
    made: Mou = (await signer.http.post(path, json=version)).raise_for_status().json()
    return made


async def agree(grantor: Console, grantee: Console, **changes: Any) -> Mou:
    """Proposed and signed by who grants, in their region; signed by the other, in theirs; in force in both."""
    asked = terms(grantor.person.agency_id, grantee.person.agency_id, **changes)
    mou = (await grantor.http.post("/v1/mous", json=asked)).raise_for_status().json()
    await signed(mou, grantor)
    taken = await passed_on(mou, grantor, grantee)
    assert taken["unsigned"] == [grantee.person.agency_id]
    ours = await signed(taken, grantee)
    theirs = await passed_on(ours, grantee, grantor)
    assert (ours["state"], theirs["state"]) == ("in force", "in force")
    return ours


@pytest.fixture(scope="module")
async def two_regions(
    kafka: KafkaServer,
    postgres: PostgresServer,
    docker_answers: bool,
    embedded_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[TwoRegions]:
    """Both regions at work, with an agreement between agencies of both, and Flagstaff a client of the coast."""
    folder = tmp_path_factory.mktemp("regions")
    client_key = folder / "client.pem"
    make_signing_key(client_key)
    _make_agency_keys(folder)
    async with AsyncExitStack() as stack:
        other_kafka = await stack.enter_async_context(fresh_kafka(docker_answers, embedded_folder / "coast-kafka"))
        high_db = await stack.enter_async_context(fresh_database(postgres))
        coast_db = await stack.enter_async_context(fresh_database(postgres))
        high_settings = await _settings(folder / "high", kafka, high_db, HIGH_COUNTRY)
        coast_settings = await _settings(folder / "coast", other_kafka, coast_db, COAST)
        coast_settings.regions = (_other("The high country", HIGH_COUNTRY),)
        high_settings.regions = (_other("The coast", COAST),)
        coast = await stack.enter_async_context(_deployment(coast_settings, coast_db))
        async with _deployment(high_settings, high_db, logged=False) as high:
            chief, lieutenant = await high.signer("flagstaff"), await coast.signer("florence")
            mou = await agree(lieutenant, chief)
            clients = {agency: await _client(await coast.signer(agency), client_key) for agency in ("florence",)}
        high_settings.regions = (
            _other(
                "The coast",
                COAST,
                url=HttpUrl(coast.gateway.url),
                clients=(RegionClient(agency="flagstaff", client_id=clients["florence"], key_file=client_key),),
            ),
        )
        high = await stack.enter_async_context(_deployment(high_settings, high_db))
        yield TwoRegions(high, coast, mou)


async def _client(signer: Console, key: Path) -> str:
    registered = {
        "agency_id": "flagstaff",
        "keys": [ClientKey.read(key).public],
        "scopes": ["reads.search"],
        "note": "The gateway of the high country",
    }
    answer = (await signer.http.post("/v1/partner-clients", json=registered)).raise_for_status().json()
    return str(answer["client_id"])


def _other(name: str, agencies: Iterable[str], **changes: Any) -> OtherRegion:
    known = [POLICIES[agency] for agency in agencies]
    named = tuple(AgencyElsewhere(agency=one.id, name=one.name, kind=one.kind, state=one.state) for one in known)
    return OtherRegion(name=name, agencies=named, **changes)


def _make_agency_keys(folder: Path) -> None:
    """Each region's folder: its own agencies' keys, and of the other's their public halves alone."""
    of_region = {folder / "high" / "agency-keys": HIGH_COUNTRY, folder / "coast" / "agency-keys": COAST}
    for own, agencies in of_region.items():
        own.mkdir(parents=True)
        for agency in agencies:
            make_signing_key(own / f"{agency}.pem")
    for own, agencies in of_region.items():
        for other in of_region.keys() - {own}:
            for agency in agencies:
                (other / f"{agency}.pub").write_text(read_signing_key(own / f"{agency}.pem").name)


async def _settings(folder: Path, kafka: KafkaServer, dsn: str, agencies: Iterable[str]) -> GatewaySettings:
    profiles = folder / "profiles"
    profiles.mkdir()
    for agency in agencies:
        profile = yaml.safe_load((PROFILES / f"{agency}.yaml").read_text(encoding="utf-8"))
        (profiles / f"{agency}.yaml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    kafka_settings = KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)
    await prepare_topics(kafka_settings)
    await migrate(dsn, service_schemas(ROLE_PASSWORDS))
    port = free_port()
    (folder / "keys").mkdir()
    return GatewaySettings(
        kafka=kafka_settings,
        http=HttpSettings(port=port),
        origin=f"http://127.0.0.1:{port}",
        database=DatabaseSettings(dsn=SecretStr(dsn_of("gateway", dsn))),
        blobs=BlobSettings(folder=folder / "blobs"),
        keys=key_settings(folder / "keys"),
        policy=PolicySettings(profiles=profiles),
        agency_keys=folder / "agency-keys",
        second_factor="off",
        self_check_hours=0,
        sign_ins_per_minute=60_000,
        requests_per_minute=600_000,
    )


@asynccontextmanager
async def _deployment(settings: GatewaySettings, dsn: str, *, logged: bool = True) -> AsyncIterator[Deployment]:
    """The region's gateway, and where `logged` its audit service, which appends what the gateway has recorded."""
    async with AsyncExitStack() as stack:
        if logged:
            await stack.enter_async_context(_audit(settings, dsn))
        gateway = await stack.enter_async_context(gateway_at_work(settings, dsn))
        yield Deployment(gateway, gateway.administrator)


@asynccontextmanager
async def _audit(settings: GatewaySettings, dsn: str) -> AsyncIterator[None]:
    assert settings.blobs.folder is not None
    key_file = settings.blobs.folder.parent / "log.key"
    create_key_file(key_file, "region.example/access", Role.LOG)
    database = DatabaseSettings(dsn=SecretStr(dsn_of("audit", dsn)))
    stopping = asyncio.Event()
    own = AuditSettings(kafka=settings.kafka, database=database, log_key_file=key_file)
    async with audit.running(own) as running, asyncio.TaskGroup() as tasks:
        for loop in running.loops:
            tasks.create_task(_until(loop(stopping)))
        try:
            yield
        finally:
            stopping.set()


async def _until(done: Any) -> None:
    await done

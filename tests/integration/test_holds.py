"""Holds at the gateway: asked for by one person, agreed to by a second, placed by the retention service."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import SecretStr

from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from plateward.kernel.lifecycle import Loop
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.signatures import make_signing_key
from services.retention import factory
from services.retention.adapters.hit_store import HitStore
from services.retention.adapters.partition_store import PartitionStore
from services.retention.settings import RetentionSettings
from tests.support.gateway_at_work import PATIENCE_SECONDS, Console, GatewayAtWork, dsn_of
from tests.unit.retention.events import a_hit

pytest_plugins = ["tests.support.gateway"]

DAY = now().date() + timedelta(days=20)
AGREED = {"agreed": True, "statement": "The case needs it, I have read the report"}


async def _until_stopped(loop: Loop, stopping: asyncio.Event) -> None:
    await loop(stopping)


@pytest.fixture(scope="module")
async def retention(gateway: GatewayAtWork, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[None]:
    """The retention service at work on the gateway's stores."""
    signing_key: Path = tmp_path_factory.mktemp("signing") / "signing.pem"
    make_signing_key(signing_key)
    shared = gateway.settings
    settings = RetentionSettings(
        kafka=shared.kafka,
        database=DatabaseSettings(dsn=SecretStr(dsn_of("retention", shared.database.dsn.get_secret_value()))),
        blobs=shared.blobs,
        keys=shared.keys,
        signing_key_file=signing_key,
    )
    stopping = asyncio.Event()
    async with factory.running(settings) as running, asyncio.TaskGroup() as tasks:
        for loop in running.loops:
            tasks.create_task(_until_stopped(loop, stopping))
        yield
        stopping.set()


@pytest.fixture
async def second(gateway: GatewayAtWork) -> Console:
    """Another detective of Flagstaff."""
    return await gateway.sign_in(await gateway.register("flagstaff"))


def a_hold(*read_ids: uuid.UUID, **changes: Any) -> dict[str, Any]:
    hold = {
        "case_number": "26-004417",
        "reason": "It puts the vehicle at the scene",
        "ends_on": (DAY + timedelta(days=300)).isoformat(),
        "read_ids": [str(id_) for id_ in read_ids],
    }
    return hold | changes


async def asked(console: Console, hold: dict[str, Any]) -> str:
    return str((await console.http.post("/v1/holds", json=hold)).raise_for_status().json()["id"])


async def once(console: Console, hold_id: str, *states: str) -> dict[str, Any]:
    """The hold once it is in one of these states."""
    found: dict[str, Any] = {}

    async def there() -> bool:
        nonlocal found
        holds = (await console.http.get("/v1/holds")).raise_for_status().json()["holds"]
        found = next(one for one in holds if one["id"] == hold_id)
        return found["state"] in states

    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(there)
    return found


@pytest.mark.clause("F16", "B10")
async def test_what_two_people_agree_to_hold_is_copied_to_evidence(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], second: Console, retention: None
) -> None:
    read = await gateway.keep_read("flagstaff", expires_on=DAY)
    hold_id = await asked(consoles["flagstaff"], a_hold(read.id))
    own = await consoles["flagstaff"].http.post(f"/v1/holds/{hold_id}/decision", json=AGREED)
    assert (own.status_code, own.json()["errors"][0]["rule"]) == (
        422,
        "needs a second person: nobody agrees to their own",
    )
    assert (await once(second, hold_id, "waiting"))["decided_by"] is None
    strangers = await consoles["florence"].http.post(f"/v1/holds/{hold_id}/decision", json=AGREED)
    assert strangers.status_code == 404
    decided = await second.http.post(f"/v1/holds/{hold_id}/decision", json=AGREED)
    assert decided.raise_for_status().json()["decided_by"]["person_id"] == str(second.person.id)
    await once(second, hold_id, "held")
    kept = await gateway.administrator.fetch(
        "SELECT e.kind, e.id, h.approved_by FROM retention.evidence e JOIN retention.holds h ON h.id = e.hold_id"
        " WHERE h.id = $1",
        uuid.UUID(hold_id),
    )
    assert [(one["kind"], one["id"]) for one in kept] == [("read", read.id)]
    assert kept[0]["approved_by"].endswith(f"({second.person.username})")
    assert (await consoles["florence"].http.get("/v1/holds")).json()["holds"] == []
    again = await second.http.post(f"/v1/holds/{hold_id}/decision", json=AGREED)
    assert again.status_code == 422


async def test_a_hold_of_anothers_read_says_that_nothing_is_held(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], second: Console, retention: None
) -> None:
    read = await gateway.keep_read("florence", expires_on=DAY)
    hold_id = await asked(consoles["flagstaff"], a_hold(read.id))
    (await second.http.post(f"/v1/holds/{hold_id}/decision", json=AGREED)).raise_for_status()
    assert "one is not the agency's" in (await once(second, hold_id, "impossible"))["impossible"]
    assert not await gateway.administrator.fetchval(
        "SELECT count(*) FROM retention.evidence WHERE hold_id = $1", uuid.UUID(hold_id)
    )


async def test_a_refused_hold_holds_nothing(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], second: Console, retention: None
) -> None:
    read = await gateway.keep_read("flagstaff", expires_on=DAY)
    refused, agreed = [await asked(consoles["flagstaff"], a_hold(read.id)) for _ in range(2)]
    no = {"agreed": False, "statement": "The case is closed since May"}
    (await second.http.post(f"/v1/holds/{refused}/decision", json=no)).raise_for_status()
    (await second.http.post(f"/v1/holds/{agreed}/decision", json=AGREED)).raise_for_status()
    await once(second, agreed, "held")  # holds are placed one after the other
    assert (await once(second, refused, "refused"))["statement"] == no["statement"]
    placed = await gateway.administrator.fetch("SELECT id FROM retention.holds WHERE $1 = ANY(read_ids)", read.id)
    assert [str(one["id"]) for one in placed] == [agreed]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"case_number": " "}, "case_number"),
        ({"reason": ""}, "reason"),
        ({"ends_on": now().date().isoformat()}, "ends_on"),
        ({"ends_on": (now().date() + timedelta(days=4000)).isoformat()}, "ends_on"),
    ],
)
async def test_a_hold_needs_a_case_a_reason_and_an_end(
    consoles: Mapping[str, Console], changes: dict[str, str], field: str
) -> None:
    answer = await consoles["flagstaff"].http.post("/v1/holds", json=a_hold(uuid.uuid4(), **changes))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.clause("F16", "B10")
async def test_what_a_case_loses_soon_stands_on_the_page_until_it_is_held(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    soon = now().date() + timedelta(days=1)
    read = await gateway.keep_read("flagstaff", expires_on=soon)
    hit = a_hit(read)
    hit = msgspec.structs.replace(hit, entry=msgspec.structs.replace(hit.entry, agency_id="flagstaff"))
    dsn = SecretStr(dsn_of("retention", gateway.settings.database.dsn.get_secret_value()))
    async with database_pool(DatabaseSettings(dsn=dsn, connections=1), schema="retention") as pool:
        await PartitionStore(pool).ensure("hits", {soon})
        await HitStore(pool).add([hit])
    due = (await consoles["flagstaff"].http.get("/v1/holds")).raise_for_status().json()["due"]
    assert [(one["read_id"], one["case_number"]) for one in due] == [(str(hit.read.id), hit.entry.case_number)]
    assert (await consoles["florence"].http.get("/v1/holds")).json()["due"] == []

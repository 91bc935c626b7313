"""Special lists: what several sources have in common, made on a schedule once approved, for information only."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from plateward.contracts.event import decode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList
from plateward.contracts.topics import HOT_LIST, HOT_LISTS
from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import open_publisher
from services.gateway.access import AccessGate
from services.gateway.adapters.access_topic import AccessTopic
from services.gateway.adapters.compiled_store import PostgresComparedSources, PostgresDefinitions
from services.gateway.compiling.compiling import CompiledLists
from tests.integration.topic_reading import everything_on
from tests.support.entering import POLICIES, an_approver, entered
from tests.support.gateway_at_work import Console, GatewayAtWork
from tests.support.things import a_definition

pytest_plugins = ["tests.support.gateway"]

YES = {"agreed": True, "statement": "Vehicles of the Charter Way series"}


async def define(console: Console, **changes: Any) -> dict[str, Any]:
    answer = await console.http.post("/v1/hot-list/compiled", json=a_definition(**changes))
    assert answer.status_code == 201, answer.text
    definition: dict[str, Any] = answer.json()
    return definition


async def run(gateway: GatewayAtWork) -> int:
    """Makes what is due, as the schedule does."""
    async with open_publisher(gateway.settings.kafka, source="gateway") as publisher:
        lists = CompiledLists(
            gate=AccessGate(AccessTopic(publisher, 30), now),
            store=PostgresDefinitions(gateway.administrator, POLICIES),
            sources=PostgresComparedSources(gateway.administrator),
            policies=POLICIES,
            now=now,
        )
        return await lists.run_due()


async def told(gateway: GatewayAtWork) -> dict[str, HotListEntry]:
    """The entries of compiled lists that matchers have, by plate."""

    async def all_told() -> bool:
        return not await gateway.administrator.fetchval("SELECT count(*) FROM outbox")

    await poll_until(all_told)
    newest = {one.key: one.value for one in await everything_on(gateway.settings.kafka, HOT_LIST)}
    entries = [decode(value, HotListEntry) for value in newest.values() if value is not None]
    return {one.plate: one for one in entries if one.list_id == "compiled"}


@pytest.mark.clause("S16")
@pytest.mark.clause("S17")
async def test_a_list_is_compiled_from_its_sources_and_its_hits_are_informational(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    detective, lieutenant = consoles["stockton"], await an_approver(gateway, "stockton", "Lieutenant")
    both, listed_only, seen_only = (f"S{uuid.uuid4().hex[:6].upper()}" for _ in range(3))
    for plate in (both, listed_only):
        await entered(detective, plate=plate)
    for plate in (both, seen_only):
        await gateway.keep_read("stockton", plate=plate, captured_at=now())
    await gateway.keep_read("barstow", plate=listed_only, captured_at=now())

    definition = await define(detective)
    path = f"/v1/hot-list/compiled/{definition['id']}/decision"
    await run(gateway)
    assert both not in await told(gateway), "it is not approved"
    assert (await detective.http.post(path, json=YES)).status_code == 403
    assert (await lieutenant.http.post(path, json=YES)).json()["state"] == "running"
    await run(gateway)
    found = await told(gateway)
    assert both in found
    assert not {listed_only, seen_only} & found.keys()
    entry = found[both]
    assert (entry.grade, entry.source, entry.approved_by) == ("informational", "compiled", "S. Renner, Lieutenant")
    records = await everything_on(gateway.settings.kafka, HOT_LISTS)
    stated = [decode(one.value, HotList) for one in records if one.key == b"stockton/compiled"][-1]
    assert (stated.grade, stated.fresh_for_hours) == ("informational", 24)
    version = await gateway.administrator.fetchval(
        "SELECT list_version FROM compiled_runs WHERE definition_id = $1", uuid.UUID(definition["id"])
    )
    assert version == stated.version, "each run says which version it made"
    assert await run(gateway) == 0, "it is not due again"

    assert (await lieutenant.http.post(path, json=YES | {"agreed": False})).json()["state"] == "stopped"
    assert both not in await told(gateway)


@pytest.mark.clause("F12")
@pytest.mark.clause("S16")
async def test_a_vehicle_without_a_plate_is_described_and_what_fits_is_listed(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    lieutenant = await an_approver(gateway, "stockton", "Lieutenant")
    definition = await define(consoles["stockton"], sources=[{"of": "reads", "make": "Studebaker", "hours_back": 2}])
    path = f"/v1/hot-list/compiled/{definition['id']}/decision"
    assert (await lieutenant.http.post(path, json=YES)).is_success


@pytest.mark.clause("S16")
async def test_a_definition_compares_lists_that_the_agency_has_and_is_of_one_that_designates_them(
    consoles: Mapping[str, Console],
) -> None:
    async def lacks(agency: str, **changes: Any) -> set[str]:
        answer = await consoles[agency].http.post("/v1/hot-list/compiled", json=a_definition(**changes))
        assert answer.status_code == 422
        return {one["field"] for one in answer.json()["errors"]}

    assert await lacks("florence") == {"list"}, "its policy has no such list"
    assert await lacks("stockton", category="amber-alert") == {"category"}
    assert await lacks("stockton", name=" ") == {"name"}
    one_list = [{"of": "list", "list_id": "department"}]
    assert await lacks("stockton", sources=one_list) == {"sources"}
    assert await lacks("stockton", sources=[*one_list, {"of": "list", "list_id": "private"}]) == {"sources"}
    assert await lacks("stockton", sources=[*one_list, {"of": "list", "list_id": "compiled"}]) == {"sources"}
    assert await lacks("stockton", sources=[{"of": "reads"}]) == {"sources"}

"""Special lists: what several sources have in common, made on a schedule once approved, for information only."""

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from plateward.contracts.event import decode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList
from plateward.contracts.topics import HOT_LIST, HOT_LISTS
from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import open_publisher
from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.access import AccessGate
from services.gateway.adapters.access_topic import AccessTopic
from services.gateway.adapters.stores.compiled_lists import PostgresComparedSources, PostgresDefinitions
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


async def run(gateway: GatewayAtWork, policies: PolicyCatalogue = POLICIES) -> int:
    """Makes what is due, as the schedule does."""
    async with open_publisher(gateway.settings.kafka, source="gateway") as publisher:
        lists = CompiledLists(
            gate=AccessGate(AccessTopic(publisher, 30), now),
            store=PostgresDefinitions(gateway.administrator, policies),
            sources=PostgresComparedSources(gateway.administrator),
            policies=policies,
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


async def stated(gateway: GatewayAtWork) -> list[HotList]:
    """What matchers have been told of the compiled list, oldest first; all that was to be told is."""
    await told(gateway)
    records = await everything_on(gateway.settings.kafka, HOT_LISTS)
    return [decode(one.value, HotList) for one in records if one.key == b"stockton/compiled"]


async def approved(gateway: GatewayAtWork, detective: Console, **changes: Any) -> Console:
    """A definition is made from now on; who ends it."""
    lieutenant = await an_approver(gateway, "stockton", "Lieutenant")
    path = f"/v1/hot-list/compiled/{(await define(detective, **changes))['id']}/decision"
    (await lieutenant.http.post(path, json=YES)).raise_for_status()
    return lieutenant


@pytest.mark.clause("S16")
async def test_a_run_states_its_list_once_however_many_entries_it_changes(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    detective, plates = consoles["stockton"], [f"S{uuid.uuid4().hex[:6].upper()}" for _ in range(3)]
    for plate in plates:
        await entered(detective, plate=plate)
        await gateway.keep_read("stockton", plate=plate, captured_at=now())
    lieutenant = await approved(gateway, detective)
    before = await stated(gateway)
    await run(gateway)
    assert plates == [plate for plate in plates if plate in await told(gateway)]
    after = await stated(gateway)
    assert len(after) == len(before) + 1

    again = "UPDATE compiled_lists SET document = document - 'last_run_at' WHERE document ->> 'agency_id' = 'stockton'"
    await gateway.administrator.execute(again)
    runs = await run(gateway)
    assert [one.version for one in (await stated(gateway))[len(after) :]] == runs * [after[-1].version]
    for one in (await lieutenant.http.get("/v1/hot-list/compiled")).json():
        if one["state"] == "running":
            ended = YES | {"agreed": False}
            await lieutenant.http.post(f"/v1/hot-list/compiled/{one['id']}/decision", json=ended)
    assert not set(plates) & (await told(gateway)).keys()


async def test_a_list_that_its_policy_names_no_more_is_not_made_and_ends_nothing(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    lieutenant = await approved(gateway, consoles["stockton"])
    profile = POLICIES["stockton"]
    designations = tuple(one for one in profile.hot_lists.designations if one.source != "compiled")
    rules = msgspec.structs.replace(profile.hot_lists, designations=designations)
    without = PolicyCatalogue({**POLICIES, "stockton": msgspec.structs.replace(profile, hot_lists=rules)})
    assert await run(gateway, without) == 0
    assert await run(gateway, PolicyCatalogue({"barstow": POLICIES["barstow"]})) == 0
    assert await run(gateway) == 1, "its policy names it again"
    (running,) = (
        one for one in (await lieutenant.http.get("/v1/hot-list/compiled")).json() if one["state"] == "running"
    )
    await lieutenant.http.post(f"/v1/hot-list/compiled/{running['id']}/decision", json=YES | {"agreed": False})


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
    newest = (await stated(gateway))[-1]
    assert (newest.grade, newest.fresh_for_hours) == ("informational", 24)
    version = await gateway.administrator.fetchval(
        "SELECT list_version FROM compiled_runs WHERE definition_id = $1", uuid.UUID(definition["id"])
    )
    assert version == newest.version, "each run says which version it made"
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

"""Who approves what goes on the department's own list, what that changes, and who may read which list."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from plateward.contracts.event import decode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.topics import HOT_LIST
from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from services.gateway.access import AccessGate
from services.gateway.adapters.agency_keys import AgencyKeyFiles
from services.gateway.adapters.stores.list_sharing import PostgresSharingDecisions
from services.gateway.adapters.stores.mous import PostgresMous
from services.gateway.entries.list_sharing import ListSharing
from tests.integration.topic_reading import everything_on
from tests.support.entering import POLICIES, an_approver, entered, in_force
from tests.support.gateway_at_work import Console, GatewayAtWork, NoLog
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

NOT_REACHED = {"agreed": True, "unreachable": "On leave, and not answering"}


async def decision(console: Console, entry: Mapping[str, Any], **said: Any) -> httpx.Response:
    return await console.http.post(f"/v1/hot-list/entries/{entry['id']}/approval", json={"agreed": True} | said)


async def told(gateway: GatewayAtWork, entry: Mapping[str, Any]) -> list[HotListEntry | None]:
    """What of an entry has reached the matchers, once all that was to be told is."""

    async def all_told() -> bool:
        return not await gateway.administrator.fetchval("SELECT count(*) FROM outbox")

    await poll_until(all_told)
    records = [one for one in await everything_on(gateway.settings.kafka, HOT_LIST) if one.key == entry["id"].encode()]
    return [None if one.value is None else decode(one.value, HotListEntry) for one in records]


@pytest.mark.clause("F22")
async def test_an_entry_is_in_force_once_a_supervisor_has_approved_it(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape
) -> None:
    officer, sergeant = consoles["flagstaff"], await an_approver(gateway, "flagstaff", "Sergeant")
    entry = await entered(officer)
    assert entry["awaits_approval"] is True
    assert await told(gateway, entry) == [], "what is not approved does not reach a matcher"
    assert (await decision(officer, entry)).status_code == 403
    (waiting,) = [one for one in await requests_of(sergeant) if one["entry"]["id"] == entry["id"]]
    assert (waiting["state"], waiting["may_decide"]) == ("waiting", True)

    approved = (await decision(sergeant, entry)).raise_for_status().json()
    assert (approved["approved_by"], "awaits_approval" in approved) == ("S. Renner, Sergeant", False)
    (first,) = await told(gateway, entry)
    assert first is not None
    assert (first.approved_by, first.version) == ("S. Renner, Sergeant", 2)
    assert (await decision(sergeant, entry)).status_code == 404, "it is decided once"
    records = [one for one in await access_tape.accesses() if one.action == "decide-entry"]
    assert [one.phase for one in records] == ["asked", "answered"]
    assert records[0].query == {"entry_id": entry["id"], "request": "entry", "agreed": "yes"}


async def requests_of(console: Console) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await console.http.get("/v1/hot-list/requests")).raise_for_status().json()
    return found


@pytest.mark.clause("F22")
async def test_a_refused_entry_is_off_the_list_and_its_enterer_learns_why(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    officer, chief = consoles["flagstaff"], await an_approver(gateway, "flagstaff", "Police Chief")
    entry = await entered(officer)
    assert (await decision(chief, entry, agreed=False)).status_code == 422
    (await decision(chief, entry, agreed=False, statement="No crime is suspected")).raise_for_status()
    assert entry["id"] not in [one["id"] for one in (await officer.http.get("/v1/hot-list/entries")).json()]
    (own,) = [one for one in await requests_of(officer) if one["entry"]["id"] == entry["id"]]
    assert (own["state"], own["decision"]) == ("refused", "No crime is suspected")
    assert [one for one in await told(gateway, entry) if one is not None] == []


@pytest.mark.clause("F22")
async def test_nobody_approves_their_own(gateway: GatewayAtWork) -> None:
    sergeant = await gateway.sign_in(await gateway.register("flagstaff", "Sergeant", name="J. Hartley"))
    lieutenant = await an_approver(gateway, "flagstaff", "Lieutenant")
    entry = await entered(sergeant, requested_by="J. Hartley")
    assert (await decision(sergeant, entry)).status_code == 422
    for_the_lieutenant = await entered(sergeant, requested_by="S. Renner")
    answer = await decision(lieutenant, for_the_lieutenant)
    assert "nobody approves an entry of their own" in answer.text
    assert (await decision(lieutenant, entry)).is_success


@pytest.mark.clause("B18")
@pytest.mark.parametrize(
    ("title", "chain"),
    [
        ("Patrol Officer", ["Operations Division Commander", "Administrative Division Commander", "Chief of Police"]),
        ("Detective", ["Administrative Division Commander", "Operations Division Commander", "Chief of Police"]),
    ],
)
async def test_the_commander_approves_and_those_who_stand_in_say_why(
    gateway: GatewayAtWork, title: str, chain: list[str]
) -> None:
    requester = await gateway.sign_in(await gateway.register("barstow", title))
    first, *others = [await an_approver(gateway, "barstow", one) for one in chain]
    sergeant = await an_approver(gateway, "barstow", "Sergeant")
    entry = await entered(requester)
    assert (await decision(sergeant, entry, **NOT_REACHED)).status_code == 403
    approved = (await decision(first, entry)).raise_for_status().json()
    assert approved["approved_by"] == f"S. Renner, {chain[0]}", "the approver is named in the entry"
    for other in others:
        entry = await entered(requester)
        refused = await decision(other, entry)
        assert [one["field"] for one in refused.json()["errors"]] == ["unreachable"]
        assert (await decision(other, entry, **NOT_REACHED)).is_success
    reasons = {one["unreachable"] for one in await requests_of(requester)}
    assert reasons == {"", NOT_REACHED["unreachable"]}


@pytest.mark.clause("B18")
async def test_a_sergeants_entry_for_a_detective_goes_the_detectives_way(gateway: GatewayAtWork) -> None:
    sergeant = await gateway.sign_in(await gateway.register("barstow", "Sergeant"))
    commander = await an_approver(gateway, "barstow", "Administrative Division Commander")
    entry = await entered(sergeant, requested_by="A. Lindqvist", requester_title="Detective")
    assert (await decision(commander, entry)).is_success


@pytest.mark.clause("F12")
@pytest.mark.clause("F22")
async def test_a_partial_plate_with_a_description_waits_as_any_other(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    entry = await entered(consoles["flagstaff"], plate="7AB?*", colour="white", kind="van")
    assert entry["awaits_approval"] is True
    sergeant = await an_approver(gateway, "flagstaff", "Sergeant")
    approved = (await decision(sergeant, entry)).raise_for_status().json()
    assert (approved["plate"], approved["vehicle"]["colour"]) == ("7AB?*", "white")


@pytest.mark.clause("S21")
async def test_a_renewal_is_a_new_decision_within_the_days_of_the_category(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    console = consoles["stockton"]
    entry = await entered(console, expires_at=(now() + timedelta(days=1)).isoformat())
    path, end = f"/v1/hot-list/entries/{entry['id']}/renewal", now() + timedelta(days=6)
    asked = {"expires_at": end.isoformat(), "statement": "Seen again on Sunday"}
    later = asked | {"expires_at": (now() + timedelta(days=8)).isoformat()}
    assert (await console.http.post(path, json=later)).status_code == 422
    renewed = (await console.http.post(path, json=asked)).raise_for_status().json()
    assert (renewed["version"], renewed["expires_at"]) == (2, end.isoformat().replace("+00:00", "Z"))
    assert [one.version for one in await told(gateway, entry) if one is not None] == [1, 2]


@pytest.mark.clause("F22")
async def test_a_renewal_goes_the_way_of_an_entry(gateway: GatewayAtWork, consoles: Mapping[str, Console]) -> None:
    officer, sergeant = consoles["flagstaff"], await an_approver(gateway, "flagstaff", "Sergeant")
    entry = await in_force(gateway, officer, expires_at=(now() + timedelta(days=1)).isoformat())
    asked = {"expires_at": (now() + timedelta(days=20)).isoformat(), "statement": "Still wanted"}
    path = f"/v1/hot-list/entries/{entry['id']}/renewal"
    kept = (await officer.http.post(path, json=asked)).raise_for_status().json()
    assert kept["expires_at"] == entry["expires_at"], "until it is approved, its end is what it was"
    assert (await officer.http.post(path, json=asked)).status_code == 422, "one waits already"
    renewed = (await decision(sergeant, entry)).raise_for_status().json()
    assert renewed["expires_at"] > entry["expires_at"]


@pytest.mark.clause("B20")
async def test_a_recovered_vehicle_is_neither_approved_nor_renewed(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    console, commander = consoles["barstow"], await an_approver(gateway, "barstow", "Administrative Division Commander")
    waiting, listed = await entered(console), await in_force(gateway, console)
    for entry in (waiting, listed):
        path = f"/v1/hot-list/entries/{entry['id']}/recovery"
        assert (await console.http.post(path, json={"found_by": "R. Yazzie"})).json()["found_by"] == "R. Yazzie"
    assert (await decision(commander, waiting)).status_code == 422
    assert await told(gateway, waiting) == []
    asked = {"expires_at": (now() + timedelta(days=3)).isoformat(), "statement": "Still wanted"}
    assert (await console.http.post(f"/v1/hot-list/entries/{listed['id']}/renewal", json=asked)).status_code == 422


@pytest.mark.clause("B7")
async def test_hits_of_state_and_federal_lists_are_for_the_titles_that_may_read_them(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    manager = await gateway.sign_in(await gateway.register("barstow", "Information Technology Manager"))
    hits = {name: await gateway.keep_hit("barstow", list_id=name) for name in ("ncic", "ca-svs", "department")}

    async def seen(console: Console) -> set[str]:
        shown = {one["hit"]["id"] for one in (await console.http.get("/v1/hits")).raise_for_status().json()}
        return {name for name, hit in hits.items() if str(hit.id) in shown}

    assert await seen(consoles["barstow"]) == {"ncic", "ca-svs", "department"}
    assert await seen(manager) == {"department"}
    page = await manager.http.get(f"/v1/hits/{hits['ncic'].id}/images/plate")
    assert page.status_code == 404


@pytest.mark.clause("B7")
@pytest.mark.parametrize("title", ["Watch Commander", "Consultant", "Administrative Training Corporal"])
async def test_a_title_without_the_right_reads_no_list_and_no_hit(gateway: GatewayAtWork, title: str) -> None:
    console = await gateway.sign_in(await gateway.register("barstow", title))
    assert (await console.http.get("/v1/hot-list/entries")).status_code == 403
    assert (await console.http.get("/v1/hits")).status_code == 403


@pytest.mark.clause("S18")
async def test_a_departments_list_is_shared_where_the_administrator_allows_it_and_no_longer(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    lieutenant = await an_approver(gateway, "stockton", "Lieutenant")
    mous = PostgresMous(gateway.administrator, AgencyKeyFiles(None), POLICIES)
    decisions = PostgresSharingDecisions(gateway.administrator, mous)
    sharing = ListSharing(gate=AccessGate(NoLog(), now), store=decisions, policies=POLICIES, now=now)

    async def said(console: Console, **changes: Any) -> int:
        asked = {"list_id": "department", "allowed": True, "statement": "Task force of the county"}
        return (await console.http.post("/v1/hot-list/sharing", json=asked | changes)).status_code

    assert not await sharing.approved_for_sharing("stockton", "department")
    assert await said(consoles["stockton"]) == 403
    assert await said(lieutenant, list_id="private") == 422
    assert await said(lieutenant, statement=" ") == 422
    assert await said(lieutenant) == 201
    assert await sharing.approved_for_sharing("stockton", "department")
    assert not await sharing.approved_for_sharing("stockton", "compiled")
    assert await said(lieutenant, allowed=False, statement="The task force is over") == 201
    assert not await sharing.approved_for_sharing("stockton", "department")
    assert [one["allowed"] for one in (await lieutenant.http.get("/v1/hot-list/sharing")).json()] == [False]
    assert await sharing.approved_for_sharing("florence", "department"), "its policy asks nobody"

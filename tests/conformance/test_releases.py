"""Written requests of others: who decides on them, what is released to whom, and what stays on file."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from plateward.kernel.evidence_packages import check_package
from tests.support.gateway_at_work import Console, GatewayAtWork
from tests.support.things import a_release
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

DECIDED = {"agreed": True, "statement": "A lawful purpose, checked by telephone"}


async def taken(console: Console, **changes: str) -> dict[str, Any]:
    answer = await console.http.post("/v1/releases", json=a_release(**changes))
    assert answer.status_code == 201, answer.text
    release: dict[str, Any] = answer.json()
    return release


@pytest.mark.clause("B15")
async def test_a_request_is_approved_packed_handed_over_and_stays_on_file(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape, tmp_path: Path
) -> None:
    detective = consoles["barstow"]
    commander = await gateway.sign_in(await gateway.register("barstow", "Watch Commander"))
    answer = await detective.http.post("/v1/releases", json=a_release(agency="", person="", purpose=""))
    assert {one["field"] for one in answer.json()["errors"]} == {"agency", "person", "purpose"}

    release = await taken(detective)
    path = f"/v1/releases/{release['id']}"
    await gateway.keep_read("barstow", plate="AB0123")
    search = (await detective.http.post("/v1/searches", json=detective.search())).raise_for_status().json()
    pack = {"search_id": search["search_id"]}
    assert (await detective.http.post(f"{path}/package", json=pack)).status_code == 422, "it is not approved"
    assert (await detective.http.post(f"{path}/decision", json=DECIDED)).status_code == 403
    assert (await commander.http.post(f"{path}/decision", json=DECIDED)).json()["state"] == "approved"
    packed = (await detective.http.post(f"{path}/package", json=pack)).raise_for_status().json()
    assert (packed["state"], packed["package"]["reads"]) == ("packed", 1)

    assert (await detective.http.get(f"{path}/package")).status_code == 403
    content = (await commander.http.get(f"{path}/package")).raise_for_status().content
    assert hashlib.sha256(content).hexdigest() == packed["package"]["sha256"]
    file = tmp_path / "release.zip"
    file.write_bytes(content)
    assert check_package(file, packed["package"]["signer"]).files == 2

    handed = {"to": "T. Begay", "how": "in person, against signature"}
    done = (await commander.http.post(f"{path}/handover", json=handed)).raise_for_status().json()
    (on_file,) = [one for one in (await commander.http.get("/v1/releases")).json() if one["id"] == release["id"]]
    assert on_file == done
    assert (done["state"], done["decided_by"]["title"]) == ("handed-over", "Watch Commander")
    actions = [one.action for one in await access_tape.accesses() if one.phase == "answered"]
    assert [one for one in actions if "release" in one] == [
        "receive-release",
        "decide-release",
        "pack-release",
        "download-release",
        "hand-over-release",
        "list-releases",
    ]


@pytest.mark.clause("K17")
async def test_whoever_is_handed_a_request_forwards_it_to_the_custodian_of_records(gateway: GatewayAtWork) -> None:
    dispatcher = await gateway.sign_in(await gateway.register("kentucky", "Dispatcher"))
    custodian = await gateway.sign_in(await gateway.register("kentucky", "Custodian of Records"))
    release = await taken(dispatcher, kind="media", agency="", purpose="")
    assert release["forwarded_to"] == "Custodian of Records"
    (waiting,) = [one for one in (await custodian.http.get("/v1/releases")).json() if one["id"] == release["id"]]
    assert (waiting["track"], waiting["state"]) == ("others", "received")
    refused = {"agreed": False, "statement": "Not public under KRS 61.878"}
    path = f"/v1/releases/{release['id']}/decision"
    assert (await custodian.http.post(path, json=refused)).json()["state"] == "refused"
    (own,) = [one for one in (await dispatcher.http.get("/v1/releases")).json() if one["id"] == release["id"]]
    assert own["statement"] == refused["statement"]


@pytest.mark.clause("F25")
async def test_others_than_agencies_go_their_own_way_and_a_court_names_its_order(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    officer = consoles["flagstaff"]
    answer = await officer.http.post("/v1/releases", json=a_release(kind="court-order"))
    assert [one["field"] for one in answer.json()["errors"]] == ["authority"]
    release = await taken(officer, kind="court-order", authority="CR-2026-118, Superior Court")
    assert release["track"] == "others"
    sergeant = await gateway.sign_in(await gateway.register("flagstaff", "Sergeant"))
    administrator = await gateway.sign_in(await gateway.register("flagstaff", "ALPR Administrator"))
    path = f"/v1/releases/{release['id']}/decision"
    assert (await sergeant.http.post(path, json=DECIDED)).status_code == 403
    assert (await administrator.http.post(path, json=DECIDED)).json()["state"] == "approved"


@pytest.mark.clause("S14")
async def test_a_request_from_outside_the_network_goes_to_the_administrator_for_review(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    release = await taken(consoles["stockton"])
    assert release["forwarded_to"] == "Lieutenant"
    lieutenant = await gateway.sign_in(await gateway.register("stockton", "Lieutenant"))
    path = f"/v1/releases/{release['id']}/decision"
    assert (await lieutenant.http.post(path, json=DECIDED)).json()["state"] == "approved"
    theirs = consoles["barstow"]
    assert release["id"] not in [one["id"] for one in (await theirs.http.get("/v1/releases")).json()]

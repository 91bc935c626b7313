"""Sharing under MOUs: proposed, signed by both, searched under, recorded, suspended; each owner decided by itself."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from plateward.contracts.access import AccessRecord, SharedUnder
from plateward.contracts.cameras import CameraPlace
from plateward.contracts.event import decode
from plateward.contracts.sharing import SharingAgreement
from plateward.contracts.topics import SHARING
from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from services.gateway.adapters.agency_keys import AgencyKeyFiles
from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.adapters.stores.mous import PostgresMous
from tests.integration.topic_reading import everything_on
from tests.support.gateway_at_work import POLICIES, Console, GatewayAtWork
from tests.support.things import PLACEMENT, titled_for
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

Signers = Mapping[str, Console]


@pytest.fixture(scope="module")
async def signers(gateway: GatewayAtWork) -> Signers:
    """Somebody who may sign, of each agency that shares here."""
    return {
        agency: await gateway.sign_in(await gateway.register(agency, titled_for(agency, "sign-agreements")))
        for agency in ("barstow", "flagstaff", "stockton", "florence")
    }


def terms(grantor: str, grantee: str, **changes: Any) -> dict[str, Any]:
    """What to post to propose that one lets the other search its reads for stolen vehicles."""
    asked = {
        "grantor": grantor,
        "grantee": grantee,
        "purposes": ["stolen-vehicle"],
        "data_kinds": ["reads", "images"],
        "fields": ["state", "vehicle", "direction"],
        "starts_at": (now() - timedelta(minutes=1)).isoformat(),
        "ends_at": (now() + timedelta(days=30)).isoformat(),
    }
    return asked | changes


async def agreed(signers: Signers, grantor: str, grantee: str, **changes: Any) -> dict[str, Any]:
    """An MOU, proposed by one and signed by both."""
    asked = terms(grantor, grantee, **changes)
    mou: dict[str, Any] = (await signers[grantee].http.post("/v1/mous", json=asked)).raise_for_status().json()
    for agency in (grantee, grantor):
        answer = await signers[agency].http.post(
            f"/v1/mous/{mou['mou_id']}/signatures", json={"version": mou["version"]}
        )
        mou = answer.raise_for_status().json()
    assert mou["state"] == "in force"
    return mou


async def suspended(signers: Signers, agency: str, mou: dict[str, Any]) -> None:
    """Stops the MOU, by this side."""
    path = f"/v1/mous/{mou['mou_id']}/suspension"
    (await signers[agency].http.post(path, json={"why": "Under review by counsel"})).raise_for_status()


async def searched(console: Console, plate: str, **changes: Any) -> dict[str, Any]:
    answer = await console.http.post("/v1/searches", json=console.search(plate, **changes))
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def parts(answer: dict[str, Any]) -> dict[str, tuple[bool, str]]:
    return {part["agency_id"]: (part["granted"], part["basis"]) for part in answer["owners"]}


@pytest.mark.clause("F13")
@pytest.mark.clause("F24")
async def test_one_search_over_own_and_partners_reads_each_decided_by_itself(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], signers: Signers, access_tape: TopicTape
) -> None:
    own = await gateway.keep_read("barstow", plate="SHR1")
    theirs = await gateway.keep_read("stockton", plate="SHR1")
    await gateway.keep_read("flagstaff", plate="SHR1")
    await gateway.keep_read("florence", plate="SHR1")
    mou = await agreed(signers, "stockton", "barstow")
    other = await agreed(signers, "flagstaff", "barstow", purposes=["missing-person"])
    barstow = consoles["barstow"]
    answer = await searched(barstow, "SHR1")
    assert {read["id"] for read in answer["reads"]} == {str(own.id), str(theirs.id)}
    decided = parts(answer)
    assert decided["barstow"] == (True, "reads of your own agency")
    assert decided["stockton"] == (True, f"MOU {mou['mou_id']}, version 1")
    assert decided["flagstaff"] == (
        False,
        f"MOU {other['mou_id']}, version 1, is not for this purpose (stolen-vehicle)",
    )
    assert decided["florence"] == (False, "no agreement with your agency is in force")
    pictures = next(read["pictures"] for read in answer["reads"] if read["id"] == str(theirs.id))
    assert (await barstow.http.get(pictures["plate"])).is_success
    under = (SharedUnder(owner="stockton", mou=mou["mou_id"], version=1),)
    looks = [one for one in await access_tape.accesses() if one.action in ("search", "view-image")]
    assert [(one.owners, one.shared_under) for one in looks] == [(("barstow", "stockton"), under)] * 4
    await suspended(signers, "stockton", mou)
    after = await searched(barstow, "SHR1")
    assert [read["id"] for read in after["reads"]] == [str(own.id)]
    assert "is suspended since" in parts(after)["stockton"][1]
    assert (await barstow.http.get(pictures["plate"])).status_code == 404, "the link is no longer good either"
    await suspended(signers, "barstow", other)


async def test_an_agreement_shows_its_cameras_its_age_and_its_fields_and_nothing_else(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], signers: Signers
) -> None:
    camera = await a_camera(gateway, "stockton")
    within = await gateway.keep_read("stockton", plate="SHR2", camera_id=camera, state="CA")
    await gateway.keep_read("stockton", plate="SHR2", camera_id="another")
    await gateway.keep_read("stockton", plate="SHR2", camera_id=camera, captured_at=now() - timedelta(days=3))
    narrow = await agreed(
        signers, "stockton", "barstow", cameras=[camera], oldest_days=2, fields=[], data_kinds=["reads"]
    )
    since = (now() - timedelta(days=10)).isoformat()
    answer = await searched(consoles["barstow"], "SHR2", captured_from=since)
    (read,) = answer["reads"]
    assert read["id"] == str(within.id)
    assert (read["state"], read["make"], read["bearing_deg"]) == (None, None, None)
    assert read["pictures"] == {"plate": None, "scene": None}
    by_state = await searched(consoles["barstow"], "SHR2", captured_from=since, state="CA")
    assert by_state["reads"] == [], "what is not shared cannot be asked by"
    assert "does not share the state" in parts(by_state)["stockton"][1]
    place = {"type": "circle", "latitude": 10.0, "longitude": 10.0, "radius_m": 500.0}
    far = await gateway.keep_read(
        "stockton", plate="SHR2", camera_id="far", place=CameraPlace(name="x", latitude=10.0, longitude=10.001)
    )
    wide = await agreed(signers, "stockton", "barstow", areas=[place], fields=["state"], data_kinds=["reads"])
    both = await searched(consoles["barstow"], "SHR2", captured_from=since)
    shown = {one["id"]: one["state"] for one in both["reads"]}
    assert shown == {str(within.id): None, str(far.id): far.state}, "neither agreement lends the other its fields"
    for mou in (narrow, wide):
        await suspended(signers, "barstow", mou)


async def test_a_quota_is_of_searches_of_a_day_and_their_pages_are_free(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], signers: Signers
) -> None:
    theirs = await gateway.keep_read("florence", plate="SHR3")
    mou = await agreed(signers, "florence", "flagstaff", searches_a_day=2)
    console = consoles["flagstaff"]
    for _ in range(2):
        answer = await searched(console, "SHR3")
        assert [read["id"] for read in answer["reads"]] == [str(theirs.id)]
    assert (await console.http.get(answer["reads"][0]["pictures"]["plate"])).is_success
    spent = await searched(console, "SHR3")
    assert spent["reads"] == []
    assert parts(spent)["florence"] == (
        False,
        f"MOU {mou['mou_id']} allows 2 searches a day: used up until midnight UTC",
    )
    await suspended(signers, "florence", mou)


async def test_a_signature_that_nobody_gave_counts_for_nothing(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], signers: Signers
) -> None:
    await gateway.keep_read("florence", plate="SHR4")
    mou = await agreed(signers, "florence", "flagstaff", purposes=["missing-person"])
    await gateway.administrator.execute(
        """
        UPDATE mous SET document = jsonb_set(document, '{terms,purposes}', '["stolen-vehicle"]') WHERE id = $1
        """,
        mou["mou_id"],
    )
    answer = await searched(consoles["flagstaff"], "SHR4")
    assert answer["reads"] == []
    assert "is not signed by florence and flagstaff" in parts(answer)["florence"][1]


async def test_a_version_takes_the_place_of_the_one_before_once_both_have_signed(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], signers: Signers
) -> None:
    await gateway.keep_read("stockton", plate="SHR5")
    mou = await agreed(signers, "stockton", "barstow")
    changed = terms("stockton", "barstow", mou_id=mou["mou_id"], purposes=["missing-person", "stolen-plate"])
    draft = (await signers["barstow"].http.post("/v1/mou-drafts", json=changed)).raise_for_status().json()
    assert {(one["what"], one["words"]) for one in draft["differences"]} >= {
        ("opens", "for missing person"),
        ("closes", "for stolen or wanted vehicle"),
    }
    second = (await signers["barstow"].http.post("/v1/mous", json=changed)).raise_for_status().json()
    assert (second["version"], second["state"]) == (2, "proposed")
    path = f"/v1/mous/{mou['mou_id']}/signatures"
    (await signers["barstow"].http.post(path, json={"version": 2})).raise_for_status()
    assert len((await searched(consoles["barstow"], "SHR5"))["reads"]) == 1, "the first version still holds"
    assert (await signers["stockton"].http.post(path, json={"version": 1})).status_code == 422
    (await signers["stockton"].http.post(path, json={"version": 2})).raise_for_status()
    assert (await searched(consoles["barstow"], "SHR5"))["reads"] == []
    versions = (await signers["stockton"].http.get(f"/v1/mous/{mou['mou_id']}")).json()
    assert [one["version"] for one in versions] == [2, 1]


async def test_the_matcher_is_told_of_each_change(gateway: GatewayAtWork, signers: Signers) -> None:
    mou = await agreed(signers, "florence", "flagstaff", data_kinds=["hits", "images"])
    row = "SELECT document FROM sharing_versions WHERE document ->> 'mou_id' = $1 AND until_at IS NULL"
    told = await gateway.administrator.fetchval(row, mou["mou_id"])
    assert (told["grantor"], told["grantee"], told["data_kinds"]) == ("florence", "flagstaff", ["images", "hits"])
    assert "suspended_at" not in told
    await suspended(signers, "flagstaff", mou)
    assert "suspended_at" in await gateway.administrator.fetchval(row, mou["mou_id"])


async def test_agreeing_is_recorded_for_both(signers: Signers, access_tape: TopicTape) -> None:
    mou = await agreed(signers, "florence", "flagstaff")
    await suspended(signers, "florence", mou)
    done = [one for one in await access_tape.accesses() if one.action.endswith("-agreement") and one.phase == "asked"]
    assert [one.action for one in sorted(done, key=lambda one: one.at)] == [
        "propose-agreement",
        "sign-agreement",
        "sign-agreement",
        "suspend-agreement",
    ]
    assert {tuple(sorted(one.owners)) for one in done} == {("flagstaff", "florence")}
    assert all(msgspec.json.decode(msgspec.json.encode(one), type=AccessRecord) == one for one in done)


async def a_camera(gateway: GatewayAtWork, agency: str) -> str:
    """A camera of the agency on file, by its id."""
    keeper = await gateway.sign_in(await gateway.register(agency, titled_for(agency, "administer-cameras")))
    asked = {"camera_id": f"{agency}-{uuid.uuid4().hex[:8]}", "kind": "fixed", "placement": PLACEMENT}
    (await keeper.http.post("/v1/cameras", json=asked)).raise_for_status()
    return str(asked["camera_id"])


@pytest.mark.clause("S18")
async def test_an_agreement_on_a_list_is_signed_once_the_list_may_leave(signers: Signers) -> None:
    lieutenant = signers["stockton"]
    asked = terms("stockton", "barstow", data_kinds=["lists"], list_ids=["department"])
    mou = (await lieutenant.http.post("/v1/mous", json=asked)).raise_for_status().json()
    path, version = f"/v1/mous/{mou['mou_id']}/signatures", {"version": mou["version"]}
    refused = await lieutenant.http.post(path, json=version)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "list_ids")
    allowed = {"list_id": "department", "allowed": True, "statement": "Task force of the county"}
    (await lieutenant.http.post("/v1/hot-list/sharing", json=allowed)).raise_for_status()
    assert (await lieutenant.http.post(path, json=version)).is_success


@pytest.mark.clause("S18")
async def test_a_list_that_may_leave_no_more_is_shared_no_more_at_once_and_again_when_it_may(
    gateway: GatewayAtWork, signers: Signers
) -> None:
    lieutenant = signers["stockton"]

    async def said(allowed: bool) -> None:
        asked = {"list_id": "department", "allowed": allowed, "statement": "As the chief has decided"}
        (await lieutenant.http.post("/v1/hot-list/sharing", json=asked)).raise_for_status()

    async def lists_on_topic(mou: dict[str, Any]) -> list[tuple[str, ...]]:
        """What matchers have heard of it, once they have heard all."""

        async def all_told() -> bool:
            return not await gateway.administrator.fetchval("SELECT count(*) FROM outbox")

        await poll_until(all_told)
        told = [decode(one.value, SharingAgreement) for one in await everything_on(gateway.settings.kafka, SHARING)]
        return [one.list_ids for one in told if one.mou_id == mou["mou_id"]]

    await said(True)
    changes: dict[str, Any] = {"data_kinds": ["lists"], "list_ids": ["department"]}
    running = await agreed(signers, "stockton", "barstow", **changes)
    asked = terms("stockton", "barstow", **changes)
    half = (await lieutenant.http.post("/v1/mous", json=asked)).raise_for_status().json()
    path, version = f"/v1/mous/{half['mou_id']}/signatures", {"version": 1}
    (await lieutenant.http.post(path, json=version)).raise_for_status()
    await said(False)
    (await signers["barstow"].http.post(path, json=version)).raise_for_status()
    assert await lists_on_topic(running) == [("department",), ()]
    assert await lists_for_machines(gateway, running) == ()
    cookie = {"Cookie": f"{SESSION_COOKIE}={signers['barstow'].token}"}
    told = (await signers["barstow"].http.get("/sharing", headers=cookie)).raise_for_status().text
    assert "department may not leave Stockton Police Department at present" in told
    assert await lists_on_topic(half) == [()], "signed by the one before, and by the other after"
    await said(True)
    assert await lists_on_topic(running) == [("department",), (), ("department",)]
    assert await lists_on_topic(half) == [(), ("department",)]
    assert await lists_for_machines(gateway, running) == ("department",)
    for mou in (running, half):
        await suspended(signers, "stockton", mou)


async def lists_for_machines(gateway: GatewayAtWork, mou: dict[str, Any]) -> tuple[str, ...]:
    """Which lists of an MOU partners' machines get hits of."""
    store = PostgresMous(gateway.administrator, AgencyKeyFiles(gateway.settings.agency_keys), POLICIES)
    found = [one for one in await store.all() if one.terms.mou_id == mou["mou_id"]]
    (leaving,) = await store.as_they_may_leave(found)
    return leaving.terms.list_ids

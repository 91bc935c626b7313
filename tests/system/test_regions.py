"""Two regions: agreements are exchanged, searches go over, both logs hold the same records, and each side refuses."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from services.gateway.adapters.callers import SESSION_COOKIE
from tests.support.accessibility import violations
from tests.support.asking import asking
from tests.support.gateway_at_work import PATIENCE_SECONDS, Console
from tests.support.regions import Deployment, TwoRegions, agree, passed_on, terms

pytest_plugins = ["tests.support.regions"]

pytestmark = pytest.mark.timeout(240)  # it starts a second Kafka, and four services

Found = dict[str, Any]


@pytest.fixture(scope="module")
async def detective(two_regions: TwoRegions) -> Console:
    """A detective of Flagstaff, in the high country."""
    high = two_regions.high.gateway
    return await high.sign_in(await high.register("flagstaff"))


async def searched(console: Console, plate: str, **changes: Any) -> tuple[Found, Found]:
    """The whole answer, and the coast's part of it."""
    answer = await console.http.post("/v1/searches", json=console.search(plate, **changes))
    found: Found = answer.raise_for_status().json()
    (coast,) = found["elsewhere"]
    return found, coast


async def same_in_both_logs(regions: TwoRegions, access_id: str) -> Mapping[str, bytes]:
    """The leaf hashes of a look by phase, which are those of both logs."""
    high, coast = await asyncio.gather(regions.high.leaves(access_id), regions.coast.leaves(access_id))
    assert high == coast
    return high


async def looks(deployment: Deployment) -> int:
    """How many records this region's log holds, of looks at reads."""
    rows = await deployment.administrator.fetch("SELECT canonical FROM audit.records")
    return sum(b'"action":"search"' in row["canonical"] for row in rows)


async def test_a_search_goes_over_and_both_logs_hold_the_same_records(
    two_regions: TwoRegions, detective: Console
) -> None:
    own = await two_regions.high.gateway.keep_read("flagstaff", plate="REG1")
    theirs = await two_regions.coast.gateway.keep_read("florence", plate="REG1")
    await two_regions.coast.gateway.keep_read("kentucky", plate="REG1")
    found, coast = await searched(detective, "REG1")
    assert [read["id"] for read in found["reads"]] == [str(own.id)]
    assert (coast["region"], coast["state"], coast["why"]) == ("The coast", "answered", "")
    (read,) = coast["reads"]
    assert (read["id"], read["agency_id"]) == (str(theirs.id), "florence")
    assert read["make"] is None, "the agreement does not show the vehicle"
    assert read["pictures"] == {"plate": None, "scene": None}
    under = {"mou": two_regions.agreed["mou_id"], "version": 1}
    assert [(one["agency_id"], one["granted"], one["under"]) for one in coast["owners"]] == [
        ("florence", True, [under])
    ]
    denied = {one["agency_id"]: one["basis"] for one in found["owners"] if not one["granted"]}
    assert denied["kentucky"] == "no agreement with your agency is in force"
    leaves = await same_in_both_logs(two_regions, coast["access_id"])
    assert set(leaves) == {"asked", "answered"}


async def test_each_region_has_pages_of_its_own_that_stay(two_regions: TwoRegions, detective: Console) -> None:
    read = await two_regions.coast.gateway.keep_read("florence", plate="REG2", captured_at=now() - timedelta(minutes=9))
    await two_regions.coast.gateway.copy_read(read, 120)
    found, coast = await searched(detective, "REG2")
    assert (len(coast["reads"]), found["next_after"]) == (100, None)
    await two_regions.coast.gateway.keep_read("florence", plate="REG2")
    path = f"/v1/searches/{found['search_id']}/elsewhere"
    asked = {"region": "The coast", "after": coast["next_after"]}
    second = (await detective.http.post(path, json=asked)).raise_for_status().json()
    ids = {one["id"] for one in coast["reads"] + second["reads"]}
    assert (len(second["reads"]), len(ids), second["next_after"]) == (21, 121, None)
    assert set(await same_in_both_logs(two_regions, second["access_id"])) == {"asked", "answered"}
    elsewhere = await detective.http.post(path, json=asked | {"region": "Nowhere"})
    assert elsewhere.status_code == 404


async def test_what_the_own_side_refuses_is_not_asked_there(two_regions: TwoRegions, detective: Console) -> None:
    at_first = await looks(two_regions.coast)
    reason = {"purpose": "missing-person", "form": "event", "values": {"event_number": "E2600417", "detail": "gone"}}
    answer = await detective.http.post("/v1/searches", json=detective.search("REG1", reason=reason))
    found = answer.raise_for_status().json()
    assert found["elsewhere"] == []
    basis = next(one["basis"] for one in found["owners"] if one["agency_id"] == "florence")
    assert "is not for this purpose (missing-person)" in basis
    await searched(detective, "REG3")
    assert await looks(two_regions.coast) <= at_first + 2, "the second question came over, the first never did"


async def test_what_an_owners_policy_forbids_is_refused_there_and_recorded_in_both(
    two_regions: TwoRegions, detective: Console
) -> None:
    kentucky = await two_regions.coast.signer("kentucky")
    chief = await two_regions.high.signer("flagstaff")
    mou = await agree(kentucky, chief)
    await two_regions.coast.gateway.keep_read("kentucky", plate="REG4")
    _, coast = await searched(detective, "REG4", owners=["kentucky"])
    assert coast["state"] == "refused"
    assert "has not admitted the client" in coast["why"]
    assert set(await same_in_both_logs(two_regions, coast["access_id"])) == {"asked", "failed"}
    why = {"why": "Under review by counsel"}
    (await chief.http.post(f"/v1/mous/{mou['mou_id']}/suspension", json=why)).raise_for_status()


async def test_terms_that_a_sides_law_or_policy_forbids_are_not_taken_there(two_regions: TwoRegions) -> None:
    lieutenant = await two_regions.coast.signer("florence")
    chief = await two_regions.high.signer("barstow")
    asked = terms("barstow", "florence")
    mou = (await lieutenant.http.post("/v1/mous", json=asked)).raise_for_status().json()
    with pytest.raises(httpx.HTTPStatusError) as refused:
        await passed_on(mou, lieutenant, chief)
    (error,) = refused.value.response.json()["errors"]
    assert "lets CA share with none" in error["rule"]


async def test_a_document_is_taken_by_the_key_on_file_alone(two_regions: TwoRegions) -> None:
    lieutenant = await two_regions.coast.signer("florence")
    chief = await two_regions.high.signer("flagstaff")
    document = (await lieutenant.http.get(f"/v1/mous/{two_regions.agreed['mou_id']}/document")).json()
    wider = document | {"statement": document["statement"].replace('"reads"', '"reads","hits"')}
    other_key = document | {"signer": "0" * 64}
    own = (await chief.http.get(f"/v1/mous/{two_regions.agreed['mou_id']}/document")).json()
    for false in (wider, other_key, own):
        answer = await chief.http.post("/v1/mou-documents", json=false)
        assert (answer.status_code, answer.json()["title"]) == (422, "This cannot be agreed"), answer.text
    other = await two_regions.high.signer("barstow")
    assert (await other.http.post("/v1/mou-documents", json=document)).status_code == 422, "it is Flagstaff's"
    assert (await chief.http.post("/v1/mou-documents", json=document)).is_success, "the same again is no harm"


async def test_the_page_names_each_region_and_what_came_of_asking_it(
    two_regions: TwoRegions, detective: Console, page: Page
) -> None:
    await two_regions.coast.gateway.keep_read("florence", plate="REG5")
    url = two_regions.high.gateway.url
    await page.context.add_cookies([{"name": SESSION_COOKIE, "value": detective.token, "url": url}])
    await page.goto(f"{url}/search")
    await page.get_by_label("Stolen or wanted vehicle").check()
    await page.get_by_label("Event number").first.check()
    await page.get_by_label("Event number", exact=True).last.fill("E2600417")
    await page.get_by_label("Plate, or a part of it").fill("REG5")
    await page.get_by_role("button", name="Record and search").click()
    coast = page.get_by_role("region", name="The coast", exact=True)
    await expect(coast).to_contain_text("Has answered with 1 read")
    await expect(coast.locator("tbody tr")).to_contain_text("ask Florence Police Department")
    assert await violations(page) == []


async def test_a_suspension_there_refuses_from_the_next_search_on_and_once_passed_on_nothing_is_asked(
    two_regions: TwoRegions, detective: Console
) -> None:
    lieutenant = await two_regions.coast.signer("florence")
    chief = await two_regions.high.signer("flagstaff")
    await two_regions.coast.gateway.keep_read("florence", plate="REG6")
    mou = two_regions.agreed
    assert len((await searched(detective, "REG6"))[1]["reads"]) == 1
    path, why = f"/v1/mous/{mou['mou_id']}/suspension", {"why": "Under review by counsel"}
    (await lieutenant.http.post(path, json=why)).raise_for_status()
    _, coast = await searched(detective, "REG6")
    assert (coast["state"], coast["reads"]) == ("refused", [])
    assert "is suspended since" in coast["why"]
    assert set(await same_in_both_logs(two_regions, coast["access_id"])) == {"asked", "failed"}
    assert (await passed_on(mou, lieutenant, chief))["state"] == "suspended"
    answer = await detective.http.post("/v1/searches", json=detective.search("REG6"))
    assert answer.raise_for_status().json()["elsewhere"] == []


async def test_a_region_that_is_down_is_told_as_such_and_the_rest_is_answered(
    two_regions: TwoRegions, detective: Console
) -> None:
    own = await two_regions.high.gateway.keep_read("flagstaff", plate="REG7")
    await agree(await two_regions.coast.signer("florence"), await two_regions.high.signer("flagstaff"))
    assert (await searched(detective, "REG7"))[1]["state"] == "answered"
    two_regions.coast.gateway.stopping.set()

    async def is_down() -> bool:
        try:
            async with asking() as http:
                await http.get(f"{two_regions.coast.gateway.url}/livez")
        except httpx.TransportError:
            return True
        return False

    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(is_down)
    found, coast = await searched(detective, "REG7")
    assert [read["id"] for read in found["reads"]] == [str(own.id)]
    assert (coast["state"], coast["why"]) == ("unreachable", "it cannot be reached")
    assert set(await two_regions.high.leaves(coast["access_id"])) == {"asked", "failed"}

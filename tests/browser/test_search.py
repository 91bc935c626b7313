"""Searching in a real browser: a reason before anything, and then what was found, with its place and time."""

from datetime import timedelta

from playwright.async_api import Page, expect
from pydantic import SecretStr

from demo.region_in_a_box import Box
from plateward.contracts.cameras import CameraPlace
from plateward.kernel.clock import now
from plateward.kernel.postgres import DatabaseSettings, database_pool
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.read_store import ReadStore
from tests.browser.test_desk import sign_in
from tests.unit.retention.events import a_read

PLACES = {
    "stockton-pacific": CameraPlace(
        name="Pacific Ave at March Ln", latitude=37.9838, longitude=-121.3119, bearing_deg=350
    ),
    "stockton-el-dorado": CameraPlace(
        name="El Dorado St at Park St", latitude=37.9575, longitude=-121.2916, bearing_deg=0
    ),
}


async def keep_reads(box: Box, plate: str) -> None:
    """Reads of both of Stockton's cameras, without pictures."""
    at = now()
    reads = [
        a_read(
            agency_id="stockton",
            plate=spelt,
            camera_id=camera,
            place=PLACES[camera],
            captured_at=at - timedelta(minutes=minutes),
            expires_on=at.date() + timedelta(days=730),
            state="CA",
        )
        for spelt, camera, minutes in (
            (plate, "stockton-pacific", 5),
            (plate.replace("0", "O"), "stockton-el-dorado", 42),
            (plate, "stockton-el-dorado", 43),
        )
    ]
    settings = DatabaseSettings(dsn=SecretStr(box.machine.dsn("retention")), connections=1)
    async with database_pool(settings, schema="retention") as pool:
        await PartitionStore(pool).ensure("reads", {read.expires_on for read in reads})
        await ReadStore(pool).add(reads)


async def test_a_search_asks_for_its_reason_and_shows_what_it_finds(page: Page, box: Box) -> None:
    await keep_reads(box, "6BRW508")
    await sign_in(page, box, "chen")
    await page.get_by_role("link", name="Search").click()
    await page.get_by_label("Plate, or a part of it").fill("6brw*")
    await page.get_by_role("button", name="Record and search").click()
    await expect(page.get_by_text("choose what the search is for")).to_be_visible()

    await page.get_by_label("Stolen or wanted vehicle").check()
    await page.get_by_label("Department Reference (DR) number").first.check()
    await page.get_by_label("DR number", exact=True).fill("26-99999")
    await page.get_by_label("Short synopsis").first.fill("investigation")
    await page.get_by_role("button", name="Record and search").click()
    await expect(page.get_by_text("says nothing yet")).to_be_visible()

    await page.get_by_label("Short synopsis").first.fill("Carjacking on Charter Way, black sedan fled north")
    await page.get_by_role("button", name="Record and search").click()
    await expect(page.get_by_text("does not know it")).to_be_visible()

    await page.get_by_label("DR number", exact=True).fill("26-19384")
    await page.get_by_role("button", name="Record and search").click()
    await expect(page.get_by_text("Recorded as access")).to_be_visible()
    await expect(page.locator("tbody tr")).to_have_count(3)
    await expect(page.locator(".map circle")).to_have_count(2)
    await expect(page.locator(".times .tick")).to_have_count(3)
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Export").click()
    assert (await downloading.value).suggested_filename.endswith(".csv")

    await page.get_by_role("link", name="Hold as evidence").first.click()
    await page.get_by_label("Case number").fill("26-19384")
    await page.get_by_role("button", name="Put it before a second person").click()
    await expect(page.get_by_text("No hold was asked for.")).to_be_visible()
    await page.get_by_label("What the case needs them for").fill("It puts the sedan at the scene")
    await page.get_by_label("Kept until").fill((now() + timedelta(days=365)).date().isoformat())
    await page.get_by_role("button", name="Put it before a second person").click()
    await expect(page.locator(".requests .waiting")).to_contain_text("Case 26-19384: 1 read until")
    await expect(page.get_by_role("button", name="Agree to this hold")).to_have_count(0)


async def test_a_supervisor_agrees_on_the_page_and_the_question_is_asked_once(page: Page, box: Box) -> None:
    await sign_in(page, box, "chen")
    await page.get_by_role("link", name="Search").click()
    await page.get_by_label("Other use, as a supervisor approves").check()
    await page.get_by_label("Department Reference (DR) number").first.check()
    await page.get_by_label("DR number", exact=True).fill("26-19384")
    await page.get_by_label("Short synopsis").first.fill("Parade route, find the owner of an abandoned trailer")
    await page.get_by_label("Plate, or a part of it").fill("9ZZZ999")
    await page.get_by_role("button", name="Record and search").click()
    await expect(page.get_by_text("A supervisor must agree first")).to_be_visible()
    await page.get_by_role("button", name="Ask a supervisor").click()
    await expect(page.locator(".requests > .waiting")).to_have_count(1)
    await expect(page.get_by_role("button", name="Agree to this search")).to_have_count(0)
    await page.get_by_role("button", name="Sign out").click()

    await sign_in(page, box, "oyelaran")
    await page.get_by_role("link", name="Approvals").click()
    await page.get_by_label("Why you agree, or do not").fill("Agreed with the detective at briefing")
    await page.get_by_role("button", name="Agree to this search").click()
    await expect(page.locator(".requests > .approved")).to_contain_text("Agreed by B. Oyelaran, Lieutenant")
    await page.get_by_role("button", name="Sign out").click()

    await sign_in(page, box, "chen")
    await page.get_by_role("link", name="Approvals").click()
    await page.get_by_role("button", name="Search now, once").click()
    await expect(page.get_by_text("Recorded as access")).to_be_visible()
    await page.get_by_role("link", name="Approvals").click()
    await expect(page.locator(".requests > .used")).to_contain_text("Recorded as access")

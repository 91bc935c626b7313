"""Sharing in a real browser: proposed, signed by both, searched under, and stopped at once."""

from datetime import timedelta

from playwright.async_api import Page, expect
from pydantic import SecretStr

from demo.region_in_a_box import Box
from plateward.kernel.clock import now
from plateward.kernel.postgres import DatabaseSettings, database_pool
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.read_store import ReadStore
from tests.browser.test_desk import sign_in
from tests.unit.retention.events import a_read

PLATE = "4SHR777"


async def keep_a_read(box: Box) -> None:
    """A read of Florence's."""
    at = now()
    read = a_read(agency_id="florence", plate=PLATE, camera_id="florence-101-s", captured_at=at - timedelta(minutes=3))
    settings = DatabaseSettings(dsn=SecretStr(box.machine.dsn("retention")), connections=1)
    async with database_pool(settings, schema="retention") as pool:
        await PartitionStore(pool).ensure("reads", [read.expires_on])
        await ReadStore(pool).add([read])


async def search(page: Page) -> None:
    await page.get_by_role("link", name="Search", exact=True).click()
    await page.get_by_label("Missing person").check()
    await page.get_by_label("Case number").first.check()
    await page.get_by_label("Case number", exact=True).last.fill("K26-1201")
    await page.get_by_label("Plate, or a part of it").fill(PLATE)


async def test_an_agreement_is_signed_by_both_opens_a_search_and_is_stopped_at_once(page: Page, box: Box) -> None:
    await keep_a_read(box)
    await sign_in(page, box, "prather")
    await search(page)
    await expect(page.locator("#breadth")).to_contain_text("Would ask 1 agency and")
    await page.get_by_role("button", name="Record and search").click()
    await expect(page.get_by_text("Recorded as access")).to_be_visible()
    await expect(page.locator("tbody tr")).to_have_count(0)

    await go_to_sharing(page)
    await page.get_by_role("link", name="Propose an agreement").click()
    await page.get_by_label("We may see theirs").check()
    await page.get_by_label("The other agency").select_option("florence")
    await page.get_by_role("group", name="For which purposes?").get_by_label("Missing person").check()
    await page.get_by_label("At most so many days old").fill("14")
    await page.get_by_role("button", name="See what this would open").click()
    await expect(page.locator(".drafted")).to_contain_text("at most 14 days old")
    await page.get_by_role("button", name="Propose it for both to sign").click()
    mou = page.locator(".mous > li").filter(has_text="Not signed yet by")
    await mou.get_by_role("button", name="Sign for").click()
    await expect(page.locator(".mous > .proposed")).to_contain_text("until then it shares nothing")
    await page.get_by_role("button", name="Sign out").click()

    await sign_in(page, box, "duarte")
    await go_to_sharing(page)
    await page.get_by_role("button", name="Sign for Florence").click()
    await expect(page.locator(".mous > .in-force")).to_contain_text("Signed by N. Duarte, Lieutenant")
    await page.get_by_role("button", name="Sign out").click()

    await sign_in(page, box, "prather")
    await search(page)
    await expect(page.locator("#breadth")).to_contain_text("Would ask 2 agencies and")
    await page.get_by_role("button", name="Record and search").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("MOU florence-kentucky-")

    await go_to_sharing(page)
    await page.get_by_text("Stop at once…").click()
    await page.get_by_label("Why").fill("Under review by counsel")
    await page.get_by_role("button", name="Stop sharing under").click()
    await expect(page.locator(".mous > .suspended")).to_contain_text("Stopped")
    await search(page)
    await page.get_by_role("button", name="Record and search").click()
    await expect(page.get_by_text("Recorded as access")).to_be_visible()
    await expect(page.locator("tbody tr")).to_have_count(0)
    await page.get_by_text("Whose reads:").click()
    await expect(page.locator(".owners")).to_contain_text("is suspended since")


async def go_to_sharing(page: Page) -> None:
    office = page.locator(".office summary")
    if await office.count():
        await office.click()
    await page.get_by_role("link", name="Sharing").click()

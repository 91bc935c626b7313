"""In a real browser: an entry that a supervisor approves, and a written request from the letter to handing it over."""

import os
import re

from playwright.async_api import Page, expect

from services.gateway.people import Person
from tests.support.accessibility import violations
from tests.support.gateway_at_work import PASSWORD, GatewayAtWork

pytest_plugins = ["tests.support.gateway"]

AGENCY = "flagstaff"


async def signed_in(page: Page, gateway: GatewayAtWork, person: Person, path: str) -> None:
    """A page as this person sees it, after whoever was there before."""
    await page.context.clear_cookies()
    await page.goto(f"{gateway.url}/login")
    await page.get_by_label("Name").fill(person.username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(lambda url: "/login" not in url)
    await page.goto(f"{gateway.url}{path}")


async def seen(page: Page, name: str) -> None:
    """What is on the page is as readable as the others; with PLATEWARD_SHOTS, pictures of it are kept there."""
    assert await violations(page) == []
    folder = os.environ.get("PLATEWARD_SHOTS")
    if folder:
        for width in (1440, 390):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


async def test_an_entry_waits_for_a_sergeant_and_a_release_for_the_administrator(
    page: Page, gateway: GatewayAtWork
) -> None:
    officer = await gateway.register(AGENCY, "Officer", name="C. Moreno")
    sergeant = await gateway.register(AGENCY, "Sergeant", name="J. Hartley")
    administrator = await gateway.register(AGENCY, "ALPR Administrator", name="S. Renner")
    await gateway.keep_read(AGENCY, plate="AB0123")

    await signed_in(page, gateway, officer, "/hot-list")
    fields = {
        "Plate, or a part of it": "7KXR214",
        "Reason": "Stolen overnight",
        "Case number": "26-1",
        "Requested by": "C. Moreno",
    }
    for label, text in (fields | {"Their contact": "ext. 2214"}).items():
        await page.get_by_label(label, exact=True).first.fill(text)
    await page.get_by_label("Why is it looked for?").select_option("stolen-vehicle")
    await page.get_by_role("button", name="Enter vehicle").click()
    await expect(page.locator(".entries")).to_contain_text("Not in force: it awaits approval")
    await seen(page, "hot-list-awaiting")

    await signed_in(page, gateway, sergeant, "/hot-list/requests")
    await expect(page.locator(".requests > .waiting")).to_contain_text("C. Moreno, Officer, asks to look for 7KXR214")
    await seen(page, "entries-to-approve")
    await page.get_by_role("button", name="Refuse").click()
    await expect(page.get_by_role("alert")).to_contain_text("a refusal says why")
    await page.get_by_role("button", name="Approve 7KXR214").click()
    await expect(page.locator(".requests > .approved")).to_contain_text("Approved by J. Hartley, Sergeant")
    await page.goto(f"{gateway.url}/hot-list")
    await expect(page.locator(".entries")).to_contain_text("approved by J. Hartley, Sergeant")

    await signed_in(page, gateway, officer, "/releases")
    await page.get_by_role("button", name="Take the request").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_label("Who asks?").select_option("court-order")
    taken = {"Person": "T. Begay", "Court’s order or law": "CR-2026-118", "Where the written request": "File 7"}
    for label, text in taken.items():
        await page.get_by_label(label).fill(text)
    await page.get_by_label("Plate").fill("AB0123")
    await page.get_by_role("button", name="Take the request").click()
    await expect(page.locator(".requests > .waiting")).to_contain_text("forwarded to")

    await signed_in(page, gateway, administrator, "/releases")
    await page.get_by_label("Why you approve, or do not").fill("Ordered by the Superior Court")
    await seen(page, "release-to-decide")
    await page.get_by_role("button", name="Approve this release").click()
    await expect(page.locator(".requests > .waiting")).to_contain_text("Approved by S. Renner")

    console = await gateway.sign_in(officer)
    search = (await console.http.post("/v1/searches", json=console.search())).raise_for_status().json()
    await signed_in(page, gateway, officer, "/releases")
    await page.get_by_label("Number of your search").fill(search["search_id"])
    await page.get_by_role("button", name="Pack what it finds").click()
    await expect(page.locator(".requests")).to_contain_text("1 read packed by C. Moreno")

    await signed_in(page, gateway, administrator, "/releases")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download the signed package").click()
    assert re.fullmatch(r"release-\d{4}-\d{4}\.zip", (await download.value).suggested_filename)
    await page.get_by_label("How").fill("in person")
    await page.get_by_role("button", name="It is handed over").click()
    await expect(page.locator(".requests")).to_contain_text("Given to T. Begay (in person) by S. Renner")
    await seen(page, "release-done")

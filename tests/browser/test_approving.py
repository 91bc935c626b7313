"""In a real browser: an entry that a supervisor approves, and a written request from the letter to handing it over."""

import re

from playwright.async_api import Page, expect

from tests.support.gateway_at_work import GatewayAtWork
from tests.support.seeing import seen, signed_in

pytest_plugins = ["tests.support.gateway"]

AGENCY = "flagstaff"


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
    await signed_in(page, gateway, officer, "/releases")
    await expect(page.locator(".requests > .waiting")).to_contain_text("You have made no search")
    for plate in ("AB0123", "OTHER1"):
        (await console.http.post("/v1/searches", json=console.search(plate))).raise_for_status()
    await page.reload()
    choice = page.get_by_label("Your search that finds it")
    await expect(choice.locator("option:checked")).to_contain_text("AB0123")
    await seen(page, "release-to-pack")
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

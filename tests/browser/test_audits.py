"""An audit and a report in a real browser, on a real line with the access log behind it."""

import httpx
import msgspec
from playwright.async_api import Page, expect

from demo.region_in_a_box import Box
from tests.browser.test_desk import sign_in
from tests.support.accessibility import violations
from tests.support.gateway_at_work import ACCEPTED

SEARCHES = 3
PATIENCE_MS = 60_000


async def search(box: Box, username: str) -> None:
    """A few searches by this person."""
    async with httpx.AsyncClient(base_url=box.machine.url("gateway"), timeout=30) as http:
        answer = await http.post("/v1/sessions", json={"username": username, "password": box.password})
        http.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"
        values = {"dr_number": "26-19384", "synopsis": "Carjacking on Charter Way, black sedan fled north"}
        reason = msgspec.to_builtins(ACCEPTED["stockton"]) | {"values": values}
        for number in range(SEARCHES):
            asked = {
                "plate": f"6AUD{number:03}",
                "captured_from": "2026-01-01T00:00:00Z",
                "captured_until": "2026-01-02T00:00:00Z",
                "reason": reason,
            }
            (await http.post("/v1/searches", json=asked)).raise_for_status()


async def test_an_audit_is_done_and_the_month_is_reported(page: Page, box: Box) -> None:
    await search(box, "chen")
    await sign_in(page, box, "oyelaran")
    await page.goto(f"{box.machine.url('gateway')}/audits")
    await expect(page.get_by_text("The next audit is due")).to_be_visible(timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Open an audit").click()
    waiting = page.get_by_role("link", name="Look again")
    inquiries = page.locator(".inquiries > li")
    if await waiting.count():
        # The log of a region in a box is signed every half minute; the page says so, and is asked again.
        async with httpx.AsyncClient() as http:
            await http.post(f"{box.machine.url('audit')}/checkpoint")
        await waiting.click()
    await expect(inquiries.first).to_be_visible(timeout=PATIENCE_MS)
    assert await violations(page) == []
    count = await inquiries.count()
    assert count >= SEARCHES

    first = inquiries.first
    await first.get_by_role("radio", name="Violation").check()
    await first.get_by_role("button", name="Write it down").click()
    await expect(page.get_by_text("must say in 10 characters")).to_be_visible(timeout=PATIENCE_MS)
    for place in range(count):
        inquiry = inquiries.nth(place)
        if await inquiry.get_by_text("This inquiry is your own").count():
            continue
        await inquiry.get_by_role("radio", name="Within the policy").check()
        if place == 0:
            await inquiry.get_by_label("Data errors").fill("DR number transposed")
        await inquiry.get_by_role("button", name="Write it down").click()
        await expect(inquiry.locator(".verdict")).to_be_visible(timeout=PATIENCE_MS)
    await page.get_by_label("Your report in a few sentences").fill("All was in order but one number.")
    await page.get_by_role("button", name="Close and write the memorandum").click()
    await expect(page.get_by_role("link", name="The memorandum as PDF")).to_be_visible(timeout=PATIENCE_MS)

    await page.goto(f"{box.machine.url('gateway')}/reports")
    await page.get_by_role("link", name="How this month stands").click()
    await expect(page.get_by_role("heading", name="Searches by purpose")).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.get_by_text("Dispositions of hits").first).to_be_visible(timeout=PATIENCE_MS)
    assert await violations(page) == []
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="PDF").click()
    assert (await downloading.value).suggested_filename.endswith(".pdf")

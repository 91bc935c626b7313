"""The page of cameras in a real browser: an officer reports damage, and it stands at the top."""

from playwright.async_api import Page, expect

from demo.region_in_a_box import Box
from tests.browser.test_desk import sign_in


async def test_damage_reported_on_the_page_comes_first_and_an_inspection_ends_it(page: Page, box: Box) -> None:
    await sign_in(page, box, "chen")
    await page.get_by_role("link", name="Cameras").click()
    row = page.locator("#camera-stockton-pacific")
    await row.get_by_text("Report damage…").click()
    await row.get_by_label("What is damaged?").fill("Lens cracked")
    await row.get_by_role("button", name="Report stockton-pacific").click()

    first = page.locator(".cameras > li").first
    await expect(first).to_contain_text("Faulty")
    await expect(first).to_contain_text("Reported by W. Chen, Detective: Lens cracked")

    await first.get_by_text("Inspection…").click()
    await first.get_by_role("button", name="Record inspection").click()
    await expect(row).to_contain_text("Working")
    await expect(page.locator("main")).not_to_contain_text("Lens cracked")

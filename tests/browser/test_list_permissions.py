"""In a real browser: a list is allowed to leave and no longer, and a compiled list is defined, approved and ended."""

from playwright.async_api import Page, expect

from tests.support.gateway_at_work import GatewayAtWork
from tests.support.seeing import seen, signed_in

pytest_plugins = ["tests.support.gateway"]

AGENCY = "stockton"


async def test_a_lieutenant_says_which_lists_leave_and_approves_what_is_compiled(
    page: Page, gateway: GatewayAtWork
) -> None:
    detective = await gateway.register(AGENCY, "Detective", name="C. Moreno")
    lieutenant = await gateway.register(AGENCY, "Lieutenant", name="J. Hartley")

    await signed_in(page, gateway, lieutenant, "/hot-list/sharing")
    department = page.locator("#list-department")
    await expect(department).to_contain_text("Nobody has allowed that it is shared")
    await department.locator("summary").press("Enter")
    await department.get_by_role("button").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("says why")
    await department.get_by_label("Why it may be shared").fill("Task force of the county")
    await page.keyboard.press("Enter")
    await expect(department).to_contain_text("J. Hartley, Lieutenant, allowed that it is shared")
    await seen(page, "lists-that-leave")
    await department.locator("summary").press("Enter")
    await department.get_by_label("Why it is to stay here").fill("The task force is over")
    await department.get_by_role("button", name="Share department no more").press("Enter")
    await expect(department).to_contain_text("Stays here")

    await signed_in(page, gateway, detective, "/lists")
    await page.get_by_role("link", name="compiled lists").press("Enter")
    await page.wait_for_url("**/hot-list/compiled")
    await page.get_by_role("button", name="Put it before").press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await seen(page, "compiled-refused")
    fields = {"What it is called": "Seen on El Dorado", "Case number": "26-19455", "Contact": "209-555-0177"}
    for label, text in (fields | {"So many times or more": "2", "Colour optional": "red"}).items():
        await page.get_by_label(label).fill(text)
    await page.get_by_label("Its vehicles are listed as").select_option("other")
    await page.get_by_label("department").check()
    await page.get_by_role("button", name="Put it before").press("Enter")
    words = "stand on the list department, and cameras have read 2 times or more in the last 24 h, described as red"
    await expect(page.locator(".requests > .waiting")).to_contain_text(words)

    await signed_in(page, gateway, lieutenant, "/hot-list/compiled")
    listed = page.locator(".requests > li").first
    await listed.get_by_role("button", name="Refuse").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("says why")
    await listed.get_by_label("Why you approve it, or do not").fill("Vehicles of the El Dorado series")
    await seen(page, "compiled-to-approve")
    await listed.get_by_role("button", name="Approve Seen on El Dorado").press("Enter")
    await expect(listed).to_contain_text("Approved by J. Hartley, Lieutenant")
    await listed.get_by_label("Why it ends").fill("The series is solved")
    await listed.get_by_role("button", name="End Seen on El Dorado").press("Enter")
    await expect(listed).to_contain_text("its entries are gone")

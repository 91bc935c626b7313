"""The page of lists in a real browser: a file is brought, a smaller one waits, and is taken."""

from playwright.async_api import FilePayload, Page, expect

from demo.region_in_a_box import Box
from tests.browser.test_desk import sign_in
from tests.support.accessibility import violations


def a_file(*plates: str) -> FilePayload:
    text = "plate,category\n" + "".join(f"{plate},stolen-vehicle\n" for plate in plates) + "nothing\n"
    return {"name": "mvd.csv", "mimeType": "text/csv", "buffer": text.encode()}


async def bring(page: Page, file: FilePayload) -> None:
    row = page.locator("#list-mvd")
    await row.get_by_text("Bring a file…").click()
    await row.get_by_label("MVD, written as CSV").set_input_files(file)
    await row.get_by_role("button", name="Replace MVD").click()


async def test_a_list_is_replaced_and_a_file_that_halves_it_waits_for_a_decision(page: Page, box: Box) -> None:
    await sign_in(page, box, "yazzie")
    await page.get_by_text("Office", exact=True).click()
    await page.get_by_role("link", name="Lists").click()
    row = page.locator("#list-mvd")
    await expect(row).to_contain_text("Never loaded")
    await bring(page, a_file("7MVD001", "7MVD002", "7MVD003"))
    await expect(row).to_contain_text("In force")
    await expect(row).to_contain_text("3 entries, version 1")
    await row.get_by_text("1 line was rejected").click()
    await expect(row.get_by_role("table")).to_contain_text("has fewer columns than the headings")

    await bring(page, a_file("7MVD001"))
    await expect(row).to_contain_text("waits for a decision, because it would shrink the list from 3 entries to 1")
    await expect(row).to_contain_text("3 entries, version 1")
    await row.get_by_role("button", name="Take this file").click()
    await expect(row.get_by_role("alert")).to_contain_text("needs at least 10 characters")
    assert await violations(page) == []
    await row.get_by_label("Why you take it, or do not").fill("The division has recovered two vehicles")
    await row.get_by_role("button", name="Take this file").click()
    await expect(row).to_contain_text("1 entry, version 2")

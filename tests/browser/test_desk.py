"""The desk in a real browser, on a real line: a frame goes in at the camera and the hit comes up on the page."""

from playwright.async_api import Page, expect

from demo.region import DemoEntry, Region
from demo.region_in_a_box import Box
from demo.shots import demo_traffic

PATIENCE_MS = 60_000


def dispatcher_of(region: Region, entry: DemoEntry) -> str:
    agency = region.agency_of(entry.by)
    return next(person.username for person in region.dispatchers() if person.agency == agency)


async def sign_in(page: Page, box: Box, username: str) -> None:
    await page.goto(f"{box.machine.url('gateway')}/login")
    await page.get_by_label("Name").fill(username)
    await page.get_by_label("Password").fill(box.password)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/desk")


async def test_a_hit_arrives_on_the_desk_with_its_pictures(page: Page, box: Box, region: Region) -> None:
    shot = next(shot for shot in demo_traffic(region, 3, seed=31) if shot.listed is not None)
    assert shot.listed is not None
    await sign_in(page, box, dispatcher_of(region, shot.listed))
    rows = page.locator("#waiting li", has_text=shot.listed.plate)
    before = await rows.count()

    await box.player.send(shot)

    await expect(rows).to_have_count(before + 1, timeout=PATIENCE_MS)
    await rows.first.click()
    shown = page.locator("article.hit:visible")
    await expect(shown).to_contain_text(shot.listed.case_number)
    await expect(shown).to_contain_text(shot.listed.reason)
    plate = shown.get_by_alt_text("Picture of the plate")
    await expect(plate).to_be_visible()
    assert await plate.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    listed = await shown.locator(".cells b").all_inner_texts()
    assert "".join(listed) == shot.listed.plate


async def test_an_agency_sees_no_hit_of_another(page: Page, box: Box, region: Region) -> None:
    theirs = next(shot for shot in demo_traffic(region, 3, seed=57) if shot.listed is not None)
    assert theirs.listed is not None
    agency = region.agency_of(theirs.listed.by)
    stranger = next(person for person in region.dispatchers() if person.agency != agency)
    await sign_in(page, box, stranger.username)

    await box.player.send(theirs)
    assert await box.noticing.until(box.tally.complete, 60.0)

    await page.reload()
    await expect(page.locator("body")).to_contain_text(stranger.name)
    assert theirs.listed.case_number not in await page.content()

"""In a browser: who is at it, and what they see, held to be readable and kept as pictures for people."""

import os

from playwright.async_api import Page

from services.gateway.people import Person
from tests.support.accessibility import violations
from tests.support.gateway_at_work import PASSWORD, GatewayAtWork


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
        for scheme, width in (("light", 1440), ("dark", 1440), ("light", 390)):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.set_viewport_size({"width": width, "height": 900})
            await page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)

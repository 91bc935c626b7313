"""Pages can be read and used by everybody: by axe-core's rules, by keyboard alone, and over a slow line."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Response, expect

from plateward.embedded.readiness import poll_until
from services.gateway.adapters.callers import SESSION_COOKIE
from tests.support.accessibility import OF_COLOURS, violations
from tests.support.browser import opened_page
from tests.support.doors import table
from tests.support.gateway_at_work import PASSWORD, PATIENCE_SECONDS, GatewayAtWork
from tests.support.things import things_of

pytest_plugins = ["tests.support.gateway"]

PAGE_BYTES_MAX = 200_000
"""What a page may weigh with its styles and scripts, and without pictures."""

AGENCY = "flagstaff"

PAGES = [
    door.path
    for door in table()
    if door.is_page
    and door.method == "GET"
    and door.path != "/"
    and not door.path.endswith((".pdf", ".csv", "/package", "/document"))
]


@pytest.fixture(scope="module")
async def things(gateway: GatewayAtWork) -> dict[str, str]:
    """What there is to see."""
    made = dict(await things_of(gateway, AGENCY))
    for _ in range(2):
        await gateway.keep_hit(AGENCY)
    return made


@pytest.fixture(scope="module")
async def session(gateway: GatewayAtWork) -> str:
    """The session of a chief, who signs in once: that people do so by keyboard is a test of its own."""
    return (await gateway.sign_in(await gateway.register(AGENCY, "Police Chief"))).token


@pytest.fixture(scope="module")
async def one_page(browser: Browser) -> AsyncIterator[Page]:
    """A page that goes from one of ours to the next."""
    async with opened_page(browser) as page:
        yield page


@pytest.fixture
async def chiefs_page(one_page: Page, gateway: GatewayAtWork, session: str) -> Page:
    """That page in the browser of that chief, whatever became of the session before."""
    await one_page.goto("about:blank")  # what the page before still asks for is none of the next one's weight
    await one_page.context.clear_cookies()
    await one_page.context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": gateway.url}])
    return one_page


async def signed_in(page: Page, gateway: GatewayAtWork, title: str) -> None:
    """Signs in by keyboard alone."""
    person = await gateway.register(AGENCY, title)
    await page.goto(f"{gateway.url}/login")
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type(person.username)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_light_and_axe_finds_nothing_wrong_with_it_by_day_and_by_night(
    chiefs_page: Page, gateway: GatewayAtWork, things: dict[str, str], path: str
) -> None:
    responses: list[Response] = []

    def note(response: Response) -> None:
        responses.append(response)

    chiefs_page.on("response", note)
    await chiefs_page.emulate_media(color_scheme="light", reduced_motion="reduce")
    await chiefs_page.goto(gateway.url + path.format_map(things), wait_until="load")
    weights = [len(await response.body()) for response in responses if response.ok and not is_apart(response)]
    chiefs_page.remove_listener("response", note)
    assert 0 < sum(weights) < PAGE_BYTES_MAX, (path, sum(weights))
    if path.startswith("/desk/hits/"):  # the desk puts it into itself
        await chiefs_page.goto(f"{gateway.url}/desk")
    assert await violations(chiefs_page) == []
    await chiefs_page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert await violations(chiefs_page, rules=OF_COLOURS) == []


async def test_a_refused_form_and_a_result_are_as_readable(
    page: Page, gateway: GatewayAtWork, things: dict[str, str]
) -> None:
    await signed_in(page, gateway, "Detective")
    await page.goto(f"{gateway.url}/hot-list")
    await page.get_by_role("button", name="Enter vehicle").press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await violations(page) == []


def is_apart(response: Response) -> bool:
    """Whether it is no part of the page: a camera's picture, or the stream of hits."""
    return response.headers.get("content-type", "").startswith(("image/jpeg", "text/event-stream"))


async def test_the_pages_are_reached_and_used_by_keyboard(
    page: Page, gateway: GatewayAtWork, things: dict[str, str]
) -> None:
    await signed_in(page, gateway, "Detective")
    waiting = page.locator("#waiting li")
    count = await waiting.count()
    assert count >= 2
    shown = page.locator("article.hit:visible")
    first = await shown.get_attribute("id")
    await page.keyboard.press("j")
    await expect(shown).not_to_have_id(first or "")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(lambda: acknowledged(page, count - 1))

    await reached(page, "Search")
    await page.wait_for_url("**/search")
    await focus(page, "input[name=purpose]")
    await page.keyboard.press("Space")
    await focus(page, "input[name=form]")
    await page.keyboard.press("Space")
    await focus(page, "input[name=plate]")
    await page.keyboard.type("AB0123")
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_contain_text("Nothing was searched")

    await reached(page, "Hot list")
    await page.wait_for_url("**/hot-list")
    await focus(page, "#plate")
    await page.keyboard.type("7KXR214")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await reached(page, "Cameras")
    await page.wait_for_url("**/cameras")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def acknowledged(page: Page, left: int) -> bool:
    """Presses the key, which the desk does not take from who cannot have seen the hit yet; whether so many are left."""
    await page.keyboard.press("a")
    return await page.locator("#waiting li").count() == left


async def reached(page: Page, name: str) -> None:
    """Goes to a page of the masthead by Tab and Enter."""
    await page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    await page.locator("a.skip").focus()
    await focus(page, f"nav a:text-is('{name}')")
    await page.keyboard.press("Enter")


async def focus(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus; fails when it never comes to it."""
    wanted = page.locator(selector).first
    for _ in range(120):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {selector}")

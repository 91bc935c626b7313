"""Overseeing the own use in a real browser: alarms closed, the health of the line, and what everybody may read."""

import uuid

from playwright.async_api import Page, expect

from tests.support.gateway_at_work import PASSWORD, GatewayAtWork
from tests.support.things import PLACEMENT

pytest_plugins = ["tests.support.gateway"]


async def test_an_alarm_closed_as_a_violation_stops_its_person(page: Page, gateway: GatewayAtWork) -> None:
    person, chief = await gateway.register("flagstaff"), await gateway.register("flagstaff", "Police Chief")
    number = uuid.uuid4()
    await gateway.administrator.execute(
        "INSERT INTO audit.misuse_alarms (id, matter, kind, agency_id, person_id, at, says, evidence, records)"
        " VALUES ($1, $1, 'repeat_target', 'flagstaff', $2, now(), 'one plate on 8 days, under 3 cases', '{}', '{}')",
        *(number, str(person.id)),
    )
    await sign_in(page, gateway, chief.username)
    await page.goto(f"{gateway.url}/alarms")
    await page.locator(f'a[href="/alarms/{number}"]').click()
    await page.get_by_role("button", name="Close the alarm").click()
    await expect(page.get_by_role("alert")).to_contain_text("The alarm is still open.")
    await page.get_by_label("A violation: the person is suspended until retrained").check()
    await page.get_by_label("What you looked into, and what you found").fill("It is the plate of a former partner")
    await page.get_by_role("button", name="Close the alarm").click()
    await expect(page.locator(".notice")).to_contain_text("It is the plate of a former partner")

    await page.get_by_role("button", name="Sign out").click()
    await sign_in(page, gateway, person.username)
    await page.goto(f"{gateway.url}/search")
    await expect(page.locator("main")).to_contain_text("Suspended since")


async def test_what_is_wrong_stands_first_on_the_page_of_health(page: Page, gateway: GatewayAtWork) -> None:
    chief = await gateway.sign_in(await gateway.register("flagstaff", "Police Chief"))
    camera = f"flagstaff-{uuid.uuid4()}"
    placed = {"camera_id": camera, "kind": "fixed", "placement": PLACEMENT}
    (await chief.http.post("/v1/cameras", json=placed)).raise_for_status()
    broken = await chief.http.post(f"/v1/cameras/{camera}/faults", json={"statement": "Mast bent by the wind"})
    broken.raise_for_status()
    await sign_in(page, gateway, chief.person.username)
    await page.goto(f"{gateway.url}/health")
    red = page.locator(".lights > .wrong")
    await expect(red.filter(has_text=camera)).to_contain_text("Mast bent by the wind")
    states = await page.locator(".lights .state").all_inner_texts()
    assert states == sorted(states, key=["Wrong", "Not known", "Right"].index)


async def test_the_use_of_an_agency_is_read_without_signing_in(page: Page, gateway: GatewayAtWork) -> None:
    await page.goto(f"{gateway.url}/login")
    await page.get_by_role("link", name="How the agencies use this system").click()
    await page.get_by_role("link", name="Florence Police Department").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Florence Police Department")
    await expect(page.locator("main")).to_contain_text("Computed at")
    await expect(page.locator("main")).to_contain_text("How long reads are kept")


async def sign_in(page: Page, gateway: GatewayAtWork, username: str) -> None:
    await page.goto(f"{gateway.url}/login")
    await page.get_by_label("Name").fill(username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()

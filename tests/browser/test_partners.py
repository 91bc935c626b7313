"""In a real browser: a partner's program is registered, asks, is admitted by another agency, and is stopped at once."""

import pytest
from playwright.async_api import Page, expect

from plateward.client import PartnerClient, TokenRefused, asking
from plateward.contracts.partners import OwnersPartDecided
from tests.support.gateway_at_work import POLICIES, GatewayAtWork
from tests.support.partners import NO_PATIENCE, STOLEN, about, agreed_with, an_asker, ed25519_key
from tests.support.seeing import seen, signed_in

pytest_plugins = ["tests.support.gateway"]


async def part_of(client: PartnerClient, owner: str) -> OwnersPartDecided:
    """What is decided about this owner's reads now."""
    question = about("BRW1")
    answer = await client.ask(asking(an_asker(), question, STOLEN, [owner]), question)
    return answer.parts[0]


async def test_a_program_is_registered_admitted_and_stopped(page: Page, gateway: GatewayAtWork) -> None:
    for owner in ("stockton", "florence"):
        await agreed_with(gateway, owner, "ashgrove")
    people = [
        await gateway.register(agency, POLICIES[agency].sharing.signers[0], name="N. Duarte")
        for agency in ("stockton", "florence")
    ]
    key = ed25519_key()
    await signed_in(page, gateway, people[0], "/partners")
    await page.get_by_label("The partner").select_option("ashgrove")
    await page.get_by_label("Its public key").fill("not a key")
    await page.get_by_role("button", name="Register and admit it").click()
    await expect(page.locator("#error-keys")).to_contain_text("64 hexadecimal digits")
    await page.get_by_label("Its public key").fill(f'{{"kty": "OKP", "crv": "Ed25519", "x": "{key.public["x"]}"}}')
    await page.get_by_label("What it is").fill("Records system, K. Ito, ext. 12")
    await page.get_by_role("button", name="Register and admit it").click()
    program = page.locator(".mous > li")
    await expect(program).to_contain_text("It may search reads, as far as an agreement grants it, of Stockton")
    client_id = await program.get_attribute("id")
    assert client_id is not None
    await seen(page, "partners")

    audience = gateway.settings.origin
    async with PartnerClient(gateway.url, client_id, key, audience=audience, patience=NO_PATIENCE) as client:
        assert (await part_of(client, "stockton")).granted
        assert not (await part_of(client, "florence")).granted
        await signed_in(page, gateway, people[1], "/partners")
        await expect(program.locator(".state")).to_have_text("Not admitted")
        await program.get_by_role("button", name="Admit it for Florence").click()
        await expect(program.locator(".state")).to_have_text("Admitted")
        assert (await part_of(client, "florence")).granted
        await page.get_by_text("Stop it for Florence").click()
        await page.get_by_label("Why").fill("short")
        await page.get_by_role("button", name="Stop it at once").click()
        await expect(page.get_by_role("alert")).to_contain_text("needs at least 10 characters")
        await page.get_by_text("Stop it for Florence").click()
        await page.get_by_label("Why").fill("Under review by counsel")
        await page.get_by_role("button", name="Stop it at once").click()
        await expect(program).to_contain_text("Under review by counsel")
        assert not (await part_of(client, "florence")).granted

        await signed_in(page, gateway, people[0], "/partners")
        await page.get_by_text("End it for everybody").click()
        await page.get_by_label("Why").last.fill("Its key was on a lost laptop")
        await page.get_by_role("button", name="End it for good").click()
        await expect(program.locator(".state")).to_have_text("Ended")
        with pytest.raises(TokenRefused, match="has been ended"):
            await part_of(client, "stockton")
    await seen(page, "partners-ended")

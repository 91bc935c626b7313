"""Making an account one's own, and signing in by authenticator and by passkey, in a real browser."""

import base64
import re
import time

import pytest
from playwright.async_api import Page, expect
from pydantic import SecretStr

from services.gateway.accounts import new_invitation
from services.gateway.settings import GatewaySettings
from services.gateway.totp import STEP_SECONDS, code_at
from tests.support.gateway_at_work import PASSWORD, GatewayAtWork
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

NEW_PASSWORD = "grey saloon without lights"


@pytest.fixture(scope="module")
def gateway_settings(gateway_settings: GatewaySettings) -> GatewaySettings:
    """A gateway that asks for a second factor; passkeys need a name for the host."""
    changes = {
        "second_factor": "required",
        "seal_key": SecretStr(bytes(range(32)).hex()),
        "origin": f"http://localhost:{gateway_settings.http.port}",
    }
    return gateway_settings.model_copy(update=changes)


async def invited(gateway: GatewayAtWork) -> tuple[str, str]:
    """A dispatcher's account that nobody has opened yet: the log-in name and the invitation."""
    person = await gateway.register("florence", "Dispatcher")
    invitation, secret = new_invitation()
    await gateway.administrator.execute(
        "UPDATE people SET password_hash = NULL, invitation_sha256 = $2, invited_until = now() + interval '1 hour'"
        " WHERE id = $1",
        *(person.id, secret),
    )
    return person.username, invitation


async def open_account(page: Page, gateway: GatewayAtWork) -> str:
    """Accepts an invitation, up to the second factor."""
    username, invitation = await invited(gateway)
    await page.goto(f"{gateway.settings.origin}/login")
    await page.get_by_role("link", name="I have an invitation").click()
    await page.get_by_label("Name").fill(username)
    await page.get_by_label("Invitation").fill(invitation.lower())
    await page.get_by_label("New password").fill(NEW_PASSWORD)
    await page.get_by_label("The same again").fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Set up the second factor")
    return username


async def sign_in(page: Page, gateway: GatewayAtWork, username: str, password: str = NEW_PASSWORD) -> None:
    await page.goto(f"{gateway.settings.origin}/login")
    await page.get_by_label("Name").fill(username)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def with_authenticator(page: Page) -> None:
    """A passkey's holder, in the browser itself."""
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("WebAuthn.enable")
    holder = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": holder})


def this_step() -> int:
    """The step of 30 seconds that authenticators show the code of."""
    return int(time.time()) // STEP_SECONDS


def is_good(secret: bytes, code: str) -> bool:
    return code in {code_at(secret, this_step() + off) for off in range(-1, 3)}


async def ways(access_tape: TopicTape) -> list[str]:
    """By what people have signed in, as it is on record."""
    return [one.query["by"] for one in await access_tape.sign_ins() if one.phase == "asked"]


async def test_an_authenticator_is_set_up_once_and_each_code_is_good_once(
    page: Page, gateway: GatewayAtWork, access_tape: TopicTape
) -> None:
    username = await open_account(page, gateway)
    await expect(page.get_by_alt_text("as a QR code")).to_be_visible()
    typed = re.sub(r"\s", "", await page.locator(".secret").inner_text())
    secret = base64.b32decode(typed)
    wrong = next(one for one in ("000000", "111111", "222222", "333333") if not is_good(secret, one))
    await page.get_by_label("Code").fill(wrong)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert").first).to_contain_text("the code is not right")
    assert re.sub(r"\s", "", await page.locator(".secret").inner_text()) == typed
    code = code_at(secret, this_step())
    await page.get_by_label("Code").fill(code)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/desk")

    await page.get_by_role("button", name="Sign out").click()
    await sign_in(page, gateway, username)
    await page.get_by_label("Code").fill(code)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert").first).to_contain_text("was used before")
    # The step after this one is accepted already, since clocks may differ: no need to wait for it.
    await page.get_by_label("Code").fill(code_at(secret, this_step() + 1))
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/desk")
    assert await ways(access_tape) == ["code", "code"], "a half sign-in, and one that is refused, is none"


async def test_a_passkey_is_made_and_used(page: Page, gateway: GatewayAtWork, access_tape: TopicTape) -> None:
    await with_authenticator(page)
    username = await open_account(page, gateway)
    await page.get_by_role("button", name="Make a passkey").click()
    await page.wait_for_url("**/desk")
    kept = "SELECT sign_count FROM passkeys k JOIN people p ON p.id = k.person_id WHERE p.username = $1"
    made_at = await gateway.administrator.fetchval(kept, username)

    await page.get_by_role("button", name="Sign out").click()
    await sign_in(page, gateway, username)
    await expect(page.get_by_label("Code")).to_have_count(0)
    await page.get_by_role("button", name="Use the passkey").click()
    await page.wait_for_url("**/desk")
    assert await gateway.administrator.fetchval(kept, username) > made_at
    assert await ways(access_tape) == ["passkey", "passkey"]


async def test_a_passkey_of_another_account_opens_nothing(page: Page, gateway: GatewayAtWork) -> None:
    await with_authenticator(page)
    username = await open_account(page, gateway)
    await page.get_by_role("button", name="Make a passkey").click()
    await page.wait_for_url("**/desk")
    await gateway.administrator.execute(
        "UPDATE passkeys SET public_key = (SELECT public_key FROM passkeys k WHERE k.credential_id <>"
        " passkeys.credential_id LIMIT 1) WHERE person_id = (SELECT id FROM people WHERE username = $1)",
        username,
    )
    await page.get_by_role("button", name="Sign out").click()
    await sign_in(page, gateway, username)
    await page.get_by_role("button", name="Use the passkey").click()
    await expect(page.get_by_role("alert").first).to_contain_text("the passkey is not one of this account")


async def test_a_password_alone_opens_nothing(page: Page, gateway: GatewayAtWork) -> None:
    person = await gateway.register("florence", "Dispatcher")
    await sign_in(page, gateway, person.username, PASSWORD)
    await expect(page.get_by_role("alert")).to_contain_text("no second factor is set up")
    await page.goto(f"{gateway.settings.origin}/login/second")
    await expect(page).to_have_url(re.compile("/login$"))
    answer = await page.request.post(
        f"{gateway.settings.origin}/v1/sessions", data={"username": person.username, "password": PASSWORD}
    )
    assert answer.status == 401

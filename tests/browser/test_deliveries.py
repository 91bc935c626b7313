"""The page of deliveries in a real browser: what left for whom, what failed and why, and one sent again."""

import uuid
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Page, expect
from pydantic import SecretStr

from plateward.contracts.hits import HitRaised
from plateward.kernel.clock import now
from services.gateway.adapters.sealing import SealKey
from services.gateway.adapters.stores.subscriptions import PostgresSubscriptions
from services.gateway.settings import GatewaySettings
from services.gateway.shared_hits.delivery import State, delivery_id
from services.gateway.shared_hits.signing import new_secret
from tests.support.accessibility import violations
from tests.support.gateway_at_work import PASSWORD, GatewayAtWork
from tests.support.partners import agreed_with, keeper_of, registered
from tests.support.receivers import authority, receiving

pytest_plugins = ["tests.support.gateway"]

OWNER, PARTNER = "stockton", "ashgrove"
SEAL = bytes(range(32)).hex()


@pytest.fixture(scope="module")
def gateway_settings(gateway_settings: GatewaySettings) -> GatewaySettings:
    told = {"seal_key": SecretStr(SEAL), "webhook_hosts_within": ("localhost",), "webhook_authorities": authority()}
    return gateway_settings.model_copy(update=told)


async def test_what_was_given_up_is_seen_with_its_tries_and_sent_again(page: Page, gateway: GatewayAtWork) -> None:
    keeper = await keeper_of(gateway, OWNER)
    await agreed_with(gateway, OWNER, PARTNER, data_kinds=("hits", "lists"), list_ids=("department",))
    machine = await registered(gateway, keeper, PARTNER, scopes=("hits.subscribe",))
    async with receiving() as receiver:
        hits = [await gateway.keep_hit(OWNER, PARTNER) for _ in range(4)]
        made = await PostgresSubscriptions(gateway.administrator, SealKey(SEAL)).add(
            machine.client_id, PARTNER, receiver.url, new_secret(), now()
        )
        assert made is not None
        book = Book(gateway, made.id, machine.client_id)
        await book.write(hits[0], "delivered", "", 1)
        await book.write(hits[1], "withheld", "no agreement with stockton in force shares this camera's hits", 0)
        await book.write(hits[2], "superseded", "the hit was seen once more, and is told anew", 0)
        given_up = await book.write(hits[3], "given-up", "answered 400", 10)

        await sign_in(page, gateway, keeper.person.username)
        await page.goto(f"{gateway.url}/partners/deliveries")
        for state in ("Delivered", "Withheld", "Told anew", "Given up"):
            await expect(page.locator(".deliveries .state", has_text=state)).to_have_count(1)
        await expect(page.locator("main")).not_to_contain_text(hits[0].read.plate)
        row = page.locator(f"#delivery-{given_up}")
        await row.get_by_text("10 tries").click()
        await expect(row.locator(".tries li")).to_have_count(10)
        assert await violations(page) == []

        await page.get_by_role("link", name="Given up").click()
        await expect(page.locator(".deliveries > li")).to_have_count(1)
        await row.get_by_role("button", name="Send again").click()
        [got] = await receiver.until(1)
        assert got.message == str(given_up)
        await page.goto(f"{gateway.url}/partners/deliveries")
        await expect(row).to_contain_text("Sent again by D. Okafor")


class Book:
    """What stands on the page, as days of deliveries would have left it."""

    def __init__(self, gateway: GatewayAtWork, subscription: uuid.UUID, client_id: str) -> None:
        self._pool, self._subscription, self._client_id = gateway.administrator, subscription, client_id

    async def write(self, hit: HitRaised, state: State, why: str, tries: int) -> uuid.UUID:
        """A delivery that came to this after so many tries."""
        sequence = await self._pool.fetchval("SELECT sequence FROM hit_feed WHERE hit_id = $1", hit.id)
        number, at = delivery_id(self._subscription, hit.id, sequence), now() - timedelta(hours=3)
        await self._pool.execute(
            """
            INSERT INTO hit_deliveries (id, way, subscription_id, client_id, agency_id, owners, hit_id, sequence,
                                        made_at, state, changed_at, why, next_at, tries)
            VALUES ($1, 'webhook', $2, $3, $4, $5, $6, $7, $8, $9, $8, $10, $8, $11)
            """,
            *(number, self._subscription, self._client_id, PARTNER, [OWNER], hit.id, sequence, at, state, why, tries),
        )
        for one in range(tries):
            await self._tried(number, at + timedelta(minutes=one), 204 if state == "delivered" else 400)
        return number

    async def _tried(self, number: uuid.UUID, at: datetime, status: int) -> None:
        await self._pool.execute(
            "INSERT INTO hit_delivery_tries (delivery_id, at, took_ms, status) VALUES ($1, $2, 84, $3)",
            *(number, at, status),
        )


async def sign_in(page: Page, gateway: GatewayAtWork, username: str) -> None:
    await page.goto(f"{gateway.url}/login")
    await page.get_by_label("Name").fill(username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()

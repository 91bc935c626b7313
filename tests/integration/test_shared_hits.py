"""Shared hits at the doors: a partner's machine follows, subscribes, replays; the owner's people see and send again."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook

from plateward.client import Forbidden, OutOfForm, PartnerClient, Refused, StreamEvent
from plateward.contracts.event import Value, decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.shared_hits import SharedHitDelivered
from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from services.gateway.settings import GatewaySettings
from services.gateway.sharing.mou import Mou
from tests.support.gateway_at_work import Console, GatewayAtWork
from tests.support.partners import PartnerMachine, agreed_with, keeper_of, registered
from tests.support.receivers import Got, Receiver, authority, receiving
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

OWNER, PARTNER = "stockton", "ashgrove"
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def gateway_settings(gateway_settings: GatewaySettings) -> GatewaySettings:
    return gateway_settings.model_copy(
        update={
            "seal_key": SecretStr(bytes(range(32)).hex()),
            "webhook_hosts_within": ("localhost",),
            "webhook_authorities": authority(),
        }
    )


@pytest.fixture(scope="module")
async def keeper(gateway: GatewayAtWork) -> Console:
    return await keeper_of(gateway, OWNER)


@pytest.fixture(scope="module")
async def mou(gateway: GatewayAtWork) -> Mou:
    kinds = ("hits", "images", "lists")
    return await agreed_with(gateway, OWNER, PARTNER, data_kinds=kinds, list_ids=("department",), fields=("state",))


@pytest.fixture(scope="module")
async def machine(gateway: GatewayAtWork, keeper: Console, mou: Mou) -> PartnerMachine:
    return await registered(gateway, keeper, PARTNER, scopes=("hits.subscribe",))


@pytest.fixture
async def client(machine: PartnerMachine) -> AsyncIterator[PartnerClient]:
    async with machine.client() as client:
        yield client


@pytest.fixture
async def receiver(client: PartnerClient) -> AsyncIterator[Receiver]:
    """A receiver whose subscriptions end with the test."""
    async with receiving() as receiver:
        yield receiver
        for one in json.loads((await client.request("GET", "/v1/partner/subscriptions")).content):
            await client.request("DELETE", f"/v1/partner/subscriptions/{one['id']}")


async def keep_hit(gateway: GatewayAtWork, *agencies: str, **changes: Any) -> HitRaised:
    """A hit on the owner's camera and list, in the feed."""
    return await gateway.keep_hit(*(agencies or (OWNER, PARTNER)), **changes)


class Following:
    """A stream as the partner's client follows it."""

    def __init__(self, events: AsyncIterator[StreamEvent]) -> None:
        self._events = events

    async def next(self) -> tuple[str, SharedHitDelivered]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            event = await anext(self._events)
        assert (event.kind, event.id is not None) == ("hit", True)
        return str(event.id), decode(event.data.encode(), SharedHitDelivered)


async def until(so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(so)


async def subscribe(client: PartnerClient, url: str) -> dict[str, Any]:
    asked = await client.request("POST", "/v1/partner/subscriptions", body=Body(url=url))
    answer: dict[str, Any] = json.loads(asked.content)
    return answer


class Body(Value, frozen=True):
    """What is posted."""

    url: str | None = None
    since: str | None = None


async def deliveries(client: PartnerClient, subscription: str) -> list[dict[str, Any]]:
    answer = await client.request("GET", f"/v1/partner/subscriptions/{subscription}/deliveries")
    found: list[dict[str, Any]] = json.loads(answer.content)
    return found


async def test_a_stream_brings_what_is_shared_recorded_and_resumes_where_it_broke_off(
    gateway: GatewayAtWork, client: PartnerClient, access_tape: TopicTape
) -> None:
    async with aclosing(client.stream("/v1/partner/hits/stream", after="0")) as events:
        stream = Following(events)
        other, hit = await keep_hit(gateway, OWNER), await keep_hit(gateway)
        seen, delivered = await stream.next()
        assert delivered.hit.id == hit.id, f"not {other.id}, which is the owner's alone"
        assert delivered.hit.read.state == "AZ"
        assert delivered.hit.pictures == ("plate", "scene")
        next_hit = await keep_hit(gateway)
        assert (await stream.next())[1].hit.id == next_hit.id
    async with aclosing(client.stream("/v1/partner/hits/stream", after=seen)) as events:
        assert (await Following(events).next())[1].hit.id == next_hit.id
    records = [one for one in await access_tape.accesses_until(7) if one.action == "receive-hit"]
    asked = [one for one in records if one.phase == "asked"]
    assert asked[0] == delivered.record, "the partner holds the record that the log has"
    assert (asked[0].owners, asked[0].actor.agency_id) == ((OWNER,), PARTNER)
    assert [one.mou for one in asked[0].shared_under] == [delivered.hit.under[0].mou]
    assert [one.query["hit_id"] for one in asked] == [str(hit.id), str(next_hit.id), str(next_hit.id)]


async def test_a_picture_is_shown_where_images_are_shared(
    gateway: GatewayAtWork, client: PartnerClient, access_tape: TopicTape
) -> None:
    hit, theirs = await keep_hit(gateway), await keep_hit(gateway, OWNER)
    picture = await client.request("GET", f"/v1/partner/hits/{hit.id}/images/plate")
    assert picture.content == str(hit.read.images.plate).encode()
    with pytest.raises(Refused, match="no such record"):
        await client.request("GET", f"/v1/partner/hits/{theirs.id}/images/plate")
    looks = [one for one in await access_tape.accesses_until(2) if one.action == "view-image"]
    assert [(one.phase, one.owners) for one in looks] == [("asked", (OWNER,)), ("answered", (OWNER,))]


async def test_a_webhook_is_told_its_secret_once_delivers_and_rotates(
    gateway: GatewayAtWork, client: PartnerClient, receiver: Receiver
) -> None:
    made = await subscribe(client, receiver.url)
    old = Webhook(made["secret"])
    assert (await subscribe(client, receiver.url)) == made | {"secret": None}, "one subscription, told once"
    hit = await keep_hit(gateway)
    [got] = await receiver.until(1)
    assert old.verify(got.body, dict(got.headers))["data"]["hit"]["id"] == str(hit.id)
    path = f"/v1/partner/subscriptions/{made['subscription']['id']}"
    changed = json.loads((await client.request("POST", f"{path}/secret")).content)
    await keep_hit(gateway)
    later = (await receiver.until(2))[1]
    for verifier in (old, Webhook(changed["secret"])):
        assert verifier.verify(later.body, dict(later.headers))
    shown = json.loads((await client.request("GET", path)).content)
    assert (shown["state"], "secret" in shown) == ("running", False)


async def test_a_partner_replays_what_it_has_lost_under_the_same_ids(
    gateway: GatewayAtWork, client: PartnerClient, receiver: Receiver
) -> None:
    since = now()
    missed = await keep_hit(gateway)
    subscription = (await subscribe(client, receiver.url))["subscription"]["id"]
    had = await keep_hit(gateway)
    [first] = await receiver.until(1)

    async def noted() -> bool:
        return [one["state"] for one in await deliveries(client, subscription)] == ["delivered"]

    await until(noted)
    path = f"/v1/partner/subscriptions/{subscription}/replays"
    await client.request("POST", path, body=Body(since=since.isoformat()))
    _, *again = await receiver.until(3)
    assert [hit_in(one) for one in again] == [str(missed.id), str(had.id)]
    assert again[1].message == first.message
    assert access_in(again[1]) != access_in(first), "it has left once more"
    replayed = next(one for one in await deliveries(client, subscription) if one["hit_id"] == str(had.id))
    assert replayed["sent_again_by"].startswith("client ashgrove-")
    with pytest.raises(OutOfForm, match="7 days"):
        await client.request("POST", path, body=Body(since=(now() - timedelta(days=8)).isoformat()))


async def test_the_owners_people_see_what_failed_and_send_it_again(
    gateway: GatewayAtWork, client: PartnerClient, receiver: Receiver, keeper: Console, access_tape: TopicTape
) -> None:
    await subscribe(client, receiver.url)
    receiver.answers_by = lambda _: 503
    hit = await keep_hit(gateway)
    await receiver.until(1)
    cookie = {"plateward_session": keeper.token}
    async with httpx.AsyncClient(base_url=gateway.url, cookies=cookie, trust_env=False) as browser:

        async def page(state: str) -> str:
            return (await browser.get(f"/partners/deliveries?state={state}")).raise_for_status().text

        async def failed() -> bool:
            return "answered 503" in await page("waiting")

        async def had() -> bool:
            return str(hit.id) in await page("delivered")

        await until(failed)
        waiting = await page("waiting")
        assert str(hit.id) in waiting
        assert "Failing" in waiting
        assert hit.read.plate not in waiting, "no plate"
        receiver.answers_by = None
        found = (await keeper.http.get("/v1/partner-deliveries?state=waiting")).raise_for_status().json()
        mine = next(one for one in found if one["hit_id"] == str(hit.id))
        waits = await keeper.http.post(f"/v1/partner-deliveries/{mine['id']}/sendings")
        assert waits.status_code == 422
        await receiver.until(2)  # by itself, five seconds later
        await until(had)
        site = {"Sec-Fetch-Site": "same-origin"}
        sent = await browser.post(f"/partners/deliveries/{mine['id']}/sending", headers=site)
        assert (sent.status_code, sent.headers["location"]) == (303, f"/partners/deliveries#delivery-{mine['id']}")
    again = (await receiver.until(3))[2]
    assert again.message == mine["id"]
    stranger = await keeper_of(gateway, "barstow")
    assert (await stranger.http.get("/v1/partner-deliveries")).json() == []
    assert (await stranger.http.post(f"/v1/partner-deliveries/{mine['id']}/sendings")).status_code == 404
    actions = {one.action for one in await access_tape.accesses()}
    assert {"list-deliveries", "send-hit-again", "receive-hit"} <= actions


@pytest.mark.parametrize(
    ("url", "rule"),
    [("http://partner.example/", "must be https"), ("https://u:p@partner.example/", "must carry no user")],
)
async def test_what_is_no_receiver_is_refused(client: PartnerClient, url: str, rule: str) -> None:
    with pytest.raises(OutOfForm, match=rule):
        await subscribe(client, url)


async def test_a_subscription_is_its_own_clients_alone(
    gateway: GatewayAtWork, keeper: Console, client: PartnerClient, receiver: Receiver
) -> None:
    subscription = (await subscribe(client, receiver.url))["subscription"]["id"]
    other = await registered(gateway, keeper, PARTNER, scopes=("hits.subscribe",))
    async with other.client() as stranger:
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/secret"), ("GET", "/deliveries")):
            with pytest.raises(Refused) as refused:
                await stranger.request(method, f"/v1/partner/subscriptions/{subscription}{path}")
            assert refused.value.status == 404


async def test_without_an_mou_that_shares_hits_nothing_opens(gateway: GatewayAtWork) -> None:
    await agreed_with(gateway, "florence", "florence-county")
    machine = await registered(
        gateway, await keeper_of(gateway, "florence"), "florence-county", scopes=("hits.subscribe",)
    )
    async with machine.client() as client:
        with pytest.raises(Forbidden, match="No hits are shared"):
            await subscribe(client, "https://partner.example/")
        with pytest.raises(Forbidden, match="No hits are shared"):
            await anext(aiter(client.stream("/v1/partner/hits/stream")))


async def test_a_stream_ends_with_the_mou_and_with_the_client_and_so_do_webhooks(
    gateway: GatewayAtWork, receiver: Receiver
) -> None:
    owner, partner = "barstow", "barstow-county"
    keeper = await keeper_of(gateway, owner)
    agreed = await agreed_with(gateway, owner, partner, data_kinds=("hits", "lists"), list_ids=("department",))
    machine = await registered(gateway, keeper, partner, scopes=("hits.subscribe",))
    async with machine.client() as client:
        subscription = (await subscribe(client, receiver.url))["subscription"]["id"]
        events = client.stream("/v1/partner/hits/stream", after="0")
        hit = await gateway.keep_hit(owner, partner)
        assert (await Following(events).next())[1].hit.id == hit.id
        await receiver.until(1)
        signer = await gateway.sign_in(await gateway.register(owner, "Captain"))
        suspended = await signer.http.post(
            f"/v1/mous/{agreed.terms.mou_id}/suspension", json={"why": "it was not used as agreed"}
        )
        assert suspended.is_success, suspended.text
        async with asyncio.timeout(PATIENCE_SECONDS):
            end = await anext(events)
            assert (end.kind, json.loads(end.data)) == ("end", {"why": "no agreement in force shares hits"})
            with pytest.raises(Forbidden):
                await anext(events)
        await gateway.keep_hit(owner, partner)
        ended = await keeper.http.post(
            f"/v1/partner-clients/{machine.client_id}/end", json={"why": "its key was lost by them"}
        )
        assert ended.is_success, ended.text

        async def over() -> bool:
            why = "SELECT ended_why FROM hit_subscriptions WHERE id = $1::text::uuid"
            return bool(await gateway.administrator.fetchval(why, subscription) == "the client may have hits no more")

        await until(over)
    assert len(receiver.got) == 1


def hit_in(got: Got) -> str:
    return str(json.loads(got.body)["data"]["hit"]["id"])


def access_in(got: Got) -> str:
    return str(json.loads(got.body)["data"]["record"]["access_id"])

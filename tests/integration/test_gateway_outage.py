"""While Kafka is down nobody sees anything; when it is back, everything goes on by itself."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode
from plateward.contracts.topics import HOT_LIST
from plateward.embedded.readiness import poll_until
from services.gateway.settings import GatewaySettings
from tests.support.asking import asking
from tests.support.gateway_at_work import PASSWORD, PATIENCE_SECONDS, Console, GatewayAtWork, an_entry
from tests.support.partners import about, agreed_with, keeper_of, registered, token_form, token_of
from tests.support.stack import KafkaServer
from tests.support.topic_tape import TopicTape, tape_of

pytest_plugins = ["tests.support.gateway"]

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def gateway_settings(gateway_settings: GatewaySettings) -> GatewaySettings:
    """Here each refusal is waited for."""
    return gateway_settings.model_copy(update={"record_within_seconds": 1.0})


@asynccontextmanager
async def stopped(kafka: KafkaServer) -> AsyncIterator[None]:
    await kafka.stop()
    try:
        yield
    finally:
        await kafka.start()


@pytest.mark.clause("B4")
async def test_without_a_durable_record_there_is_no_answer(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], kafka: KafkaServer, access_tape: TopicTape
) -> None:
    console, stranger = consoles["florence"], await gateway.register("florence")
    await gateway.keep_read("florence", plate="AB0123")
    hit = await gateway.keep_hit("florence")
    found = (await console.http.post("/v1/searches", json=console.search())).json()
    async with tape_of(HOT_LIST, kafka.bootstrap_servers) as hot_list_tape:
        entry = (await console.http.post("/v1/hot-list/entries", json=an_entry())).json()
        await hot_list_tape.until(lambda records: len(records) == 1)
        await agreed_with(gateway, "florence", "ashgrove")
        machine = await registered(gateway, await keeper_of(gateway, "florence"))
        bearer = {"Authorization": f"Bearer {await token_of(console.http, machine)}", **JSON}
        before = await access_tape.so_far()
        async with stopped(kafka), asking(gateway.url) as http:
            refusals = await asyncio.gather(
                console.http.post("/v1/searches", json=console.search()),
                console.http.get(found["reads"][0]["pictures"]["plate"]),
                console.http.get("/v1/hits"),
                console.http.get("/v1/hits/stream"),
                console.http.get(f"/v1/hits/{hit.id}/images/plate"),
                console.http.get("/v1/hot-list/entries"),
                console.http.post("/v1/hot-list/entries", json=an_entry()),
                console.http.delete(f"/v1/hot-list/entries/{entry['id']}"),
                console.http.post("/v1/sessions", json={"username": stranger.username, "password": PASSWORD}),
                http.post("/v1/partner/searches", content=machine.asked(about("AB0123"), "florence"), headers=bearer),
                http.post("/oauth/token", data=token_form(machine)),
            )
            for refusal in refusals:
                is_unavailable(refusal)
            assert (await console.http.get("/readyz")).json() == {"ready": False, "missing": ["kafka"]}
        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(lambda: succeeds(console))
        begun = "SELECT count(*) FROM sessions WHERE person_id = $1"
        assert await gateway.administrator.fetchval(begun, stranger.id) == 0
        assert await gateway.administrator.fetchval("SELECT count(*) FROM partner_tokens") == 1, "no token was given"
        assert (await console.http.get("/v1/hot-list/entries")).json() == [entry], "neither entered nor removed"
        assert len(await hot_list_tape.so_far()) == 1
    since = [decode(record.value, AccessRecord) for record in (await access_tape.so_far())[len(before) :]]
    outcomes = {record.access_id: record.action for record in since if record.phase != "asked"}
    assert set(outcomes.values()) == {"search", "list-entries"}, "what was refused has no outcome"


def is_unavailable(answer: httpx.Response) -> None:
    """It says to try again, and nothing else."""
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json() == {
        "type": "about:blank",
        "title": "The access log does not answer",
        "status": 503,
        "detail": "Without a durable access record nobody gets an answer. Try again in a moment.",
    }


async def succeeds(console: Console) -> bool:
    answer = await console.http.post("/v1/searches", json=console.search())
    return answer.is_success and len(answer.json()["reads"]) == 1

"""Writes under an Idempotency-Key are done once, however often they are sent and whatever was killed meanwhile."""

import asyncio
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest

from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.adapters.stores.answers import Write
from tests.support.doors import FROM_THE_OWN_PAGES
from tests.support.gateway_at_work import PATIENCE_SECONDS, Console, GatewayAtWork, an_entry
from tests.support.things import PLACEMENT, titled_for

pytest_plugins = ["tests.support.gateway"]

ENTRIES = "/v1/hot-list/entries"


@pytest.fixture
async def console(gateway: GatewayAtWork) -> Console:
    return await gateway.sign_in(await gateway.register("florence"))


def a_key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


async def entered(gateway: GatewayAtWork, case_number: str) -> int:
    """How many entries of this case there are, and as many are on their way to the matcher."""
    count: int = await gateway.administrator.fetchval(
        "SELECT count(*) FROM hot_list_entries WHERE document ->> 'case_number' = $1", case_number
    )
    return count


def of_a_case() -> dict[str, Any]:
    return an_entry(case_number=uuid.uuid4().hex)


async def test_what_is_sent_again_is_done_once_and_answered_the_same(gateway: GatewayAtWork, console: Console) -> None:
    entry, key = of_a_case(), a_key()
    first = await console.http.post(ENTRIES, json=entry, headers=key)
    again = await console.http.post(ENTRIES, json=entry, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Cache-Control"] == "no-store"
    assert await entered(gateway, entry["case_number"]) == 1
    path = f"{ENTRIES}/{first.json()['id']}"
    removals = [await console.http.delete(path, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in removals] == [204, 204], "a key is of one route"
    assert (await console.http.delete(path)).status_code == 404


async def test_a_form_that_is_sent_twice_is_done_once(gateway: GatewayAtWork, console: Console) -> None:
    browser = {"Cookie": f"{SESSION_COOKIE}={console.token}", **FROM_THE_OWN_PAGES}
    page = await console.http.get("/hot-list", headers=browser)
    words = re.findall(r'id="enter"[^>]*><input type="hidden" name="once" value="([^"]+)">', page.text)
    form = of_a_case() | {"expires_at": f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}", "once": words[0]}
    async with gateway.administrator.acquire() as other, other.transaction():
        await other.execute("LOCK TABLE hot_list_entries IN ACCESS EXCLUSIVE MODE")
        clicks = [asyncio.create_task(console.http.post("/hot-list", data=form, headers=browser)) for _ in range(2)]
        await waiting(gateway, "INSERT INTO hot_list_entries")
        await waiting(gateway, "SELECT pg_advisory_xact_lock")
    answers = await asyncio.gather(*clicks)
    assert [answer.status_code for answer in answers] == [303, 303], "whoever clicks again sees what was done"
    assert await entered(gateway, form["case_number"]) == 1
    await console.http.post("/hot-list", data=form, headers=browser)
    assert await entered(gateway, form["case_number"]) == 1, "nor does a reload"
    await console.http.post("/hot-list", data=form | {"plate": "7KXR215"}, headers=browser)
    assert await entered(gateway, form["case_number"]) == 2, "who goes back and writes another plate enters another"
    await console.http.post("/hot-list", data=form | {"once": ""}, headers=browser)
    assert await entered(gateway, form["case_number"]) == 3, "without its word, a form is what it was"


async def test_a_key_is_of_one_request_and_of_one_person(gateway: GatewayAtWork, console: Console) -> None:
    entry, key = of_a_case(), a_key()
    await console.http.post(ENTRIES, json=entry, headers=key)
    other = await console.http.post(ENTRIES, json=entry | {"plate": "7KXR215"}, headers=key)
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert await entered(gateway, entry["case_number"]) == 1
    colleague = await gateway.sign_in(await gateway.register("florence"))
    assert (await colleague.http.post(ENTRIES, json=entry, headers=key)).status_code == 201
    assert await entered(gateway, entry["case_number"]) == 2


@pytest.mark.parametrize("key", ["short", "with spaces in between it", "a" * 201])
async def test_what_is_no_key_is_refused(console: Console, key: str) -> None:
    answer = await console.http.post(ENTRIES, json=of_a_case(), headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_what_was_refused_may_be_mended_under_the_same_key(gateway: GatewayAtWork, console: Console) -> None:
    entry, key = of_a_case(), a_key()
    refused = await console.http.post(ENTRIES, json=entry | {"category": "nonsense"}, headers=key)
    assert refused.status_code == 422
    assert (await console.http.post(ENTRIES, json=entry, headers=key)).status_code == 201


async def test_while_it_is_being_done_the_same_is_answered_409(gateway: GatewayAtWork, console: Console) -> None:
    entry, key = of_a_case(), a_key()
    async with gateway.administrator.acquire() as other, other.transaction():
        await other.execute("LOCK TABLE hot_list_entries IN ACCESS EXCLUSIVE MODE")
        doing = asyncio.create_task(console.http.post(ENTRIES, json=entry, headers=key))
        await waiting(gateway, "INSERT INTO hot_list_entries")
        meanwhile = await console.http.post(ENTRIES, json=entry, headers=key)
        assert (meanwhile.status_code, meanwhile.headers["Retry-After"]) == (409, "1")
    assert (await doing).status_code == 201
    assert await entered(gateway, entry["case_number"]) == 1


async def test_a_process_killed_in_the_middle_has_done_nothing_and_once_more_is_once(
    gateway: GatewayAtWork, console: Console
) -> None:
    entry, key = of_a_case(), a_key()
    async with gateway.administrator.acquire() as other, other.transaction():
        await other.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")  # the entry is in, its event is not
        doing = asyncio.create_task(console.http.post(ENTRIES, json=entry, headers=key))
        # What the database sees of a killed process: its connection is gone.
        killed = await waiting(gateway, "INSERT INTO outbox")
        await gateway.administrator.execute("SELECT pg_terminate_backend($1)", killed)
        assert (await doing).status_code >= 500
    assert await entered(gateway, entry["case_number"]) == 0
    answers = [await console.http.post(ENTRIES, json=entry, headers=key) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert await entered(gateway, entry["case_number"]) == 1


async def test_what_cannot_be_answered_is_not_done(gateway: GatewayAtWork, console: Console) -> None:
    entry, key = of_a_case(), a_key()
    await gateway.administrator.execute("REVOKE INSERT ON answers FROM plateward_gateway")
    try:
        assert (await console.http.post(ENTRIES, json=entry, headers=key)).status_code == 500
    finally:
        await gateway.administrator.execute("GRANT INSERT ON answers TO plateward_gateway")
    assert await entered(gateway, entry["case_number"]) == 0


async def test_many_at_once_are_done_once(gateway: GatewayAtWork, console: Console) -> None:
    entry, key = of_a_case(), a_key()
    answers = await asyncio.gather(*(console.http.post(ENTRIES, json=entry, headers=key) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert 201 in {answer.status_code for answer in answers}
    assert await entered(gateway, entry["case_number"]) == 1


async def test_a_question_is_asked_each_time(console: Console) -> None:
    question, key = console.search(), a_key()
    answers = [await console.http.post("/v1/searches", json=question, headers=key) for _ in range(2)]
    assert answers[0].json()["access_id"] != answers[1].json()["access_id"]


async def test_who_is_signed_out_gets_no_kept_answer(gateway: GatewayAtWork, console: Console) -> None:
    entry, key = of_a_case(), a_key()
    await console.http.post(ENTRIES, json=entry, headers=key)
    await console.http.delete("/v1/sessions/current")
    assert (await console.http.post(ENTRIES, json=entry, headers=key)).status_code == 401


async def test_a_kept_answer_opens_only_with_its_key(gateway: GatewayAtWork) -> None:
    keeper = await gateway.sign_in(await gateway.register("florence", titled_for("florence", "administer-cameras")))
    key = a_key()
    camera_id = f"camera-{uuid.uuid4().hex}"
    camera = {"camera_id": camera_id, "kind": "fixed", "placement": PLACEMENT}
    answer = await keeper.http.post("/v1/cameras", json=camera, headers=key)
    secret = answer.json()["key"]
    row = await gateway.administrator.fetchrow("SELECT * FROM answers WHERE person_id = $1", keeper.person.id)
    everything = b"".join(value for value in row.values() if isinstance(value, bytes)) + row["route"].encode()
    for hidden in (secret, key["Idempotency-Key"], camera_id):
        assert hidden.encode() not in everything
    write = Write(keeper.person.id, "POST /v1/cameras", key["Idempotency-Key"], b"")
    assert secret.encode() in write.open(row["sealed"]).body
    with pytest.raises(ValueError, match="does not open"):
        Write(keeper.person.id, "POST /v1/cameras", "another key of this test", b"").open(row["sealed"])


async def test_after_its_day_an_answer_is_forgotten(gateway: GatewayAtWork, console: Console) -> None:
    entry, key = of_a_case(), a_key()
    await console.http.post(ENTRIES, json=entry, headers=key)
    kept = await gateway.administrator.fetchval(
        "UPDATE answers SET kept_until = now() - interval '1 second' WHERE person_id = $1 RETURNING 1",
        console.person.id,
    )
    assert kept == 1
    assert "Idempotent-Replayed" not in (await console.http.post(ENTRIES, json=entry, headers=key)).headers
    assert await entered(gateway, entry["case_number"]) == 2


async def waiting(gateway: GatewayAtWork, statement: str) -> int:
    """The process of the database that does this statement, once it waits for a lock of the test's."""
    found: list[int] = []

    async def waits() -> bool:
        found[:] = [
            row["pid"]
            for row in await gateway.administrator.fetch(
                "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1", f"%{statement}%"
            )
        ]
        return bool(found)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(waits)
    return found[0]

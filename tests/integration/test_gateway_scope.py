"""Nobody sees what is another agency's: not by asking, not by knowing or guessing its id."""

import uuid
from collections.abc import Mapping

import pytest

from tests.support.gateway_at_work import Console, GatewayAtWork, an_entry
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

NOT_YOURS = {"type": "about:blank", "title": "There is no such record, or it is not yours to see", "status": 404}


@pytest.fixture(scope="module")
def ours(consoles: Mapping[str, Console]) -> Console:
    return consoles["barstow"]


@pytest.fixture(scope="module")
def theirs(consoles: Mapping[str, Console]) -> Console:
    return consoles["stockton"]


async def searched(console: Console, plate: str) -> tuple[str, list[str]]:
    answer = (await console.http.post("/v1/searches", json=console.search(plate))).raise_for_status().json()
    return answer["access_id"], [read["id"] for read in answer["reads"]]


async def linked(console: Console, plate: str) -> tuple[str, str]:
    """The number of a search, and the link that it gives to the plate's picture of its newest read."""
    answer = (await console.http.post("/v1/searches", json=console.search(plate))).raise_for_status().json()
    return answer["search_id"], answer["reads"][0]["pictures"]["plate"]


async def test_a_search_finds_the_own_agencys_reads(gateway: GatewayAtWork, ours: Console, theirs: Console) -> None:
    our_read = await gateway.keep_read("barstow", plate="SAME1")
    their_read = await gateway.keep_read("stockton", plate="SAME1")
    assert (await searched(ours, "SAME1"))[1] == [str(our_read.id)]
    assert (await searched(theirs, "SAME1"))[1] == [str(their_read.id)]


async def test_a_reads_picture_is_for_its_owner_under_a_search_of_ones_own(
    gateway: GatewayAtWork, ours: Console, theirs: Console, access_tape: TopicTape
) -> None:
    our_read = await gateway.keep_read("barstow", plate="SAME2")
    their_read = await gateway.keep_read("stockton", plate="SAME2")
    other_read = await gateway.keep_read("barstow", plate="SAME3")
    (our_search, our_link), (their_search, their_link) = await linked(ours, "SAME2"), await linked(theirs, "SAME2")
    colleague = await gateway.sign_in(await gateway.register("barstow"))
    for console, link in (
        (ours, their_link),
        (colleague, our_link),
        (ours, our_link.replace(str(our_read.id), str(their_read.id))),
        (ours, our_link.replace(str(our_read.id), str(other_read.id))),
        (ours, our_link.replace(our_search, their_search)),
        (ours, our_link.replace(our_search, str(uuid.uuid4()))),
        (ours, our_link.replace("&until=", "&until=9")),
        (ours, our_link[:-1] + ("0" if our_link[-1] != "0" else "1")),
    ):
        answer = await console.http.get(link)
        assert (answer.status_code, answer.json()) == (404, NOT_YOURS)
    assert (await ours.http.get(our_link)).is_success
    images = [record for record in await access_tape.accesses() if record.action == "view-image"]
    assert [record.results for record in images if record.phase == "answered"] == [1]
    assert {record.owners for record in images} == {("barstow",)}


async def test_a_hit_is_for_the_agencies_that_it_names(gateway: GatewayAtWork, ours: Console, theirs: Console) -> None:
    our_hit, their_hit = await gateway.keep_hit("barstow"), await gateway.keep_hit("stockton")
    shared = await gateway.keep_hit("stockton", "barstow")
    assert await listed(ours) == [str(shared.id), str(our_hit.id)]
    assert await listed(theirs) == [str(shared.id), str(their_hit.id)]
    for kind in ("plate", "scene"):
        for hit_id in (their_hit.id, uuid.uuid4()):
            answer = await ours.http.get(f"/v1/hits/{hit_id}/images/{kind}")
            assert (answer.status_code, answer.json()) == (404, NOT_YOURS)
        for hit_id in (our_hit.id, shared.id):
            assert (await ours.http.get(f"/v1/hits/{hit_id}/images/{kind}")).is_success
    page = await ours.http.get(f"/desk/hits/{their_hit.id}", headers=as_cookie(ours))
    assert page.status_code == 404
    assert their_hit.entry.case_number not in page.text


async def listed(console: Console) -> list[str]:
    return [seen["hit"]["id"] for seen in (await console.http.get("/v1/hits")).json()]


def as_cookie(console: Console) -> dict[str, str]:
    return {"Cookie": "plateward_session=" + console.http.headers["Authorization"].removeprefix("Bearer ")}


@pytest.mark.clause("F15")
async def test_a_hit_is_gone_with_the_first_moment_of_its_reads_day(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    console = consoles["florence"]
    stays, goes = await gateway.keep_hit("florence"), await gateway.keep_hit("florence")
    await gateway.administrator.execute(
        "UPDATE hit_feed SET expires_on = (now() AT TIME ZONE 'UTC')::date WHERE hit_id = $1", goes.id
    )
    assert await listed(console) == [str(stays.id)]
    assert (await console.http.get(f"/v1/hits/{goes.id}/images/plate")).status_code == 404


async def test_an_entry_is_for_the_agency_that_made_it(ours: Console, theirs: Console) -> None:
    entry = (await theirs.http.post("/v1/hot-list/entries", json=an_entry())).json()
    assert (await ours.http.get("/v1/hot-list/entries")).json() == []
    for entry_id in (entry["id"], uuid.uuid4()):
        answer = await ours.http.delete(f"/v1/hot-list/entries/{entry_id}")
        assert (answer.status_code, answer.json()) == (404, NOT_YOURS)
    assert (await theirs.http.get("/v1/hot-list/entries")).json() == [entry]

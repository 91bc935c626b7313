"""Every look is documented: who, of which organisation, when, what they asked, and why."""

from collections.abc import Mapping
from datetime import UTC, timedelta

import httpx
import msgspec
import pytest

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import ContractError, decode, encode
from plateward.contracts.examples import EXAMPLES
from plateward.kernel.clock import now
from services.gateway.access import KEEPING_LISTS, WATCHING_HITS
from tests.support.gateway_at_work import ACCEPTED, Console, GatewayAtWork, an_entry
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

EXAMPLE = next(event for event in EXAMPLES if isinstance(event, AccessRecord))


@pytest.mark.clause("B4")
async def test_the_record_of_a_search_has_all_that_the_civil_code_asks_for(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape
) -> None:
    console = consoles["barstow"]
    person, question, before = console.person, console.search("7kxr 214"), now()
    (await console.http.post("/v1/searches", json=question)).raise_for_status()
    asked, answered = await access_tape.accesses()
    assert before <= asked.at <= answered.at <= now()
    assert asked.at.tzinfo == UTC
    assert asked.query == {
        "plate": "7KXR214",
        "captured_from": question["captured_from"],
        "captured_until": question["captured_until"],
    }
    assert asked.actor == person.actor
    assert (asked.actor.username, asked.actor.agency_id) == (person.username, "barstow")
    assert asked.reason == ACCEPTED["barstow"]
    assert (asked.action, asked.owners, asked.address) == ("search", ("barstow",), "127.0.0.1")
    sessions = await gateway.administrator.fetch("SELECT public_id FROM sessions WHERE person_id = $1", person.id)
    assert asked.session in {str(public_id) for (public_id,) in sessions}
    assert answered == msgspec.structs.replace(asked, id=answered.id, phase="answered", at=answered.at, results=0)


@pytest.mark.clause("B4")
@pytest.mark.parametrize("field", ["at", "actor", "action", "query", "reason", "owners", "address", "session"])
def test_no_part_of_a_record_is_optional(field: str) -> None:
    document = msgspec.to_builtins(EXAMPLE)
    del document[field]
    with pytest.raises(ContractError, match=field):
        decode(msgspec.json.encode(document), AccessRecord)
    assert decode(encode(EXAMPLE), AccessRecord) == EXAMPLE


@pytest.mark.clause("B11")
@pytest.mark.clause("K18")
@pytest.mark.clause("L7")
@pytest.mark.parametrize("agency", ["barstow", "kentucky", "florence"])
async def test_every_access_is_documented_by_name_date_and_time(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape, agency: str
) -> None:
    console, http = consoles[agency], consoles[agency].http
    read, hit = await gateway.keep_read(agency, plate="AB0123"), await gateway.keep_hit(agency)
    begun = now()
    found = done(await http.post("/v1/searches", json=console.search())).json()
    done(await http.get(found["reads"][0]["pictures"]["scene"]))
    done(await http.get("/v1/hits"))
    done(await http.get(f"/v1/hits/{hit.id}/images/plate"))
    entry = done(await http.post("/v1/hot-list/entries", json=an_entry())).json()
    done(await http.get("/v1/hot-list/entries"))
    done(await http.delete(f"/v1/hot-list/entries/{entry['id']}"))
    async with http.stream("GET", "/v1/hits/stream") as stream:
        await anext(stream.aiter_lines())
    records = await access_tape.accesses_until(16)
    assert {record.actor.name for record in records} == {console.person.name}
    assert {record.actor.username for record in records} == {console.person.username}
    times = [record.at for record in records]
    assert times == sorted(times)
    assert begun <= times[0] <= times[-1] <= now()
    entered = {"plate": "7KXR214", "entry_id": entry["id"], "case_number": "26-004417"}
    image = {"read_id": str(read.id), "image": "scene", "search": found["access_id"]}
    looks = [
        ("search", ACCEPTED[agency], records[0].query),
        ("view-image", ACCEPTED[agency], image),
        ("watch-hits", WATCHING_HITS, {"hits": "newest 50"}),
        ("view-image", WATCHING_HITS, {"hit_id": str(hit.id), "image": "plate"}),
        ("enter-entry", KEEPING_LISTS, entered),
        ("list-entries", KEEPING_LISTS, {"list": "department"}),
        ("remove-entry", KEEPING_LISTS, {"entry_id": entry["id"]}),
        ("watch-hits", WATCHING_HITS, {"hits": "as they come"}),
    ]
    assert [(one.action, one.reason, one.query, one.phase) for one in records] == [
        (*look, phase) for look in looks for phase in ("asked", "answered")
    ]


def done(answer: httpx.Response) -> httpx.Response:
    return answer.raise_for_status()


@pytest.mark.clause("K2")
async def test_two_people_at_one_desk_are_two_in_the_records(gateway: GatewayAtWork, access_tape: TopicTape) -> None:
    people = [await gateway.register("kentucky") for _ in range(2)]
    for person in people:
        await (await gateway.sign_in(person)).http.get("/v1/hits")
    records = await access_tape.accesses()
    assert [record.actor.person_id for record in records[::2]] == [str(person.id) for person in people]
    assert len({record.session for record in records}) == 2


@pytest.mark.clause("B1")
@pytest.mark.clause("L1")
@pytest.mark.parametrize("agency", ["barstow", "florence"])
async def test_a_title_with_limited_access_sees_hits_and_does_not_browse(gateway: GatewayAtWork, agency: str) -> None:
    console = await gateway.sign_in(await gateway.register(agency, "Dispatcher"))
    assert (await console.http.get("/v1/hits")).is_success
    assert (await console.http.get("/v1/hot-list/entries")).is_success
    week_ago = (now() - timedelta(days=7)).isoformat()
    assert (await console.http.post("/v1/searches", json=console.search(captured_from=week_ago))).status_code == 403
    assert (await console.http.post("/v1/hot-list/entries", json=an_entry())).status_code == 403

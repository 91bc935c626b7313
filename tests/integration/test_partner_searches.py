"""Partners' machines search: under agreements and admissions, with a record that both logs hold byte for byte."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from plateward.client import Conflict, Forbidden, OutOfForm, PartnerClient, Progress, asking
from plateward.contracts.access import AccessRecord, Reason, SharedUnder
from plateward.contracts.canonical import canonical
from plateward.contracts.partners import PartnerSearchAnswered
from plateward.kernel.clock import now
from services.gateway.adapters.stores.looks import PostgresLooks
from tests.support.asking import asking as http_asking
from tests.support.gateway_at_work import ACCEPTED, Console, GatewayAtWork
from tests.support.partners import (
    STOLEN,
    PartnerMachine,
    a_registration,
    about,
    agreed_with,
    an_asker,
    ed25519_key,
    keeper_of,
    p256_key,
    registered,
)
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

Keepers = Mapping[str, Console]


@pytest.fixture(scope="module")
async def keepers(gateway: GatewayAtWork) -> Keepers:
    """Somebody of each who keeps agreements."""
    return {agency: await keeper_of(gateway, agency) for agency in ("stockton", "flagstaff", "florence")}


@pytest.fixture(scope="module")
async def machine(gateway: GatewayAtWork, keepers: Keepers) -> PartnerMachine:
    """A client of Ashgrove's, with which Stockton and Flagstaff share, that only Stockton has admitted."""
    await agreed_with(gateway, "stockton", "ashgrove")
    await agreed_with(gateway, "flagstaff", "ashgrove")
    return await registered(gateway, keepers["stockton"])


@pytest.fixture
async def client(machine: PartnerMachine) -> AsyncIterator[PartnerClient]:
    async with machine.client() as client:
        yield client


async def test_both_logs_hold_the_same_bytes(
    gateway: GatewayAtWork, client: PartnerClient, access_tape: TopicTape
) -> None:
    for number in range(3):
        await gateway.keep_read("stockton", plate="PRT1", state="CA" if number else None)
    await gateway.keep_read("flagstaff", plate="PRT1")
    own_log: list[AccessRecord] = []
    told: list[Progress] = []

    async def keep(record: AccessRecord) -> None:
        own_log.append(record)

    owners = ["stockton", "flagstaff", "florence"]
    asked = client.search(about("PRT1"), STOLEN, owners, asker=an_asker(), keep=keep, on_progress=told.append)
    (page,) = [page async for page in asked]
    assert {read.agency_id for read in page.reads} == {"stockton"}
    assert len(page.reads) == 3
    parts = {part.agency_id: part for part in page.parts}
    assert parts["stockton"].granted
    assert parts["flagstaff"].basis.endswith("has not admitted the client " + client.client_id)
    assert not parts["florence"].granted
    assert told == [Progress(1, 3, True)]
    looks = [one for one in await access_tape.accesses() if one.action == "search"]
    assert [canonical(one) for one in looks] == [canonical(one) for one in own_log]
    assert [one.phase for one in looks] == ["asked", "answered"]
    assert looks[1].results == 3
    assert page.log.records == (looks[0].id, looks[1].id)
    kept = await gateway.administrator.fetchval(
        "SELECT record FROM partner_looks WHERE access_id = $1", looks[0].access_id
    )
    assert kept == canonical(own_log[0])


async def test_the_same_bytes_are_the_same_look_and_other_bytes_are_none(
    gateway: GatewayAtWork, client: PartnerClient, access_tape: TopicTape
) -> None:
    first = await gateway.keep_read("stockton", plate="PRT2")
    question = about("PRT2")
    record = asking(an_asker(), question, STOLEN, ["stockton"])
    answer = await client.ask(record, question)
    assert await client.ask(record, question) == answer
    assert [read.id for read in answer.reads] == [first.id]
    told = {canonical(one) for one in await access_tape.accesses() if one.access_id == record.access_id}
    assert told == {canonical(record), canonical(answer.outcome)}
    with pytest.raises(Conflict, match="another record"):
        await client.ask(msgspec.structs.replace(record, session="another"), question)
    await gateway.keep_read("stockton", plate="PRT2")
    with pytest.raises(Conflict, match="no longer the same"):
        await client.ask(record, question)
    looks = {canonical(one) for one in await access_tape.accesses() if one.access_id == record.access_id}
    assert looks == told, "what was refused has changed nothing of it"


async def test_a_record_that_is_not_the_clients_own_is_refused_and_that_is_on_record(
    client: PartnerClient, machine: PartnerMachine, access_tape: TopicTape
) -> None:
    question = about("PRT3")
    with pytest.raises(Forbidden, match="the record is of barstow"):
        await client.ask(asking(an_asker("barstow"), question, STOLEN, ["stockton"]), question)
    forged = PartnerMachine(machine.client_id, "ashgrove", ed25519_key(), machine.url, machine.audience)
    headers = {"Authorization": f"Bearer {await client.token()}", "Content-Type": "application/json"}
    async with http_asking(machine.url) as http:
        body = forged.asked(question, "stockton")
        answer = await http.post("/v1/partner/searches", content=body, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (403, "A client speaks for its own agency alone")
    refused = [one for one in await access_tape.accesses() if one.action == "refuse-client" and one.phase == "asked"]
    assert [one.query["why"].split(":")[0] for one in refused] == [
        "the record is of barstow, and the client is ashgrove's",
        "the record's signature",
    ]
    assert not [one for one in await access_tape.accesses() if one.action == "search"], "it is in nobody's name"


async def test_a_record_says_all_that_is_asked(client: PartnerClient, access_tape: TopicTape) -> None:
    question = about("PRT4", state="CA")
    record = asking(an_asker(), question, STOLEN, ["stockton"])
    less = {name: value for name, value in record.query.items() if name != "state"}
    refused = {
        "record.query.state": msgspec.structs.replace(record, query=less),
        "record.at": msgspec.structs.replace(record, at=record.at - timedelta(minutes=6)),
        "record.owners": msgspec.structs.replace(record, owners=("ashgrove",)),
    }
    for field, untrue in refused.items():
        with pytest.raises(OutOfForm) as told:
            await client.ask(untrue, question)
        assert [one.field for one in told.value.errors] == [field]
    with pytest.raises(OutOfForm, match="question.plate"):
        await client.ask(asking(an_asker(), about("prt 4"), STOLEN, ["stockton"]), about("prt 4"))
    assert not [one for one in await access_tape.accesses() if one.action == "search"]


async def test_what_a_record_says_of_agreements_must_be_so(client: PartnerClient, access_tape: TopicTape) -> None:
    question = about("PRT5")
    record = asking(an_asker(), question, STOLEN, ["stockton"])
    untrue = (SharedUnder(owner="stockton", mou="stockton-ashgrove", version=7),)
    with pytest.raises(OutOfForm, match="is not what grants this"):
        await client.ask(msgspec.structs.replace(record, shared_under=untrue), question)
    looks = [one for one in await access_tape.accesses() if one.access_id == record.access_id]
    assert [(one.phase, one.problem) for one in looks] == [("asked", None), ("failed", "RecordRefused")]


async def test_an_answer_goes_on_page_by_page_each_a_look_of_its_own(
    gateway: GatewayAtWork, client: PartnerClient, keepers: Keepers, access_tape: TopicTape
) -> None:
    await gateway.copy_read(await gateway.keep_read("stockton", plate="PRT6"), 120)
    question, own_log = about("PRT6"), list[AccessRecord]()

    async def keep(record: AccessRecord) -> None:
        own_log.append(record)

    asked = client.search(question, STOLEN, ["stockton"], asker=an_asker(), keep=keep)
    pages = [page async for page in asked]
    assert [len(page.reads) for page in pages] == [100, 21]
    assert len({read.id for page in pages for read in page.reads}) == 121
    looks = [one for one in await access_tape.accesses() if one.action == "search"]
    assert {canonical(one) for one in looks} == {canonical(one) for one in own_log}
    assert [one.results for one in looks if one.phase == "answered"] == [100, 21]
    after = pages[0].next
    assert after is not None
    async with (await registered(gateway, keepers["stockton"])).client() as another:
        with pytest.raises(Conflict, match="no search of this client's"):
            await another.ask(asking(an_asker(), question, STOLEN, ["stockton"], after), question, after)
    wider = msgspec.structs.replace(question, plate="PRT*")
    with pytest.raises(Conflict, match="no search of this client's"):
        await client.ask(asking(an_asker(), wider, STOLEN, ["stockton"], after), wider, after)


async def test_what_changes_holds_from_the_next_question_on(
    gateway: GatewayAtWork, keepers: Keepers, client: PartnerClient, machine: PartnerMachine, access_tape: TopicTape
) -> None:
    """Admission and its end, another's agreement, its quota, its suspension."""
    await gateway.keep_read("florence", plate="PRT7")
    florence, path = keepers["florence"], f"/v1/partner-clients/{machine.client_id}"
    assert (await florence.http.post(f"{path}/admission")).status_code == 404, "it shares with no such agency"
    mou = await agreed_with(gateway, "florence", "ashgrove", searches_a_day=3, fields=())
    assert await denied(client, "PRT7") == f"Florence Police Department has not admitted the client {machine.client_id}"
    (await florence.http.post(f"{path}/admission")).raise_for_status()
    assert (await florence.http.post(f"{path}/admission")).status_code == 422
    answer = await ask(client, "PRT7")
    assert [(read.agency_id, read.state, read.make) for read in answer.reads] == [("florence", None, None)]
    under = (SharedUnder(owner="florence", mou=mou.terms.mou_id, version=1),)
    assert (answer.parts[0].under, answer.outcome.shared_under, answer.outcome.results) == (under, under, 1)
    assert "does not share the state" in await denied(client, "PRT7", state="KY")
    assert "is not for this purpose" in await denied(client, "PRT7", purpose="missing-person")
    await ask(client, "PRT7")
    await ask(client, "PRT7")
    assert "used up until midnight UTC" in await denied(client, "PRT7")
    why = {"why": "Under review by counsel"}
    (await florence.http.post(f"{path}/withdrawal", json=why)).raise_for_status()
    assert "has not admitted" in await denied(client, "PRT7")
    assert (await florence.http.post(f"{path}/withdrawal", json=why)).status_code == 422
    assert (await florence.http.post(f"{path}/end", json=why)).status_code == 422, "it is Stockton's to end"
    (await florence.http.post(f"{path}/admission")).raise_for_status()
    (await florence.http.post(f"/v1/mous/{mou.terms.mou_id}/suspension", json=why)).raise_for_status()
    assert "is suspended since" in await denied(client, "PRT7")
    looks = [one for one in await access_tape.accesses() if one.action == "search" and one.phase != "asked"]
    assert {(one.phase, one.problem) for one in looks} == {("answered", None), ("failed", "NotGranted")}
    keeping = [one.action for one in await access_tape.accesses() if one.phase == "asked" and "client" in one.action]
    assert keeping[:2] == ["admit-client", "admit-client"]
    assert "withdraw-client" in keeping


async def test_an_agency_of_here_is_held_to_its_own_policy_also_where_its_machine_asks(
    gateway: GatewayAtWork, keepers: Keepers
) -> None:
    await agreed_with(gateway, "stockton", "barstow", purposes=("stolen-vehicle", "immigration-enforcement"))
    machine = await registered(gateway, keepers["stockton"], "barstow", key=p256_key())
    read = await gateway.keep_read("stockton", plate="PRT8")
    async with machine.client() as client:
        granted = await ask(client, "PRT8", agency="barstow", reason=ACCEPTED["barstow"])
        assert [one.id for one in granted.reads] == [read.id]
        forbidden = msgspec.structs.replace(ACCEPTED["barstow"], purpose="immigration-enforcement")
        refused = await ask(client, "PRT8", agency="barstow", reason=forbidden)
        assert (refused.reads, refused.parts[0].granted) == ((), False)
        assert refused.parts[0].basis.startswith("the policy of your own agency: ")


async def test_only_for_a_partner_with_whom_an_agreement_is_in_force_is_a_client_registered(keepers: Keepers) -> None:
    florence = keepers["florence"]
    refusals: dict[str, dict[str, Any]] = {
        "agency_id": {"agency_id": "nobody"},
        "note": {"note": "a"},
        "keys": {"keys": [{"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43}]},
    }
    for field, wrong in refusals.items():
        asked = a_registration("florence-county", ed25519_key()) | wrong
        answer = await florence.http.post("/v1/partner-clients", json=asked)
        assert answer.status_code == 422
        assert field in [one["field"] for one in answer.json()["errors"]]
    private = a_registration("florence-county", ed25519_key())
    private["keys"][0]["d"] = "A" * 43
    assert (await florence.http.post("/v1/partner-clients", json=private)).status_code == 422


async def test_after_a_day_only_the_signature_stays(gateway: GatewayAtWork, client: PartnerClient) -> None:
    question = about("PRT9")
    record = asking(an_asker(), question, STOLEN, ["stockton"])
    await client.ask(record, question)
    await PostgresLooks(gateway.administrator).forget(now() + timedelta(days=1, minutes=1))
    row = await gateway.administrator.fetchrow("SELECT * FROM partner_looks WHERE access_id = $1", record.access_id)
    assert row["record"] == canonical(record)
    assert (row["question"], row["outcome"], row["found"]) == (None, None, None)
    with pytest.raises(Conflict):
        await client.ask(record, question)


async def ask(
    client: PartnerClient,
    plate: str,
    owner: str = "",
    agency: str = "ashgrove",
    reason: Reason = STOLEN,
    **changes: Any,
) -> PartnerSearchAnswered:
    """One page about this plate."""
    question = about(plate, **changes)
    owners = [owner or ("stockton" if agency == "barstow" else "florence")]
    return await client.ask(asking(an_asker(agency), question, reason, owners), question)


async def denied(client: PartnerClient, plate: str, purpose: str = STOLEN.purpose, **changes: Any) -> str:
    """Why Florence does not answer."""
    answer = await ask(client, plate, reason=msgspec.structs.replace(STOLEN, purpose=purpose), **changes)
    (part,) = answer.parts
    assert (part.granted, answer.reads, answer.outcome.phase) == (False, (), "failed")
    return part.basis

"""Partners' machines search: under agreements and admissions, with a record that both logs hold byte for byte."""

from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from plateward.client import PartnerClient, Progress
from plateward.contracts.access import AccessRecord
from plateward.contracts.canonical import canonical
from tests.support.asking import asking as http_asking
from tests.support.gateway_at_work import Console, GatewayAtWork
from tests.support.partners import (
    STOLEN,
    PartnerMachine,
    about,
    agreed_with,
    an_asker,
    keeper_of,
    registered,
)
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]


@pytest.fixture(scope="module")
async def keepers(gateway: GatewayAtWork) -> Mapping[str, Console]:
    """Somebody of each who keeps agreements."""
    return {agency: await keeper_of(gateway, agency) for agency in ("stockton", "flagstaff", "florence")}


@pytest.fixture(scope="module")
async def machine(gateway: GatewayAtWork, keepers: Mapping[str, Console]) -> PartnerMachine:
    """A client of Ashgrove's, with which Stockton and Flagstaff share, that only Stockton has admitted."""
    await agreed_with(gateway, "stockton", "ashgrove")
    await agreed_with(gateway, "flagstaff", "ashgrove")
    return await registered(gateway, keepers["stockton"])


@pytest.fixture
async def client(machine: PartnerMachine) -> AsyncIterator[PartnerClient]:
    async with machine.client() as client:
        yield client


@pytest.fixture
async def http(gateway: GatewayAtWork) -> AsyncIterator[httpx.AsyncClient]:
    async with http_asking(gateway.url) as http:
        yield http


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

"""Who may read which list: how it stands, and its files, are for the titles that the policy names (Barstow 466.4.e)."""

import uuid
from collections.abc import Mapping

import msgspec
import pytest

from plateward.kernel.clock import now
from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.access import AccessGate
from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.adapters.stores.source_lists import PostgresSourceLists
from services.gateway.list_sources.source_lists import SourceLists
from services.gateway.people import NotAllowed, Session
from tests.support.entering import POLICIES
from tests.support.gateway_at_work import Console, GatewayAtWork, NoLog

pytest_plugins = ["tests.support.gateway"]


@pytest.mark.clause("B7")
async def test_how_a_list_stands_and_its_files_are_for_the_titles_that_may_read_it(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    manager = await gateway.sign_in(await gateway.register("barstow", "Information Technology Manager"))
    commander = await gateway.sign_in(await gateway.register("barstow", "Administrative Division Commander"))

    async def shown(console: Console) -> list[str]:
        return [one["list_id"] for one in (await console.http.get("/v1/lists")).raise_for_status().json()]

    assert await shown(commander) == await shown(consoles["barstow"]) == ["ncic", "ca-svs", "alerts"]
    assert await shown(manager) == ["alerts"]
    cookie = {"Cookie": f"{SESSION_COOKIE}={manager.token}"}
    page = (await manager.http.get("/lists", headers=cookie)).raise_for_status().text
    assert "keeps ncic, ca-svs from your title, Information Technology Manager" in page
    assert 'id="list-ncic"' not in page and 'id="list-alerts"' in page


@pytest.mark.clause("B7")
async def test_who_designates_lists_without_reading_one_brings_it_no_file(gateway: GatewayAtWork) -> None:
    profile = POLICIES["barstow"]
    designations = tuple(
        msgspec.structs.replace(one, readers=("Captain",)) if one.list == "ncic" else one
        for one in profile.hot_lists.designations
    )
    kept = msgspec.structs.replace(
        profile, hot_lists=msgspec.structs.replace(profile.hot_lists, designations=designations)
    )
    commander = await gateway.register("barstow", "Administrative Division Commander")
    session = Session(uuid.uuid4(), commander, frozenset({"designate-lists"}), now())
    lists = SourceLists(
        gate=AccessGate(NoLog(), now),
        store=PostgresSourceLists(gateway.administrator),
        policies=PolicyCatalogue({"barstow": kept}),
        sources={},
        now=now,
    )
    lists.may_bring(session, "ca-svs")
    with pytest.raises(NotAllowed, match="keeps the list ncic from a Administrative Division Commander"):
        lists.may_bring(session, "ncic")
    held = uuid.uuid4()
    await gateway.administrator.execute(
        "INSERT INTO list_refreshes"
        " (id, agency_id, list_id, way, brought_by, came_at, as_of, sha256, bytes, reading, state)"
        " VALUES ($1, 'barstow', 'ncic', 'upload', $2, now(), now(), '', 1, '', 'held')",
        *(held, msgspec.to_builtins(commander.actor)),
    )
    with pytest.raises(NotAllowed, match="keeps the list ncic"):
        await lists.decide(session, held, agreed=True, statement="Looked at it", address="")

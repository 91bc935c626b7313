"""Lists from elsewhere: by upload and folder; only differences go out; what shrinks a list waits."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from plateward.contracts.event import decode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList
from plateward.contracts.topics import HOT_LIST, HOT_LISTS
from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from services.gateway.settings import GatewaySettings, ListSource
from tests.integration.topic_reading import everything_on
from tests.support.bringing import brought, standing, until
from tests.support.gateway_at_work import ACCEPTED, Console, GatewayAtWork, gateway_at_work
from tests.support.things import titled_for

pytest_plugins = ["tests.support.gateway"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mvd")


@pytest.fixture(scope="module")
async def gateway(
    gateway_settings: GatewaySettings,
    database: str,
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[GatewayAtWork]:
    mapping = tmp_path_factory.mktemp("mappings") / "mvd.yaml"
    mapping.write_text("columns: {plate: TAG}\nconstants: {category: stolen-plate}\n", encoding="utf-8")
    settings = gateway_settings.model_copy(
        update={
            "list_sources": (
                ListSource(agency="flagstaff", list="ncic", format="ncic"),
                ListSource(agency="flagstaff", list="mvd", format="csv", mapping=mapping, folder=folder),
            ),
            "look_for_lists_every_seconds": 0.2,
        }
    )
    async with gateway_at_work(settings, database) as gateway:
        yield gateway


@pytest.fixture(scope="module")
async def designator(gateway: GatewayAtWork) -> Console:
    return await gateway.sign_in(await gateway.register("flagstaff", titled_for("flagstaff", "designate-lists")))


def extract(*plates: str, more: str = "") -> str:
    return "".join(f"MKE/STOLEN VEHICLE.LIC/{plate}.LIS/AZ.NIC/V{plate}{more}\n" for plate in plates)


async def on_topic(gateway: GatewayAtWork, list_id: str) -> dict[str, HotListEntry | None]:
    """What `hot-list` comes to of Flagstaff's list, tombstones among it; in the order in which it was sent."""
    await sent(gateway)
    entries: dict[str, HotListEntry | None] = {}
    for record in await everything_on(gateway.settings.kafka, HOT_LIST):
        assert record.key is not None
        key = record.key.decode()
        entry = None if record.value is None else decode(record.value, HotListEntry)
        if key in entries or (entry is not None and (entry.agency_id, entry.list_id) == ("flagstaff", list_id)):
            entries[key] = entry
    return entries


async def sent(gateway: GatewayAtWork) -> int:
    """Returns once the outbox is empty: how many records `hot-list` has."""

    async def empty() -> bool:
        return not await gateway.administrator.fetchval("SELECT count(*) FROM outbox")

    async with asyncio.timeout(30):
        await poll_until(empty)
    return len(await everything_on(gateway.settings.kafka, HOT_LIST))


async def stated(gateway: GatewayAtWork, key: str) -> HotList:
    await sent(gateway)
    records = await everything_on(gateway.settings.kafka, HOT_LISTS)
    return [decode(one.value, HotList) for one in records if one.key == key.encode()][-1]


@pytest.mark.clause("K5")
@pytest.mark.clause("S15")
async def test_a_file_replaces_its_list_and_only_the_differences_go_out(
    gateway: GatewayAtWork, designator: Console
) -> None:
    first = await brought(designator, "ncic", extract("AAA111", "AAA112", "AAA113") + "LIC/AAA114\nnothing\n")
    assert (first["state"], first["version"], first["accepted"], first["rejected"]) == ("replaced", 1, 3, 2)
    shown = await standing(designator, "ncic")
    assert [(one["line"], one["field"]) for one in shown["rejected_lines"]] == [(4, "MKE"), (5, "line")]
    before = await on_topic(gateway, "ncic")
    assert {one.plate for one in before.values() if one} == {"AAA111", "AAA112", "AAA113"}
    count = await sent(gateway)

    text = extract("AAA111", "AAA115") + extract("AAA112", more=".VCO/RED") + extract("AAA112", more=".VCO/BLU")
    second = await brought(designator, "ncic", text)
    assert (second["added"], second["changed"], second["removed"], second["version"]) == (1, 1, 1, 2)
    assert second["rejected"] == 1, "a record that stands there twice holds as it stands last"
    after = await on_topic(gateway, "ncic")
    assert await sent(gateway) == count + 3
    plates = {one.plate: one for one in after.values() if one}
    assert plates.keys() == {"AAA111", "AAA112", "AAA115"}
    changed = plates["AAA112"]
    was = before[str(changed.id)]
    assert was is not None
    assert (changed.version, changed.entered_at, changed.starts_at) == (2, was.entered_at, was.entered_at)
    assert changed.vehicle is not None
    assert changed.vehicle.colour == "blue"
    assert (await stated(gateway, "flagstaff/ncic")).version == 2


@pytest.mark.clause("S10")
async def test_the_same_file_again_keeps_its_list_fresh_and_an_older_one_is_refused(
    gateway: GatewayAtWork, designator: Console
) -> None:
    text, as_of = extract("BBB111", "BBB112"), now()
    await brought(designator, "bolo", text, as_of=(as_of - timedelta(hours=2)).isoformat(), format="ncic")
    count = await sent(gateway)
    again = await brought(designator, "bolo", text, as_of=(as_of - timedelta(hours=1)).isoformat(), format="ncic")
    assert (again["state"], again["version"]) == ("unchanged", 1)
    assert (await stated(gateway, "flagstaff/bolo")).refreshed_at == as_of - timedelta(hours=1)
    older = await brought(designator, "bolo", extract("BBB113"), as_of=(as_of - timedelta(days=1)).isoformat())
    assert (older["state"], older["why"][:11]) == ("refused", "it is older")
    future = await brought(designator, "bolo", extract("BBB113"), as_of=(as_of + timedelta(days=1)).isoformat())
    assert (future["state"], future["why"][-20:]) == ("refused", "which is yet to come")
    nothing = await brought(designator, "bolo", "garbage\n", format="ncic")
    assert (nothing["state"], nothing["rejected"]) == ("refused", 1)
    shown = await standing(designator, "bolo")
    assert (shown["entries"], shown["version"], shown["stale"]) == (2, 1, False)
    assert await sent(gateway) == count


async def test_a_file_that_halves_its_list_waits_until_a_designator_has_looked_at_it(
    gateway: GatewayAtWork, designator: Console, consoles: Mapping[str, Console]
) -> None:
    await brought(designator, "alerts", alerts("1", "2", "3", "4"), format="json")
    count = await sent(gateway)
    held = await brought(designator, "alerts", alerts("1", "2"), format="json")
    assert (held["state"], held["accepted"], held["version"]) == ("held", 2, None)
    assert (await brought(designator, "alerts", alerts("1", "2"), format="json"))["id"] == held["id"]
    assert (await sent(gateway), (await standing(designator, "alerts"))["entries"]) == (count, 4)

    decision = f"/v1/lists/refreshes/{held['id']}/decision"
    given = {"agreed": True, "statement": "The state has ended two alerts"}
    assert (await consoles["flagstaff"].http.post(decision, json=given)).status_code == 403
    assert (await designator.http.post(decision, json=given | {"statement": "yes"})).status_code == 422
    taken = await designator.http.post(decision, json=given)
    assert taken.status_code == 200, taken.text
    assert (taken.json()["state"], taken.json()["removed"], taken.json()["version"]) == ("replaced", 2, 2)
    assert (await designator.http.post(decision, json=given)).status_code == 422
    assert await sent(gateway) == count + 2

    held = await brought(designator, "alerts", alerts("5"), format="json")
    declined = await designator.http.post(f"/v1/lists/refreshes/{held['id']}/decision", json=given | {"agreed": False})
    assert (declined.json()["state"], (await standing(designator, "alerts"))["entries"]) == ("declined", 2)


def alerts(*keys: str) -> str:
    return "".join(json.dumps({"plate": f"CCC{key}", "category": "amber-alert", "key": key}) + "\n" for key in keys)


@pytest.mark.clause("K6")
async def test_a_special_list_names_its_case_and_its_first_file_is_approved(gateway: GatewayAtWork) -> None:
    chief = await gateway.sign_in(await gateway.register("kentucky", titled_for("kentucky", "designate-lists")))
    text = "plate,category\nDDD111,other\n"
    without = await chief.http.put("/v1/lists/bolo/file", content=text)
    assert (without.status_code, without.json()["errors"][0]["field"]) == (422, "case_number")
    first = await brought(chief, "bolo", text, case_number="K26-1187")
    assert (first["state"], first["case_number"]) == ("held", "K26-1187")
    given = {"agreed": True, "statement": "As the sheriff has asked"}
    await chief.http.post(f"/v1/lists/refreshes/{first['id']}/decision", json=given)
    assert (await brought(chief, "bolo", text + "DDD112,other\n", case_number="K26-1187"))["state"] == "replaced"


async def test_a_file_renamed_into_its_folder_is_taken_and_moved_away(
    gateway: GatewayAtWork, designator: Console, folder: Path
) -> None:
    unfinished = folder / "mvd.csv.part"
    unfinished.write_text("TAG,YEAR\nEEE111,2020\nEEE112,2021\n", encoding="utf-8")
    unfinished.rename(folder / "mvd.csv")
    await until(lambda: standing(designator, "mvd"), lambda one: one["entries"] == 2)
    await poll_until(lambda: asyncio.sleep(0, any((folder / "done").glob("*-mvd.csv"))))
    (folder / "wrong.csv").write_text("PLATE\nEEE113\n", encoding="utf-8")
    await until(lambda: standing(designator, "mvd"), lambda one: one["refreshes"][0]["state"] == "refused")
    await poll_until(lambda: asyncio.sleep(0, any((folder / "refused").glob("*-wrong.csv"))))
    shown = await standing(designator, "mvd")
    assert (shown["way"], shown["refreshes"][0]["brought_by"], shown["entries"]) == ("folder", "Gateway", 2)


@pytest.mark.clause("B19")
async def test_what_was_decided_is_explained_by_the_list_as_it_was(
    gateway: GatewayAtWork, designator: Console, consoles: Mapping[str, Console]
) -> None:
    barstow = await gateway.sign_in(await gateway.register("barstow", titled_for("barstow", "designate-lists")))
    as_of = now() - timedelta(hours=71, minutes=59)
    text = "plate,category\nGGG111,stolen-vehicle\n"
    await brought(barstow, "ca-svs", text, as_of=as_of.isoformat())
    read = await gateway.keep_read("barstow", plate="GGG111", captured_at=now())
    late = await gateway.keep_read("barstow", plate="GGG111", captured_at=as_of + timedelta(hours=73))
    await brought(barstow, "ca-svs", "plate,category\nGGG112,stolen-vehicle\nGGG113,stolen-vehicle\n", as_of=iso(as_of))

    assert await explained(consoles["barstow"], str(read.id)) == ["hit"]
    assert await explained(consoles["barstow"], str(late.id)) == []


async def explained(console: Console, read_id: str) -> list[str]:
    reason = {"purpose": ACCEPTED["barstow"].purpose, "form": "case", "values": ACCEPTED["barstow"].values}
    answer = await console.http.post("/v1/explanations", json={"read_id": read_id, "reason": reason})
    assert answer.status_code == 200, answer.text
    return [one["why"] for one in answer.json()["considered"]]


def iso(at: datetime) -> str:
    return at.isoformat()

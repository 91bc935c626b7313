"""What an entry on the department's own hot list must hold, and how long it stays."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, get_args

import pytest

from plateward.contracts.hot_list import Category
from plateward.kernel.clock import now
from tests.support.entering import entered
from tests.support.gateway_at_work import Console, GatewayAtWork, an_entry

pytest_plugins = ["tests.support.gateway"]


async def refused(console: Console, **changes: Any) -> dict[str, str]:
    """What such an entry lacks, by field."""
    answer = await console.http.post("/v1/hot-list/entries", json=an_entry(**changes))
    assert answer.status_code == 422
    return {error["field"]: error["rule"] for error in answer.json()["errors"]}


@pytest.mark.clause("F1")
async def test_a_vehicle_is_entered_under_any_of_the_policys_categories(consoles: Mapping[str, Console]) -> None:
    flagstaffs = {
        "stolen-vehicle",
        "wanted-person",
        "missing-person",
        "protective-order",
        "terrorist-related",
        "amber-alert",
        "blue-alert",
        "silver-alert",
    }
    assert flagstaffs <= set(get_args(Category))
    for category in get_args(Category):
        assert (await entered(consoles["flagstaff"], category=category))["category"] == category
    assert set(await refused(consoles["flagstaff"], category="parking")) == {"category"}


@pytest.mark.clause("F23")
@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("case_number", "The case number is missing"),
        ("reason", "The reason is missing"),
        ("requested_by", "The requesting member's name is missing"),
        ("contact", "The requesting member's contact is missing"),
    ],
)
async def test_an_entry_needs_case_reason_requester_and_contact(
    consoles: Mapping[str, Console], field: str, rule: str
) -> None:
    for empty in ("", "  ", "\n"):
        assert await refused(consoles["flagstaff"], **{field: empty}) == {field: rule}


@pytest.mark.clause("S20")
async def test_a_plate_for_more_than_one_officer_names_the_enterer_a_number_the_report_and_a_synopsis(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    console, colleague = consoles["stockton"], await gateway.register("stockton")
    both = [console.person.username, colleague.username]
    for field in ("case_number", "reason", "contact"):
        assert set(await refused(console, **{field: " "})) == {field}, "without a distribution everybody gets it"
        assert set(await refused(console, **{field: " "}, distribution=both)) == {field}
    entry = await entered(console, requested_by="", distribution=both)
    assert (entry["entered_by"], entry["requested_by"]) == (console.person.name, console.person.name)
    assert entry["distribution"] == sorted(both)
    assert (await entered(console, case_number="", distribution=both[:1]))["case_number"] == ""
    assert set(await refused(console, distribution=["nobody-here"])) == {"distribution"}


@pytest.mark.clause("S20")
async def test_hits_go_to_those_for_whom_the_entry_was_made(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    console, other = consoles["stockton"], await gateway.sign_in(await gateway.register("stockton"))
    hit = await gateway.keep_hit("stockton", "barstow", distribution=(console.person.username,))

    async def sees(one: Console) -> bool:
        return str(hit.id) in [seen["hit"]["id"] for seen in (await one.http.get("/v1/hits")).json()]

    assert await sees(console)
    assert not await sees(other)
    assert not await sees(consoles["barstow"])
    assert (await other.http.get(f"/v1/hits/{hit.id}/images/plate")).status_code == 404


@pytest.mark.clause("F23")
async def test_an_entry_carries_instructions_and_its_end(consoles: Mapping[str, Console]) -> None:
    ends = now() + timedelta(days=3)
    entry = await entered(
        consoles["flagstaff"],
        instructions="Stop only with P/C and identify occupants.",
        other_information="Seen with a trailer",
        expires_at=ends.isoformat(),
    )
    assert entry["other_information"] == "Seen with a trailer"
    assert entry["instructions"] == "Stop only with P/C and identify occupants."
    assert entry["expires_at"] == ends.isoformat().replace("+00:00", "Z")
    document = an_entry()
    del document["expires_at"]
    answer = await consoles["flagstaff"].http.post("/v1/hot-list/entries", json=document)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.expires_at")


@pytest.mark.clause("K7")
async def test_an_entry_names_who_entered_it_who_asked_the_case_and_why(consoles: Mapping[str, Console]) -> None:
    console = consoles["kentucky"]
    entry = await entered(console, requested_by="A. Lindqvist")
    assert entry["entered_by"] == console.person.name, "whoever is signed in: nothing else can be sent"
    assert entry["agency_id"] == "kentucky"
    assert entry["requested_by"] == "A. Lindqvist"
    assert entry["case_number"] == "26-004417"
    assert entry["reason"] == "Stolen from a driveway overnight"


@pytest.mark.clause("S19")
async def test_an_entry_stays_thirty_days_at_most(consoles: Mapping[str, Console]) -> None:
    await _ends_within(consoles["stockton"], "wanted-person", 30)


@pytest.mark.clause("S21")
@pytest.mark.parametrize("category", ["stolen-vehicle", "stolen-plate", "felony-vehicle"])
async def test_svs_slr_and_sfr_plates_stay_seven_days_at_most(consoles: Mapping[str, Console], category: str) -> None:
    await _ends_within(consoles["stockton"], category, 7)


async def _ends_within(console: Console, category: str, days: int) -> None:
    almost = timedelta(days=days) - timedelta(minutes=1)
    await entered(console, category=category, expires_at=(now() + almost).isoformat())
    for lasts in (timedelta(days=days, minutes=1), timedelta(days=365), timedelta(0), timedelta(days=-1)):
        assert await refused(console, category=category, expires_at=(now() + lasts).isoformat()) == {
            "expires_at": f"must lie in the future, at most {days} days ahead"
        }


@pytest.mark.clause("S19")
async def test_an_entry_whose_time_is_over_is_off_the_list(
    gateway: GatewayAtWork, consoles: Mapping[str, Console]
) -> None:
    console = consoles["barstow"]
    stays, goes = await entered(console), await entered(console)
    await gateway.administrator.execute(
        "UPDATE hot_list_entries SET expires_at = $2 WHERE id = $1::text::uuid", goes["id"], now()
    )
    assert (await console.http.get("/v1/hot-list/entries")).json() == [stays]

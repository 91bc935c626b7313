"""Reports as the policies ask for them: in time, of what the stores hold, every figure from a query that it names."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plateward.kernel.clock import now
from plateward.policy.catalogue import load_catalogue
from services.gateway.reports.periods import due_on, ended_periods
from tests.support.auditing import Auditing, auditing
from tests.support.gateway_at_work import Console, GatewayAtWork
from tests.support.things import titled_for

pytest_plugins = ["tests.support.gateway"]

PROFILES = load_catalogue()


@pytest.fixture(scope="module")
async def log(gateway: GatewayAtWork) -> AsyncIterator[Auditing]:
    async with auditing(gateway) as log:
        yield log


async def reporter(gateway: GatewayAtWork, agency: str) -> Console:
    return await gateway.sign_in(await gateway.register(agency, titled_for(agency, "conduct-audits")))


async def figures(console: Console, report: str = "activity") -> dict[str, Any]:
    answer = await console.http.get("/v1/reports/figures", params={"report": report})
    return {one["id"]: one for one in answer.raise_for_status().json()["figures"]}


async def began_a_year_ago(gateway: GatewayAtWork, agency: str) -> None:
    """Periods that are over are owed since the agency's first account."""
    await gateway.administrator.execute(
        "UPDATE people SET created_at = now() - interval '400 days' WHERE agency_id = $1", agency
    )


@pytest.mark.clause("S6")
async def test_stocktons_report_is_owed_by_the_tenth_business_day_and_says_what_it_must(
    gateway: GatewayAtWork, log: Auditing
) -> None:
    detective = await gateway.sign_in(await gateway.register("stockton"))
    for plate in ("SEEN1", "SEEN2", "SEEN3"):
        await gateway.keep_read("stockton", plate=plate)
    (await detective.http.post("/v1/searches", json=detective.search("SEEN1"))).raise_for_status()
    await log.catch_up()
    console = await reporter(gateway, "stockton")
    await began_a_year_ago(gateway, "stockton")

    owed = (await console.http.get("/v1/reports")).raise_for_status().json()
    profile = PROFILES["stockton"]
    report, zone = profile.reports.reports[0], ZoneInfo(profile.timezone)
    periods = ended_periods(report, (await begun(gateway, "stockton")).date(), now().astimezone(zone).date())
    assert [one["due_on"] for one in owed] == [due_on(report, period).isoformat() for period in periods]
    assert {one["to"] for one in owed} == {"Technical Services Division Commander"}
    assert all(one["overdue"] for one in owed[1:]), "nobody delivered them"

    found = await figures(console, "quarterly")
    assert sum(row[2] for row in found["detections"]["rows"]) == 3
    assert found["hits"]["rows"] == []
    assert sum(row[2] for row in found["investigations"]["rows"]) == 1

    given = {"report": "quarterly", "day": owed[1]["first_day"], "statement": "A carjacker was found by his plate."}
    (await console.http.post("/v1/reports/deliveries", json=given)).raise_for_status()
    assert (await console.http.post("/v1/reports/deliveries", json=given)).status_code == 422, "once is enough"
    after = (await console.http.get("/v1/reports")).json()
    assert (after[1]["overdue"], after[1]["delivered_at"] is not None) == (False, True)
    asked = {"report": "quarterly", "day": owed[1]["first_day"]}
    delivered = [(await console.http.get("/v1/reports/pdf", params=asked)).raise_for_status().content for _ in "ab"]
    assert delivered[0].startswith(b"%PDF-")
    assert delivered[0] == delivered[1], "it is kept as it was delivered"


@pytest.mark.clause("B13")
async def test_barstows_annual_report_says_what_was_asked_for_and_how_the_accounts_are(
    gateway: GatewayAtWork, log: Auditing
) -> None:
    detective = await gateway.sign_in(await gateway.register("barstow"))
    for plate in ("AA1", "AA2"):
        (await detective.http.post("/v1/searches", json=detective.search(plate))).raise_for_status()
    keeper = await gateway.sign_in(await gateway.register("barstow", titled_for("barstow", "review-accounts")))
    (await keeper.http.post(f"/v1/people/{detective.person.id}/reviews")).raise_for_status()
    await log.catch_up()
    console = await reporter(gateway, "barstow")
    assert PROFILES["barstow"].reports.reports[0].to == "Chief of Police"
    found = await figures(console, "annual")
    assert found["purposes"]["rows"] == [["stolen-vehicle", 2, 1, 0]]
    looks = {row[0]: row[1] for row in found["looks"]["rows"]}
    assert (looks["search"], looks["review-account"]) == (2, 1)
    accounts = {row[0]: row[1:] for row in found["accounts"]["rows"]}
    assert accounts["Detective"] == [1, 0, 1]
    assert ["review", 1, 1] in found["account-changes"]["rows"]
    chief = await gateway.sign_in(await gateway.register("barstow", "Chief of Police"))
    assert (await figures(chief, "annual"))["purposes"]["rows"] == found["purposes"]["rows"], (
        "the Chief reads what is reported"
    )


@pytest.mark.clause("F9")
async def test_flagstaff_has_its_deployments_with_what_they_gave(gateway: GatewayAtWork, log: Auditing) -> None:
    await log.catch_up()
    console = await reporter(gateway, "flagstaff")
    await registered(gateway, "flagstaff", "flagstaff-trailer")
    for plate in ("DEP1", "DEP2"):
        await gateway.keep_read("flagstaff", plate=plate, camera_id="flagstaff-trailer")
    rows = {row[0]: row for row in (await figures(console))["deployments"]["rows"]}
    assert rows["flagstaff-trailer"][6:] == [2, 0]
    said = (await console.http.get("/v1/reports/csv")).raise_for_status().text
    assert "Dispositions of hits" in said, "what the hit desk will keep is not made up"


@pytest.mark.clause("S5")
async def test_cameras_that_nobody_inspected_in_time_are_named(gateway: GatewayAtWork) -> None:
    console = await reporter(gateway, "stockton")
    days = PROFILES["stockton"].cameras.inspection_every_days
    assert days == 90
    for camera, ago in (("late", days + 12), ("in-time", days - 1)):
        await registered(gateway, "stockton", f"stockton-{camera}")
        await gateway.administrator.execute(
            "UPDATE cameras SET document ="
            " jsonb_set(document, '{registered_at}', to_jsonb(now() - make_interval(days => $2)))"
            " WHERE id = $1",
            *(f"stockton-{camera}", ago),
        )
    rows = {row[0]: row[1:] for row in (await figures(console))["inspections"]["rows"]}
    assert rows["stockton-late"][1:] == ["never", 12]
    assert "stockton-in-time" not in rows


async def test_every_figure_is_what_its_query_gives(gateway: GatewayAtWork, log: Auditing) -> None:
    """Asked again as the report names it, by nobody's code."""
    console = await reporter(gateway, "stockton")
    await gateway.keep_hit("stockton", plate="AGAIN1")
    await log.catch_up()
    for figure in (await figures(console)).values():
        scope, _, rest = figure["query"].partition("\n")
        lines = rest.splitlines()
        given = [line.partition(" = ")[2] for line in lines if line.startswith("-- $")]
        sql = "\n".join(line for line in lines if not line.startswith("--"))
        for number, value in enumerate(given, 1):
            literal = value if value.isdigit() else f"'{value}'" + ("::timestamptz" if value[:2] == "20" else "")
            sql = sql.replace(f"${number}", literal)
        async with gateway.administrator.acquire() as connection, connection.transaction(readonly=True):
            await connection.execute(scope)
            rows = await connection.fetch(sql)
        assert len(rows) == len(figure["rows"]), figure["id"]
        assert [str(row[0]) for row in rows] == [str(row[0]) for row in figure["rows"]], figure["id"]


async def test_the_csv_has_every_figure_and_nothing_that_calculates(gateway: GatewayAtWork) -> None:
    console = await reporter(gateway, "stockton")
    text = (await console.http.get("/v1/reports/csv")).raise_for_status().content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    titles = {one["title"] for one in (await figures(console)).values()}
    assert titles <= {row[0] for row in rows if row}
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)


async def test_a_period_that_is_not_over_is_not_delivered(gateway: GatewayAtWork) -> None:
    console = await reporter(gateway, "stockton")
    given = {"report": "quarterly", "day": now().date().isoformat()}
    refused = await console.http.post("/v1/reports/deliveries", json=given)
    assert (refused.status_code, refused.json()["errors"]) == (422, [{"field": "period", "rule": "is not over yet"}])


async def begun(gateway: GatewayAtWork, agency: str) -> datetime:
    at: datetime = await gateway.administrator.fetchval(
        "SELECT min(created_at) FROM people WHERE agency_id = $1", agency
    )
    return at.astimezone(UTC)


async def registered(gateway: GatewayAtWork, agency: str, camera_id: str) -> None:
    keeper = await gateway.sign_in(await gateway.register(agency, titled_for(agency, "administer-cameras")))
    placement = {"name": "Route 66 at Main", "latitude": 35.2, "longitude": -111.65, "bearing_deg": 90.0}
    camera = {"camera_id": camera_id, "kind": "fixed", "placement": placement}
    (await keeper.http.post("/v1/cameras", json=camera)).raise_for_status()

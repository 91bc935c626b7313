"""Agencies watch over their own use of the system, and publish it."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.policy.catalogue import load_catalogue
from services.audit.adapters.log_store import LogStore
from services.audit.watching.thresholds import Thresholds
from services.gateway.adapters.stores.transparency import PostgresTransparency
from services.gateway.transparency.nightly import Nightly
from services.gateway.transparency.publication import Audited
from tests.support.gateway_at_work import Console, GatewayAtWork
from tests.support.things import PLACEMENT
from tests.support.topic_tape import TopicTape
from tests.support.watching import watched

pytest_plugins = ["tests.support.gateway"]

COMMANDER = "Administrative Division Commander"
CLOSE = {"statement": "Asked the detective, and looked at the case"}


@pytest.fixture(scope="module")
async def audit(gateway: GatewayAtWork, database: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections as the audit service has them."""
    async with database_pool(DatabaseSettings(dsn=SecretStr(database)), schema="audit") as pool:
        yield pool


async def alarmed(audit: asyncpg.Pool, tape: TopicTape, console: Console) -> None:
    """Three searches at once, logged and watched by a watch for which that is a burst."""
    for number in range(3):
        (await console.http.post("/v1/searches", json=console.search(f"AB012{number}"))).raise_for_status()
    await LogStore(audit).append(await tape.accesses())
    await watched(audit, Thresholds(burst_looks=3))


async def alarm_about(administrator: Console, console: Console) -> str:
    alarms = (await administrator.http.get("/v1/alarms")).raise_for_status().json()
    (number,) = (one["id"] for one in alarms if one["person_id"] == str(console.person.id))
    return str(number)


@pytest.mark.clause("B3")
async def test_searches_are_watched_and_what_looks_like_misuse_comes_to_the_administrator_with_its_evidence(
    gateway: GatewayAtWork, audit: asyncpg.Pool, access_tape: TopicTape
) -> None:
    console = await gateway.sign_in(await gateway.register("barstow"))
    commander = await gateway.sign_in(await gateway.register("barstow", COMMANDER))
    await alarmed(audit, access_tape, console)
    number = await alarm_about(commander, console)

    alarm = (await commander.http.get(f"/v1/alarms/{number}")).json()
    assert (alarm["kind"], alarm["says"], alarm["finding"]) == ("burst", "3 searches in 15 minutes", None)
    searches = [one for one in await access_tape.accesses() if one.action == "search" and one.phase == "asked"]
    assert alarm["evidence"] == [str(one.access_id) for one in searches]
    assert [one["query"]["plate"] for one in alarm["records"]] == ["AB0120", "AB0121", "AB0122"]

    assert (await console.http.get("/v1/alarms")).status_code == 403, "only those see them who suspend"
    elsewhere = await gateway.sign_in(await gateway.register("flagstaff", "Police Chief"))
    assert (await elsewhere.http.get(f"/v1/alarms/{number}")).status_code == 404


@pytest.mark.clause("B14")
async def test_an_alarm_found_to_be_a_violation_suspends_until_retrained_and_another_finding_does_not(
    gateway: GatewayAtWork, audit: asyncpg.Pool, access_tape: TopicTape
) -> None:
    commander = await gateway.sign_in(await gateway.register("barstow", COMMANDER))
    honest, violator = [await gateway.sign_in(await gateway.register("barstow")) for _ in range(2)]
    await alarmed(audit, access_tape, honest)
    await alarmed(audit, access_tape, violator)

    path = f"/v1/alarms/{await alarm_about(commander, honest)}/finding"
    assert (await commander.http.post(path, json={"finding": "in-order", "statement": "ok"})).status_code == 422
    closed = await commander.http.post(path, json=CLOSE | {"finding": "in-order"})
    assert closed.raise_for_status().json()["closed_by"]["title"] == COMMANDER
    assert (await honest.http.get("/v1/hits")).status_code == 200
    again = await commander.http.post(path, json=CLOSE | {"finding": "violation"})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "finding")
    assert (await honest.http.get("/v1/hits")).status_code == 200

    path = f"/v1/alarms/{await alarm_about(commander, violator)}/finding"
    (await commander.http.post(path, json=CLOSE | {"finding": "violation"})).raise_for_status()
    refused = await violator.http.post("/v1/searches", json=violator.search())
    assert (refused.status_code, "suspended since" in refused.json()["detail"]) == (403, True)
    told = (await violator.http.get("/v1/people/me")).json()["changes"][0]
    assert (told["command"], told["by"]["statement"]) == ("violation", CLOSE["statement"])
    done = {
        "training_id": "policy-retraining",
        "completed_on": str(now().astimezone(ZoneInfo("America/Los_Angeles")).date()),
    }
    person = f"/v1/people/{violator.person.id}"
    (await commander.http.post(f"{person}/trainings", json=done)).raise_for_status()
    assert (await violator.http.get("/v1/hits")).status_code == 200


@pytest.mark.clause("B3")
async def test_nobody_closes_an_alarm_about_themselves(gateway: GatewayAtWork) -> None:
    chief = await gateway.sign_in(await gateway.register("flagstaff", "Police Chief"))
    number = uuid.uuid4()
    await gateway.administrator.execute(
        "INSERT INTO audit.misuse_alarms (id, matter, kind, agency_id, person_id, at, says, evidence, records)"
        " VALUES ($1, $1, 'burst', 'flagstaff', $2, now(), '20 searches in 15 minutes', '{}', '{}')",
        *(number, str(chief.person.id)),
    )
    answer = await chief.http.post(f"/v1/alarms/{number}/finding", json=CLOSE | {"finding": "in-order"})
    assert (answer.status_code, "about yourself" in answer.text) == (422, True)


@pytest.mark.clause("B5")
@pytest.mark.clause("L2")
@pytest.mark.parametrize("agency", ["barstow", "florence"])
async def test_the_policy_and_the_use_are_posted_for_everybody(gateway: GatewayAtWork, agency: str) -> None:
    policies = load_catalogue()
    await Nightly(PostgresTransparency(gateway.administrator), policies, now, lambda: None).publish_due()
    async with httpx.AsyncClient(base_url=gateway.url) as http:
        page = (await http.get(f"/transparency/{agency}")).raise_for_status()
        assert "public" in page.headers["Cache-Control"] and "Computed at" in page.text
        assert "whether it was false, is not written down" in page.text
        kept = {"If-None-Match": page.headers["ETag"]}
        assert (await http.get(f"/transparency/{agency}", headers=kept)).status_code == 304
        said = (await http.get(f"/v1/transparency/{agency}")).raise_for_status().json()
        for silent in ("flagstaff", "nowhere"):
            assert (await http.get(f"/transparency/{silent}")).status_code == 404
            assert (await http.get(f"/v1/transparency/{silent}")).status_code == 404
        login = await http.get("/login")
        index = await http.get("/transparency")
    assert said["policy"] == policies[agency].policy
    assert [one["label"] for one in said["searches_by_purpose"]] == [
        purpose.label for purpose in policies[agency].purposes.allowed
    ]
    for chapter in said["policy_in_plain_words"]:
        assert chapter["title"].replace("'", "&#39;") in page.text
    assert 'href="/transparency"' in login.text and f'href="/transparency/{agency}"' in index.text


@pytest.mark.clause("B5")
async def test_what_is_published_is_counted_from_the_stores(gateway: GatewayAtWork) -> None:
    store, day = PostgresTransparency(gateway.administrator), now()
    read = await gateway.keep_read("florence", captured_at=day)
    await gateway.copy_read(read, 13)
    begin, end = day.replace(hour=0, minute=0, second=0), day
    await store.count("florence", day.date(), begin, end.replace(microsecond=999_999))
    reads, hits = await store.reads_and_hits("florence", day.date(), day.date())
    assert (reads, hits) == (14, 0)
    assert await store.counted_days("florence", day.date()) == {day.date()}


@pytest.mark.clause("B5")
async def test_audits_are_published_once_they_are_closed_and_the_newest_verdict_counts(gateway: GatewayAtWork) -> None:
    administrator, store = gateway.administrator, PostgresTransparency(gateway.administrator)
    closed_at, verdicts = datetime(2031, 3, 1, 9, tzinfo=UTC), ("violation", "within-policy", "violation")
    for closed in (None, {"at": closed_at.isoformat()}):
        audit_id = uuid.uuid4()
        await administrator.execute(
            "INSERT INTO audits (id, agency_id, since, until, sample_size, access_id, opened_by, opened_at, closed)"
            " VALUES ($1, 'florence', $2, $2, 2, $1, '{}', $2, $3)",
            *(audit_id, closed_at, closed),
        )
        for place, verdict in zip((1, 1, 2), verdicts, strict=True):
            await administrator.execute(
                "INSERT INTO audit_samples (audit_id, place, record_id) VALUES ($1, $2, $1) ON CONFLICT DO NOTHING",
                *(audit_id, place),
            )
            await administrator.execute(
                "INSERT INTO audit_judgements (audit_id, place, verdict, data_errors, note, by, at)"
                " VALUES ($1, $2, $3, '', '', '{}', $4)",
                *(audit_id, place, verdict, closed_at),
            )
    year, zone = date(2031, 1, 1), "America/Los_Angeles"
    assert await store.audited("florence", year, closed_at, zone) == Audited(year)
    told = await store.audited("florence", year, closed_at + timedelta(seconds=1), zone)
    assert told == Audited(year, closed=1, inquiries=2, violations=1, last_closed_on=closed_at.date())
    assert await store.audited("florence", date(2031, 3, 2), closed_at + timedelta(days=9), zone) == Audited(
        date(2031, 3, 2)
    )


async def light_of(console: Console, name: str) -> dict[str, str]:
    lights = (await console.http.get("/v1/health")).raise_for_status().json()
    return next(light for light in lights if name in light["name"])


@pytest.mark.clause("F10")
@pytest.mark.clause("S11")
async def test_the_page_of_health_has_a_light_for_every_part_and_what_is_wrong_stands_first(
    gateway: GatewayAtWork,
) -> None:
    keeper = await gateway.sign_in(await gateway.register("stockton", "Lieutenant"))
    number = f"stockton-{uuid.uuid4()}"
    camera = {"camera_id": number, "kind": "fixed", "placement": PLACEMENT}
    (await keeper.http.post("/v1/cameras", json=camera)).raise_for_status()
    officer = await gateway.sign_in(await gateway.register("stockton", "Officer"))
    fault = {"statement": "Mount loose"}
    (await officer.http.post(f"/v1/cameras/{number}/faults", json=fault)).raise_for_status()

    async def measured() -> bool:
        return {light["part"] for light in (await officer.http.get("/v1/health")).json()} >= {"service", "clock"}

    async with asyncio.timeout(30):
        await poll_until(measured)
    lights = (await officer.http.get("/v1/health")).json()
    states = [light["state"] for light in lights]
    assert states == sorted(states, key=("wrong", "unknown", "right").index)
    assert {light["part"] for light in lights} == {
        *("line", "camera", "hot list", "service", "clock", "purge", "access log"),
    }
    broken = await light_of(officer, number)
    assert (broken["state"], "Mount loose" in broken["says"]) == ("wrong", True)
    for clock in ("database", "broker"):
        assert (await light_of(officer, f"Clock of the {clock}"))["state"] == "right"


@pytest.mark.clause("S10")
async def test_the_version_and_the_age_of_each_list_are_shown(gateway: GatewayAtWork) -> None:
    officer = await gateway.sign_in(await gateway.register("stockton", "Officer"))
    light = await light_of(officer, "Own list of")
    assert (light["state"], light["says"].startswith("Version 1, refreshed")) == ("right", True)

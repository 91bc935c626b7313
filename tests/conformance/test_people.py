"""Who may use the system: individual people, by title, trained, reviewed, and out after a violation."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from plateward.kernel.clock import now
from plateward.policy.catalogue import load_catalogue
from services.gateway.people import Person
from tests.support.asking import asking
from tests.support.gateway_at_work import PASSWORD, TITLES, Console, GatewayAtWork
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

CATALOGUE = load_catalogue()
KEEPERS = {
    "barstow": "Information Technology Manager",
    "flagstaff": "Police Chief",
    "florence": "Lieutenant",
    "kentucky": "Chief",
    "stockton": "Lieutenant",
}
AGENCIES = sorted(TITLES)
NEW_PASSWORD = "grey saloon without lights"


@pytest.fixture
async def http(gateway: GatewayAtWork) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(gateway.url) as http:
        yield http


async def keeper_of(gateway: GatewayAtWork, agency: str) -> Console:
    return await gateway.sign_in(await gateway.register(agency, KEEPERS[agency]))


def a_name() -> str:
    return "p" + uuid.uuid4().hex[:10]


def account(agency: str, **changes: Any) -> dict[str, Any]:
    return {"username": a_name(), "name": "L. Ortega", "title": TITLES[agency]} | changes


async def untrained(gateway: GatewayAtWork, agency: str, title: str | None = None) -> Console:
    person = await gateway.register(agency, title)
    await gateway.administrator.execute("DELETE FROM trainings WHERE person_id = $1", person.id)
    return await gateway.sign_in(person)


async def looks(console: Console) -> set[int]:
    """What comes of each way of looking at data."""
    http = console.http
    return {
        (await http.get("/v1/hits")).status_code,
        (await http.get("/v1/hot-list/entries")).status_code,
        (await http.post("/v1/searches", json=console.search())).status_code,
    }


@pytest.mark.clause("K2")
@pytest.mark.parametrize("agency", AGENCIES)
async def test_an_account_is_of_one_person_who_alone_sets_its_password(
    gateway: GatewayAtWork, http: httpx.AsyncClient, agency: str
) -> None:
    keeper = await keeper_of(gateway, agency)
    for shared in ({"username": "dispatch"}, {"name": "Front Desk"}, {"name": "Dispatch"}):
        refused = await keeper.http.post("/v1/people", json=account(agency, **shared))
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, next(iter(shared)))
    asked = account(agency)
    made = (await keeper.http.post("/v1/people", json=asked)).raise_for_status().json()
    assert (await keeper.http.post("/v1/people", json=asked)).status_code == 422

    opened = {"username": asked["username"], "invitation": made["invitation"], "password": NEW_PASSWORD}
    assert (await http.post("/v1/sessions/invitations", json=opened | {"invitation": "A" * 20})).status_code == 401
    assert (await http.post("/v1/sessions/invitations", json=opened | {"password": "short"})).status_code == 422
    signed_in = (await http.post("/v1/sessions/invitations", json=opened)).raise_for_status().json()
    assert signed_in["name"] == "L. Ortega"
    assert (await http.post("/v1/sessions/invitations", json=opened)).status_code == 401
    credentials = {"username": asked["username"], "password": NEW_PASSWORD}
    assert (await http.post("/v1/sessions", json=credentials)).status_code == 201


@pytest.mark.clause("B3")
@pytest.mark.clause("K2")
async def test_one_account_at_two_places_at_once_is_recorded_and_shown(
    gateway: GatewayAtWork, access_tape: TopicTape
) -> None:
    keeper, person = await keeper_of(gateway, "kentucky"), await gateway.register("kentucky")
    await gateway.sign_in(person)
    await gateway.sign_in(person)
    alarms = [one for one in await access_tape.accesses() if one.action == "concurrent-sessions"]
    assert [(one.actor.username, one.query["sessions"], one.phase) for one in alarms] == [
        (person.username, "2", "asked"),
        (person.username, "2", "answered"),
    ]
    listed = (await keeper.http.get("/v1/people")).json()
    shown = next(one for one in listed if one["person"]["username"] == person.username)
    assert (shown["concurrent_at"] is not None, shown["open_sessions"]) == (True, 2)


@pytest.mark.clause("B1")
@pytest.mark.clause("L1")
@pytest.mark.parametrize(
    ("agency", "title", "searches"),
    [
        ("barstow", "Corporal", True),
        ("barstow", "Dispatch Supervisor", False),
        ("barstow", "Information Technology Manager", False),
        ("florence", "Sergeant", True),
        ("florence", "Dispatcher", False),
    ],
)
async def test_a_title_has_full_or_limited_access(
    gateway: GatewayAtWork, agency: str, title: str, searches: bool
) -> None:
    console = await gateway.sign_in(await gateway.register(agency, title))
    assert (await console.http.get("/v1/hits")).status_code == 200
    answer = await console.http.post("/v1/searches", json=console.search())
    assert answer.status_code == (200 if searches else 403)


@pytest.mark.clause("F14")
async def test_all_sworn_members_can_search(gateway: GatewayAtWork) -> None:
    for title in ("Police Chief", "Division Commander", "Lieutenant", "Sergeant", "Detective", "Officer"):
        console = await gateway.sign_in(await gateway.register("flagstaff", title))
        assert (await console.http.post("/v1/searches", json=console.search())).status_code == 200


@pytest.mark.clause("B17")
@pytest.mark.parametrize("agency", AGENCIES)
async def test_only_the_titles_that_the_policy_names_create_accounts(gateway: GatewayAtWork, agency: str) -> None:
    profile = CATALOGUE[agency]
    for title in (*profile.authorised.titles, *profile.authorised.offices):
        console = await gateway.sign_in(await gateway.register(agency, title))
        answer = await console.http.post("/v1/people", json=account(agency))
        assert answer.status_code == (201 if title in profile.accounts.keepers else 403), title


@pytest.mark.clause("B17")
async def test_a_vendor_maintains_in_a_window_and_sees_no_data(gateway: GatewayAtWork, http: httpx.AsyncClient) -> None:
    keeper, vendor = await keeper_of(gateway, "barstow"), await gateway.register("barstow", "Vendor technician")
    credentials = {"username": vendor.username, "password": PASSWORD}
    closed = await http.post("/v1/sessions", json=credentials)
    assert (closed.status_code, "no maintenance window is open" in closed.json()["detail"]) == (401, True)
    window, path = {"hours": 2, "statement": "replacing the reader at Main St"}, f"/v1/people/{vendor.id}/windows"
    assert (await keeper.http.post(path, json=window | {"hours": 9})).status_code == 422
    assert (await keeper.http.post(path, json=window)).status_code == 204

    console = await gateway.sign_in(vendor)
    assert (await console.http.get("/v1/cameras")).status_code == 200
    assert await looks(console) == {403}
    ended = "UPDATE maintenance_windows SET until_at = now() WHERE person_id = $1"
    await gateway.administrator.execute(ended, vendor.id)
    assert (await console.http.get("/v1/cameras")).status_code == 403


@pytest.mark.clause("F8")
@pytest.mark.clause("B2")
@pytest.mark.clause("K1")
@pytest.mark.clause("L4")
@pytest.mark.clause("S1")
@pytest.mark.parametrize("agency", AGENCIES)
async def test_nobody_looks_before_their_training_is_on_file_nor_after_it_has_expired(
    gateway: GatewayAtWork, agency: str
) -> None:
    keeper, console = await keeper_of(gateway, agency), await untrained(gateway, agency)
    assert await looks(console) == {403}
    training, path = CATALOGUE[agency].training, f"/v1/people/{console.person.id}/trainings"
    recorder = keeper
    if "record-training" not in CATALOGUE[agency].rights_of(KEEPERS[agency]):
        recorder = await gateway.sign_in(await gateway.register(agency, training.recorders[0]))
        refused = {"training_id": training.required["data"][0], "completed_on": str(now().date())}
        assert (await keeper.http.post(path, json=refused)).status_code == 403
    for training_id in training.required["data"]:
        assert await looks(console) == {403}
        done = {"training_id": training_id, "completed_on": str(now().date() - timedelta(days=2))}
        assert (await recorder.http.post(path, json=done)).status_code == 204
    assert await looks(console) == {200}
    kept = (await console.http.get("/v1/people/me")).json()["trainings"]
    assert {one["training_id"] for one in kept} == set(training.required["data"])

    expired = "UPDATE trainings SET completed_on = completed_on - 731 WHERE person_id = $1"
    await gateway.administrator.execute(expired, console.person.id)
    assert await looks(console) == {403}
    assert "counted until" in (await console.http.get("/v1/hits")).json()["detail"]


@pytest.mark.clause("S8")
async def test_equipment_asks_for_the_course_beside_the_training_for_data(gateway: GatewayAtWork) -> None:
    console = await gateway.sign_in(await gateway.register("stockton", "Lieutenant"))
    without = "DELETE FROM trainings WHERE person_id = $1 AND training_id = $2"
    await gateway.administrator.execute(without, console.person.id, "alpr-course")
    assert await looks(console) == {200}
    assert (await console.http.get("/v1/cameras")).status_code == 403
    for training_id in ("privacy", "cjis", "computer-security"):
        other = await gateway.sign_in(await gateway.register("stockton"))
        await gateway.administrator.execute(without, other.person.id, training_id)
        assert await looks(other) == {403}


@pytest.mark.clause("B13")
async def test_accounts_are_reviewed_and_the_unauthorised_closed(gateway: GatewayAtWork) -> None:
    keeper, person = await keeper_of(gateway, "barstow"), await gateway.register("barstow")
    console, path = await gateway.sign_in(person), f"/v1/people/{person.id}"
    late = "UPDATE people SET created_at = now() - interval '91 days' WHERE id = $1"
    await gateway.administrator.execute(late, person.id)
    assert (await keeper.http.get(path)).json()["overdue"] is True
    assert (await console.http.post(f"{path}/reviews")).status_code == 403
    assert (await keeper.http.post(f"{path}/reviews")).status_code == 204
    assert (await keeper.http.get(path)).json()["overdue"] is False

    assert (await keeper.http.post(f"{path}/deactivation", json={"statement": "left"})).status_code == 204
    assert (await console.http.get("/v1/hits")).status_code == 401
    history = (await keeper.http.get(path)).json()["changes"]
    assert [one["command"] for one in history] == ["deactivate", "review"]
    assert (history[0]["by"]["title"], history[0]["by"]["statement"]) == (KEEPERS["barstow"], "left")


@pytest.mark.clause("B14")
async def test_a_violation_keeps_out_until_retrained_and_is_told_to_the_person(gateway: GatewayAtWork) -> None:
    commander = await gateway.sign_in(await gateway.register("barstow", "Administrative Division Commander"))
    console = await gateway.sign_in(await gateway.register("barstow"))
    path = f"/v1/people/{console.person.id}"
    own = await console.http.post(f"{path}/violations", json={"statement": "looked up a neighbour"})
    assert own.status_code == 403
    assert (await commander.http.post(f"{path}/violations", json={"statement": "bad"})).status_code == 422
    told = {"statement": "looked up a neighbour"}
    assert (await commander.http.post(f"{path}/violations", json=told)).status_code == 204
    assert await looks(console) == {403}
    me = (await console.http.get("/v1/people/me")).json()
    assert (me["rights"], me["changes"][0]["by"]["statement"]) == ([], told["statement"])
    assert "suspended since" in (await console.http.get("/v1/hits")).json()["detail"]

    done = {"training_id": "policy-retraining", "completed_on": str(now().date() - timedelta(days=3))}
    assert (await commander.http.post(f"{path}/trainings", json=done)).status_code == 204
    assert await looks(console) == {403}
    day = str(now().astimezone(ZoneInfo(CATALOGUE["barstow"].timezone)).date())
    assert (await commander.http.post(f"{path}/trainings", json=done | {"completed_on": day})).status_code == 204
    assert await looks(console) == {200}


@pytest.mark.clause("B11")
async def test_whatever_is_done_to_an_account_is_an_access_record(
    gateway: GatewayAtWork, access_tape: TopicTape
) -> None:
    commander = await gateway.sign_in(await gateway.register("barstow", "Administrative Division Commander"))
    person = await gateway.register("barstow")
    path, statement = f"/v1/people/{person.id}", {"statement": "looked up a neighbour"}
    await commander.http.post("/v1/people", json=account("barstow"))
    await commander.http.post(f"{path}/trainings", json={"training_id": "alpr", "completed_on": "2026-01-02"})
    await commander.http.post(f"{path}/violations", json=statement)
    await commander.http.post(f"{path}/reviews")
    await commander.http.post(f"{path}/release")
    answered = [one for one in await access_tape.accesses() if one.phase == "answered"]
    assert [(one.action, one.query["command"]) for one in answered] == [
        ("change-account", "create"),
        ("record-training", "train"),
        ("suspend-person", "violation"),
        ("review-account", "review"),
        ("change-account", "release"),
    ]
    assert {one.actor.username for one in answered} == {commander.person.username}


@pytest.mark.clause("B11")
async def test_a_sign_in_is_on_record_before_the_session_is_there(
    gateway: GatewayAtWork, http: httpx.AsyncClient, access_tape: TopicTape
) -> None:
    person = await gateway.register("barstow")
    for password, status in ((PASSWORD, 201), ("wrong", 401)):
        answer = await http.post("/v1/sessions", json={"username": person.username, "password": password})
        assert answer.status_code == status
    asked, answered = await access_tape.sign_ins()
    assert (asked.phase, answered.phase) == ("asked", "answered"), "and of the wrong password there is none"
    assert asked.actor == person.actor
    assert asked.query == {"person": person.username, "by": "password"}
    begun = await gateway.administrator.fetchrow("SELECT * FROM sessions WHERE person_id = $1", person.id)
    assert (asked.session, asked.address) == (str(begun["public_id"]), begun["address"])


async def test_of_two_who_accept_an_invitation_at_once_one_does(
    gateway: GatewayAtWork, http: httpx.AsyncClient
) -> None:
    keeper, person = await keeper_of(gateway, "florence"), await gateway.register("florence")
    given = (await keeper.http.post(f"/v1/people/{person.id}/invitations")).json()
    passwords = [f"grey saloon without lights {number}" for number in range(3)]
    opened = [{"username": person.username, "invitation": given["invitation"], "password": one} for one in passwords]
    answers = await asyncio.gather(*(http.post("/v1/sessions/invitations", json=one) for one in opened))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    for password, answer in zip(passwords, answers, strict=True):
        entered = await http.post("/v1/sessions", json={"username": person.username, "password": password})
        assert entered.status_code == answer.status_code, "the password is the winner's"


async def test_nobody_keeps_another_agencys_accounts(gateway: GatewayAtWork) -> None:
    keeper, stranger = await keeper_of(gateway, "florence"), await gateway.register("stockton")
    assert (await keeper.http.get(f"/v1/people/{stranger.id}")).status_code == 404
    for what in ("reviews", "release", "invitations"):
        assert (await keeper.http.post(f"/v1/people/{stranger.id}/{what}")).status_code == 404
    listed = (await keeper.http.get("/v1/people")).json()
    assert {one["person"]["agency_id"] for one in listed} == {"florence"}


async def test_five_failures_lock_an_account_until_it_is_released(
    gateway: GatewayAtWork, http: httpx.AsyncClient, access_tape: TopicTape
) -> None:
    keeper, person = await keeper_of(gateway, "florence"), await gateway.register("florence")
    wrong, right = ({"username": person.username, "password": one} for one in ("wrong", PASSWORD))
    for _ in range(4):
        assert (await http.post("/v1/sessions", json=wrong)).status_code == 401
    assert (await http.post("/v1/sessions", json=right)).status_code == 201
    for _ in range(5):
        assert (await http.post("/v1/sessions", json=wrong)).status_code == 401
    later = "UPDATE sign_in_attempts SET at = at - interval '16 minutes' WHERE username = $1"
    await gateway.administrator.execute(later, person.username)
    assert (await http.post("/v1/sessions", json=right)).status_code == 401
    assert (await keeper.http.post(f"/v1/people/{person.id}/release")).status_code == 204
    assert (await http.post("/v1/sessions", json=right)).status_code == 201
    accesses = await access_tape.accesses()
    locks = [one for one in accesses if one.action == "lock-account"]
    assert {one.actor.username for one in locks} == {person.username}
    tries = [one for one in accesses if one.action == "failed-sign-in"]
    assert [one.query for one in tries] == 10 * [{"by": "password", "person": person.username}]


async def test_a_failed_try_is_on_record_whatever_failed_and_tells_neither_secret_nor_whether_the_name_is_known(
    gateway: GatewayAtWork, http: httpx.AsyncClient, access_tape: TopicTape
) -> None:
    person = await gateway.register("florence")
    answers = [
        await http.post("/v1/sessions", json={"username": name, "password": "my secret"})
        for name in (person.username, "typed the password here")
    ]
    assert len({(one.status_code, one.text) for one in answers}) == 1
    accepted = {"username": person.username, "invitation": "A" * 20, "password": PASSWORD}
    assert (await http.post("/v1/sessions/invitations", json=accepted)).status_code == 401
    tries = [one for one in await access_tape.accesses() if one.action == "failed-sign-in"]
    assert [(one.actor.username, one.query["by"]) for one in sorted(tries, key=lambda one: one.at)] == [
        (person.username, "password"),
        ("", "password"),
        (person.username, "invitation"),
    ]
    assert "secret" not in str(tries) and "typed" not in str(tries)


async def test_a_session_ends_for_want_of_a_move_and_a_stream_is_none(gateway: GatewayAtWork) -> None:
    console = await gateway.sign_in(await gateway.register("florence", "Dispatcher"))
    idle = "UPDATE sessions SET last_seen_at = now() - interval '{} minutes' WHERE person_id = $1"
    await gateway.administrator.execute(idle.format(29), console.person.id)
    async with console.http.stream("GET", "/v1/hits/stream") as stream:
        assert stream.status_code == 200
    seen = "SELECT last_seen_at < now() - interval '28 minutes' FROM sessions WHERE person_id = $1"
    assert await gateway.administrator.fetchval(seen, console.person.id)
    assert (await console.http.get("/v1/hits")).status_code == 200
    assert not await gateway.administrator.fetchval(seen, console.person.id)
    await gateway.administrator.execute(idle.format(31), console.person.id)
    assert (await console.http.get("/v1/hits")).status_code == 401
    await gateway.administrator.execute("UPDATE sessions SET still = true WHERE person_id = $1", console.person.id)
    assert (await console.http.get("/v1/hits")).status_code == 200


async def test_a_person_whose_agency_has_no_policy_here_is_refused_and_told_so(
    gateway: GatewayAtWork, http: httpx.AsyncClient
) -> None:
    person: Person = await gateway.register("florence")
    console = await gateway.sign_in(person)
    await gateway.administrator.execute("UPDATE people SET agency_id = 'mayberry' WHERE id = $1", person.id)
    for answer in (
        await console.http.get("/v1/hits"),
        await http.post("/v1/sessions", json={"username": person.username, "password": PASSWORD}),
    ):
        assert (answer.status_code, answer.json()["title"]) == (403, "No policy of your agency is in force here")
    page = await http.post("/login", data={"username": person.username, "password": PASSWORD})
    assert (page.status_code, "no policy of the agency mayberry is in force" in page.text) == (401, True)
    token = console.http.headers["Authorization"].removeprefix("Bearer ")
    desk = await http.get("/desk", headers={"Cookie": f"plateward_session={token}"})
    assert (desk.status_code, "No policy is in force" in desk.text) == (403, True)

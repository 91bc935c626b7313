"""What stands between a person and a search: cases, repetition, supervisors; and what a search then finds and gives."""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from demo.case_register import case_register
from plateward.contracts.cameras import CameraPlace
from plateward.contracts.reads import VehicleDescription
from plateward.embedded.ports import free_port
from plateward.kernel.clock import now
from plateward.kernel.lifecycle import http_server
from plateward.kernel.settings import HttpSettings
from plateward.policy.catalogue import load_catalogue
from services.gateway.settings import GatewaySettings
from tests.support.cameras import a_camera
from tests.support.gateway_at_work import Console, GatewayAtWork
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

KNOWN = {"flagstaff": frozenset({"E2600417", "202601234"}), "stockton": frozenset({"2601234", "DR2601234"})}
TOLD = "A grey saloon left the car park of the station without lights"


@pytest.fixture(scope="module")
async def register() -> AsyncIterator[str]:
    """The case register of the demo, serving."""
    settings, stopping = HttpSettings(port=free_port()), asyncio.Event()
    serving = asyncio.create_task(http_server(case_register(KNOWN), settings).run_until(stopping))
    yield f"http://127.0.0.1:{settings.port}"
    stopping.set()
    await serving


@pytest.fixture(scope="module")
def gateway_settings(gateway_settings: GatewaySettings, register: str) -> GatewaySettings:
    """Two agencies have a register that answers, one has one that does not, two have none."""
    registers = {agency: f"{register}/{agency}" for agency in KNOWN} | {"florence": f"http://127.0.0.1:{free_port()}"}
    return gateway_settings.model_copy(update={"case_registers": registers})


async def newcomer(gateway: GatewayAtWork, agency: str, title: str | None = None) -> Console:
    return await gateway.sign_in(await gateway.register(agency, title))


async def posted(console: Console, plate: str | None = "AB0123", **changes: Any) -> httpx.Response:
    return await console.http.post("/v1/searches", json=console.search(**changes) | {"plate": plate})


async def found(console: Console, plate: str | None = "AB0123", **changes: Any) -> list[str]:
    answer = await posted(console, plate, **changes)
    assert answer.status_code == 200, answer.text
    return [read["id"] for read in answer.json()["reads"]]


def badge(detail: str = TOLD) -> dict[str, Any]:
    return {"purpose": "stolen-vehicle", "form": "badge", "values": {"badge_number": "4711", "detail": detail}}


def event(number: str, detail: str = TOLD) -> dict[str, Any]:
    return {"purpose": "stolen-vehicle", "form": "event", "values": {"event_number": number, "detail": detail}}


# --- cases


@pytest.mark.clause("F17")
@pytest.mark.clause("F26")
async def test_a_case_that_the_register_does_not_know_is_refused(
    gateway: GatewayAtWork, access_tape: TopicTape
) -> None:
    console = await newcomer(gateway, "flagstaff")
    answer = await posted(console, reason=event("E2699999"))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["reason.event_number"]
    assert await access_tape.accesses() == []
    assert await found(console, reason=event("E2600417")) is not None
    asked, _ = await access_tape.accesses()
    assert asked.case is not None
    assert (asked.case.number, asked.case.found) == ("E2600417", "known")


async def test_a_register_that_cannot_be_reached_is_said_and_the_search_marked(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape
) -> None:
    await found(consoles["florence"])
    asked, answered = await access_tape.accesses()
    assert asked.case is not None
    assert asked.case.found == "unreachable"
    assert answered.case == asked.case


# --- repetition


@pytest.mark.clause("K14")
async def test_past_five_searches_of_a_plate_without_a_case_a_supervisor_must_agree(
    gateway: GatewayAtWork,
) -> None:
    console = await newcomer(gateway, "flagstaff")
    for _ in range(5):
        await found(console, "EXWIFE1", reason=badge())
    for spelling in ("EXWIFE1", "EXWIFEI"):
        answer = await posted(console, spelling, reason=badge())
        assert answer.status_code == 409
        assert "5 times in 30 days" in answer.json()["errors"][0]["rule"]
    assert await found(console, "EXWIFE1", reason=event("E2600417")) == [], "a case that is known needs nobody"
    assert await found(await newcomer(gateway, "flagstaff"), "EXWIFE1", reason=badge()) == [], "a colleague is another"


@pytest.mark.clause("K19")
async def test_the_same_words_for_every_search_are_refused(gateway: GatewayAtWork) -> None:
    console = await newcomer(gateway, "flagstaff")
    for plate in ("PASTE1", "PASTE2", "PASTE3"):
        await found(console, plate, reason=badge())
    answer = await posted(console, "PASTE4", reason=badge(TOLD.upper() + "!"))
    assert answer.status_code == 422
    assert "3 other plates" in answer.json()["errors"][0]["rule"]
    assert await found(console, "PASTE4", reason=badge("Silver pickup seen leaving the burglary on Aspen")) == []
    for plate in ("CASE1", "CASE2", "CASE3", "CASE4", "CASE5"):
        assert await found(console, plate, reason=event("E2600417", "All cars of one burglary")) == [], (
            "one common case"
        )


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ("", "reason.detail"),
        ("\u200b" * 40, "body.reason.values"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "reason.detail"),
        ("investigation of a case, official", "reason.detail"),
    ],
)
@pytest.mark.clause("F26")
async def test_a_reason_that_says_nothing_is_refused_with_what_is_missing(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], access_tape: TopicTape, told: str, field: str
) -> None:
    answer = await posted(consoles["flagstaff"], reason=badge(told))
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert await access_tape.accesses() == []


# --- supervisors

OTHER = {
    "purpose": "other",
    "form": "dr",
    "values": {"dr_number": "26-01234", "synopsis": "Parade route, lost child seat"},
}


@pytest.mark.clause("S4")
async def test_another_use_needs_a_supervisor_who_approves_and_documents_it_once(
    gateway: GatewayAtWork, access_tape: TopicTape
) -> None:
    officer, supervisor = (
        await newcomer(gateway, "stockton", "Officer"),
        await newcomer(gateway, "stockton", "Sergeant"),
    )
    question = officer.search("AB0123", reason=OTHER)
    refused = await officer.http.post("/v1/searches", json=question)
    assert refused.status_code == 409
    assert "III.A.1.c" in refused.json()["errors"][0]["rule"]
    assert await access_tape.accesses() == [], "nothing was looked at"

    request = (await officer.http.post("/v1/approvals", json=question)).raise_for_status().json()
    decision = f"/v1/approvals/{request['id']}/decision"
    agreed = {"agreed": True, "statement": "Agreed, see the operations order"}
    strangers = {
        404: await newcomer(gateway, "flagstaff", "Sergeant"),
        422: officer,
    }
    for status, stranger in strangers.items():
        assert (await stranger.http.post(decision, json=agreed)).status_code == status
    assert (await supervisor.http.post(decision, json=agreed | {"statement": "ok"})).status_code == 422
    assert [one["state"] for one in (await supervisor.http.get("/v1/approvals")).json()][:1] == ["waiting"]
    assert (await supervisor.http.post(decision, json=agreed)).json()["state"] == "approved"
    assert (await supervisor.http.post(decision, json=agreed)).status_code == 422, "it is decided"

    other_plate = officer.search("AB0124", reason=OTHER)
    assert (await officer.http.post("/v1/searches", json=other_plate)).status_code == 409, "another question"
    done = (await officer.http.post("/v1/searches", json=question)).raise_for_status().json()
    assert (await officer.http.post("/v1/searches", json=question)).status_code == 409, "once"
    records = await access_tape.accesses()
    [asked] = [one for one in records if str(one.access_id) == done["access_id"] and one.phase == "asked"]
    assert asked.approved is not None
    assert (asked.approved.by, asked.approved.statement) == (supervisor.person.actor, agreed["statement"])
    assert {"ask-approval", "list-approvals", "decide-approval"} < {record.action for record in records}


@pytest.mark.clause("S4")
async def test_nobody_agrees_to_their_own_and_no_agreement_lasts(gateway: GatewayAtWork) -> None:
    sergeant, lieutenant = (
        await newcomer(gateway, "stockton", "Sergeant"),
        await newcomer(gateway, "stockton", "Lieutenant"),
    )
    question = sergeant.search("AB0123", reason=OTHER)
    request = (await sergeant.http.post("/v1/approvals", json=question)).raise_for_status().json()
    decision = f"/v1/approvals/{request['id']}/decision"
    agreed = {"agreed": True, "statement": "Agreed, see the operations order"}
    answer = await sergeant.http.post(decision, json=agreed)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "nobody agrees to their own search")
    (await lieutenant.http.post(decision, json=agreed)).raise_for_status()
    await gateway.administrator.execute("UPDATE approval_requests SET expires_at = now() WHERE id = $1", request["id"])
    assert (await sergeant.http.post("/v1/searches", json=question)).status_code == 409


# --- what a search finds


@pytest.mark.clause("F12")
async def test_partial_plates_and_unusual_vehicles_can_be_searched(gateway: GatewayAtWork) -> None:
    console = await newcomer(gateway, "kentucky")
    hearse = VehicleDescription(make="Cadillac", colour="purple", kind="hearse")
    read = await gateway.keep_read("kentucky", plate="QZ7B42", vehicle=hearse, state="KY")
    await gateway.keep_read("stockton", plate="QZ7B42", vehicle=hearse)
    for plate in ("QZ7*", "*Z7B*", "Q?7?4*", "*B42", "0z?8*"):
        assert await found(console, plate) == [str(read.id)], plate
    assert await found(console, "0z?8*", spelling="exact") == []
    assert await found(console, None, vehicle={"colour": "Purple", "kind": "HEARSE"}) == [str(read.id)]
    assert await found(console, "QZ7*", state="CA") == []
    for plate in ("*", "Q*", "????"):
        assert (await posted(console, plate)).status_code == 422, "that is everybody"


@pytest.mark.clause("B6")
@pytest.mark.clause("L3")
@pytest.mark.parametrize("agency", ["barstow", "florence"])
async def test_a_canvass_finds_who_passed_near_a_scene_around_a_time(gateway: GatewayAtWork, agency: str) -> None:
    console, at = await newcomer(gateway, agency), now() - timedelta(minutes=30)
    for name, latitude in (("near", 44.0), ("far", 44.5)):
        camera_id = f"{agency}-{name}"
        place = CameraPlace(name=name, latitude=latitude, longitude=-120.0)
        camera = a_camera(camera_id, "key", agency_id=agency, place=place)
        await gateway.administrator.execute(
            "INSERT INTO cameras (id, agency_id, version, document) VALUES ($1, $2, 1, $3)",
            *(camera_id, agency, msgspec.to_builtins(camera)),
        )
        await gateway.administrator.execute(
            """
            INSERT INTO camera_changes (camera_id, version, command, person_id, done_by, document)
            VALUES ($1, 1, 'register', $2, '{}', $3)
            """,
            *(camera_id, console.person.id, msgspec.to_builtins(camera)),
        )
        for plate, minutes in (("SCENE1", 0), ("BEFORE1", -300)):
            taken_at = at + timedelta(minutes=minutes)
            await gateway.keep_read(agency, plate=plate, camera_id=camera_id, place=place, captured_at=taken_at)
    circle = {"type": "circle", "latitude": 44.001, "longitude": -120.0, "radius_m": 500}
    polygon = {"type": "polygon", "corners": [[43.9, -120.1], [43.9, -119.9], [44.1, -120.0]]}
    window = {"captured_from": (at - timedelta(hours=1)).isoformat(), "captured_until": now().isoformat()}
    for area in (circle, polygon):
        answer = (await posted(console, None, area=area, **window)).raise_for_status().json()
        assert [(read["plate"], read["camera_name"], read["grade"]) for read in answer["reads"]] == [
            ("SCENE1", "near", "seen")
        ]
    assert len(await found(console, "SC?NE*", cameras=[f"{agency}-near", f"{agency}-far"], **window)) == 2
    long = window | {"captured_from": (at - timedelta(hours=80)).isoformat()}
    assert (await posted(console, None, area=circle, **long)).status_code == 422, "a canvass is around one event"


async def test_each_owner_is_decided_by_itself_and_the_answer_says_so(
    gateway: GatewayAtWork, access_tape: TopicTape
) -> None:
    console = await newcomer(gateway, "barstow")
    theirs = await gateway.keep_read("stockton", plate="OWNER1")
    answer = (await posted(console, "OWNER1")).json()
    assert {part["agency_id"]: part["granted"] for part in answer["owners"]} == {
        agency: agency == "barstow" for agency in load_catalogue()
    }
    assert answer["owners"][0]["agency_id"] == "barstow"
    assert str(theirs.id) not in json.dumps(answer)
    alone = (await posted(console, "OWNER1", owners=["stockton"])).json()
    assert ([part["granted"] for part in alone["owners"]], alone["reads"]) == ([False], [])
    asked = (await access_tape.accesses())[2]
    assert (asked.query["owners"], asked.owners) == ("stockton", ())
    assert (await posted(console, "OWNER1", owners=["nowhere"])).status_code == 422


async def test_the_next_page_begins_where_the_last_ended_whatever_has_come_in(gateway: GatewayAtWork) -> None:
    console = await newcomer(gateway, "barstow")
    reads = [
        await gateway.keep_read("barstow", plate="PAGED1", captured_at=now() - timedelta(minutes=number + 1))
        for number in range(2)
    ]
    await gateway.copy_read(reads[0], 110)
    first = (await posted(console, "PAGED1")).json()
    await gateway.keep_read("barstow", plate="PAGED1")
    rest = (
        await console.http.post(f"/v1/searches/{first['search_id']}/pages", json={"after": first["next_after"]})
    ).json()
    ids = [read["id"] for page in (first, rest) for read in page["reads"]]
    assert (len(ids), len(set(ids)), ids[-1]) == (112, 112, str(reads[1].id))
    assert rest["next_after"] is None
    assert rest["access_id"] != rest["search_id"] == first["access_id"], "each page is an access of its own"
    colleague = await newcomer(gateway, "barstow")
    theirs = await colleague.http.post(f"/v1/searches/{first['search_id']}/pages", json={"after": first["next_after"]})
    assert theirs.status_code == 404


# --- what a search gives


async def test_an_export_says_on_every_line_and_picture_whose_it_is_and_expires(
    gateway: GatewayAtWork, access_tape: TopicTape
) -> None:
    console = await newcomer(gateway, "barstow")
    read = await gateway.keep_read("barstow", plate="EXPRT1")
    await gateway.copy_read(read, 2)
    search = (await posted(console, "EXPRT1")).json()["search_id"]

    async def exported(kind: str) -> tuple[dict[str, Any], bytes]:
        made = (await console.http.post(f"/v1/searches/{search}/exports", json={"format": kind})).raise_for_status()
        file = (await console.http.get(f"/v1/exports/{made.json()['id']}")).raise_for_status()
        assert made.json()["name"] in file.headers["Content-Disposition"]
        return made.json(), file.content

    made, content = await exported("csv")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(lines) == made["reads"] == 3
    for line in lines:
        assert line["plate"] == "EXPRT1"
        assert line["access"] == made["access_id"]
        assert console.person.username in line["exported_by"]
        assert line["exported_at"] < line["delete_by"]
    made, content = await exported("json")
    assert {one["access"] for one in json.loads(content)["reads"]} == {made["access_id"]}
    made, content = await exported("zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert made["access_id"] in archive.comment.decode()
        assert sum(name.startswith("pictures/") for name in archive.namelist()) == 6
    records = [record for record in await access_tape.accesses() if record.phase == "answered"]
    assert [record.action for record in records].count("export-reads") == 3
    assert [record.action for record in records].count("download-export") == 3
    colleague = await newcomer(gateway, "barstow")
    assert (await colleague.http.get(f"/v1/exports/{made['id']}")).status_code == 404
    await gateway.administrator.execute("UPDATE exports SET expires_at = now()")
    assert (await console.http.get(f"/v1/exports/{made['id']}")).status_code == 404


@pytest.mark.clause("F17")
async def test_the_pages_ask_and_show_in_the_agencys_own_words(gateway: GatewayAtWork) -> None:
    console = await newcomer(gateway, "flagstaff")
    read = await gateway.keep_read("flagstaff", plate="PAGE12")
    cookie = {"Cookie": "plateward_session=" + console.http.headers["Authorization"].removeprefix("Bearer ")}
    form = (await console.http.get("/search", headers=cookie)).text
    for wanted in ("Departmental Report (DR) number", "Badge number and detailed reason", "Never for: immigration"):
        assert wanted in form
    filled = {
        "purpose": "stolen-vehicle",
        "form": "event",
        "reason.event.event_number": "E2600417",
        "reason.event.detail": TOLD,
        "plate": "page1?",
        "captured_from": "2026-01-01T00:00",
        "captured_until": "2199-01-01T00:00",
    }
    empty = await console.http.post(
        "/search", headers=cookie, data=filled | {"reason.event.detail": "stolen stolen stolen"}
    )
    assert (empty.status_code, "says nothing yet" in empty.text) == (422, True)
    page = await console.http.post("/search", headers=cookie, data=filled)
    assert page.status_code == 200
    for shown in ("Recorded as access", "PAGE12", "reads of your own agency", "no agreement", str(read.id), TOLD):
        assert shown in page.text

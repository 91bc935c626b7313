"""Cameras from the gateway's register to ingest's door and back: real Kafka, real PostgreSQL, both services."""

import asyncio
import sys
from datetime import timedelta

import asyncpg
import numpy as np
import pytest

from plateward.contracts.access import AccessRecord
from plateward.contracts.cameras import CameraStatus
from plateward.contracts.event import decode
from plateward.contracts.topics import ACCESS
from plateward.embedded.readiness import poll_until
from tests.support.doors import FROM_THE_OWN_PAGES
from tests.support.keeping import PATIENCE_SECONDS, PLACEMENT, Keeping
from tests.unit.ingest.pictures import jpeg, soft

FRAME = jpeg(soft(64, 48))
BLACK = jpeg(np.zeros((48, 64, 3), np.uint8))


def working(status: CameraStatus) -> bool:
    return status.state == "working"


async def test_a_camera_sends_once_it_is_approved_and_declared(keeping: Keeping) -> None:
    async with keeping.hearing() as news:
        camera_id, key = await keeping.registered()
        await news.until(camera_id, lambda status: "approved" in (status.fault or ""))
        refused = await keeping.send(camera_id, key, FRAME)
        assert (refused.status_code, refused.json()["title"]) == (409, "The camera is not approved")

        await keeping.done("chief", "POST", f"/{camera_id}/approval")
        await news.until(camera_id, lambda status: "public view" in (status.fault or ""))
        refused = await keeping.send(camera_id, key, FRAME)
        assert refused.status_code == 409
        assert "public view" in refused.json()["errors"][0]["rule"]

        await keeping.done("chief", "POST", f"/{camera_id}/public-view", statement="The roadway.")
        await news.until(camera_id, working)
        assert (await keeping.send(camera_id, key, FRAME)).status_code == 202


async def test_out_of_service_its_frames_are_refused_until_it_is_repaired(keeping: Keeping) -> None:
    camera_id, key = await keeping.in_service()
    async with keeping.hearing() as news:
        await keeping.done("chief", "POST", f"/{camera_id}/out-of-service", statement="Mast bent")
        await news.until(camera_id, lambda status: status.state == "out-of-service")
        refused = await keeping.send(camera_id, key, FRAME)
        assert refused.status_code == 409
        assert "Mast bent" in refused.json()["errors"][0]["rule"]
        assert (await keeping.ask("chief", "POST", f"/{camera_id}/in-service")).status_code == 422
        await keeping.done("chief", "POST", f"/{camera_id}/in-service", statement="Mast replaced")
        await news.until(camera_id, working)
    assert (await keeping.send(camera_id, key, FRAME)).status_code == 202


async def test_a_replaced_key_opens_beside_the_new_one_until_the_next(keeping: Keeping) -> None:
    camera_id, first = await keeping.in_service()
    second = (await keeping.done("chief", "POST", f"/{camera_id}/keys", grace_minutes=60))["key"]
    await until_answered(keeping, camera_id, second, 202)
    assert (await keeping.send(camera_id, first, FRAME)).status_code == 202
    third = (await keeping.done("chief", "POST", f"/{camera_id}/keys", grace_minutes=60))["key"]
    await until_answered(keeping, camera_id, third, 202)
    assert (await keeping.send(camera_id, second, FRAME)).status_code == 202
    assert (await keeping.send(camera_id, first, FRAME)).status_code == 401
    last = (await keeping.done("chief", "POST", f"/{camera_id}/keys", grace_minutes=0))["key"]
    await until_answered(keeping, camera_id, last, 202)
    assert (await keeping.send(camera_id, third, FRAME)).status_code == 401


async def until_answered(keeping: Keeping, camera_id: str, key: str, status: int) -> None:
    async def answered() -> bool:
        return (await keeping.send(camera_id, key, FRAME)).status_code == status

    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(answered)


async def test_no_key_is_kept_or_shown_again(keeping: Keeping) -> None:
    camera_id, key = await keeping.in_service()
    shown = await keeping.ask("chief", "GET", f"/{camera_id}")
    assert key not in shown.text
    assert "sha256" not in shown.text
    for settings in (keeping.gateway_settings, keeping.ingest_settings):
        connection = await asyncpg.connect(settings.database.dsn.get_secret_value())
        try:
            schema = "gateway" if settings is keeping.gateway_settings else "ingest"
            kept = await connection.fetchval(f"SELECT document::text FROM {schema}.cameras WHERE id = $1", camera_id)
        finally:
            await connection.close()
        assert "sha256" in kept
        assert key not in kept


async def test_silence_is_said_and_ends_with_a_frame(keeping: Keeping) -> None:
    camera_id, key = await keeping.in_service(silent_after_seconds=1)
    async with keeping.hearing() as news:
        assert (await keeping.send(camera_id, key, FRAME)).status_code == 202
        silent = await news.until(camera_id, lambda status: (status.fault or "").startswith("silent since"))
        assert silent.last_frame_at is not None
        assert silent.at - silent.last_frame_at > timedelta(seconds=1)
        assert await shown(keeping, camera_id, "faulty")
        assert (await keeping.send(camera_id, key, FRAME)).status_code == 202
        await news.until(camera_id, working)


async def shown(keeping: Keeping, camera_id: str, state: str) -> list[str]:
    """What the gateway says is wrong, once it shows the camera in this state."""
    wrong: list[str] = []

    async def is_so() -> bool:
        found = await keeping.done("detective", "GET", f"/{camera_id}")
        wrong[:] = found["wrong"]
        return bool(found["state"] == state)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(is_so)
    return wrong


@pytest.mark.parametrize(("picture", "fault"), [(BLACK, "frames are blank"), (FRAME[:-9], "frames do not decode")])
async def test_bad_frames_in_a_row_are_a_fault_until_a_good_one(keeping: Keeping, picture: bytes, fault: str) -> None:
    camera_id, key = await keeping.in_service()
    async with keeping.hearing() as news:
        for _ in range(3):
            await keeping.send(camera_id, key, picture)
        await news.until(camera_id, lambda status: status.fault == fault)
        assert await shown(keeping, camera_id, "faulty") == [fault]
        await keeping.send(camera_id, key, FRAME)
        await news.until(camera_id, working)


async def test_an_officer_reports_damage_and_an_inspection_ends_it(keeping: Keeping) -> None:
    camera_id, key = await keeping.in_service()
    async with keeping.hearing() as news:
        await keeping.done("detective", "POST", f"/{camera_id}/faults", statement="Lens cracked")
        await news.until(camera_id, lambda status: status.fault == "reported: Lens cracked")
        assert (await keeping.send(camera_id, key, FRAME)).status_code == 202
        await keeping.done("detective", "POST", f"/{camera_id}/inspections", finding="needs-repair", statement="Lens")
        await news.until(camera_id, lambda status: status.state == "out-of-service")
        await keeping.done("chief", "POST", f"/{camera_id}/in-service", statement="Lens replaced")
        await news.until(camera_id, working)
    found = await keeping.done("detective", "GET", f"/{camera_id}")
    reported = next(change for change in found["changes"] if change["command"] == "report-fault")
    assert (reported["by"]["name"], reported["by"]["statement"]) == ("Detective of Flagstaff", "Lens cracked")


async def test_who_may_do_what(keeping: Keeping) -> None:
    camera_id, _ = await keeping.in_service()
    withdraw = f"/{camera_id}/out-of-service"
    assert (await keeping.ask("detective", "POST", withdraw, statement="I say so")).status_code == 403
    assert (await keeping.ask("detective", "POST", f"/{camera_id}/approval")).status_code == 403
    assert (await keeping.ask("stranger", "GET", "")).status_code == 403
    assert (await keeping.ask("captain", "GET", f"/{camera_id}")).status_code == 404
    assert (await keeping.ask("captain", "POST", withdraw, statement="Not mine")).status_code == 404
    taken = {"camera_id": camera_id, "kind": "fixed", "placement": PLACEMENT}
    assert (await keeping.ask("captain", "POST", "", **taken)).status_code == 422


async def test_every_command_leaves_its_records(keeping: Keeping) -> None:
    async with keeping.reading(ACCESS) as consumer:
        camera_id, _ = await keeping.registered()
        await keeping.done("chief", "POST", f"/{camera_id}/approval")
        refused = await keeping.ask("commander", "POST", f"/{camera_id}/approval")
        assert refused.status_code == 422
        records: list[AccessRecord] = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(records) < 6:
                record = decode((await consumer.getone()).value, AccessRecord)
                if record.query.get("camera_id") == camera_id:
                    records.append(record)
    assert {record.action for record in records} == {"change-camera"}
    assert [(record.actor.title, record.query["command"], record.phase) for record in records] == [
        ("Police Chief", "register", "asked"),
        ("Police Chief", "register", "answered"),
        ("Police Chief", "approve", "asked"),
        ("Police Chief", "approve", "answered"),
        ("Division Commander", "approve", "asked"),
        ("Division Commander", "approve", "failed"),
    ]


async def test_overdue_inspections_are_listed_until_they_are_made(keeping: Keeping) -> None:
    camera_id, _ = await keeping.in_service()
    assert camera_id not in (await keeping.ask("chief", "GET", "?overdue=true")).text
    dsn = keeping.gateway_settings.database.dsn.get_secret_value()
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(
            "UPDATE gateway.cameras SET document = jsonb_set(document, '{registered_at}', '\"2025-01-01T00:00:00Z\"') "
            "WHERE id = $1",
            camera_id,
        )
    finally:
        await connection.close()
    overdue = await keeping.done("chief", "GET", "?overdue=true")
    assert [one["camera"]["camera_id"] for one in overdue] == [camera_id]
    assert await listed_by_command(dsn) == [f"flagstaff\t{camera_id}\tRoute 66 at Main\tdue 2025-01-31"]
    await keeping.done("detective", "POST", f"/{camera_id}/inspections", finding="in-order")
    assert await keeping.done("chief", "GET", "?overdue=true") == []
    assert await listed_by_command(dsn) == []


async def listed_by_command(dsn: str) -> list[str]:
    program = [sys.executable, "-m", "plateward.cli", "inspections"]
    process = await asyncio.create_subprocess_exec(
        *program, env={"PLATEWARD_DATABASE_DSN": dsn}, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode().splitlines()


async def test_the_page_shows_what_is_wrong_first_and_takes_reports(keeping: Keeping) -> None:
    camera_id, _ = await keeping.in_service()
    cookies = {"Cookie": f"plateward_session={keeping.tokens['detective']}"} | FROM_THE_OWN_PAGES
    path = f"/cameras/{camera_id}"
    empty = await keeping.gateway.post(f"{path}/faults", data={"statement": " "}, headers=cookies)
    assert (empty.status_code, "what is damaged is missing" in empty.text) == (422, True)
    reported = await keeping.gateway.post(f"{path}/faults", data={"statement": "<b>Hit by a lorry"}, headers=cookies)
    assert (reported.status_code, reported.headers["location"]) == (303, f"/cameras#camera-{camera_id}")
    page = await keeping.gateway.get("/cameras", headers=cookies)
    assert page.status_code == 200
    assert "&lt;b&gt;Hit by a lorry" in page.text
    states = [line.split('class="')[1].split('"')[0] for line in page.text.splitlines() if '<li id="camera-' in line]
    assert states == sorted(states, key=["faulty", "out-of-service", "working"].index)
    inspected = await keeping.gateway.post(f"{path}/inspections", data={"finding": "in-order"}, headers=cookies)
    assert inspected.status_code == 303
    assert "Hit by a lorry" not in (await keeping.gateway.get("/cameras", headers=cookies)).text


async def test_a_check_searches_the_cameras_reads_and_shows_no_plate(keeping: Keeping) -> None:
    camera_id, _ = await keeping.in_service()
    found = await keeping.done("detective", "POST", f"/{camera_id}/self-checks")
    assert found == {"reads": 0, "newest_at": None}
    assert (await keeping.ask("captain", "POST", f"/{camera_id}/self-checks")).status_code == 404

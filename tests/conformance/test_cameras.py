"""What the policies ask of cameras: who allows their place, what they view, that they work, and that somebody looks."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from demo.loading import sign_in
from demo.region import Region
from demo.region_in_a_box import Box
from demo.shots import demo_traffic
from plateward.contracts.camera_registrations import ByPerson, CameraRegistration
from plateward.embedded.readiness import poll_until
from plateward.policy.cameras import inspection_due_at, is_overdue
from plateward.policy.catalogue import load_catalogue
from services.gateway import camera_changes
from services.gateway.camera_changes import InvalidCamera, NewCamera, Placement
from services.ingest.cameras import as_registered, require_in_service
from services.ingest.condition import Pulse, condition
from services.ingest.refusals import Refused
from tests.support.asking import asking
from tests.support.keeping import Keeping
from tests.unit.ingest.pictures import jpeg, soft

POLICIES = load_catalogue()
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENDS = AT + timedelta(days=3)
HERE = Placement("Route 66 east of Ponderosa", 35.2, -111.6, 75.0)
FOR_A_WHILE = Placement("Fairground", 35.18, -111.67, ends_at=ENDS)
SPECIAL = Placement("Fairground", 35.18, -111.67, special=True, ends_at=ENDS)


def by(title: str, statement: str = "as needed", at: datetime = AT) -> ByPerson:
    return ByPerson(name="R. Yazzie", title=title, at=at, statement=statement)


def on_file(kind: str = "fixed", placement: Placement = HERE, agency: str = "flagstaff") -> CameraRegistration:
    new = NewCamera("camera-1", kind, placement)
    return camera_changes.declared(camera_changes.registered(new, agency, "0" * 64, AT), by("Police Chief"))


def approved(camera: CameraRegistration, title: str) -> CameraRegistration:
    return camera_changes.approved(camera, POLICIES[camera.agency_id], by(title))


def why_refused(camera: CameraRegistration, at: datetime = AT) -> str | None:
    """The rule by which ingest refuses the camera's frames; None when it takes them."""
    try:
        require_in_service(as_registered(camera, at).camera)
    except Refused as refused:
        return refused.rule
    return None


@pytest.mark.clause("F6")
def test_the_chief_or_designee_determines_where_a_fixed_reader_stands() -> None:
    camera = on_file()
    assert "placement approved" in (why_refused(camera) or "")
    for title in ("Officer", "Lieutenant", "Division Commander"):
        with pytest.raises(InvalidCamera, match=r"approved by: Police Chief, ALPR Administrator .*317\.3\.E"):
            approved(camera, title)
    for title in ("Police Chief", "ALPR Administrator"):
        allowed = approved(camera, title)
        assert why_refused(allowed) is None
        assert allowed.approval is not None
        assert (allowed.approval.name, allowed.approval.title, allowed.approval.at) == ("R. Yazzie", title, AT)
    moved = camera_changes.placed(approved(camera, "Police Chief"), FOR_A_WHILE, AT)
    assert "placement approved" in (why_refused(moved) or "")


@pytest.mark.clause("F6")
async def test_a_moved_camera_keeps_where_it_stood_and_when(keeping: Keeping) -> None:
    camera_id, _ = await keeping.in_service()
    there = {"name": "Milton Rd", "latitude": 35.19, "longitude": -111.66}
    await keeping.done("chief", "PUT", f"/{camera_id}/placement", **there)
    first, second = (await keeping.done("chief", "GET", f"/{camera_id}"))["placements"]
    assert (first["place"]["name"], first["approved_by"]["title"]) == ("Route 66 at Main", "Police Chief")
    assert first["from"] < first["until"] == second["from"]
    assert (second["place"]["name"], second["until"], second["approved_by"]) == ("Milton Rd", None, None)


@pytest.mark.clause("F10")
def test_equipment_that_needs_repair_is_out_of_service_until_repaired() -> None:
    camera = approved(on_file(), "Police Chief")
    found = camera_changes.inspected(camera, "needs-repair", by("Officer", "Lens cracked"))
    assert "Lens cracked" in (why_refused(found) or "")
    assert found.fault is not None
    assert found.last_inspected_at == AT
    with pytest.raises(InvalidCamera, match="what was repaired"):
        camera_changes.returned(found, by("ALPR Administrator", ""))
    repaired = camera_changes.returned(found, by("ALPR Administrator", "Lens replaced"))
    assert (why_refused(repaired), repaired.fault) == (None, None)


@pytest.mark.clause("F10")
def test_equipment_is_checked_regularly() -> None:
    camera, month = on_file(), timedelta(days=30)
    assert not is_overdue(POLICIES["flagstaff"], camera, AT + month)
    assert is_overdue(POLICIES["flagstaff"], camera, AT + month + timedelta(seconds=1))


@pytest.mark.clause("F10")
async def test_frames_from_an_out_of_service_camera_are_refused(keeping: Keeping) -> None:
    camera_id, key = await keeping.in_service()
    async with keeping.hearing() as news:
        await keeping.done("chief", "POST", f"/{camera_id}/out-of-service", statement="Housing open")
        await news.until(camera_id, lambda status: status.state == "out-of-service")
    refused = await keeping.send(camera_id, key, jpeg(soft(64, 48)))
    assert (refused.status_code, refused.json()["title"]) == (409, "The camera is out of service")


@pytest.mark.clause("F21")
@pytest.mark.parametrize(
    ("kind", "placement"), [("trailer", FOR_A_WHILE), ("vehicle", FOR_A_WHILE), ("fixed", SPECIAL)]
)
def test_the_division_commander_approves_special_deployments(kind: str, placement: Placement) -> None:
    camera = on_file(kind, placement)
    with pytest.raises(InvalidCamera, match=r"special deployment is approved by: Division Commander .*317\.6\.F"):
        approved(camera, "Police Chief")
    deployed = approved(camera, "Division Commander")
    assert why_refused(deployed, ENDS - timedelta(microseconds=1)) is None
    assert "has ended" in (why_refused(deployed, ENDS) or "")


@pytest.mark.clause("F21")
def test_a_special_deployment_has_an_end() -> None:
    with pytest.raises(InvalidCamera, match="must have an end"):
        on_file("trailer", HERE)
    endless = replace(approved(on_file("trailer", FOR_A_WHILE), "Division Commander"), ends_at=None)
    assert "must have an end" in (why_refused(endless) or "")


@pytest.mark.clause("K14")
def test_a_placement_is_declared_to_view_what_is_public() -> None:
    new = camera_changes.registered(NewCamera("camera-1", "fixed", HERE), "kentucky", "0" * 64, AT)
    undeclared = approved(new, "Chief")
    assert "public view" in (why_refused(undeclared) or "")
    with pytest.raises(InvalidCamera, match="what it views"):
        camera_changes.declared(undeclared, by("Chief", ""))
    declared = camera_changes.declared(undeclared, by("Chief", "The roadway, no dwelling"))
    assert why_refused(declared) is None
    assert declared.public_view == by("Chief", "The roadway, no dwelling")
    moved = camera_changes.approved(camera_changes.placed(declared, FOR_A_WHILE, AT), POLICIES["kentucky"], by("Chief"))
    assert "public view" in (why_refused(moved) or "")


@pytest.mark.clause("S5")
def test_stockton_inspects_at_least_quarterly() -> None:
    stockton, camera = POLICIES["stockton"], on_file(agency="stockton")
    due_at = inspection_due_at(stockton, camera)
    assert due_at is not None
    assert due_at - AT <= timedelta(days=90)
    assert is_overdue(stockton, camera, due_at + timedelta(seconds=1))
    inspected = camera_changes.inspected(camera, "in-order", by("Officer", at=due_at))
    assert not is_overdue(stockton, inspected, due_at + timedelta(days=89))
    assert inspection_due_at(stockton, inspected) == due_at + (due_at - AT)


@pytest.mark.clause("S9")
def test_damage_is_reported_at_once_by_whoever_finds_it_and_documented() -> None:
    assert "watch-cameras" in POLICIES["stockton"].rights_of("Officer")
    camera = approved(on_file(agency="stockton"), "Lieutenant")
    with pytest.raises(InvalidCamera, match="what is damaged"):
        camera_changes.damaged(camera, by("Officer", ""))
    damaged = camera_changes.damaged(camera, by("Officer", "Mount loose"))
    assert damaged.fault == by("Officer", "Mount loose")
    # It is shown as faulty whatever it sends, until somebody has seen to it.
    assert condition(damaged, Pulse(AT), AT, 5).state == "faulty"
    assert condition(camera_changes.inspected(damaged, "in-order", by("Officer")), Pulse(AT), AT, 5).state == "working"


@pytest.mark.clause("S11")
async def test_each_cameras_light_and_a_search_of_its_detections_prove_that_it_works(box: Box, region: Region) -> None:
    async with asking(box.machine.url("gateway")) as gateway:
        token = await sign_in(gateway, "chen", box.password)
        headers = {"Authorization": f"Bearer {token}"}
        theirs = [shot for shot in demo_traffic(region, 3, seed=11) if shot.camera_id.startswith("stockton")]
        theirs = [next(shot for shot in theirs if shot.plate)]
        await box.player.play(theirs)
        assert await box.noticing.until(box.tally.complete, 60.0)

        lights = (await gateway.get("/v1/cameras", headers=headers)).json()
        assert {one["camera"]["camera_id"]: one["state"] for one in lights} == {
            "stockton-el-dorado": "working",
            "stockton-pacific": "working",
        }
        for camera_id in {shot.camera_id for shot in theirs}:

            async def checked(path: str = f"/v1/cameras/{camera_id}/self-checks") -> bool:
                answer = await gateway.post(path, headers=headers)
                assert all(shot.plate not in answer.text for shot in theirs if shot.plate)
                return bool(answer.json()["reads"])

            async with asyncio.timeout(60):
                await poll_until(checked)

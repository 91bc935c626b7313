"""The agency's own cameras over the API: on file, in service, faults, inspections."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from plateward.contracts.camera_registrations import ByPerson, CameraRegistration
from services.gateway.adapters.api.asked import Asked, Number
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.camera_changes import NewCamera, Placement
from services.gateway.camera_health import CameraHealth
from services.gateway.cameras import CameraChange, Keyed

routes = APIRouter(prefix="/v1/cameras", tags=["cameras"])

Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]


class PlacementAsked(Asked):
    """Where a camera is to stand, and until when where that is a special deployment."""

    name: Line
    latitude: Number
    longitude: Number
    bearing_deg: Number | None = None
    special: bool = False
    ends_at: AwareDatetime | None = None

    def as_placement(self) -> Placement:
        """The placement as the domain takes it."""
        return Placement(**self.model_dump())


class CameraAsked(Asked):
    """A camera to be registered."""

    camera_id: Line
    kind: Line
    placement: PlacementAsked
    silent_after_seconds: Annotated[int, Field(ge=1, le=31_536_000)] | None = 60


class Stated(Asked):
    """What a person has to say with what they do."""

    statement: Text = ""


class InspectionMade(Stated):
    """What an inspection found: `in-order` or `needs-repair`."""

    finding: Line


class KeyAsked(Asked):
    """A new key, and for how long the old one is to stay valid."""

    grace_minutes: int = 60


class Checked(BaseModel):
    """What a search finds of the camera in the last twelve hours."""

    reads: int
    newest_at: datetime | None


@routes.get("", summary="The cameras and how they are")
async def cameras(
    session: Caller,
    gateway: TheGateway,
    address: Address,
    overdue: Annotated[bool, Query(description="Only those whose inspection is overdue.")] = False,
) -> list[dict[str, Any]]:
    """What is wrong comes first."""
    return [_health(one) for one in await gateway.cameras.all(session, address, overdue=overdue)]


@routes.get("/{camera_id}", summary="A camera, where it stood, and all that was done to it")
async def camera(camera_id: str, session: Caller, gateway: TheGateway, address: Address) -> dict[str, Any]:
    """Placements and changes are oldest first."""
    found, history = await gateway.cameras.one(session, camera_id, address)
    return _health(found) | {"placements": placements(history), "changes": [_change(one) for one in history]}


@routes.post("", status_code=201, summary="Register a camera")
async def register(asked: CameraAsked, session: Caller, gateway: TheGateway, address: Address) -> dict[str, Any]:
    """The camera with its key, which is shown this once. It may send once it is approved and declared."""
    placement = asked.placement.as_placement()
    new = NewCamera(asked.camera_id, asked.kind, placement, asked.silent_after_seconds)
    return _keyed(await gateway.cameras.register(session, new, address))


@routes.put("/{camera_id}/placement", summary="Move a camera, or set another end")
async def place(
    camera_id: str, asked: PlacementAsked, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """It is out of service until the new placement is approved and declared."""
    return _camera(await gateway.cameras.place(session, camera_id, asked.as_placement(), address))


@routes.post("/{camera_id}/approval", summary="Approve a camera's placement")
async def approve(
    camera_id: str, stated: Stated, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """In the name and title of who is signed in."""
    return _camera(await gateway.cameras.approve(session, camera_id, stated.statement, address))


@routes.post("/{camera_id}/public-view", summary="Declare what a camera views")
async def declare(
    camera_id: str, stated: Stated, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """That it views what is exposed to public view, and nothing else."""
    return _camera(await gateway.cameras.declare(session, camera_id, stated.statement, address))


@routes.post("/{camera_id}/keys", status_code=201, summary="Give a camera a new key")
async def rotate_key(
    camera_id: str, asked: KeyAsked, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """The key is shown this once."""
    return _keyed(await gateway.cameras.rotate_key(session, camera_id, asked.grace_minutes, address))


@routes.post("/{camera_id}/out-of-service", summary="Take a camera out of service")
async def withdraw(
    camera_id: str, stated: Stated, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """Its frames are refused within seconds."""
    return _camera(await gateway.cameras.withdraw(session, camera_id, stated.statement, address))


@routes.post("/{camera_id}/in-service", summary="Put a camera back in service")
async def put_back(
    camera_id: str, stated: Stated, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """With what was repaired."""
    return _camera(await gateway.cameras.put_back(session, camera_id, stated.statement, address))


@routes.post("/{camera_id}/faults", status_code=201, summary="Report damage")
async def report_fault(
    camera_id: str, stated: Stated, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """Documented under the name of who is signed in."""
    return _camera(await gateway.cameras.report_fault(session, camera_id, stated.statement, address))


@routes.post("/{camera_id}/inspections", status_code=201, summary="Document an inspection")
async def inspect(
    camera_id: str, made: InspectionMade, session: Caller, gateway: TheGateway, address: Address
) -> dict[str, Any]:
    """A camera that needs repair goes out of service."""
    return _camera(await gateway.cameras.inspect(session, camera_id, made.finding, made.statement, address))


@routes.post("/{camera_id}/self-checks", summary="Check the line from the camera to a search")
async def check(camera_id: str, session: Caller, gateway: TheGateway, address: Address) -> Checked:
    """A search of the camera's reads in the last twelve hours; it shows no plate."""
    found = await gateway.cameras.check(session, camera_id, address)
    return Checked(reads=found.reads, newest_at=found.newest_at)


def placements(history: list[CameraChange]) -> list[dict[str, Any]]:
    """Where a camera stood, and from when to when, of all that was done to it."""
    stood: list[dict[str, Any]] = []
    for change in history:
        camera = change.camera
        if not stood or stood[-1]["from"] != camera.placed_at:
            if stood:
                stood[-1]["until"] = camera.placed_at
            stood.append({"from": camera.placed_at, "until": None})
        approved_by = _by(camera.approval) if camera.approval else stood[-1].get("approved_by")
        stood[-1] |= {"place": msgspec.to_builtins(camera.place), "approved_by": approved_by}
    return stood


def _camera(camera: CameraRegistration) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(camera)
    # Not even hashes: whoever could compare one with a key has no need to.
    keys = [{"valid_until": key.get("valid_until")} for key in document["keys"]]
    return document | {"keys": keys}


def _keyed(keyed: Keyed) -> dict[str, Any]:
    return {"camera": _camera(keyed.camera), "key": keyed.key}


def _health(found: CameraHealth) -> dict[str, Any]:
    return {
        "camera": _camera(found.registration),
        "state": found.state,
        "wrong": found.wrong,
        "last_frame_at": found.last_frame_at,
        "inspection_due_at": found.inspection_due_at,
        "overdue": found.overdue,
    }


def _change(change: CameraChange) -> dict[str, Any]:
    return {"version": change.camera.version, "command": change.command, "by": _by(change.by)}


def _by(by: ByPerson) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(by)
    return document

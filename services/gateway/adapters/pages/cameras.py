"""The page of an agency's cameras: how each is, and the forms for damage and inspections."""

from collections import Counter

from fastapi import APIRouter, Request, Response

from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.camera_changes import InvalidCamera
from services.gateway.camera_health import STATE_ORDER
from services.gateway.gateway import Gateway
from services.gateway.people import Session


def camera_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the pages of cameras."""

    async def listed(request: Request, session: Session, filled: Filled, camera_id: str = "") -> Response:
        cameras = await gateway.cameras.all(session, address_of(request))
        counts = Counter(one.state for one in cameras)
        content = {
            "cameras": cameras,
            "counts": [(state, counts[state]) for state in STATE_ORDER if counts[state]],
            "overdue": sum(one.overdue for one in cameras),
            "filled": filled,
            "filled_of": camera_id,
        }
        return frame.page(request, "cameras.html", session, status=422 if filled.errors else 200, **content)

    @router.get("/cameras")
    async def cameras(request: Request) -> Response:
        return await listed(request, await frame.session(request), Filled({}))

    @router.post("/cameras/{camera_id}/faults")
    async def report_fault(request: Request, camera_id: str) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        try:
            await gateway.cameras.report_fault(session, camera_id, filled.text("statement"), address_of(request))
        except InvalidCamera as invalid:
            filled.lacks(invalid.missing)
            return await listed(request, session, filled, camera_id)
        return see_other(f"/cameras#camera-{camera_id}")

    @router.post("/cameras/{camera_id}/inspections")
    async def inspect(request: Request, camera_id: str) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        finding, statement = filled.text("finding"), filled.text("statement")
        try:
            await gateway.cameras.inspect(session, camera_id, finding, statement, address_of(request))
        except InvalidCamera as invalid:
            filled.lacks(invalid.missing)
            return await listed(request, session, filled, camera_id)
        return see_other(f"/cameras#camera-{camera_id}")

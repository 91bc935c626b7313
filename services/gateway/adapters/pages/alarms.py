"""The pages of alarms: what the watch over the access log has raised, on what evidence, and what was found."""

import uuid

from fastapi import APIRouter, Request, Response

from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.gateway import Gateway
from services.gateway.misuse_alarms import FINDINGS, InvalidFinding
from services.gateway.people import Session

KIND_WORDS = {
    "repeat_target": "The same plate again and again",
    "off_hours": "Hours at which this person hardly ever searches",
    "shared_account": "One account in two places at once",
    "vague_reason": "Reasons that say nothing",
    "burst": "Very many searches at once",
    "off_case": "One case for many plates",
    "breadth": "Many more vehicles than colleagues",
}
FINDING_WORDS = {
    "in-order": "In order: the searches were called for",
    "mistake": "A mistake: not as it should be, and no violation",
    "violation": "A violation: the person is suspended until retrained",
}


def alarm_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the pages of alarms."""

    async def shown(request: Request, session: Session, alarm_id: uuid.UUID, filled: Filled) -> Response:
        alarm, records = await gateway.misuse_alarms.one(session, alarm_id, address_of(request))
        content = {
            "alarm": alarm,
            "records": records,
            "kinds": KIND_WORDS,
            "findings": FINDING_WORDS,
            "filled": filled,
            "own": alarm.person_id == session.person.id,
        }
        return frame.page(request, "alarm.html", session, status=422 if filled.errors else 200, **content)

    @router.get("/alarms")
    async def alarms(request: Request) -> Response:
        session = await frame.session(request)
        found = await gateway.misuse_alarms.all(session, address_of(request))
        return frame.page(request, "alarms.html", session, alarms=found, kinds=KIND_WORDS, findings=FINDING_WORDS)

    @router.get("/alarms/{alarm_id}")
    async def alarm(request: Request, alarm_id: uuid.UUID) -> Response:
        return await shown(request, await frame.session(request), alarm_id, Filled({}))

    @router.post("/alarms/{alarm_id}")
    async def close(request: Request, alarm_id: uuid.UUID) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        finding = next((one for one in FINDINGS if one == filled.text("finding")), None)
        if finding is None:
            filled.errors["finding"] = "must be chosen"
            return await shown(request, session, alarm_id, filled)
        try:
            await gateway.misuse_alarms.close(session, alarm_id, finding, filled.text("statement"), address_of(request))
        except InvalidFinding as invalid:
            filled.lacks(invalid.missing)
            return await shown(request, session, alarm_id, filled)
        return see_other(f"/alarms/{alarm_id}")

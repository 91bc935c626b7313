"""Alarms of the watch for misuse over the API, for those who suspend after a violation."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.misuse_alarms import Finding, MisuseAlarm

routes = APIRouter(prefix="/v1/alarms", tags=["alarms"])


class FindingGiven(Asked):
    """What was found, and in which words that is documented. `violation` suspends the person until retrained."""

    finding: Finding
    statement: Annotated[str, Field(max_length=2000)]


class AlarmShown(BaseModel):
    """That a person's searches look like misuse, and what was found of it."""

    id: uuid.UUID
    kind: str
    person_id: uuid.UUID
    person_name: str
    person_title: str
    at: datetime
    says: str
    evidence: list[uuid.UUID]
    """The numbers of the searches, by which their records are found and proven."""
    finding: str | None
    closed_by: dict[str, Any] | None


class AlarmWithRecords(AlarmShown):
    """The same with the records that it rests on, as they are in the access log."""

    records: list[dict[str, Any]]


@routes.get("", summary="Alarms of the watch over the access log")
async def alarms(session: Caller, gateway: TheGateway, address: Address) -> list[AlarmShown]:
    """Those about the agency's own people, open ones first, then the newest."""
    return [AlarmShown(**_said(alarm)) for alarm in await gateway.misuse_alarms.all(session, address)]


@routes.get("/{alarm_id}", summary="An alarm with its evidence")
async def alarm(alarm_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> AlarmWithRecords:
    """An alarm, and the records that it rests on."""
    found, records = await gateway.misuse_alarms.one(session, alarm_id, address)
    return AlarmWithRecords(**_said(found), records=[msgspec.to_builtins(record) for record in records])


@routes.post("/{alarm_id}/finding", summary="Close an alarm with a finding", status_code=200)
async def close(
    alarm_id: uuid.UUID, given: FindingGiven, session: Caller, gateway: TheGateway, address: Address
) -> AlarmShown:
    """The alarm as closed. Nobody closes one about themselves."""
    closed = await gateway.misuse_alarms.close(session, alarm_id, given.finding, given.statement, address)
    return AlarmShown(**_said(closed))


def _said(alarm: MisuseAlarm) -> dict[str, Any]:
    closed = alarm.closed
    return {
        **{name: getattr(alarm, name) for name in ("id", "kind", "person_id", "person_name", "person_title")},
        "at": alarm.at,
        "says": alarm.says,
        "evidence": list(alarm.evidence),
        "finding": closed.finding if closed else None,
        "closed_by": msgspec.to_builtins(closed.by) if closed else None,
    }

"""Audits over the API."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.audits.audit import Audit, Examined, Told, Verdict

routes = APIRouter(prefix="/v1/audits", tags=["audits"])

Words = Annotated[str, Field(max_length=4000)]


class VerdictGiven(Asked):
    """What an auditor found of an inquiry."""

    verdict: Verdict
    data_errors: Words = ""
    note: Words = ""


class WordsGiven(Asked):
    """What the auditor reports, or the reviewer says of it."""

    statement: Words


class AuditShown(BaseModel):
    """An audit, as far as it has come."""

    id: uuid.UUID
    state: str
    since: datetime
    until: datetime
    sample_size: int
    access_id: uuid.UUID
    opened_by: dict[str, Any]
    checkpoint: str | None
    root: str | None
    population: int | None
    sample: list[uuid.UUID]
    to_judge: int
    reviewer: str | None
    closed: dict[str, Any] | None
    reviewed: dict[str, Any] | None


class AuditsShown(BaseModel):
    """How the agency stands, and its audits."""

    due_at: datetime
    overdue_days: int
    audits: list[AuditShown]


class InquiryShown(BaseModel):
    """An inquiry of the sample: its records in the access log, and what was found of it."""

    place: int
    index: int
    asked: dict[str, Any]
    outcome: dict[str, Any] | None
    judgement: dict[str, Any] | None


class AuditWithInquiries(BaseModel):
    """An audit and its inquiries."""

    audit: AuditShown
    inquiries: list[InquiryShown]


@routes.get("", summary="The agency's audits, and when the next is due")
async def audits(session: Caller, gateway: TheGateway, address: Address) -> AuditsShown:
    """Newest first."""
    standing, found = await gateway.audits.all(session, address)
    return AuditsShown(
        due_at=standing.due_at, overdue_days=standing.overdue_days, audits=[_shown(audit) for audit in found]
    )


@routes.post("", status_code=201, summary="Open an audit")
async def open_audit(session: Caller, gateway: TheGateway, address: Address) -> AuditShown:
    """Of the time up to now; its inquiries are drawn by the next checkpoint of the access log."""
    return _shown(await gateway.audits.open(session, address))


@routes.get("/{audit_id}", summary="An audit and its inquiries")
async def audit(audit_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> AuditWithInquiries:
    """Without inquiries while they are not drawn."""
    found, inquiries = await gateway.audits.one(session, audit_id, address)
    return AuditWithInquiries(audit=_shown(found), inquiries=[_inquiry(one) for one in inquiries])


@routes.put("/{audit_id}/inquiries/{place}", status_code=204, summary="Give a verdict")
async def judge(
    audit_id: uuid.UUID,
    place: Annotated[int, Field(ge=1, le=1_000_000)],
    given: VerdictGiven,
    session: Caller,
    gateway: TheGateway,
    address: Address,
) -> None:
    """Of one inquiry by its place in the lot. Another may be given later; both are kept."""
    await gateway.audits.judge(session, audit_id, place, given.verdict, given.data_errors, given.note, address)


@routes.post("/{audit_id}/close", summary="Close an audit", status_code=200)
async def close(
    audit_id: uuid.UUID, given: WordsGiven, session: Caller, gateway: TheGateway, address: Address
) -> AuditShown:
    """Writes the memorandum, once every inquiry has a verdict."""
    return _shown(await gateway.audits.close(session, audit_id, given.statement, address))


@routes.post("/{audit_id}/review", summary="Review and file the memorandum", status_code=200)
async def review(
    audit_id: uuid.UUID, given: WordsGiven, session: Caller, gateway: TheGateway, address: Address
) -> AuditShown:
    """For the title to whom the policy has the memorandum go."""
    return _shown(await gateway.audits.review(session, audit_id, given.statement, address))


@routes.get(
    "/{audit_id}/memorandum",
    summary="The memorandum as PDF",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The memorandum."}},
)
async def memorandum(audit_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> Response:
    """As it is on file."""
    return Response(await gateway.audits.memorandum(session, audit_id, address), media_type="application/pdf")


def _shown(audit: Audit) -> AuditShown:
    return AuditShown(
        id=audit.id,
        state=audit.state,
        since=audit.window.since,
        until=audit.window.until,
        sample_size=audit.sample_size,
        access_id=audit.access_id,
        opened_by=msgspec.to_builtins(audit.opened_by),
        checkpoint=audit.seed.checkpoint if audit.seed else None,
        root=audit.seed.root.hex() if audit.seed else None,
        population=audit.seed.population if audit.seed else None,
        sample=[one.record_id for one in audit.sample],
        to_judge=audit.to_judge,
        reviewer=audit.reviewer,
        closed=_told(audit.closed),
        reviewed=_told(audit.reviewed),
    )


def _inquiry(one: Examined) -> InquiryShown:
    judgement = one.sampled.judgement
    return InquiryShown(
        place=one.sampled.place,
        index=one.index,
        asked=msgspec.to_builtins(one.asked),
        outcome=None if one.outcome is None else msgspec.to_builtins(one.outcome),
        judgement=None if judgement is None else msgspec.to_builtins(judgement),
    )


def _told(told: Told | None) -> dict[str, Any] | None:
    return None if told is None else msgspec.to_builtins(told)

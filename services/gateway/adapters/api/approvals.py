"""Supervisors' agreements over the API."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field

from plateward.kernel.clock import now
from services.gateway.adapters.api.asked import Asked, Yes
from services.gateway.adapters.api.inquiry_bodies import InquiryAsked
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.searching.approval import ApprovalRequest

routes = APIRouter(prefix="/v1/approvals", tags=["approvals"])


class DecisionGiven(Asked):
    """Whether the supervisor agrees, and in which words that is documented."""

    agreed: Yes
    statement: Annotated[str, Field(max_length=2000)]


class ApprovalShown(BaseModel):
    """A request, and how it stands."""

    id: uuid.UUID
    state: str
    why: list[str]
    asked_by: dict[str, Any]
    asked_at: datetime
    question: dict[str, str]
    reason: dict[str, Any]
    expires_at: datetime
    decided_by: dict[str, Any] | None
    decided_at: datetime | None
    statement: str


@routes.post("", status_code=201, summary="Put a question before a supervisor")
async def ask(asked: InquiryAsked, session: Caller, gateway: TheGateway, address: Address) -> ApprovalShown:
    """The request. Once agreed to, the same question can be asked once, until the agreement expires."""
    return _shown(await gateway.approvals.ask(session, asked.as_question(), asked.reason.as_reason(), address))


@routes.get("", summary="The requests that wait, and what became of others")
async def approvals(session: Caller, gateway: TheGateway, address: Address) -> list[ApprovalShown]:
    """Those of the agency for who may decide, one's own for others; newest first."""
    return [_shown(request) for request in await gateway.approvals.shown(session, address)]


@routes.post("/{approval_id}/decision", summary="Agree or refuse", status_code=200)
async def decide(
    approval_id: uuid.UUID, given: DecisionGiven, session: Caller, gateway: TheGateway, address: Address
) -> ApprovalShown:
    """The request as decided. Nobody decides on their own."""
    statement = given.statement
    return _shown(
        await gateway.approvals.decide(session, approval_id, agreed=given.agreed, statement=statement, address=address)
    )


def _shown(request: ApprovalRequest) -> ApprovalShown:
    return ApprovalShown(
        id=request.id,
        state=request.state(now()),
        why=list(request.why),
        asked_by=msgspec.to_builtins(request.asked_by),
        asked_at=request.asked_at,
        question=request.question.as_query,
        reason=msgspec.to_builtins(request.reason),
        expires_at=request.expires_at,
        decided_by=None if request.decided_by is None else msgspec.to_builtins(request.decided_by),
        decided_at=request.decided_at,
        statement=request.statement,
    )

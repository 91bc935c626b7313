"""The agency's people over the API: accounts, training, violations, maintenance windows."""

import uuid
from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.gateway.account_rules import NewAccount
from services.gateway.accounts import SeenAccount
from services.gateway.adapters.api.asked import Asked, Number
from services.gateway.adapters.callers import Address, Caller, TheGateway

routes = APIRouter(prefix="/v1/people", tags=["people"])

Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]


class AccountAsked(Asked):
    """An account to be made: of one person, with a job title that the agency's policy knows."""

    username: Line
    name: Line
    title: Line
    directory_name: Line | None = None


class Said(Asked):
    """What a person has to say with what they do."""

    statement: Text = ""


class TrainingDone(Asked):
    """A training that the person completed on this day."""

    training_id: Line
    completed_on: date


class WindowAsked(Said):
    """A maintenance window: what for, and for how many hours from now."""

    hours: Number


class InvitationGiven(BaseModel):
    """The person, and the invitation by which they set their own password; it is shown this once."""

    person_id: uuid.UUID
    username: str
    invitation: str


@routes.get("", summary="The agency's accounts")
async def people(session: Caller, gateway: TheGateway, address: Address) -> list[dict[str, Any]]:
    """What wants a look comes first: locked, suspended, overdue for review."""
    return [_seen(one) for one in await gateway.accounts.all(session, address)]


@routes.get("/me", summary="The own account")
async def me(session: Caller, gateway: TheGateway, address: Address) -> dict[str, Any]:
    """What one may do at present, and what is withheld and why."""
    seen, history = await gateway.accounts.one(session, session.person.id, address)
    return _seen(seen) | _history(history)


@routes.get("/{person_id}", summary="An account and its history")
async def person(person_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> dict[str, Any]:
    """Changes and sessions are newest first."""
    seen, history = await gateway.accounts.one(session, person_id, address)
    return _seen(seen) | _history(history)


@routes.post("", status_code=201, summary="Make an account")
async def create(asked: AccountAsked, session: Caller, gateway: TheGateway, address: Address) -> InvitationGiven:
    """Only the titles that the agency's policy names may."""
    made = await gateway.accounts.create(session, NewAccount(**asked.model_dump()), address)
    return InvitationGiven(person_id=made.person.id, username=made.person.username, invitation=made.invitation)


@routes.post("/{person_id}/invitations", status_code=201, summary="Invite a person anew")
async def invite(person_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> InvitationGiven:
    """For whoever has lost a password or a second factor: neither is good any more."""
    made = await gateway.accounts.invite(session, person_id, address)
    return InvitationGiven(person_id=made.person.id, username=made.person.username, invitation=made.invitation)


@routes.post("/{person_id}/deactivation", status_code=204, summary="Close an account")
async def deactivate(person_id: uuid.UUID, said: Said, session: Caller, gateway: TheGateway, address: Address) -> None:
    """Its sessions end at once."""
    await gateway.accounts.deactivate(session, person_id, said.statement, address)


@routes.post("/{person_id}/reactivation", status_code=204, summary="Open a closed account")
async def reactivate(person_id: uuid.UUID, said: Said, session: Caller, gateway: TheGateway, address: Address) -> None:
    """Its password and second factor are as they were."""
    await gateway.accounts.reactivate(session, person_id, said.statement, address)


@routes.post("/{person_id}/release", status_code=204, summary="Release a locked account")
async def release(person_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> None:
    """After too many failed sign-ins."""
    await gateway.accounts.release(session, person_id, address)


@routes.post("/{person_id}/reviews", status_code=204, summary="Review an account")
async def review(person_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> None:
    """Confirms that it is still needed."""
    await gateway.accounts.review(session, person_id, address)


@routes.post("/{person_id}/trainings", status_code=204, summary="Put a training on file")
async def train(
    person_id: uuid.UUID, done: TrainingDone, session: Caller, gateway: TheGateway, address: Address
) -> None:
    """Access that asks for it is open until it expires; a retraining ends a suspension."""
    await gateway.accounts.train(session, person_id, done.training_id, done.completed_on, address)


@routes.post("/{person_id}/violations", status_code=204, summary="Record a violation")
async def suspend(person_id: uuid.UUID, said: Said, session: Caller, gateway: TheGateway, address: Address) -> None:
    """It suspends the person until they are retrained."""
    await gateway.accounts.suspend(session, person_id, said.statement, address)


@routes.post("/{person_id}/windows", status_code=204, summary="Open a maintenance window")
async def open_window(
    person_id: uuid.UUID, asked: WindowAsked, session: Caller, gateway: TheGateway, address: Address
) -> None:
    """For a vendor's person, who sees no data."""
    await gateway.accounts.open_window(session, person_id, asked.hours, asked.statement, address)


def _seen(seen: SeenAccount) -> dict[str, Any]:
    account = seen.account
    return {
        "person": msgspec.to_builtins(account.person),
        "active": account.active,
        "created_at": account.created_at,
        "reviewed_at": account.reviewed_at,
        "review_due_at": seen.review_due_at,
        "overdue": seen.overdue,
        "locked_at": account.locked_at,
        "invited_until": account.invited_until,
        "has_second_factor": account.has_second_factor,
        "open_sessions": account.open_sessions,
        "concurrent_at": account.alarmed_at,
        "suspended_since": seen.suspended_since,
        "maintains_until": account.record.maintains_until,
        "trainings": msgspec.to_builtins(account.record.trainings),
        "rights": sorted(seen.standing.rights),
        "withheld": dict(seen.standing.withheld),
    }


def _history(history: object) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(history)
    return document

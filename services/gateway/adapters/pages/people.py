"""The pages of people: the agency's accounts, one person, the own account, and the agency's policy in plain words."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import date

from fastapi import APIRouter, Request, Response

from plateward.policy.plain_words import in_plain_words
from plateward.policy.reasons import Missing
from plateward.policy.training import counts_until
from services.gateway.account_rules import InvalidAccount, NewAccount, known_titles
from services.gateway.accounts import Invited
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.gateway import Gateway
from services.gateway.people import Session

Done = Callable[[Session, Filled], Awaitable[Invited | None]]


def people_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the pages of people, and of the policy that they work under."""
    _list_pages(router, gateway, frame)
    _person_pages(router, gateway, frame)

    @router.get("/policy")
    async def policy(request: Request) -> Response:
        session = await frame.session(request)
        return frame.page(request, "policy.html", session, chapters=in_plain_words(frame.profile(session)))


def _list_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    async def listed(
        request: Request, session: Session, filled: Filled, invited: Invited | None = None, status: int = 200
    ) -> Response:
        people = await gateway.accounts.all(session, address_of(request))
        content = {
            "people": people,
            "filled": filled,
            "invited": invited,
            "titles": known_titles(frame.profile(session)),
        }
        return frame.page(request, "people.html", session, status=status, **content)

    @router.get("/people")
    async def people(request: Request) -> Response:
        return await listed(request, await frame.session(request), Filled({}))

    @router.post("/people")
    async def create(request: Request) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        new = NewAccount(
            filled.text("username"), filled.text("name"), filled.text("title"), filled.text("directory_name") or None
        )
        try:
            invited = await gateway.accounts.create(session, new, address_of(request))
        except InvalidAccount as invalid:
            filled.lacks(invalid.missing)
            return await listed(request, session, filled, status=422)
        return await listed(request, session, Filled({}), invited, 201)


def _person_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    async def shown(
        request: Request,
        session: Session,
        person_id: uuid.UUID,
        filled: Filled,
        invited: Invited | None = None,
    ) -> Response:
        seen, history = await gateway.accounts.one(session, person_id, address_of(request))
        profile = frame.profile(session)
        trainings = [(record, counts_until(profile, record)) for record in seen.account.record.trainings]
        content = {
            "seen": seen,
            "history": history,
            "trainings": sorted(trainings, key=lambda one: one[0].completed_on, reverse=True),
            "own": person_id == session.person.id,
            "filled": filled,
            "invited": invited,
        }
        return frame.page(request, "person.html", session, status=422 if filled.errors else 200, **content)

    @router.get("/account")
    async def own(request: Request) -> Response:
        session = await frame.session(request)
        return await shown(request, session, session.person.id, Filled({}))

    @router.get("/people/{person_id}")
    async def person(request: Request, person_id: uuid.UUID) -> Response:
        return await shown(request, await frame.session(request), person_id, Filled({}))

    async def done(request: Request, person_id: uuid.UUID, act: Done) -> Response:
        """Carries out what a form asks for; what it lacks is said beside it."""
        session, filled = await frame.session(request), await filled_in(request)
        try:
            invited = await act(session, filled)
        except InvalidAccount as invalid:
            filled.lacks(invalid.missing)
            return await shown(request, session, person_id, filled)
        if invited is not None:
            return await shown(request, session, person_id, Filled({}), invited)
        return see_other(f"/people/{person_id}")

    @router.post("/people/{person_id}/trainings")
    async def train(request: Request, person_id: uuid.UUID) -> Response:
        async def act(session: Session, filled: Filled) -> None:
            await gateway.accounts.train(
                session, person_id, filled.text("training_id"), _day(filled), address_of(request)
            )

        return await done(request, person_id, act)

    @router.post("/people/{person_id}/violations")
    async def suspend(request: Request, person_id: uuid.UUID) -> Response:
        async def act(session: Session, filled: Filled) -> None:
            await gateway.accounts.suspend(session, person_id, filled.text("statement"), address_of(request))

        return await done(request, person_id, act)

    @router.post("/people/{person_id}/windows")
    async def open_window(request: Request, person_id: uuid.UUID) -> Response:
        async def act(session: Session, filled: Filled) -> None:
            await gateway.accounts.open_window(
                session, person_id, _hours(filled), filled.text("purpose"), address_of(request)
            )

        return await done(request, person_id, act)

    @router.post("/people/{person_id}/invitations")
    async def invite(request: Request, person_id: uuid.UUID) -> Response:
        async def act(session: Session, _: Filled) -> Invited:
            return await gateway.accounts.invite(session, person_id, address_of(request))

        return await done(request, person_id, act)

    @router.post("/people/{person_id}/deactivation")
    async def deactivate(request: Request, person_id: uuid.UUID) -> Response:
        async def act(session: Session, filled: Filled) -> None:
            await gateway.accounts.deactivate(session, person_id, filled.text("why"), address_of(request))

        return await done(request, person_id, act)

    @router.post("/people/{person_id}/reactivation")
    async def reactivate(request: Request, person_id: uuid.UUID) -> Response:
        async def act(session: Session, filled: Filled) -> None:
            await gateway.accounts.reactivate(session, person_id, filled.text("why"), address_of(request))

        return await done(request, person_id, act)

    @router.post("/people/{person_id}/release")
    async def release(request: Request, person_id: uuid.UUID) -> Response:
        async def act(session: Session, _: Filled) -> None:
            await gateway.accounts.release(session, person_id, address_of(request))

        return await done(request, person_id, act)

    @router.post("/people/{person_id}/reviews")
    async def review(request: Request, person_id: uuid.UUID) -> Response:
        async def act(session: Session, _: Filled) -> None:
            await gateway.accounts.review(session, person_id, address_of(request))

        return await done(request, person_id, act)


def _day(filled: Filled) -> date:
    try:
        return date.fromisoformat(filled.text("completed_on"))
    except ValueError:
        raise InvalidAccount(Missing("completed_on", "must be a day, such as 2026-03-01")) from None


def _hours(filled: Filled) -> float:
    try:
        return float(filled.text("hours"))
    except ValueError:
        raise InvalidAccount(Missing("hours", "must be a number of hours")) from None

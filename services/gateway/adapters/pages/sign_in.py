"""The pages of signing in: name and password, the second factor, an invitation, the agency's own provider."""

from typing import Literal

import segno
from fastapi import APIRouter, Request, Response

from plateward.policy.reasons import Missing
from services.gateway.adapters.callers import SESSION_COOKIE, address_of
from services.gateway.adapters.pages.forms import Filled, filled_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.gateway import Gateway
from services.gateway.people import Session
from services.gateway.second_factor import InvalidPassword
from services.gateway.sign_in import HalfWay, NewSession, NoPolicyInForce, SignInRefused

SameSite = Literal["lax", "strict"]

TICKET_COOKIE = "plateward_ticket"
STATE_COOKIE = "plateward_state"
COOKIES_LAST_SECONDS = 600


def sign_in_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the pages of signing in and out."""

    @router.get("/")
    async def start(request: Request) -> Response:
        return see_other(first_page(await frame.session(request)))

    @router.get("/login")
    async def login(request: Request) -> Response:
        return _login(request)

    @router.post("/login")
    async def enter(request: Request) -> Response:
        filled = await filled_in(request)
        username = filled.text("username")
        try:
            entered = await gateway.second_factor.enter(
                username, filled.values.get("password", ""), address_of(request)
            )
        except (SignInRefused, NoPolicyInForce) as refused:
            return _login(request, username, str(refused), 401)
        return _go_on(request, entered)

    @router.post("/logout")
    async def leave(request: Request) -> Response:
        token = request.cookies.get(SESSION_COOKIE)
        if token:
            await gateway.sign_in.leave(token)
        response = see_other("/login")
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
        return response

    def _login(request: Request, username: str = "", problem: str | None = None, status: int = 200) -> Response:
        content = {"username": username, "problem": problem, "providers": gateway.directory.agencies}
        return frame.page(request, "login.html", None, status=status, **content)

    _invitation_pages(router, gateway, frame)
    _second_factor_pages(router, gateway, frame)
    _directory_pages(router, gateway, frame)


def _invitation_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    @router.get("/login/invitation")
    async def invited(request: Request) -> Response:
        return frame.page(request, "invitation.html", filled=Filled({}))

    @router.post("/login/invitation")
    async def accept(request: Request) -> Response:
        filled = await filled_in(request)
        password = filled.values.get("password", "")
        if password != filled.values.get("again", ""):
            filled.lacks((Missing("again", "is not the same password"),))
            return frame.page(request, "invitation.html", filled=filled, status=422)
        try:
            entered = await gateway.second_factor.accept_invitation(
                filled.text("username"), filled.text("invitation"), password, address_of(request)
            )
        except InvalidPassword as invalid:
            filled.lacks(invalid.missing)
            return frame.page(request, "invitation.html", filled=filled, status=422)
        except (SignInRefused, NoPolicyInForce) as refused:
            filled.lacks((Missing("invitation", str(refused)),))
            return frame.page(request, "invitation.html", filled=filled, status=401)
        return _go_on(request, entered)


def _second_factor_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    async def shown(request: Request, problem: str | None = None, status: int = 200) -> Response:
        secret = request.cookies.get(TICKET_COOKIE, "")
        try:
            ticket = await gateway.second_factor.ticket(secret)
            question = None
            if ticket.enrolling or ticket.passkeys:
                question = await gateway.second_factor.passkey_question(secret)
            offer = await gateway.second_factor.authenticator_offer(secret)
        except SignInRefused:
            return see_other("/login")
        content = {"ticket": ticket, "question": question, "offer": offer, "problem": problem}
        picture = segno.make(offer.uri, micro=False).svg_data_uri(scale=6, border=3, light="#fff") if offer else None
        return frame.page(request, "second_factor.html", None, status=status, picture=picture, **content)

    @router.get("/login/second")
    async def second(request: Request) -> Response:
        return await shown(request)

    @router.post("/login/second")
    async def code(request: Request) -> Response:
        filled, secret = await filled_in(request), request.cookies.get(TICKET_COOKIE, "")
        try:
            new = await gateway.second_factor.with_code(secret, filled.text("code"), address_of(request))
        except SignInRefused as refused:
            return await shown(request, str(refused), 401)
        return _go_on(request, new)

    @router.post("/login/passkey")
    async def passkey(request: Request) -> Response:
        filled, secret = await filled_in(request), request.cookies.get(TICKET_COOKIE, "")
        try:
            new = await gateway.second_factor.with_passkey(secret, filled.text("answer"), address_of(request))
        except SignInRefused as refused:
            return await shown(request, str(refused), 401)
        return _go_on(request, new)


def _directory_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    def refused(request: Request, why: Exception) -> Response:
        content = {"username": "", "problem": str(why), "providers": gateway.directory.agencies}
        return frame.page(request, "login.html", None, status=401, **content)

    @router.get("/login/with/{agency_id}")
    async def depart(request: Request, agency_id: str) -> Response:
        try:
            departure = await gateway.directory.depart(agency_id)
        except SignInRefused as why:
            return refused(request, why)
        response = see_other(departure.url)
        # Lax, since it comes back from another site; whoever has not been sent off from this browser has it not.
        _remember(response, request, STATE_COOKIE, departure.state, "lax")
        return response

    @router.get("/login/arrival")
    async def arrive(request: Request) -> Response:
        state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
        try:
            if not state or request.cookies.get(STATE_COOKIE) != state:
                raise SignInRefused("this sign-in was not begun in this browser; begin again")
            entered = await gateway.directory.arrive(state, code, address_of(request))
        except (SignInRefused, NoPolicyInForce) as why:
            return refused(request, why)
        # The way here began at another site, and a strict cookie goes along only when a page of ours leads on.
        response = frame.page(request, "arrived.html", onward=_where_to(entered))
        _carry(response, request, entered)
        response.delete_cookie(STATE_COOKIE, path="/login", httponly=True, samesite="lax")
        return response


def first_page(session: Session) -> str:
    """The page that a person's work begins with."""
    for right, path in (("watch-hits", "/desk"), ("search", "/search"), ("list-entries", "/hot-list")):
        if right in session.rights:
            return path
    if "watch-cameras" in session.rights:
        return "/cameras"
    return "/account"


def _go_on(request: Request, entered: NewSession | HalfWay) -> Response:
    response = see_other(_where_to(entered))
    _carry(response, request, entered)
    return response


def _where_to(entered: NewSession | HalfWay) -> str:
    return "/login/second" if isinstance(entered, HalfWay) else first_page(entered.session)


def _carry(response: Response, request: Request, entered: NewSession | HalfWay) -> None:
    """Gives the browser what it shows next time: the ticket, or the session in its place."""
    if isinstance(entered, HalfWay):
        _remember(response, request, TICKET_COOKIE, entered.ticket, "strict")
        return
    secure = request.url.scheme == "https"
    response.set_cookie(SESSION_COOKIE, entered.token, httponly=True, samesite="strict", secure=secure)
    if TICKET_COOKIE in request.cookies:
        response.delete_cookie(TICKET_COOKIE, path="/login", httponly=True, samesite="strict")


def _remember(response: Response, request: Request, name: str, value: str, samesite: SameSite) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(
        name, value, max_age=COOKIES_LAST_SECONDS, path="/login", httponly=True, samesite=samesite, secure=secure
    )

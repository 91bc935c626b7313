"""Who calls: the session behind a request's token, and the address that it comes from."""

from typing import Annotated

from fastapi import Depends, Request

from plateward.kernel.problems import Problem
from services.gateway.adapters.rates import admit
from services.gateway.gateway import Gateway
from services.gateway.people import Session

SESSION_COOKIE = "plateward_session"

ASKED_BY_ITSELF = ("/v1/hits/stream", "/desk/hits/")
"""What an open desk asks for without anybody touching it."""


def gateway_of(request: Request) -> Gateway:
    """The gateway that the application was wired with."""
    gateway: Gateway = request.app.state.gateway
    return gateway


def bearer_of(request: Request) -> str | None:
    """The bearer token that came with the request (RFC 6750)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


def token_of(request: Request) -> str | None:
    """The session's secret: a bearer token for programs, a cookie for pages."""
    return bearer_of(request) or request.cookies.get(SESSION_COOKIE)


def address_of(request: Request) -> str:
    """The address that the request came from."""
    return request.client.host if request.client else "unknown"


def is_a_move(request: Request) -> bool:
    """Whether a person has done something: a desk asks for its stream, and for what comes, by itself."""
    return not request.url.path.startswith(ASKED_BY_ITSELF)


async def session_of(request: Request) -> Session | None:
    """The session of the request, if any; raises NoPolicyInForce, and a 429 problem when its person asks too often."""
    token = token_of(request)
    session = await gateway_of(request).sign_in.session(token, moving=is_a_move(request)) if token else None
    if session is not None:
        admit(request, session)
    return session


async def _the_gateway(request: Request) -> Gateway:
    # FastAPI sends whatever waits for nothing, unless it is async, to a thread and back.
    return gateway_of(request)


async def _the_address(request: Request) -> str:
    return address_of(request)


async def signed_in(request: Request) -> Session:
    """The session that the request belongs to; raises a 401 problem."""
    session = await session_of(request)
    if session is None:
        raise Problem(401, "Sign in first", headers={"WWW-Authenticate": "Bearer"})
    return session


Caller = Annotated[Session, Depends(signed_in)]
TheGateway = Annotated[Gateway, Depends(_the_gateway)]
Address = Annotated[str, Depends(_the_address)]

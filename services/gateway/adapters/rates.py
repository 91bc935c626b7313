"""How often an address may try to sign in, and how often a person may ask; 429 says how long to wait."""

import math
from datetime import datetime, timedelta

import asyncpg
from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from plateward.kernel.clock import now
from plateward.kernel.problems import Problem
from services.gateway.people import Session
from services.gateway.rates import Rate, RatesInMemory

SIGN_IN = ("/v1/sessions", "/login", "/oauth/token")
"""Where people sign in, and machines: what is sent here is counted by the address that it comes from."""

ROUND_TRIP = ("/login/with/", "/login/arrival")
"""Where they go by way of their agency's provider, which is asked each time."""

STREAMS = "/stream"
"""How the paths of streams end. A desk that opens its stream again must get it, whatever else it has asked for."""


class SignInRates:
    """The table `sign_in_rates`: all processes count in it, so a guesser gains nothing from asking them in turn."""

    def __init__(self, pool: asyncpg.Pool, rate: Rate) -> None:
        self._pool, self._rate = pool, rate

    async def wait(self, address: str, at: datetime) -> timedelta | None:
        """Counts one more try; or how long to wait for it, and then it is not counted."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO sign_in_rates (address, free_at) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING",
                *(address, at),
            )
            free_at = await connection.fetchval(
                "SELECT free_at FROM sign_in_rates WHERE address = $1 FOR UPDATE", address
            )
            after = self._rate.after(free_at, at)
            if isinstance(after, timedelta):
                return after
            await connection.execute("UPDATE sign_in_rates SET free_at = $2 WHERE address = $1", address, after)
        return None

    async def forget(self, at: datetime) -> None:
        """Deletes the addresses that have used nothing."""
        await self._pool.execute("DELETE FROM sign_in_rates WHERE free_at <= $1", at)


class SignInLimit:
    """ASGI middleware in front of where people sign in."""

    def __init__(self, app: ASGIApp, rates: SignInRates) -> None:
        self._app, self._rates = app, rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 429 to an address that tries too often, before any password is looked at."""
        if scope["type"] == "http" and signs_in(scope["method"], scope["path"]):
            client = scope.get("client")
            wait = await self._rates.wait(client[0] if client else "unknown", now())
            if wait is not None:
                await too_often(wait).response()(scope, receive, send)
                return
        await self._app(scope, receive, send)


def signs_in(method: str, path: str) -> bool:
    """Whether this is a try to sign in."""
    return path.startswith(SIGN_IN if method == "POST" else ROUND_TRIP)


def admit(request: Request, session: Session) -> None:
    """Counts a request of this person; raises a 429 problem when they ask too often."""
    rates: RatesInMemory = request.app.state.person_rates
    if request.url.path.endswith(STREAMS):
        return
    wait = rates.wait(session.person.id, now())
    if wait is not None:
        raise too_often(wait)


async def admit_address(request: Request) -> None:
    """Counts a request of an address, where anybody may ask; raises a 429 problem when it asks too often."""
    rates: RatesInMemory = request.app.state.address_rates
    wait = rates.wait(request.client.host if request.client else "unknown", now())
    if wait is not None:
        raise too_often(wait)


def too_often(wait: timedelta) -> Problem:
    """The answer to somebody who is to wait for this long."""
    seconds = math.ceil(wait.total_seconds())
    detail = f"Wait for {seconds} {'second' if seconds == 1 else 'seconds'}, then ask again."
    return Problem(429, "Too many requests", detail, headers={"Retry-After": str(seconds)})

"""What stands before every door of the gateway, page or API, whatever is behind it."""

from dataclasses import dataclass

import asyncpg
from fastapi import FastAPI

from plateward.kernel.clock import now
from services.gateway.adapters.body_limit import BodyLimit
from services.gateway.adapters.fences import Fences
from services.gateway.adapters.idempotency import Idempotency
from services.gateway.adapters.rates import SignInLimit, SignInRates
from services.gateway.rates import Rate, RatesInMemory
from services.gateway.settings import GatewaySettings


@dataclass(frozen=True, slots=True)
class Doors:
    """What the doors remember and how much they let through."""

    pool: asyncpg.Pool
    sign_ins: SignInRates
    requests: Rate
    body_bytes_max: int
    list_bytes_max: int

    @classmethod
    def of(cls, settings: GatewaySettings, pool: asyncpg.Pool) -> "Doors":
        """The doors as the settings have them."""
        sign_ins = SignInRates(pool, Rate(settings.sign_ins_per_minute))
        return cls(pool, sign_ins, Rate(settings.requests_per_minute), settings.body_bytes_max, settings.list_bytes_max)


def keep_doors(app: FastAPI, doors: Doors) -> None:
    """Puts the doors before the application. The last added is the first that a request comes to."""
    app.state.person_rates, app.state.address_rates = RatesInMemory(doors.requests), RatesInMemory(doors.requests)
    app.state.list_bytes_max = doors.list_bytes_max
    app.add_middleware(Idempotency, pool=doors.pool, now=now)
    app.add_middleware(SignInLimit, rates=doors.sign_ins)
    app.add_middleware(BodyLimit, bytes_max=doors.body_bytes_max, list_bytes_max=doors.list_bytes_max)
    app.add_middleware(Fences)

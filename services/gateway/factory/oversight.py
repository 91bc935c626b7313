"""The wiring of how agencies watch over their own use of the system, and what they publish of it."""

from functools import partial

from fastapi import APIRouter

from plateward.kernel.clock import now
from plateward.kernel.lifecycle import Loop
from services.gateway.accounts import Accounts
from services.gateway.adapters.pages.transparency import transparency_routes
from services.gateway.adapters.stores.alarms import PostgresMisuseAlarms
from services.gateway.adapters.stores.transparency import PostgresTransparency
from services.gateway.factory.parts import Parts
from services.gateway.misuse_alarms import MisuseAlarms
from services.gateway.transparency.nightly import Nightly

LOOK_EVERY_SECONDS = 60.0
"""How often it is looked whether a publication is due."""


def misuse_alarms(parts: Parts, accounts: Accounts) -> MisuseAlarms:
    """The alarms of the watch over the access log."""
    return MisuseAlarms(gate=parts.gate, store=PostgresMisuseAlarms(parts.pool), accounts=accounts, now=now)


def transparency(parts: Parts) -> tuple[APIRouter, Loop]:
    """What agencies publish for everybody: the routes to it, and the loop that computes it."""
    store = PostgresTransparency(parts.pool)
    nightly = Nightly(store, parts.policies, now, partial(parts.status.beat, "transparency"))
    return transparency_routes(store, parts.policies), partial(nightly.run, every_seconds=LOOK_EVERY_SECONDS)

"""The HTTP application around a gateway."""

import asyncio

from fastapi import FastAPI

from plateward.kernel.problems import answer_problems
from plateward.kernel.status import Status, status_routes
from services.gateway.adapters.api import alarms as alarms_api
from services.gateway.adapters.api import approvals as approvals_api
from services.gateway.adapters.api import audits as audits_api
from services.gateway.adapters.api import cameras as cameras_api
from services.gateway.adapters.api import compiled_lists as compiled_api
from services.gateway.adapters.api import explanations as explanations_api
from services.gateway.adapters.api import exports as exports_api
from services.gateway.adapters.api import health as health_api
from services.gateway.adapters.api import hits as hits_api
from services.gateway.adapters.api import holds as holds_api
from services.gateway.adapters.api import hot_list as hot_list_api
from services.gateway.adapters.api import list_sharing as list_sharing_api
from services.gateway.adapters.api import lists as lists_api
from services.gateway.adapters.api import mou_documents as mou_documents_api
from services.gateway.adapters.api import mous as mous_api
from services.gateway.adapters.api import partner_clients as partner_clients_api
from services.gateway.adapters.api import partner_deliveries as partner_deliveries_api
from services.gateway.adapters.api import partner_hits as partner_hits_api
from services.gateway.adapters.api import partner_subscriptions as partner_subscriptions_api
from services.gateway.adapters.api import people as people_api
from services.gateway.adapters.api import releases as releases_api
from services.gateway.adapters.api import reports as reports_api
from services.gateway.adapters.api import searches as searches_api
from services.gateway.adapters.api import sessions as sessions_api
from services.gateway.adapters.api.description import describe
from services.gateway.adapters.api.errors import answer_refusals
from services.gateway.adapters.doors import Doors, keep_doors
from services.gateway.adapters.pages.frame import Assets
from services.gateway.adapters.pages.refusals import PageRefusals
from services.gateway.adapters.pages.routes import pages
from services.gateway.gateway import Gateway


def application(gateway: Gateway, doors: Doors, status: Status) -> FastAPI:
    """The application: its doors, its API, its pages."""
    app = FastAPI(title="Plateward gateway", version="1", docs_url=None, redoc_url=None)
    app.state.gateway, app.state.stopping = gateway, asyncio.Event()
    keep_doors(app, doors)
    app.add_middleware(PageRefusals, gateway=gateway)
    answer_problems(app)
    answer_refusals(app)
    app.include_router(status_routes(status))
    for api in (
        sessions_api,
        people_api,
        searches_api,
        exports_api,
        approvals_api,
        explanations_api,
        hot_list_api,
        list_sharing_api,
        compiled_api,
        releases_api,
        lists_api,
        hits_api,
        cameras_api,
        alarms_api,
        health_api,
        holds_api,
        mous_api,
        mou_documents_api,
        partner_clients_api,
        partner_deliveries_api,
        partner_hits_api,
        partner_subscriptions_api,
        audits_api,
        reports_api,
    ):
        app.include_router(api.routes)
    app.include_router(hot_list_api.requests)
    app.include_router(mous_api.drafts)
    app.include_router(pages(gateway))
    app.mount("/static", Assets(), name="static")
    describe(app)
    return app


async def end_streams(app: FastAPI, stopping: asyncio.Event) -> None:
    """Ends the open streams when the process is told to stop."""
    await stopping.wait()
    app.state.stopping.set()

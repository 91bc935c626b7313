"""All of the gateway's wiring."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.event import decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.topics import CAMERA_STATUS, HITS
from plateward.kernel.blobs import open_blobs
from plateward.kernel.clock import now
from plateward.kernel.kafka.consumer import TopicConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.lifecycle import Running
from plateward.kernel.postgres import database_pool, reachable
from plateward.kernel.problems import answer_problems
from plateward.kernel.status import Status, status_routes
from plateward.policy.catalogue import load_catalogue
from services.gateway.access import AccessGate
from services.gateway.adapters.access_topic import AccessTopic
from services.gateway.adapters.answer_store import AnswerStore
from services.gateway.adapters.api import cameras as cameras_api
from services.gateway.adapters.api import hits as hits_api
from services.gateway.adapters.api import hot_list as hot_list_api
from services.gateway.adapters.api import searches as searches_api
from services.gateway.adapters.api import sessions as sessions_api
from services.gateway.adapters.api.description import describe
from services.gateway.adapters.api.errors import answer_refusals
from services.gateway.adapters.camera_store import CameraStatuses, PostgresCameraReads, PostgresCameras
from services.gateway.adapters.doors import Doors, keep_doors
from services.gateway.adapters.forgetting import Forgetting
from services.gateway.adapters.hit_store import PostgresHits
from services.gateway.adapters.hits_topic import FeedListener, HitFeeder
from services.gateway.adapters.hot_list_store import PostgresHotList
from services.gateway.adapters.one_transaction import JoiningPool
from services.gateway.adapters.outbox import OutboxRelay
from services.gateway.adapters.page_frame import Assets
from services.gateway.adapters.pages import pages
from services.gateway.adapters.passwords import Argon2Passwords
from services.gateway.adapters.people_store import PostgresPeople
from services.gateway.adapters.read_finder import PostgresReads, PostgresSearches
from services.gateway.camera_health import CameraHealth, KnownCamera, health
from services.gateway.cameras import Cameras
from services.gateway.gateway import Gateway
from services.gateway.hits import Bell, Hits
from services.gateway.hot_list import HotList
from services.gateway.search import ReadSearch
from services.gateway.settings import GatewaySettings
from services.gateway.sign_in import SignIn


@asynccontextmanager
async def running(settings: GatewaySettings) -> AsyncIterator[Running]:
    """The gateway, wired: its application and its loops."""
    async with (
        database_pool(settings.database, schema="gateway") as connections,
        open_publisher(settings.kafka, source="gateway") as publisher,
    ):
        pool = JoiningPool(connections)
        status, bell = Status(), Bell()
        status.require("database", lambda: reachable(connections))
        status.require("kafka", publisher.reachable)
        hit_store, searches = PostgresHits(pool), PostgresSearches(pool)
        doors = Doors.of(settings, connections)
        app = application(_gateway(settings, pool, publisher, bell, hit_store, searches), doors, status)
        feed = TopicConsumer(
            settings.kafka,
            topic=HITS,
            group="gateway-hits",
            decoder=lambda record: decode(record.value, HitRaised),
            effect=HitFeeder(hit_store).take,
            dead_letters=DeadLetters(publisher, "gateway"),
            status=status,
        )
        statuses = TopicConsumer(
            settings.kafka,
            topic=CAMERA_STATUS,
            group="gateway-camera-status",
            decoder=lambda record: decode(record.value, CameraStatus),
            effect=CameraStatuses(pool).take,
            dead_letters=DeadLetters(publisher, "gateway"),
            status=status,
        )
        yield Running(
            app,
            loops=(
                lambda stopping: _tell(app, stopping),
                feed.run,
                statuses.run,
                FeedListener(pool, bell, status).run,
                OutboxRelay(pool, publisher, status).run,
                Forgetting(hit_store, searches, AnswerStore(pool), doors.sign_ins, status).run,
            ),
        )


async def overdue_inspections(settings: GatewaySettings) -> list[CameraHealth]:
    """The cameras of all agencies whose inspection is overdue, by agency and id."""
    policies, at = load_catalogue(settings.policy.profiles), now()
    async with database_pool(settings.database, schema="gateway") as pool:
        cameras = await PostgresCameras(pool).to_inspect()
    found = [health(KnownCamera(camera, None), policies[camera.agency_id], at) for camera in cameras]
    return [one for one in found if one.overdue]


def application(gateway: Gateway, doors: Doors, status: Status) -> FastAPI:
    """The HTTP application around a gateway."""
    app = FastAPI(title="Plateward gateway", version="1", docs_url=None, redoc_url=None)
    app.state.gateway, app.state.stopping = gateway, asyncio.Event()
    keep_doors(app, doors)
    answer_problems(app)
    answer_refusals(app)
    app.include_router(status_routes(status))
    for api in (sessions_api, searches_api, hot_list_api, hits_api, cameras_api):
        app.include_router(api.routes)
    app.include_router(pages(gateway))
    app.mount("/static", Assets(), name="static")
    describe(app)
    return app


def _gateway(
    settings: GatewaySettings,
    pool: asyncpg.Pool,
    publisher: Publisher,
    bell: Bell,
    hit_store: PostgresHits,
    searches: PostgresSearches,
) -> Gateway:
    policies = load_catalogue(settings.policy.profiles)
    pictures = open_blobs(settings.blobs)
    gate = AccessGate(AccessTopic(publisher, settings.record_within_seconds), now)
    return Gateway(
        sign_in=SignIn(people=PostgresPeople(pool), passwords=Argon2Passwords(), policies=policies, now=now),
        search=ReadSearch(
            gate=gate,
            finder=PostgresReads(pool),
            searches=searches,
            pictures=pictures,
            policies=policies,
            now=now,
        ),
        hot_list=HotList(gate=gate, store=PostgresHotList(pool), now=now),
        hits=Hits(gate=gate, store=hit_store, pictures=pictures, bell=bell, now=now),
        cameras=Cameras(
            gate=gate, store=PostgresCameras(pool), reads=PostgresCameraReads(pool), policies=policies, now=now
        ),
        policies=policies,
    )


async def _tell(app: FastAPI, stopping: asyncio.Event) -> None:
    """Ends the open streams when the process is told to stop."""
    await stopping.wait()
    app.state.stopping.set()

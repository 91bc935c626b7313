"""All of the gateway's wiring."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.event import decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.lists import ListAlarm
from plateward.contracts.topics import CAMERA_STATUS, HITS, LIST_ALARMS
from plateward.kernel.clock import now
from plateward.kernel.images import open_images
from plateward.kernel.kafka.consumer import TopicConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import Publisher, open_publisher
from plateward.kernel.lifecycle import Running
from plateward.kernel.postgres import database_pool, reachable
from plateward.kernel.problems import answer_problems
from plateward.kernel.status import Status, status_routes
from plateward.policy.catalogue import load_catalogue
from plateward.policy.reasons import Missing
from services.gateway.access import AccessGate
from services.gateway.account_rules import InvalidAccount, NewAccount
from services.gateway.accounts import Accounts, Invited, begin_accounts
from services.gateway.adapters.access_topic import AccessTopic
from services.gateway.adapters.account_store import PostgresAccounts
from services.gateway.adapters.answer_store import AnswerStore
from services.gateway.adapters.api import approvals as approvals_api
from services.gateway.adapters.api import cameras as cameras_api
from services.gateway.adapters.api import explanations as explanations_api
from services.gateway.adapters.api import exports as exports_api
from services.gateway.adapters.api import hits as hits_api
from services.gateway.adapters.api import hot_list as hot_list_api
from services.gateway.adapters.api import people as people_api
from services.gateway.adapters.api import searches as searches_api
from services.gateway.adapters.api import sessions as sessions_api
from services.gateway.adapters.api.certificates import certificate_routes
from services.gateway.adapters.api.description import describe
from services.gateway.adapters.api.errors import answer_refusals
from services.gateway.adapters.approval_store import PostgresApprovals
from services.gateway.adapters.camera_store import CameraStatuses, PostgresCameraReads, PostgresCameras
from services.gateway.adapters.case_registers import open_case_registers
from services.gateway.adapters.certificate_store import PostgresCertificates
from services.gateway.adapters.directory_store import PostgresDirectory
from services.gateway.adapters.doors import Doors, keep_doors
from services.gateway.adapters.export_store import PostgresExports
from services.gateway.adapters.factor_store import PostgresFactors
from services.gateway.adapters.forgetting import Forgetting
from services.gateway.adapters.history_store import PostgresHistory
from services.gateway.adapters.hit_store import PostgresHits
from services.gateway.adapters.hits_topic import FeedListener, HitFeeder
from services.gateway.adapters.hot_list_store import PostgresHotList, PostgresLists
from services.gateway.adapters.identity_providers import OpenIdProviders
from services.gateway.adapters.list_keeping import ListKeeping, PostgresAlarms
from services.gateway.adapters.one_transaction import JoiningPool
from services.gateway.adapters.outbox import OutboxRelay
from services.gateway.adapters.page_frame import Assets
from services.gateway.adapters.pages import pages
from services.gateway.adapters.passkeys import WebAuthnPasskeys
from services.gateway.adapters.passwords import Argon2Passwords
from services.gateway.adapters.people_store import PostgresPeople
from services.gateway.adapters.purge_watch import until_purged
from services.gateway.adapters.read_finder import PostgresReads
from services.gateway.adapters.sealing import SealKey
from services.gateway.adapters.search_store import PostgresSearches, load_seals
from services.gateway.camera_health import CameraHealth, KnownCamera, health
from services.gateway.cameras import Cameras
from services.gateway.directory import DirectorySignIn
from services.gateway.explanations import Explanations
from services.gateway.gateway import Gateway
from services.gateway.hits import Bell, Hits
from services.gateway.hot_list import HotList
from services.gateway.lists import HotLists
from services.gateway.search import ReadSearch
from services.gateway.searching.approvals import Approvals
from services.gateway.searching.exports import Exports
from services.gateway.searching.inquiry_gate import CaseRegister, InquiryGate
from services.gateway.searching.owners import OwnReadsOnly
from services.gateway.searching.picture_links import PictureLinks
from services.gateway.searching.seals import Seals
from services.gateway.second_factor import SecondFactor
from services.gateway.settings import GatewaySettings
from services.gateway.sign_in import SignIn


@asynccontextmanager
async def running(settings: GatewaySettings) -> AsyncIterator[Running]:
    """The gateway, wired: its application and its loops."""
    async with (
        database_pool(settings.database, schema="gateway") as connections,
        open_publisher(settings.kafka, source="gateway") as publisher,
        open_case_registers(
            settings.case_registers,
            settings.case_register_token.get_secret_value() if settings.case_register_token else None,
        ) as cases,
    ):
        await until_purged(connections)
        pool = JoiningPool(connections)
        status, bell = Status(), Bell()
        status.require("database", lambda: reachable(connections))
        status.require("kafka", publisher.reachable)
        hit_store, searches = PostgresHits(pool), PostgresSearches(pool)
        doors, seals = Doors.of(settings, connections), await load_seals(pool)
        app = application(_gateway(settings, pool, publisher, bell, hit_store, searches, cases, seals), doors, status)
        app.include_router(certificate_routes(PostgresCertificates(pool)))
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
        alarms = TopicConsumer(
            settings.kafka,
            topic=LIST_ALARMS,
            group="gateway-list-alarms",
            decoder=lambda record: decode(record.value, ListAlarm),
            effect=PostgresAlarms(pool).take,
            dead_letters=DeadLetters(publisher, "gateway"),
            status=status,
        )
        lists = HotLists(PostgresLists(pool), load_catalogue(settings.policy.profiles), now)
        # Before anybody can enter a vehicle: an entry on a list that nobody has stated matches nothing.
        await lists.restate()
        yield Running(
            app,
            loops=(
                lambda stopping: _tell(app, stopping),
                feed.run,
                statuses.run,
                alarms.run,
                ListKeeping(lists, settings.restate_lists_every_seconds, status).run,
                FeedListener(pool, bell, status).run,
                OutboxRelay(pool, publisher, status).run,
                Forgetting(
                    hit_store,
                    searches,
                    PostgresExports(pool),
                    PostgresPeople(pool),
                    AnswerStore(pool),
                    doors.sign_ins,
                    status,
                ).run,
            ),
        )


async def overdue_inspections(settings: GatewaySettings) -> list[CameraHealth]:
    """The cameras of all agencies whose inspection is overdue, by agency and id."""
    policies, at = load_catalogue(settings.policy.profiles), now()
    async with database_pool(settings.database, schema="gateway") as pool:
        cameras = await PostgresCameras(pool).to_inspect()
    found = [health(KnownCamera(camera, None), policies[camera.agency_id], at) for camera in cameras]
    return [one for one in found if one.overdue]


async def first_account(settings: GatewaySettings, agency_id: str, new: NewAccount) -> Invited:
    """The first account of an agency, made by whoever installs the platform; raises InvalidAccount."""
    profile = load_catalogue(settings.policy.profiles).get(agency_id)
    if profile is None:
        raise InvalidAccount(Missing("agency", f"{agency_id} has no policy in force here"))
    async with database_pool(settings.database, schema="gateway") as pool:
        return await begin_accounts(PostgresAccounts(pool), profile, new, now())


def application(gateway: Gateway, doors: Doors, status: Status) -> FastAPI:
    """The HTTP application around a gateway."""
    app = FastAPI(title="Plateward gateway", version="1", docs_url=None, redoc_url=None)
    app.state.gateway, app.state.stopping = gateway, asyncio.Event()
    keep_doors(app, doors)
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
        hits_api,
        cameras_api,
    ):
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
    cases: CaseRegister,
    seals: Seals,
) -> Gateway:
    policies = load_catalogue(settings.policy.profiles)
    pictures, finder, approvals = (
        open_images(settings.blobs, settings.keys),
        PostgresReads(pool),
        PostgresApprovals(pool),
    )
    gate = AccessGate(AccessTopic(publisher, settings.record_within_seconds), now)
    people, passwords = PostgresPeople(pool), Argon2Passwords()
    sign_in = SignIn(
        people=people,
        passwords=passwords,
        policies=policies,
        gate=gate,
        dispatch_rooms=settings.dispatch_rooms,
        now=now,
    )
    second_factor = SecondFactor(
        sign_in=sign_in,
        people=people,
        factors=PostgresFactors(pool),
        passwords=passwords,
        seal=SealKey(key) if (key := _key(settings)) else None,
        passkeys=WebAuthnPasskeys(settings.origin),
        required=settings.second_factor == "required",
        now=now,
    )
    providers = OpenIdProviders(
        settings.identity_providers,
        redirect_uri=f"{settings.origin}/login/arrival",
        away=PostgresDirectory(pool),
        now=now,
    )
    inquiries = InquiryGate(
        policies=policies, cases=cases, searches=searches, approvals=approvals, seals=seals, now=now
    )
    search = ReadSearch(
        gate=gate,
        inquiries=inquiries,
        approvals=approvals,
        owners=OwnReadsOnly(),
        finder=finder,
        searches=searches,
        pictures=pictures,
        links=PictureLinks(seals, now),
        policies=policies,
        now=now,
    )
    return Gateway(
        sign_in=sign_in,
        second_factor=second_factor,
        directory=DirectorySignIn(
            providers=providers, accounts=people, sign_in=sign_in, second_factor=second_factor, now=now
        ),
        accounts=Accounts(gate=gate, store=PostgresAccounts(pool), policies=policies, now=now),
        search=search,
        approvals=Approvals(gate=gate, inquiries=inquiries, store=approvals, policies=policies, now=now),
        exports=Exports(
            gate=gate, search=search, finder=finder, pictures=pictures, store=PostgresExports(pool), now=now
        ),
        explanations=Explanations(gate=gate, history=PostgresHistory(pool), policies=policies, now=now),
        hot_list=HotList(gate=gate, store=PostgresHotList(pool), now=now),
        hits=Hits(gate=gate, store=hit_store, alarms=PostgresAlarms(pool), pictures=pictures, bell=bell, now=now),
        cameras=Cameras(
            gate=gate, store=PostgresCameras(pool), reads=PostgresCameraReads(pool), policies=policies, now=now
        ),
        policies=policies,
    )


def _key(settings: GatewaySettings) -> str:
    return settings.seal_key.get_secret_value() if settings.seal_key else ""


async def _tell(app: FastAPI, stopping: asyncio.Event) -> None:
    """Ends the open streams when the process is told to stop."""
    await stopping.wait()
    app.state.stopping.set()

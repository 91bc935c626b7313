"""All wiring of ingest, in one place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from plateward.contracts.event import decode
from plateward.contracts.self_checks import SelfCheckAsked
from plateward.contracts.topics import CAMERAS, SELF_CHECKS
from plateward.kernel.clock import now
from plateward.kernel.images import open_images
from plateward.kernel.kafka.consumer import TopicConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.lifecycle import Loop, Running
from plateward.kernel.postgres import database_pool, reachable
from plateward.kernel.problems import answer_problems
from plateward.kernel.status import Status, status_routes
from plateward.policy.catalogue import load_catalogue
from services.ingest.acceptance import Acceptance, Limits
from services.ingest.adapters.camera_store import CameraStore, registration_in
from services.ingest.adapters.frames_topic import FramesTopic
from services.ingest.adapters.http import frame_routes
from services.ingest.adapters.images import decoding_threads
from services.ingest.adapters.mqtt import FrigateSubscriber
from services.ingest.adapters.pass_store import PassStore
from services.ingest.adapters.picture_store import PictureStore
from services.ingest.adapters.pulse_store import PulseStore
from services.ingest.adapters.reads_topic import ReadsTopic
from services.ingest.adapters.self_checks import SelfChecks
from services.ingest.adapters.sources import Sources
from services.ingest.adapters.watch import Watch
from services.ingest.adapters.webhooks import Doors, edge_routes
from services.ingest.camera_cache import CameraCache
from services.ingest.edge.mapping import read_mappings
from services.ingest.edge_acceptance import EdgeAcceptance
from services.ingest.room import Room
from services.ingest.settings import IngestSettings
from services.ingest.source_list import read_sources


@asynccontextmanager
async def running(settings: IngestSettings) -> AsyncIterator[Running]:
    """Ingest, wired; raises ValueError and OSError when the list of sources or a mapping can't be used."""
    sources = read_sources(settings.sources_file) if settings.sources_file else []
    mappings = read_mappings(settings.mappings_folder) if settings.mappings_folder else {}
    async with (
        open_publisher(settings.kafka, source="ingest") as publisher,
        database_pool(settings.database, schema="ingest") as pool,
        decoding_threads(settings.decoders) as images,
    ):
        status = Status()
        status.require("kafka", publisher.reachable)
        status.require("database", lambda: reachable(pool))
        store = CameraStore(pool)
        cameras = CameraCache(store)
        watch = Watch(
            *(PulseStore(pool), publisher, status),
            look_every_seconds=settings.look_every_seconds,
            bad_frames=settings.bad_frames,
        )
        limits = Limits(
            frame_bytes_max=settings.frame_bytes_max,
            pixels_max=settings.pixels_max,
            frames_in_flight_max=settings.frames_in_flight_max,
            upload_seconds_max=settings.upload_seconds_max,
        )
        room = Room(limits.frames_in_flight_max)
        acceptance = Acceptance(
            images=images,
            frames=FramesTopic(publisher, acknowledge_seconds_max=settings.acknowledge_seconds_max),
            listener=watch,
            limits=limits,
            room=room,
        )
        passings = PassStore(pool, status)
        edge = EdgeAcceptance(
            images=images,
            pictures=PictureStore(open_images(settings.blobs, settings.keys)),
            passings=passings,
            reads=ReadsTopic(publisher, acknowledge_seconds_max=settings.acknowledge_seconds_max),
            listener=watch,
            policies=load_catalogue(settings.policy.profiles),
            pixels_max=settings.pixels_max,
        )
        app = FastAPI(title="Plateward ingest", version="1", docs_url=None, redoc_url=None)
        answer_problems(app)
        app.include_router(frame_routes(cameras, acceptance, frame_bytes_max=settings.frame_bytes_max))
        app.include_router(edge_routes(Doors(cameras, edge, room, limits), mappings))
        app.include_router(status_routes(status))
        registrations = TopicConsumer(
            settings.kafka,
            topic=CAMERAS,
            group="ingest-cameras",
            decoder=registration_in,
            effect=store.take,
            dead_letters=DeadLetters(publisher, "ingest"),
            status=status,
        )
        checks = SelfChecks(FramesTopic(publisher, acknowledge_seconds_max=settings.acknowledge_seconds_max), now)
        self_checks = TopicConsumer(
            settings.kafka,
            topic=SELF_CHECKS,
            group="ingest-self-checks",
            decoder=lambda record: decode(record.value, SelfCheckAsked),
            effect=checks.take,
            dead_letters=DeadLetters(publisher, "ingest"),
            status=status,
        )
        loops: list[Loop] = [watch.run, registrations.run, passings.run, self_checks.run]
        if sources:
            loops.append(Sources(sources, cameras, acceptance, frame_bytes_max=settings.frame_bytes_max).run)
        if settings.mqtt.host:
            frigate = FrigateSubscriber(settings.mqtt, cameras=cameras, acceptance=edge, publisher=publisher)
            loops.append(frigate.run)
        yield Running(app, tuple(loops))

"""All of the recogniser's wiring."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from plateward.kernel.images import open_images
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.lifecycle import Running
from plateward.kernel.status import Status, status_app
from plateward.policy.catalogue import load_catalogue
from services.recognizer.adapters.eight_bit import Tell, make_eight_bit
from services.recognizer.adapters.engines import open_engine
from services.recognizer.adapters.frames import FramesConsumer
from services.recognizer.adapters.looking import Looking
from services.recognizer.adapters.partition import Work
from services.recognizer.adapters.telling import Telling
from services.recognizer.passes import Rules
from services.recognizer.settings import RecognizerSettings

_log = structlog.get_logger()


@asynccontextmanager
async def running(settings: RecognizerSettings) -> AsyncIterator[Running]:
    """The recogniser, wired; its models are loaded before it takes a frame."""
    engine = await asyncio.to_thread(open_engine, settings, _log.info)
    async with open_publisher(settings.kafka, source="recognizer") as publisher:
        status, dead_letters = Status(), DeadLetters(publisher, "recognizer")
        status.require("kafka", publisher.reachable)
        policies = load_catalogue(settings.policy.profiles)
        looking = Looking(engine, jpeg_quality=settings.jpeg_quality, scene_longest_px=settings.scene_longest_px)
        work = Work(
            looking=looking,
            telling=Telling(
                publisher=publisher,
                images=open_images(settings.blobs, settings.keys),
                policies=policies,
                looking=looking,
            ),
            dead_letters=dead_letters,
            policies=policies,
            rules=Rules(
                sure=settings.sure_confidence,
                gap=timedelta(seconds=settings.pass_gap_seconds),
                unseen=timedelta(seconds=settings.pass_unseen_seconds),
                longest=timedelta(seconds=settings.pass_longest_seconds),
                parked=timedelta(seconds=settings.parked_seconds),
            ),
            frame_age_max=timedelta(seconds=settings.frame_age_max_seconds),
        )
        frames = FramesConsumer(settings.kafka, work=work, status=status)
        yield Running(status_app("recogniser", status), loops=(frames.run,))


def make_models(tell: Tell) -> None:
    """Make the eight-bit models that are not there yet, for `plateward models`; some minutes, and up to 3 GB."""
    make_eight_bit(tell)

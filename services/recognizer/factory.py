"""All of the recogniser's wiring."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from plateward.contracts.topics import FRAMES
from plateward.kernel.blobs import open_blobs
from plateward.kernel.kafka.consumer import TopicConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.lifecycle import Running
from plateward.kernel.status import Status, status_app
from plateward.policy.catalogue import load_catalogue
from services.recognizer.adapters.eight_bit import Tell, make_eight_bit
from services.recognizer.adapters.engines import open_engine
from services.recognizer.adapters.frames import FrameReader, frame_of
from services.recognizer.settings import RecognizerSettings

_log = structlog.get_logger()

FRAMES_AT_ONCE = 4
"""Frames taken before their offsets are committed: what a crash makes another recogniser do again."""


@asynccontextmanager
async def running(settings: RecognizerSettings) -> AsyncIterator[Running]:
    """The recogniser, wired; its models are loaded before it takes a frame."""
    engine = await asyncio.to_thread(open_engine, settings, _log.info)
    async with open_publisher(settings.kafka, source="recognizer") as publisher:
        status, dead_letters = Status(), DeadLetters(publisher, "recognizer")
        status.require("kafka", publisher.reachable)
        reader = FrameReader(
            engine=engine,
            blobs=open_blobs(settings.blobs),
            publisher=publisher,
            dead_letters=dead_letters,
            policies=load_catalogue(settings.policy.profiles),
            settings=settings,
        )
        frames = TopicConsumer(
            settings.kafka,
            topic=FRAMES,
            group="recognizer",
            decoder=frame_of,
            effect=reader.take,
            dead_letters=dead_letters,
            status=status,
            batch_max=FRAMES_AT_ONCE,
        )
        yield Running(status_app("recogniser", status), loops=(frames.run,))


def make_models(tell: Tell) -> None:
    """Make the eight-bit models that are not there yet, for `plateward models`; some minutes, and up to 3 GB."""
    make_eight_bit(tell)

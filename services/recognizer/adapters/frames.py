"""Frames in, reads out: what becomes of every frame is said on `frame-outcomes`."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from aiokafka import ConsumerRecord

from plateward.contracts.envelope import header, traceparent_of
from plateward.contracts.event import decode, derive_id
from plateward.contracts.frames import FRAME_HEADER, Frame, FrameOutcome, Outcome
from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import FRAME_OUTCOMES, PLATE_READS
from plateward.kernel.blobs import Blobs
from plateward.kernel.clock import now
from plateward.kernel.kafka.consumer import Received, Refused
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import Publisher
from plateward.plates.confusion import match_key
from plateward.policy.catalogue import PolicyCatalogue, UnknownAgency
from services.recognizer import metrics
from services.recognizer.adapters.jpeg import decode_jpeg, encode_jpeg
from services.recognizer.engine import Engine, Image, PlateFound
from services.recognizer.patches import plate_patch
from services.recognizer.reading import read_of
from services.recognizer.settings import RecognizerSettings

PATCH_LONGEST_PX = 640


def frame_of(record: ConsumerRecord) -> Frame:
    """What a record's header says of its frame; raises ContractError."""
    return decode(header(record.headers, FRAME_HEADER).encode(), Frame)


class FrameReader:
    """Reads the best plate of each frame and sends it on, with its pictures kept first."""

    def __init__(
        self,
        *,
        engine: Engine,
        blobs: Blobs,
        publisher: Publisher,
        dead_letters: DeadLetters,
        policies: PolicyCatalogue,
        settings: RecognizerSettings,
    ) -> None:
        self._engine, self._blobs, self._publisher = engine, blobs, publisher
        self._dead_letters, self._policies, self._settings = dead_letters, policies, settings
        # One thread, since an engine serves one at a time; the event loop stays free for Kafka's heartbeats.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")

    async def take(self, received: Sequence[Received[Frame]]) -> None:
        """The effect of a batch of frames; raises NotAcknowledged or the blob store's errors."""
        for one in received:
            await self._take(one.event, one.record)

    async def _take(self, frame: Frame, record: ConsumerRecord) -> None:
        try:
            read = await self._read(frame, record)
        except Refused as reason:
            await self._dead_letters.bury(record, str(reason))
            await self._account(frame, "dead", 0, record)
            return
        if read is not None:
            await self._publish(read, record)
            metrics.FRAME_TO_READ_SECONDS.observe((now() - frame.received_at).total_seconds())
        await self._account(frame, "no-plate" if read is None else "read", int(read is not None), record)

    async def _read(self, frame: Frame, record: ConsumerRecord) -> PlateRead | None:
        loop = asyncio.get_running_loop()
        image, found = await loop.run_in_executor(self._thread, self._recognise, record.value)
        if not found:
            return None
        try:
            read = read_of(frame, found[0], 0, self._policies, self._engine.models)
        except UnknownAgency as error:
            raise Refused(f"agency_id: {error} has no profile, so nothing says how long to keep its reads") from error
        except OverflowError as error:
            raise Refused(f"captured_at: {frame.captured_at.isoformat()} is no time to keep a read from") from error
        plate, scene = await loop.run_in_executor(self._thread, self._pictures, image, found[0])
        images = read.images
        assert images.plate is not None and images.scene is not None  # as in all of the recogniser's reads
        await asyncio.gather(self._blobs.put(images.plate, plate), self._blobs.put(images.scene, scene))
        return read

    def _recognise(self, jpeg: bytes | None) -> tuple[Image, list[PlateFound]]:
        started = time.perf_counter()
        try:
            image = decode_jpeg(jpeg or b"")
        except ValueError as error:
            raise Refused(f"frame: {error}") from error
        found = self._engine.find(image)
        metrics.RECOGNISE_SECONDS.observe(time.perf_counter() - started)
        return image, found

    def _pictures(self, image: Image, found: PlateFound) -> tuple[bytes, bytes]:
        quality = self._settings.jpeg_quality
        patch = encode_jpeg(plate_patch(image, found.box), quality, PATCH_LONGEST_PX)
        return patch, encode_jpeg(image, quality, self._settings.scene_longest_px)

    async def _publish(self, read: PlateRead, record: ConsumerRecord) -> None:
        await self._publisher.publish(
            PLATE_READS,
            read,
            key=match_key(read.plate),
            event_id=read.id,
            time=read.captured_at,
            traceparent=traceparent_of(record.headers),
        )

    async def _account(self, frame: Frame, outcome: Outcome, reads: int, record: ConsumerRecord) -> None:
        event = FrameOutcome(
            frame_id=frame.id,
            camera_id=frame.camera_id,
            agency_id=frame.agency_id,
            outcome=outcome,
            reads=reads,
            captured_at=frame.captured_at,
            at=now(),
        )
        await self._publisher.publish(
            FRAME_OUTCOMES,
            event,
            key=frame.camera_id,
            event_id=derive_id("outcome", frame.id),
            time=event.at,
            traceparent=traceparent_of(record.headers),
        )
        metrics.FRAMES.labels(outcome).inc()

"""What is told: a pass as a read, its pictures kept first; and what became of each frame."""

import asyncio
import uuid
from collections.abc import Sequence

from plateward.contracts.event import derive_id
from plateward.contracts.frames import Frame, FrameOutcome, Outcome
from plateward.contracts.topics import FRAME_OUTCOMES, PLATE_READS
from plateward.kernel.clock import now
from plateward.kernel.images import SealedImages
from plateward.kernel.kafka.publisher import Publisher
from plateward.plates.confusion import match_key
from plateward.plates.packed_keys import candidate_keys
from plateward.policy.catalogue import PolicyCatalogue
from services.recognizer import metrics
from services.recognizer.adapters.looking import Looking
from services.recognizer.passes import Pass
from services.recognizer.reading import read_of


class Telling:
    """Publishes reads and outcomes; each returns once it is durable, and raises NotAcknowledged."""

    def __init__(
        self, *, publisher: Publisher, images: SealedImages, policies: PolicyCatalogue, looking: Looking
    ) -> None:
        self._publisher, self._images, self._policies, self._looking = publisher, images, policies, looking

    async def read(self, one: Pass) -> None:
        """A pass as it stands."""
        read = read_of(one, self._policies, self._looking.engine.models)
        if one.picture.jpeg:
            plate, scene = await self._looking.pictures(one.picture)
            images = read.images
            assert images.plate is not None and images.scene is not None  # as in all of the recogniser's reads
            await asyncio.gather(self._images.put(images.plate, plate), self._images.put(images.scene, scene))
        await self._publisher.publish(
            PLATE_READS,
            read,
            key=match_key(read.plate),
            event_id=derive_id("told", read.id, read.frames),
            time=read.captured_at,
            traceparent=one.traceparent,
            extra=candidate_keys(read),
        )
        if one.told is None:
            metrics.FRAME_TO_READ_SECONDS.observe((now() - one.frame.received_at).total_seconds())
        metrics.PASSES.labels("first" if one.told is None else "again").inc()
        one.tell()

    async def outcome(
        self, frame: Frame, outcome: Outcome, read_ids: Sequence[uuid.UUID], traceparent: str | None
    ) -> None:
        """What became of a frame."""
        event = FrameOutcome(
            frame_id=frame.id,
            camera_id=frame.camera_id,
            agency_id=frame.agency_id,
            outcome=outcome,
            reads=len(read_ids),
            captured_at=frame.captured_at,
            at=now(),
            read_ids=tuple(read_ids),
        )
        await self._publisher.publish(
            FRAME_OUTCOMES,
            event,
            key=frame.camera_id,
            event_id=derive_id("outcome", frame.id),
            time=event.at,
            traceparent=traceparent,
        )
        metrics.FRAMES.labels(outcome).inc()

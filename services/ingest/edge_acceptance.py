"""The one way by which edge readers' own reads are taken: checked whole, their pictures kept, published."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from plateward.contracts.reads import PlateRead
from plateward.kernel.clock import now
from plateward.policy.catalogue import PolicyCatalogue
from services.ingest.acceptance import Images, Jpeg, Listener
from services.ingest.cameras import Camera, require_in_service
from services.ingest.capture_time import require_fitting
from services.ingest.edge.edge_read import EdgeRead, Picture
from services.ingest.edge_reads import day_of, images_of, plate_of, plate_read
from services.ingest.frame_check import check_image
from services.ingest.metrics import EDGE_READS
from services.ingest.passing import Passings, fresh_passing, marks_of
from services.ingest.refusals import Refused


class Pictures(Protocol):
    """Where the pictures of reads are kept."""

    async def put(self, key: str, data: bytes) -> None:
        """Returns when the picture is kept; raises Unavailable."""


class Reads(Protocol):
    """Where accepted reads go."""

    async def publish(self, read: PlateRead) -> None:
        """Returns when the read is durable; raises Unavailable when that cannot be had in time."""


class EdgeAcceptance:
    """Takes the reads of a report, all of them or none."""

    def __init__(
        self,
        *,
        images: Images,
        pictures: Pictures,
        passings: Passings,
        reads: Reads,
        listener: Listener,
        policies: PolicyCatalogue,
        pixels_max: int,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._images, self._pictures, self._passings, self._reads = images, pictures, passings, reads
        self._listener, self._policies, self._pixels_max, self._clock = listener, policies, pixels_max, clock

    async def accept(self, camera: Camera, source: str, found: Sequence[EdgeRead]) -> list[PlateRead]:
        """Takes what a camera that has been identified has read, and returns once it is durable.

        Raises Refused when any of it can't be taken: then nothing of it is published. Raises Unavailable when it can't
        be taken now: who sends the report again sends the same reads again.
        """
        received_at = self._clock()
        require_in_service(camera)
        plates = [plate_of(read) for read in found]
        for read in found:
            require_fitting(read.captured_at, received_at, read.field)
        jpegs = [await self._fit(read) for read in found]
        reads = [
            await self._take(camera, source, read, plate, *jpeg)
            for read, plate, jpeg in zip(found, plates, jpegs, strict=True)
        ]
        self._listener.heard(camera, received_at, blank=False)
        return reads

    async def _take(
        self, camera: Camera, source: str, read: EdgeRead, plate: str, patch: Jpeg | None, scene: Jpeg | None
    ) -> PlateRead:
        marks = marks_of(camera.id, source, read, plate)
        fresh = fresh_passing(marks, read.captured_at)
        day_of(camera, source, fresh, self._policies)
        passing = await self._passings.of(camera.id, marks, fresh)
        day = day_of(camera, source, passing, self._policies)
        images = images_of(camera, passing, day, read)
        for key, jpeg in ((images.plate, patch), (images.scene, scene)):
            if key is not None and jpeg is not None:
                await self._pictures.put(key, jpeg.data)
        least = self._policies[camera.agency_id].recognition.least_confidence
        taken = plate_read(camera, source, read, plate=plate, passing=passing, day=day, images=images, least=least)
        await self._reads.publish(taken)
        EDGE_READS.labels(source).inc()
        return taken

    async def _fit(self, read: EdgeRead) -> tuple[Jpeg | None, Jpeg | None]:
        return await self._checked(read.plate_picture), await self._checked(read.scene_picture)

    async def _checked(self, picture: Picture | None) -> Jpeg | None:
        """The picture as frames' are: a whole JPEG or PNG of a size that can be held; raises Refused."""
        if picture is None:
            return None
        try:
            image = await asyncio.to_thread(check_image, picture.data, pixels_max=self._pixels_max)
            return await self._images.fit(image)
        except Refused as why:
            raise Refused(why.reason, picture.field, why.rule) from why

"""Frames looked at with the engine, in a thread of their own; and the pictures that are kept of a pass."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from plateward.kernel.kafka.consumer import Refused
from services.recognizer import metrics
from services.recognizer.adapters.jpeg import decode_jpeg, encode_jpeg
from services.recognizer.engine import Engine, Image, PlateFound
from services.recognizer.passes import Picture
from services.recognizer.patches import plate_patch

PATCH_LONGEST_PX = 640


class Looking:
    """One thread, since an engine serves one at a time; the event loop stays free for Kafka's heartbeats."""

    def __init__(self, engine: Engine, *, jpeg_quality: int, scene_longest_px: int) -> None:
        self.engine = engine
        self._jpeg_quality, self._scene_longest_px = jpeg_quality, scene_longest_px
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._last: tuple[bytes, Image] | None = None

    async def look(self, jpeg: bytes) -> list[PlateFound]:
        """The plates of a frame, best first; raises Refused if it is no picture."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._look, jpeg)

    async def pictures(self, picture: Picture) -> tuple[bytes, bytes]:
        """The plate and the scene as JPEGs."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._pictures, picture)

    def _look(self, jpeg: bytes) -> list[PlateFound]:
        started = time.perf_counter()
        try:
            image = decode_jpeg(jpeg)
        except ValueError as error:
            raise Refused(f"frame: {error}") from error
        self._last = jpeg, image
        found = self.engine.find(image)
        metrics.RECOGNISE_SECONDS.observe(time.perf_counter() - started)
        return found

    def _pictures(self, picture: Picture) -> tuple[bytes, bytes]:
        # Mostly the best frame is the one that was looked at last: then it is decoded already.
        last = self._last
        image = last[1] if last is not None and last[0] is picture.jpeg else decode_jpeg(picture.jpeg)
        patch = encode_jpeg(plate_patch(image, picture.box), self._jpeg_quality, PATCH_LONGEST_PX)
        return patch, encode_jpeg(image, self._jpeg_quality, self._scene_longest_px)

"""The pictures of edge readers' reads, in the blob store."""

import asyncio

from obstore.exceptions import BaseError

from plateward.kernel.images import SealedImages
from services.ingest.refusals import Unavailable

ANSWER_SECONDS = 10.0
"""How long the blob store may take to keep a picture."""


class PictureStore:
    """Keeps pictures, each in time or not at all."""

    def __init__(self, images: SealedImages) -> None:
        self._images = images

    async def put(self, key: str, data: bytes) -> None:
        """Returns when the picture is kept; raises Unavailable."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._images.put(key, data)
        except (BaseError, OSError, TimeoutError) as error:
            raise Unavailable("pictures") from error

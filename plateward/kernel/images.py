"""Images as services keep and see them: sealed under the key of their agency and day, for the key they lie under."""

from collections.abc import Callable
from datetime import date, datetime

from prometheus_client import Counter

from plateward.kernel.blobs import Blobs, NoSuchBlob, open_blobs
from plateward.kernel.clock import now
from plateward.kernel.keys import KeyGone, Keyring, open_keyring
from plateward.kernel.sealing import open_sealed, seal
from plateward.kernel.settings import BlobSettings, KeySettings

# Many of these: frames or reports come days late, or a clock is wrong.
TOO_LATE = Counter("plateward_images_too_late_total", "Images not kept, since their day was over when they came.")


class SealedImages:
    """Images under `<expiry day>/<agency>/<read id>/`; in the blob store they are sealed."""

    def __init__(self, blobs: Blobs, keyring: Keyring) -> None:
        self._blobs, self._keyring = blobs, keyring

    async def put(self, key: str, image: bytes) -> None:
        """Seals an image and keeps it; one whose day is over is not kept at all."""
        try:
            data_key = await self._keyring.to_seal(*_sealed_as(key))
        except KeyGone:
            TOO_LATE.inc()
            return
        await self._blobs.put(key, seal(data_key, image, key))

    async def get(self, key: str) -> bytes:
        """The image; raises NoSuchBlob where there is none (any more), Unopenable for one that was changed."""
        sealed = await self._blobs.get(key)
        try:
            data_key = await self._keyring.to_open(*_sealed_as(key))
        except KeyGone as error:
            raise NoSuchBlob(key) from error
        return open_sealed(data_key, sealed, key)


def open_images(blobs: BlobSettings, keys: KeySettings, clock: Callable[[], datetime] = now) -> SealedImages:
    """The images that the settings name; raises ValueError and OSError where they name none."""
    return SealedImages(open_blobs(blobs), open_keyring(keys, blobs, clock))


def _sealed_as(key: str) -> tuple[str, date]:
    """The agency and the day of a blob's key; raises ValueError for a key of another form."""
    day, agency_id, *_ = key.split("/")
    return agency_id, date.fromisoformat(day)

"""Images by key, in local files or in any S3 (obstore)."""

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from plateward.kernel.settings import BlobSettings

PATIENCE = timedelta(seconds=20)
"""How long a request to S3 is tried again before it has failed."""


class NoSuchBlob(KeyError):
    """Nothing is kept under this key: it never was, or its day has come."""


class Blobs:
    """Where a read's images are, under `<expiry day>/<agency>/<read id>/`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, key: str, data: bytes) -> None:
        """Keeps these bytes; putting the same key again replaces them."""
        await obstore.put_async(self._store, key, data)

    async def put_new(self, key: str, data: bytes) -> bool:
        """Keeps these bytes if nothing is kept under the key yet, and says whether it did."""
        try:
            await obstore.put_async(self._store, key, data, mode="create")
        except AlreadyExistsError:
            return False
        return True

    async def get(self, key: str) -> bytes:
        """The bytes under a key; raises NoSuchBlob."""
        try:
            answer = await obstore.get_async(self._store, key)
        except (NotFoundError, FileNotFoundError) as error:
            raise NoSuchBlob(key) from error
        return bytes(await answer.bytes_async())

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        """All keys under a prefix."""
        async for page in obstore.list(self._store, prefix=prefix or None):
            for item in page:
                yield item["path"]

    async def ages(self, prefix: str) -> AsyncIterator[tuple[str, datetime]]:
        """All keys under a prefix, and since when each has been there."""
        async for page in obstore.list(self._store, prefix=prefix):
            for item in page:
                yield item["path"], item["last_modified"]

    async def delete(self, key: str) -> None:
        """Deletes a blob; does nothing where there is none."""
        with contextlib.suppress(NotFoundError, FileNotFoundError):
            await obstore.delete_async(self._store, key)

    async def folders(self, prefix: str = "") -> list[str]:
        """The next parts of all keys under a prefix that ends with a slash, or the first parts of all."""
        found = await obstore.list_with_delimiter_async(self._store, prefix=prefix or None)
        return sorted(one.rstrip("/").rpartition("/")[2] for one in found["common_prefixes"])

    async def delete_all(self, prefix: str) -> int:
        """Deletes everything under a prefix and returns how many blobs that were."""
        keys = [key async for key in self.keys(prefix)]
        if keys:
            await obstore.delete_async(self._store, keys)
        return len(keys)


def open_blobs(settings: BlobSettings) -> Blobs:
    """The blob store that the settings name; raises ValueError when they name none."""
    if settings.bucket:
        return open_bucket(settings.bucket, settings)
    if settings.folder is None:
        raise ValueError("PLATEWARD_BLOBS_FOLDER or PLATEWARD_BLOBS_BUCKET must be set")
    return open_folder(settings.folder)


def open_bucket(name: str, settings: BlobSettings) -> Blobs:
    """A bucket of the S3 server that the settings name."""
    return Blobs(
        S3Store(
            name,
            region=settings.region,
            endpoint=settings.endpoint,
            access_key_id=settings.access_key,
            secret_access_key=settings.secret_key.get_secret_value() if settings.secret_key else None,
            client_options={"allow_http": bool(settings.endpoint and settings.endpoint.startswith("http://"))},
            virtual_hosted_style_request=False,
            retry_config={"max_retries": 5, "retry_timeout": PATIENCE},
        )
    )


def open_folder(folder: Path) -> Blobs:
    """A folder of this machine."""
    # A deleted blob leaves no empty folder behind: its path names the agency and the read.
    return Blobs(LocalStore(folder, mkdir=True, automatic_cleanup=True))

"""The keyring: a data key for each agency and day of expiry, wrapped, and what is left of those that were destroyed.

Each lies under `<day>/<agency>`, apart from what it seals. Destroying one writes over it what remains to be said of it,
so that nobody makes another for the same agency and day. Whoever copies the keyring copies the keys: it belongs in no
backup that is kept in generations (ADR 23).
"""

import time
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime

import msgspec

from plateward.kernel.blobs import Blobs, NoSuchBlob, open_bucket, open_folder
from plateward.kernel.clock import now
from plateward.kernel.key_encryption import KeyEncryption, read_key_file
from plateward.kernel.sealing import DataKey, new_data_key
from plateward.kernel.settings import BlobSettings, KeySettings

CACHED_SECONDS = 300.0
"""How long a process remembers a key: so long after its destruction at most can one that runs still have it."""


class KeyGone(KeyError):
    """There is no key of this agency and day: there never was one, it has been destroyed, or its day has come."""


class KeptKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A data key as it lies in the keyring: wrapped, or destroyed."""

    id: uuid.UUID
    agency_id: str
    day: date
    made_at: datetime
    wrapped_under: str | None = None
    wrapped: bytes | None = None
    destroyed_at: datetime | None = None

    @property
    def alive(self) -> bool:
        """Whether it can still open what it sealed."""
        return self.wrapped is not None

    @property
    def context(self) -> str:
        """What it is the key of, bound to the wrapped key."""
        return f"{self.day.isoformat()}/{self.agency_id}/{self.id}"


class Keyring:
    """The data keys. Safe to use from many processes: of two that make the same key, one's is kept."""

    def __init__(self, store: Blobs, encryption: KeyEncryption, clock: Callable[[], datetime] = now) -> None:
        self._store, self._encryption, self._clock = store, encryption, clock
        self._known: dict[str, tuple[float, DataKey]] = {}

    async def to_seal(self, agency_id: str, day: date) -> DataKey:
        """The key of this agency and day, made where there is none; raises KeyGone once it may not be used."""
        place = _place(agency_id, day)
        self._refuse_over(place, day)
        if (known := self._cached(place)) is not None:
            return known
        kept = await self._kept(place)
        if kept is None:
            fresh = new_data_key()
            made = KeptKey(id=fresh.id, agency_id=agency_id, day=day, made_at=self._clock())
            if await self._store.put_new(place, msgspec.json.encode(await self._wrapped(made, fresh.secret))):
                return self._remember(place, fresh)
            kept = await self._kept(place)
        return await self._unwrapped(place, kept)

    async def to_open(self, agency_id: str, day: date) -> DataKey:
        """The key of this agency and day; raises KeyGone."""
        place = _place(agency_id, day)
        self._refuse_over(place, day)
        return self._cached(place) or await self._unwrapped(place, await self._kept(place))

    async def all(self, day: date | None = None) -> AsyncIterator[KeptKey]:
        """Every key, alive or destroyed, or those of one day."""
        async for place in self._store.keys(f"{day.isoformat()}/" if day else ""):
            if (kept := await self._kept(place)) is not None:
                yield kept

    async def days(self) -> list[date]:
        """The days that ever had a key."""
        return [date.fromisoformat(day) for day in await self._store.folders()]

    async def destroy(self, kept: KeptKey) -> None:
        """Writes over the key that it has been destroyed; again, it changes nothing."""
        if kept.alive:
            gone = KeptKey(
                id=kept.id,
                agency_id=kept.agency_id,
                day=kept.day,
                made_at=kept.made_at,
                destroyed_at=self._clock(),
            )
            place = _place(kept.agency_id, kept.day)
            await self._store.put(place, msgspec.json.encode(gone))
            self._known.pop(place, None)

    async def rewrap(self) -> int:
        """Wraps every living key under the wrapping key now in force, and returns how many those were.

        After it, copies of the keyring made before are dark once the old wrapping key is taken out of its file.
        """
        rewrapped = 0
        async for kept in self.all():
            if kept.alive:
                again = await self._wrapped(kept, await self._secret(kept))
                await self._store.put(_place(kept.agency_id, kept.day), msgspec.json.encode(again))
                rewrapped += 1
        return rewrapped

    def _refuse_over(self, place: str, day: date) -> None:
        if day <= self._clock().astimezone(UTC).date():
            raise KeyGone(place)

    def _cached(self, place: str) -> DataKey | None:
        since, key = self._known.get(place, (0.0, None))
        return key if time.monotonic() - since < CACHED_SECONDS else None

    def _remember(self, place: str, key: DataKey) -> DataKey:
        self._known[place] = (time.monotonic(), key)
        return key

    async def _kept(self, place: str) -> KeptKey | None:
        try:
            return msgspec.json.decode(await self._store.get(place), type=KeptKey)
        except NoSuchBlob:
            return None

    async def _unwrapped(self, place: str, kept: KeptKey | None) -> DataKey:
        if kept is None or not kept.alive:
            raise KeyGone(place)
        return self._remember(place, DataKey(kept.id, await self._secret(kept)))

    async def _secret(self, kept: KeptKey) -> bytes:
        assert kept.wrapped_under is not None and kept.wrapped is not None
        return await self._encryption.unwrap(kept.wrapped_under, kept.wrapped, kept.context)

    async def _wrapped(self, key: KeptKey, secret: bytes) -> KeptKey:
        name, wrapped = await self._encryption.wrap(secret, key.context)
        return msgspec.structs.replace(key, wrapped_under=name, wrapped=wrapped)


def open_keyring(settings: KeySettings, blobs: BlobSettings, clock: Callable[[], datetime] = now) -> Keyring:
    """The keyring that the settings name; raises ValueError and OSError where they name none."""
    if settings.file is None:
        raise ValueError("PLATEWARD_KEYS_FILE must be set")
    encryption = read_key_file(settings.file)
    if settings.bucket:
        return Keyring(open_bucket(settings.bucket, blobs), encryption, clock)
    if settings.folder is None:
        raise ValueError("PLATEWARD_KEYS_FOLDER or PLATEWARD_KEYS_BUCKET must be set")
    return Keyring(open_folder(settings.folder), encryption, clock)


def _place(agency_id: str, day: date) -> str:
    return f"{day.isoformat()}/{agency_id}"

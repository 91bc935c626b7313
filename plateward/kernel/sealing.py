"""Sealing bytes with AES-256-GCM, for one place: what is sealed for one place opens in no other.

A sealed blob is `PWS1`, the data key's id (16 bytes), the nonce (12 bytes) and the ciphertext with its tag. Nonces are
random; a data key seals the images of one agency and one day, far from the 2**32 at which that would be unsafe.
"""

import os
import uuid
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"PWS1"
NONCE_BYTES = 12
SECRET_BYTES = 32
_HEAD = len(MAGIC) + 16


class Unopenable(ValueError):
    """These bytes do not open with this key in this place: they are another's, or have been changed."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key that seals, and what it is called."""

    id: uuid.UUID
    secret: bytes = field(repr=False)


def new_data_key() -> DataKey:
    """A key that nobody has had before."""
    return DataKey(uuid.uuid4(), os.urandom(SECRET_BYTES))


def seal(key: DataKey, data: bytes, place: str) -> bytes:
    """These bytes, sealed for this place."""
    nonce = os.urandom(NONCE_BYTES)
    head = MAGIC + key.id.bytes
    return head + nonce + AESGCM(key.secret).encrypt(nonce, data, head + place.encode())


def open_sealed(key: DataKey, sealed: bytes, place: str) -> bytes:
    """What was sealed for this place; raises Unopenable."""
    if sealed_under(sealed) != key.id:
        raise Unopenable(f"{place}: was sealed under another key")
    head, nonce, rest = sealed[:_HEAD], sealed[_HEAD : _HEAD + NONCE_BYTES], sealed[_HEAD + NONCE_BYTES :]
    try:
        return AESGCM(key.secret).decrypt(nonce, rest, head + place.encode())
    except (InvalidTag, ValueError) as error:
        raise Unopenable(f"{place}: was changed, or sealed for another place") from error


def sealed_under(sealed: bytes) -> uuid.UUID:
    """The id of the key that these bytes were sealed under; raises Unopenable where they were not sealed."""
    if sealed[: len(MAGIC)] != MAGIC or len(sealed) < _HEAD:
        raise Unopenable("was not sealed")
    return uuid.UUID(bytes=sealed[len(MAGIC) : _HEAD])

"""The key that wraps all data keys, behind a port: a file of this machine, or a service that keeps it (a KMS)."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from plateward.kernel.sealing import NONCE_BYTES

CHARACTERS_MIN = 32
"""The fewest characters of a line of a key file: 128 bits in hexadecimal."""


class CannotUnwrap(ValueError):
    """The data key was wrapped under a key that is not here."""


class KeyEncryption(Protocol):
    """Wraps data keys, each for what it is the key of."""

    async def wrap(self, secret: bytes, context: str) -> tuple[str, bytes]:
        """The name of the wrapping key, and the wrapped secret."""

    async def unwrap(self, name: str, wrapped: bytes, context: str) -> bytes:
        """The secret; raises CannotUnwrap."""


class LocalKeyFile:
    """Key-encryption keys from a text file, one a line: the last wraps, all unwrap."""

    def __init__(self, lines: list[str]) -> None:
        """Raises ValueError for lines that are no keys."""
        if not lines:
            raise ValueError("the key file holds no key: plateward keys new")
        if any(len(line) < CHARACTERS_MIN for line in lines):
            raise ValueError(f"a line of the key file has fewer than {CHARACTERS_MIN} characters: plateward keys new")
        derived = [_derived(line) for line in lines]
        self._keys = {name_of(key): key for key in derived}
        self._wrapping = name_of(derived[-1])

    async def wrap(self, secret: bytes, context: str) -> tuple[str, bytes]:
        """The name of the file's last key, and the wrapped secret."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self._keys[self._wrapping]).encrypt(nonce, secret, context.encode())
        return self._wrapping, nonce + sealed

    async def unwrap(self, name: str, wrapped: bytes, context: str) -> bytes:
        """The secret; raises CannotUnwrap."""
        if name not in self._keys:
            raise CannotUnwrap(f"{context}: is wrapped under the key {name}, which the key file does not hold")
        try:
            return AESGCM(self._keys[name]).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotUnwrap(f"{context}: was changed, or is the key of something else") from error


def read_key_file(file: Path) -> LocalKeyFile:
    """The keys of this file; raises ValueError and OSError."""
    return LocalKeyFile([line.strip() for line in file.read_text(encoding="ascii").splitlines() if line.strip()])


def add_key(file: Path) -> None:
    """Adds a new key as the file's last line, making the file, for its owner alone, where there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="ascii") as lines:
        lines.write(f"{secrets.token_hex(32)}\n")
        lines.flush()
        os.fsync(lines.fileno())


def name_of(key: bytes) -> str:
    """What a key is called: it tells nothing of the key itself."""
    return hashlib.sha256(b"plateward key name" + key).hexdigest()[:16]


def _derived(line: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"plateward key encryption v1").derive(line.encode("ascii"))

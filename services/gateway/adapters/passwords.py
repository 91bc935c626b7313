"""Passwords, hashed with Argon2id (RFC 9106)."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError


class Argon2Passwords:
    """Hashes and checks passwords off the event loop, since each takes tens of milliseconds by design."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")

    async def hashed(self, password: str) -> str:
        """The hash to keep."""
        return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the hashed one; takes as long when there is no hash, so that names don't leak."""
        matches = await asyncio.to_thread(self._verify, password_hash or self._nobody, password)
        return matches and password_hash is not None

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

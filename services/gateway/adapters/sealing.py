"""Secrets sealed with AES-256 (FIPS 197) in Galois/Counter Mode, so that the database alone gives none away."""

import os
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class SealKey:
    """A key of 256 bits, and what is sealed with it, bound to the person whose it is."""

    def __init__(self, key: str) -> None:
        """The key in hexadecimal digits; raises ValueError when it is none."""
        raw = bytes.fromhex(key)
        if len(raw) != KEY_BYTES:
            raise ValueError(f"the seal key must be of {KEY_BYTES} bytes, as `openssl rand -hex {KEY_BYTES}` makes it")
        self._cipher = AESGCM(raw)

    def sealed(self, secret: bytes, of: uuid.UUID) -> bytes:
        """The secret, sealed for this person."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, of.bytes)

    def opened(self, sealed: bytes, of: uuid.UUID) -> bytes:
        """The secret again; raises cryptography's InvalidTag where it was sealed for another, or with another key."""
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], of.bytes)

"""What only this platform's gateways can make: signatures of links, and traces of what is not to be written down."""

import hashlib
import hmac

import msgspec


class Seals:
    """Keyed hashes under one key, which all gateways of the platform share and nobody else knows."""

    def __init__(self, key: bytes) -> None:
        """Raises ValueError for a key that is too short to be one."""
        if len(key) < 32:
            raise ValueError("a sealing key has at least 32 bytes")
        self._key = key

    def trace(self, kind: str, *parts: str) -> bytes:
        """By this the same thing is known again, and what it is cannot be told from it."""
        # As JSON, so that no two lists of parts are the same bytes.
        return hmac.digest(self._key, msgspec.json.encode([kind, *parts]), hashlib.sha256)

    def signature(self, kind: str, *parts: str) -> str:
        """The signature of these parts."""
        return self.trace(f"signature of a {kind}", *parts).hex()

    def is_signed(self, signature: str, kind: str, *parts: str) -> bool:
        """Whether this is the parts' signature; takes as long when it is not."""
        return hmac.compare_digest(signature.encode(), self.signature(kind, *parts).encode())

"""The secret of a webhook and its signatures, as Standard Webhooks 1.0.0 has them (symmetric, `v1`). Pure."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

SECRET_BYTES = 32
PREFIX = "whsec_"


def new_secret() -> bytes:
    """A secret that nobody has had before."""
    return secrets.token_bytes(SECRET_BYTES)


def told(secret: bytes) -> str:
    """The secret as its receiver is told it."""
    return PREFIX + base64.b64encode(secret).decode()


def signed_headers(message_id: str, at: datetime, body: bytes, by: Iterable[bytes]) -> dict[str, str]:
    """The headers of a message that is sent at this time: a signature by each secret, the current one first."""
    timestamp = str(int(at.timestamp()))
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    signatures = (f"v1,{base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()}" for secret in by)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }

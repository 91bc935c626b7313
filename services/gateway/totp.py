"""Codes of an authenticator app: time-based one-time passwords (RFC 6238), each of use once."""

import base64
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
STEPS_OFF = 1
"""Clocks may differ by one step."""

SECRET_BYTES = 20


def new_secret() -> bytes:
    """A secret for somebody's authenticator."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """The code of a step of 30 seconds, counted from 1970."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def accepted_step(secret: bytes, code: str, at: datetime, last_step: int) -> int | None:
    """The step that this code is of, if it is of now and later than the last that was used; None otherwise."""
    now_step, written = int(at.timestamp()) // STEP_SECONDS, code.replace(" ", "")
    for step in range(now_step - STEPS_OFF, now_step + STEPS_OFF + 1):
        if step > last_step and hmac.compare_digest(code_at(secret, step).encode(), written.encode()):
            return step
    return None


def in_base32(secret: bytes) -> str:
    """The secret as people type it into an authenticator."""
    return base64.b32encode(secret).decode().rstrip("=")


def enrolment_uri(secret: bytes, username: str, agency: str) -> str:
    """What an authenticator reads from the picture."""
    label = quote(f"Plateward:{username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': in_base32(secret), 'issuer': f'Plateward {agency}'})}"

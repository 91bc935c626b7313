"""A client's key: it proves who asks for a token (RFC 7523), and signs each record of asking."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from plateward.contracts.access import AccessRecord
from plateward.contracts.canonical import canonical

ASSERTION_LASTS = timedelta(minutes=2)
"""How long what proves who asks is good; the gateway takes five minutes at most."""


class ClientKey:
    """A private key on Ed25519 or P-256."""

    def __init__(self, pem: bytes) -> None:
        """The key in this PEM; raises ValueError for any other kind of key."""
        self._key, self._algorithm = _private(pem)

    @classmethod
    def read(cls, file: Path) -> "ClientKey":
        """The key in this PEM file; raises ValueError and OSError."""
        return cls(file.read_bytes())

    @property
    def id(self) -> str:
        """The key's thumbprint (RFC 7638)."""
        return self._key.thumbprint()

    @property
    def public(self) -> dict[str, Any]:
        """The public half as a JWK, which an owner registers."""
        return dict(self._key.as_dict(private=False)) | {"kid": self.id, "alg": self._algorithm, "use": "sig"}

    def assertion(self, client_id: str, audience: str, at: datetime) -> str:
        """A statement by the client that it is this client, for this audience alone, once."""
        claims: dict[str, Any] = {
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "iat": int(at.timestamp()),
            "exp": int((at + ASSERTION_LASTS).timestamp()),
            "jti": secrets.token_urlsafe(24),
        }
        header = {"alg": self._algorithm, "kid": self.id, "typ": "JWT"}
        return jwt.encode(header, claims, self._key, algorithms=[self._algorithm])

    def sign(self, record: AccessRecord) -> str:
        """The signature of a record's canonical bytes, which are its leaf in the log, as a detached JWS."""
        header = {"alg": self._algorithm, "kid": self.id}
        whole = jws.serialize_compact(header, canonical(record), self._key, algorithms=[self._algorithm])
        begin, _, end = whole.split(".")
        return f"{begin}..{end}"


def _private(pem: bytes) -> tuple[OKPKey | ECKey, str]:
    for kind, curve, algorithm in ((OKPKey, "Ed25519", "Ed25519"), (ECKey, "P-256", "ES256")):
        try:
            key = kind.import_key(pem)
        except (JoseError, ValueError, TypeError):
            continue
        if key.is_private and key.curve_name == curve:
            return key, algorithm
    raise ValueError("holds no private key on Ed25519 or P-256: plateward keys signing makes one")

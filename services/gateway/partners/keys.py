"""A client's public keys, and what was signed by them: Ed25519 or P-256, and never what the signer says it is. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from plateward.contracts.event import Value

ALGORITHMS: Mapping[str, tuple[str, ...]] = {"OKP": ("Ed25519", "EdDSA"), "EC": ("ES256",)}
"""By the kind of a key, how it signs. EdDSA is what Ed25519 was called before RFC 9864."""


class NotAKey(ValueError):
    """No public key on Ed25519 or P-256; says why."""


class NotSigned(ValueError):
    """None of the client's keys has signed this."""


class PublicKey(Value, frozen=True):
    """A public key as a JWK (RFC 7517); its id is its thumbprint (RFC 7638)."""

    kid: str
    kty: str
    crv: str
    x: str
    y: str | None = None


def public_key(jwk: Mapping[str, Any]) -> PublicKey:
    """The key in this JWK; raises NotAKey."""
    if "d" in jwk:
        raise NotAKey("holds the private half: make a new key, and send only its public half")
    known = {name: str(jwk[name]) for name in ("kty", "crv", "x", "y") if jwk.get(name) is not None}
    if (known.get("kty"), known.get("crv")) not in (("OKP", "Ed25519"), ("EC", "P-256")):
        raise NotAKey("must be a public key on Ed25519 or P-256")
    if known["kty"] == "OKP":
        known.pop("y", None)
    try:
        key = _key(known)
        key.raw_value  # noqa: B018 - the point is looked at: not all are on their curve
    except (JoseError, ValueError, KeyError) as error:
        raise NotAKey("is no point of its curve") from error
    return PublicKey(kid=key.thumbprint(), **known)


def payload_signed(compact: str, keys: Iterable[PublicKey], detached: bytes | None = None) -> bytes:
    """What this JWS signs, or `detached` where it was sent by itself; raises NotSigned.

    The key is named by the signature, and says which algorithms are its own: a signature that names another, or none,
    is refused before it is looked at.
    """
    if detached is not None and compact.split(".")[1:2] != [""]:
        raise NotSigned("carries a text of its own where it should be detached")
    try:
        kid = jws.extract_compact(compact.encode(), detached).headers().get("kid")
        key = next((key for key in keys if key.kid == kid), None)
        if key is None:
            raise NotSigned("names no key of the client")
        known = _key(msgspec.to_builtins(key))
        return jws.deserialize_compact(compact, known, algorithms=ALGORITHMS[key.kty], payload=detached).payload
    except (JoseError, UnicodeError, TypeError) as error:
        raise NotSigned("no key of the client has signed this") from error


def _key(jwk: Mapping[str, str]) -> OKPKey | ECKey:
    members: dict[str, str | list[str]] = {name: value for name, value in jwk.items() if name != "kid"}
    return OKPKey.import_key(members) if members["kty"] == "OKP" else ECKey.import_key(members)

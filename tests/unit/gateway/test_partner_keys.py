"""What a client signs: by its own key, as that key signs, and never as the signature says of itself."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OctKey

from plateward.client import ClientKey
from plateward.contracts.canonical import canonical
from services.gateway.partners.keys import NotAKey, NotSigned, payload_signed, public_key
from tests.support.access_log import a_look
from tests.support.partners import ed25519_key, p256_key

AN_OCT = {"kty": "oct", "k": "AAAA"}


def encoded(part: Mapping[str, Any] | bytes) -> str:
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize("key", [ed25519_key(), p256_key()], ids=["Ed25519", "P-256"])
def test_a_records_signature_is_of_these_bytes_and_of_this_key(key: ClientKey) -> None:
    record, known = a_look(), public_key(key.public)
    signature = key.sign(record)
    assert payload_signed(signature, [known], detached=canonical(record)) == canonical(record)
    assert known.kid == key.id
    with pytest.raises(NotSigned):
        payload_signed(signature, [known], detached=canonical(a_look()))
    with pytest.raises(NotSigned, match="names no key"):
        payload_signed(signature, [public_key(ed25519_key().public)], detached=canonical(record))


def test_a_text_of_the_signatures_own_takes_the_place_of_nothing() -> None:
    key = ed25519_key()
    one, other = a_look(), a_look()
    begin, _, end = key.sign(one).split(".")
    whole = f"{begin}.{encoded(canonical(one))}.{end}"
    assert payload_signed(whole, [public_key(key.public)]) == canonical(one)
    with pytest.raises(NotSigned, match="of its own"):
        payload_signed(whole, [public_key(key.public)], detached=canonical(other))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256"])
def test_the_key_says_how_it_signs_and_not_the_signature(algorithm: str) -> None:
    """Alg confusion: unsigned, signed with the public key as a shared secret, or as another kind of key would."""
    key = ed25519_key()
    header, payload = {"alg": algorithm, "kid": key.id}, b'{"sub": "ashgrove-1"}'
    forged = f"{encoded(header)}.{encoded(payload)}."
    if algorithm == "HS256":
        shared = OctKey.import_key(key.public["x"])
        forged = jws.serialize_compact(header, payload, shared, algorithms=["HS256"])
    if algorithm == "ES256":
        _, _, end = jws.serialize_compact(header, payload, _es256(), algorithms=["ES256"]).split(".")
        forged = f"{encoded(header)}.{encoded(payload)}.{end}"
    with pytest.raises(NotSigned, match="no key of the client has signed this"):
        payload_signed(forged, [public_key(key.public)])


def _es256() -> Any:
    return p256_key()._key


@pytest.mark.parametrize("nonsense", ["", ".", "..", "a.b.c", "é.é.é", "{}", "a.b.c.d", "." * 400])
def test_nonsense_is_not_signed(nonsense: str) -> None:
    with pytest.raises(NotSigned):
        payload_signed(nonsense, [public_key(ed25519_key().public)])


@pytest.mark.parametrize(
    ("jwk", "why"),
    [
        (AN_OCT, "Ed25519 or P-256"),
        ({"kty": "OKP", "crv": "Ed448", "x": "A" * 76}, "Ed25519 or P-256"),
        ({"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43}, "no point"),
        ({"kty": "EC", "crv": "P-256", "x": "A" * 43}, "no point"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "A"}, "no point"),
        ({"kty": "OKP", "crv": "Ed25519"}, "no point"),
        ({**ed25519_key().public, "d": "A" * 43}, "private half"),
        ({}, "Ed25519 or P-256"),
    ],
)
def test_what_is_no_public_key_says_why(jwk: dict[str, Any], why: str) -> None:
    with pytest.raises(NotAKey, match=why):
        public_key(jwk)

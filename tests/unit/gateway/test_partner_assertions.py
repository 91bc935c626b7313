"""What a client proves itself by: its own, for us alone, of now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt

from plateward.client import ClientKey
from services.gateway.partners.assertions import ClientRefused, claims_proved, client_named
from services.gateway.partners.clients import MachineClient
from services.gateway.partners.keys import public_key
from tests.support.partners import an_asker, ed25519_key

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
KEY = ed25519_key()
HERE = ("https://b.example", "https://b.example/oauth/token")

CLIENT = MachineClient(
    client_id="ashgrove-1",
    agency_id="ashgrove",
    agency_name="Ashgrove",
    keys=(public_key(KEY.public),),
    scopes=("reads.search",),
    note="Their records system",
    registrar="stockton",
    registered_by=an_asker("stockton").actor,
    registered_at=AT,
)


def assertion(key: ClientKey = KEY, *, without: str = "", **changes: Any) -> str:
    at = int(AT.timestamp())
    known = {"iss": "ashgrove-1", "sub": "ashgrove-1", "aud": HERE[0], "iat": at, "exp": at + 120, "jti": "j" * 20}
    claims = {name: value for name, value in (known | changes).items() if name != without}
    return jwt.encode({"alg": "Ed25519", "kid": KEY.id}, claims, key._key, algorithms=["Ed25519"])


@pytest.mark.parametrize("audience", [HERE[0], HERE[1], [HERE[0]]])
def test_a_client_is_known_by_what_it_has_signed_for_us(audience: Any) -> None:
    proved = claims_proved(assertion(aud=audience), CLIENT, HERE, AT)
    assert (proved.sub, proved.jti) == ("ashgrove-1", "j" * 20)
    assert client_named(assertion()) == "ashgrove-1"


def seconds(many: int) -> int:
    return int((AT + timedelta(seconds=many)).timestamp())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "https://another.example"}, "aud must be"),
        ({"aud": [HERE[0], "https://another.example"]}, "nothing else"),
        ({"aud": []}, "aud must be"),
        ({"aud": f"{HERE[0]}/"}, "aud must be"),
        ({"iss": "ashgrove-2"}, "iss and sub"),
        ({"sub": "ashgrove-2", "iss": "ashgrove-2"}, "iss and sub"),
        ({"exp": seconds(-31)}, "has expired"),
        ({"exp": seconds(331)}, "further ahead"),
        ({"exp": 2**70}, "further ahead"),
        ({"exp": "soon"}, "assertion"),
        ({"nbf": seconds(31)}, "not good yet"),
        ({"iat": seconds(31)}, "not good yet"),
        ({"jti": ""}, "assertion"),
        ({"jti": "j" * 201}, "assertion"),
        ({"without": "jti"}, "assertion"),
        ({"without": "exp"}, "assertion"),
        ({"without": "aud"}, "assertion"),
        ({"key": ed25519_key()}, "no key of the client has signed"),
    ],
)
def test_anything_else_proves_nothing(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ClientRefused, match=why):
        claims_proved(assertion(**changes), CLIENT, HERE, AT)


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "a.e30.c", "é", "..", "a.####.c"])
def test_what_is_no_assertion_names_nobody(text: str) -> None:
    with pytest.raises(ClientRefused):
        client_named(text)

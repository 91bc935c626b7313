"""Whatever another region's gateway sends, it is told as not answering: the rest of a search is answered."""

import json

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from plateward.client import ClientKey, PartnerClient, Patience
from services.gateway.adapters.region_gateways import ClientOfAnother
from services.gateway.regions.asking import NotReached, RefusedThere
from tests.unit.gateway.regions.answering import QUESTION, asked

KEY = ClientKey(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
TOKEN = Response(json.dumps({"access_token": "t", "expires_in": 600}))


def there(token: Response, answer: Response) -> ClientOfAnother:
    """A gateway that answers so."""

    async def give_token(_: Request) -> Response:
        return token

    async def give_answer(_: Request) -> Response:
        return answer

    app = Starlette(
        routes=[
            Route("/oauth/token", give_token, methods=["POST"]),
            Route("/v1/partner/searches", give_answer, methods=["POST"]),
        ]
    )
    transport = httpx.ASGITransport(app)
    client = PartnerClient("http://there", "c", KEY, patience=Patience(tries=1), transport=transport)
    return ClientOfAnother(client, within_seconds=5)


@pytest.mark.parametrize(
    ("token", "answer"),
    [
        (TOKEN, Response(b"{}")),
        (TOKEN, Response(b"[" * 100_000)),
        (TOKEN, Response(b"no gzip", headers={"Content-Encoding": "gzip"})),
        (Response(json.dumps({"access_token": "t", "expires_in": 10**18})), Response()),
        (TOKEN, Response(status_code=503)),
    ],
)
async def test_nonsense_is_no_answer(token: Response, answer: Response) -> None:
    with pytest.raises(NotReached):
        await there(token, answer).ask(asked(), QUESTION, None)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Response(json.dumps({"title": "Not yours\u202e"}), status_code=403), "cannot be shown"),
        (Response(json.dumps({"title": "Not yours"}), status_code=403), "Not yours"),
    ],
)
async def test_a_refusal_is_told_in_its_own_words_where_they_can_be_shown(answer: Response, words: str) -> None:
    with pytest.raises(RefusedThere, match=words):
        await there(TOKEN, answer).ask(asked(), QUESTION, None)

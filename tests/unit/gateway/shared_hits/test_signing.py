"""Signatures hold for the receivers' own library of the specification."""

import base64
from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from plateward.kernel.clock import now
from services.gateway.shared_hits.signing import new_secret, signed_headers, told

BODY = b'{"type":"hit.shared","timestamp":"2026-03-01T09:30:00Z","data":{}}'


def test_a_message_is_verified_by_the_library_of_the_specification() -> None:
    secret = new_secret()
    headers = signed_headers("a-message", now(), BODY, [secret])
    assert Webhook(told(secret)).verify(BODY, headers)["type"] == "hit.shared"


def test_while_a_secret_is_changed_both_the_old_and_the_new_one_verify() -> None:
    new, old = new_secret(), new_secret()
    headers = signed_headers("a-message", now(), BODY, [new, old])
    for secret in (new, old):
        assert Webhook(told(secret)).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(told(new_secret())).verify(BODY, headers)


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "body"])
def test_nothing_that_is_signed_can_be_changed(changed: str) -> None:
    secret = new_secret()
    headers, body = signed_headers("a-message", now(), BODY, [secret]), BODY
    if changed == "body":
        body = BODY.replace(b"09:30", b"09:31")
    elif changed == "webhook-id":
        headers["webhook-id"] = "another"
    else:
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(told(secret)).verify(body, headers)


def test_a_message_of_long_ago_is_refused() -> None:
    secret = new_secret()
    with pytest.raises(WebhookVerificationError):
        Webhook(told(secret)).verify(BODY, signed_headers("a-message", now() - timedelta(minutes=6), BODY, [secret]))


def test_a_secret_is_of_32_bytes_and_known_by_its_prefix() -> None:
    first, second = told(new_secret()), told(new_secret())
    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) == 32

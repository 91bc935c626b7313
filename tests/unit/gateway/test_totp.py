"""Codes of an authenticator, against the last six digits of the vectors of RFC 6238 (appendix B, SHA-1)."""

from datetime import UTC, datetime

import pytest

from services.gateway.totp import STEP_SECONDS, accepted_step, code_at, enrolment_uri, in_base32, new_secret

SECRET = b"12345678901234567890"
VECTORS = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


@pytest.mark.parametrize("seconds", VECTORS)
def test_the_vectors_of_the_standard(seconds: int) -> None:
    assert code_at(SECRET, seconds // STEP_SECONDS) == VECTORS[seconds]


@pytest.mark.parametrize(("steps_off", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(steps_off: int, taken: bool) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    step = int(at.timestamp()) // STEP_SECONDS + steps_off
    assert (accepted_step(SECRET, code_at(SECRET, step), at, 0) == step) is taken


def test_a_step_is_good_once_and_none_before_it_is_good_after() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    step = int(at.timestamp()) // STEP_SECONDS
    code = code_at(SECRET, step)
    assert accepted_step(SECRET, f"{code[:3]} {code[3:]}", at, step - 1) == step
    assert accepted_step(SECRET, code, at, step) is None
    assert accepted_step(SECRET, code_at(SECRET, step - 1), at, step) is None


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "٠٠٠٠٠٠", "0000000"])
def test_what_is_no_code_is_not_taken(code: str) -> None:
    assert accepted_step(SECRET, code, datetime(2026, 3, 1, tzinfo=UTC), 0) is None


def test_an_authenticator_is_told_the_secret_and_whose_it_is() -> None:
    secret = new_secret()
    assert (len(secret), secret != new_secret()) == (20, True)
    assert in_base32(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    uri = enrolment_uri(SECRET, "okafor", "barstow")
    assert uri.startswith("otpauth://totp/Plateward%3Aokafor?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=")

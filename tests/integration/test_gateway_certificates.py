"""Purge certificates at the gateway: an agency's own, as they were signed."""

import uuid
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from plateward.kernel.signatures import SignedStatement, make_signing_key
from tests.support.gateway_at_work import Console, GatewayAtWork

pytest_plugins = ["tests.support.gateway"]


@pytest.mark.clause("F15")
async def test_an_agency_downloads_its_own_certificates_and_no_others(
    gateway: GatewayAtWork, consoles: Mapping[str, Console], tmp_path: Path
) -> None:
    signed = make_signing_key(tmp_path / "signing.pem").sign('{"day": "2026-03-01"}')
    number = uuid.uuid4()
    await gateway.administrator.execute(
        "INSERT INTO retention.purge_certificates (id, agency_id, day, issued_at, statement, signature, signer)"
        " VALUES ($1, 'flagstaff', $2, now(), $3, $4, $5)",
        *(number, date(2026, 3, 1), signed.statement, bytes.fromhex(signed.signature), signed.signer),
    )
    flagstaff, florence = consoles["flagstaff"].http, consoles["florence"].http
    listed = (await flagstaff.get("/v1/purge-certificates")).raise_for_status().json()
    assert [(one["id"], one["day"]) for one in listed] == [(str(number), "2026-03-01")]
    got = SignedStatement(**(await flagstaff.get(f"/v1/purge-certificates/{number}")).raise_for_status().json())
    got.check(trusted=signed.signer)
    assert (await florence.get("/v1/purge-certificates")).json() == []
    assert (await florence.get(f"/v1/purge-certificates/{number}")).status_code == 404

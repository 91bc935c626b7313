"""The audit service has its checkpoints time-stamped by an authority, where one is named."""

import asyncio
from contextlib import AsyncExitStack

import httpx
import pytest

from plateward.embedded.readiness import poll_until
from plateward.kernel.clock import now
from plateward.tlog.timestamps import Authorities
from services.audit import factory as audit_factory
from services.audit.adapters.timestamp_client import HttpAuthority
from services.audit.adapters.timestamp_store import TimestampStore
from services.audit.timestamping import Timestamping
from tests.support.access_log import a_look
from tests.support.audit_at_work import PATIENCE_SECONDS, Region, run
from tests.support.timestamp_authority import serving, timestamp_authority

pytest_plugins = ["tests.support.audit_region"]


async def test_an_authority_that_is_away_holds_up_nothing_and_stamps_what_all_proofs_then_carry(
    audited: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path, look = audited.folder, a_look()
    own, other = timestamp_authority(tmp_path / "own"), timestamp_authority(tmp_path / "other")
    await audited.append(look)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(own))
        client = await stack.enter_async_context(httpx.AsyncClient())
        store, trusted = TimestampStore(audited.log.pool), Authorities.parse(own.certificates.read_bytes())
        stamping = Timestamping(HttpAuthority(own.url, client), trusted, store, now)
        assert await stamping.stamp(), "no checkpoint is there to be stamped"
        own.away = True
        await audited.renewed()
        assert not await stamping.stamp()
        assert (await audited.http.get("/checkpoints/stamped")).status_code == 404
        untrusting = Timestamping(
            HttpAuthority(own.url, client), Authorities.parse(other.certificates.read_bytes()), store, now
        )
        own.away = False
        assert not await untrusting.stamp()
        state = await audited.log.pool.fetchrow("SELECT authority, stamped_at, unstamped_since FROM audit.log_state")
        assert (state["authority"], state["stamped_at"], state["unstamped_since"] is None) == ("127.0.0.1", None, False)
        assert await stamping.stamp()
        assert await stamping.stamp() and own.asked == 3, "one checkpoint is stamped once"
        state = await audited.log.pool.fetchrow("SELECT stamped_at, unstamped_since FROM audit.log_state")
        assert (state["stamped_at"] is None, state["unstamped_since"]) == (False, None)
        metrics = (await audited.http.get("/metrics")).text
    for outcome in ("away", "refused", "given"):
        assert f'plateward_audit_timestamps_total{{authority="127.0.0.1",outcome="{outcome}"}} 1.0' in metrics
    await audited.log.append(3)
    await audited.renewed()
    stamped = (await audited.http.get("/checkpoints/stamped")).text
    proof = await audited.http.get("/proofs/inclusion", params={"record": str(look.id), "size": 1})
    assert stamped in proof.text
    assert (await audited.http.get("/checkpoints/1")).text == stamped

    monkeypatch.setenv("PLATEWARD_DATABASE_DSN", audited.log.dsn)
    exported, proofs = tmp_path / "exported", tmp_path / "proofs"
    assert (await run("log", "export", str(exported), "--stamped"))[1] == f"1 records in {exported}\n"
    authority = ["--authority", str(own.certificates)]
    code, said = await run("verify", "log", str(exported), *audited.keys, *authority)
    assert (code, ", stamped by 127.0.0.1 at 20" in said) == (0, True)
    code, said = await run("verify", "log", str(exported), *audited.keys, "--authority", str(other.certificates))
    assert (code, said.startswith("NOT VERIFIED: the time-stamp of 127.0.0.1 does not hold")) == (1, True)
    assert (await run("log", "export", str(proofs)))[1] == f"4 records in {proofs}\n"
    assert (await run("verify", "log", str(proofs), *audited.keys, *authority))[1].endswith("has no time-stamp\n")


async def test_the_loop_of_an_authority_runs_beside_the_others(audited: Region) -> None:
    authority = timestamp_authority(audited.folder / "tsa")
    await audited.log.append(2)
    await audited.renewed()
    async with serving(authority):
        told = {"timestamp_url": authority.url, "timestamp_certificates_file": authority.certificates}
        settings = audited.settings.model_copy(update=told)
        stopping = asyncio.Event()
        async with audit_factory.running(settings) as running:
            loops = [asyncio.ensure_future(loop(stopping)) for loop in running.loops[1:]]

            async def is_stamped() -> bool:
                return (await audited.http.get("/checkpoints/stamped")).is_success

            async with asyncio.timeout(PATIENCE_SECONDS):
                await poll_until(is_stamped)
            stopping.set()
            await asyncio.gather(*loops)
    async with audit_factory.running(audited.settings):
        assert await audited.log.pool.fetchval("SELECT authority FROM audit.log_state") is None, "nobody is asked now"

"""The gateway as a process of its own: what it says in its log, and what it never says."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from services.gateway.settings import GatewaySettings
from tests.support.gateway_at_work import PASSWORD, PATIENCE_SECONDS, an_entry, reached

pytest_plugins = ["tests.support.gateway"]

TOLD = "a grey saloon left without lights"


async def test_the_log_tells_what_failed_and_neither_plates_nor_reasons_nor_secrets(
    gateway_settings: GatewaySettings, database: str, tmp_path: Path
) -> None:
    log = tmp_path / "gateway.log"
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.gateway.main"),
            env=os.environ | environment(gateway_settings),
            stdout=said,
            stderr=said,
        )
    try:
        secrets = await used(gateway_settings, database, process)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = log.read_text()
    for event in ("service.started", "permission denied for function find_reads", "service.stopping"):
        assert event in text
    for secret in (*secrets, "7KXR214", "7kxr 214", TOLD, PASSWORD, "Stolen from a driveway"):
        assert secret not in text


async def used(settings: GatewaySettings, database: str, process: asyncio.subprocess.Process) -> list[str]:
    """Has the gateway asked in every way, some refused and one failing; gives the session's token."""
    async with reached(settings, database, asyncio.Event(), alive=lambda: process.returncode is None) as gateway:
        console = await gateway.sign_in(await gateway.register("kentucky"))
        http, reason = console.http, {"purpose": "stolen-vehicle", "form": "written", "values": {"detail": TOLD}}
        question = console.search("7KXR214", reason=reason)
        refusals = (
            {"reason": reason | {"form": "case"}},
            {"reason": reason | {"purpose": TOLD}},
            {"plate": "7KXR214" * 2},
            {"captured_from": TOLD},
        )
        assert (await http.post("/v1/searches", json=question)).status_code == 200
        for refused in refusals:
            answer = await http.post("/v1/searches", json=question | refused)
            assert answer.status_code == 422
            assert TOLD not in answer.text
            assert "7KXR214" not in answer.text
        assert (await http.post("/v1/hot-list/entries", json=an_entry())).status_code == 201
        assert (await http.post("/v1/hot-list/entries", json=an_entry(category="7KXR214"))).status_code == 422
        await gateway.administrator.execute("REVOKE EXECUTE ON FUNCTION retention.find_reads FROM plateward_gateway")
        assert (await http.post("/v1/searches", json=question)).status_code == 500
        return [http.headers["Authorization"].removeprefix("Bearer ")]


def environment(settings: GatewaySettings) -> dict[str, str]:
    return {
        "PLATEWARD_KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
        "PLATEWARD_DATABASE_DSN": settings.database.dsn.get_secret_value(),
        "PLATEWARD_HTTP_PORT": str(settings.http.port),
        "PLATEWARD_BLOBS_FOLDER": str(settings.blobs.folder),
        "PLATEWARD_KEYS_FILE": str(settings.keys.file),
        "PLATEWARD_KEYS_FOLDER": str(settings.keys.folder),
        "PLATEWARD_LOG_LEVEL": "debug",
        "PLATEWARD_GATEWAY_SECOND_FACTOR": settings.second_factor,
    }

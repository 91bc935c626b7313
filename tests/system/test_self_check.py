"""The check of the whole line, for real: a rendered frame becomes a hit that nobody is shown."""

import asyncio

import asyncpg
import httpx
import pytest

from demo.loading import sign_in
from demo.region_in_a_box import Box
from plateward.contracts.self_checks import SELF_CHECK_PLATE
from plateward.embedded.readiness import poll_until

PATIENCE_SECONDS = 90

LEFT = """
SELECT (SELECT count(*) FROM retention.reads WHERE camera_id LIKE 'self-check.%')
     + (SELECT count(*) FROM retention.hits WHERE document #>> '{entry,list_id}' = 'self-check')
     + (SELECT count(*) FROM gateway.hit_feed WHERE convert_from(document, 'UTF8') LIKE '%self-check%')
     + (SELECT count(*) FROM gateway.hot_list_entries WHERE list_id = 'self-check')
"""


@pytest.mark.clause("S11")
async def test_a_detection_that_is_none_proves_that_the_line_works_and_is_never_shown_as_real(box: Box) -> None:
    async with httpx.AsyncClient(base_url=box.machine.url("gateway"), trust_env=False, timeout=30) as gateway:
        token = await sign_in(gateway, "chen", box.password)
        gateway.headers["Authorization"] = f"Bearer {token}"
        (await gateway.post("/v1/health/self-checks")).raise_for_status()

        async def light() -> dict[str, str]:
            lights = (await gateway.get("/v1/health")).raise_for_status().json()
            assert SELF_CHECK_PLATE not in str(lights)
            return next(one for one in lights if one["part"] == "line")

        async def through() -> bool:
            return "became a hit" in (await light())["says"]

        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll_until(through)
        hits = (await gateway.get("/v1/hits")).raise_for_status()
        assert SELF_CHECK_PLATE not in hits.text
    connection = await asyncpg.connect(box.machine.administrator_dsn)
    try:
        assert await connection.fetchval(LEFT) == 0
    finally:
        await connection.close()

"""Bringing files for lists from elsewhere, and seeing how the lists stand."""

import asyncio
from typing import Any

from plateward.embedded.readiness import poll_until
from tests.support.gateway_at_work import Console


async def brought(console: Console, list_id: str, text: str, **params: str) -> dict[str, Any]:
    answer = await console.http.put(f"/v1/lists/{list_id}/file", content=text.encode(), params=params)
    assert answer.status_code == 200, answer.text
    refresh: dict[str, Any] = answer.json()
    return refresh


async def standing(console: Console, list_id: str) -> dict[str, Any]:
    answer = await console.http.get("/v1/lists")
    assert answer.status_code == 200, answer.text
    return next(one for one in answer.json() if one["list_id"] == list_id)


async def until(ask: Any, fits: Any) -> None:
    async def there() -> bool:
        return bool(fits(await ask()))

    async with asyncio.timeout(30):
        await poll_until(there)

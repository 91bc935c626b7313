"""The examples in docs/operations/api.md, as a shell runs them against a gateway."""

import asyncio
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support.gateway_at_work import PASSWORD, GatewayAtWork

pytest_plugins = ["tests.support.gateway"]

PAGE = Path(__file__).parents[2] / "docs" / "operations" / "api.md"


async def test_the_pages_examples_do_what_they_say(gateway: GatewayAtWork, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    person = await gateway.register("florence")
    examples = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    named = {"GATEWAY": gateway.url, "USERNAME": person.username, "PASSWORD": PASSWORD}
    shell = await asyncio.create_subprocess_exec(
        *("sh", "-eu", "-c", "echo; echo '----'; ".join(examples)),
        cwd=tmp_path,
        env=os.environ | named,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await shell.communicate())[0].decode()
    assert shell.returncode == 0, said
    _, listed, refused, entered = said.split("----\n")
    assert listed.strip() == "[]"
    assert {"body.category", "body.expires_at"} <= set(re.findall(r'"field":"([^"]*)"', refused))
    assert entered.count("HTTP/1.1 201 Created") == 2
    assert entered.count("idempotent-replayed: true") == 1
    async with gateway.administrator.acquire() as connection:
        entries = await connection.fetchval("SELECT count(*) FROM hot_list_entries WHERE agency_id = 'florence'")
    assert entries == 1

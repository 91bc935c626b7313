"""A running service, tried against its own description by schemathesis, in a process of its own."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


async def tried(description_url: str, folder: Path, *options: str, **known: Any) -> None:
    """Asks the service by all that its description allows, and some that it does not; raises AssertionError.

    `known` is what `tests.contract.schemathesis_hooks` is told. What schemathesis remembers goes into the folder.
    """
    environment = os.environ | {
        "NO_COLOR": "1",
        "PYTHONPATH": str(TESTS.parent),
        "PLATEWARD_TRIED": json.dumps(known),
        "SCHEMATHESIS_HOOKS": "tests.contract.schemathesis_hooks",
    }
    asking = await asyncio.create_subprocess_exec(
        SCHEMATHESIS,
        *("--config-file", str(TESTS / "contract" / "schemathesis.toml"), "run", description_url, *options),
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asking.communicate()
    finally:
        if asking.returncode is None:
            asking.kill()
    assert asking.returncode == 0, said.decode()

"""The example of a partner's program, run as anybody would run it, against the whole region."""

import asyncio
import sys
from pathlib import Path

import msgspec
import pytest

from demo.region import Region
from demo.region_in_a_box import Box
from demo.shots import demo_traffic
from plateward.contracts.access import AccessRecord

PATIENCE_SECONDS = 120
REPOSITORY = Path(__file__).parents[2]


async def test_the_example_searches_with_progress_and_follows_hits(box: Box, region: Region) -> None:
    folder = box.machine.folder / "partner"
    plate = next(one.plate for one in region.entries if one.passes == "stockton-el-dorado")
    listed = [shot for shot in demo_traffic(region, 3) if shot.listed is not None]
    seen_by_stockton = [shot for shot in listed if shot.camera_id.startswith("stockton-")]
    (folder / "place").write_text("0")  # it has run before: what comes before its stream is open is not missed
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "examples.partner", "--client", str(folder / "client.json")),
        *("--plate", plate, "--hits", "1"),
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert program.stdout is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for line in program.stdout:
                said.append(line.decode().strip())
                if said[-1] == "Hits as they come:":
                    await box.player.play(seen_by_stockton)
            assert await program.wait() == 0, said
    except TimeoutError:
        pytest.fail(f"it went no further than: {said}; the line: {box.tally.summary()}")
    finally:
        if program.returncode is None:
            program.kill()
    assert said[0] == f"barstow asks stockton for {plate}:"
    assert any(line.startswith("stockton: granted by MOU stockton-barstow-") for line in said), said
    assert any("reads on 1 pages" in line for line in said), said
    assert "of stockton" in said[-1], said
    assert "an alert, not proof" in said[-1]
    records = [
        msgspec.json.decode(line, type=AccessRecord) for line in (folder / "log.jsonl").read_bytes().splitlines()
    ]
    assert [(one.action, one.phase) for one in records][-3:] == [
        ("search", "asked"),
        ("search", "answered"),
        ("receive-hit", "asked"),
    ]

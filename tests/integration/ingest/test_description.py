"""Ingest keeps to its own description: schemathesis asks it whatever that allows, and what it does not."""

import json
from pathlib import Path

from tests.integration.ingest.running import CAMERA, KEY, Ingest
from tests.support.description import tried

EDGE = Path(__file__).parents[2] / "data" / "edge"

BODIES = {
    "openalpr": "openalpr-results.json",
    "openalpr/groups": "openalpr-group.json",
    "plate-recognizer": "plate-recognizer.json",
    "mapped/{mapping}": "export.json",
}


async def test_what_ingest_answers_is_as_it_describes(ingest: Ingest, tmp_path: Path) -> None:
    path = "/v1/cameras/{camera}/edge"
    await tried(
        f"http://127.0.0.1:{ingest.settings.http.port}/openapi.json",
        tmp_path,
        *("-n", "2"),
        key=KEY,
        values={"camera": CAMERA.id, "mapping": "export-json"},
        bodies={f"POST {path}/{door}": json.loads((EDGE / name).read_text()) for door, name in BODIES.items()},
    )

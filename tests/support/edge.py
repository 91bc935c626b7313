"""Edge readers' reports, written by hand from what their makers document, moved to the time of the test."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

SAMPLES = Path(__file__).parents[1] / "data" / "edge"
MAPPINGS = SAMPLES / "mappings"

AT = datetime(2026, 3, 1, 9, 12, 7, 250_000, tzinfo=UTC)
"""When everything in the samples was seen, or a second or two later."""

_LOCAL, _PHOENIX = "%m/%d/%Y %H:%M:%S", ZoneInfo("America/Phoenix")


def sample(name: str, at: datetime = AT) -> bytes:
    """A sample, as if it had been seen then."""
    by, text = at - AT, (SAMPLES / name).read_text(encoding="utf-8")
    text = re.sub(r"17723563\d{5}", lambda found: str(int(found[0]) + round(by / timedelta(milliseconds=1))), text)
    text = re.sub(r"17723563\d\d\.\d+", lambda found: f"{float(found[0]) + by.total_seconds():.6f}", text)
    text = re.sub(r"2026-03-01T[\d:.]+Z", lambda found: (datetime.fromisoformat(found[0]) + by).isoformat(), text)
    return re.sub(r"03/01/2026 [\d:]+", lambda found: _local(found[0], by), text).encode()


def document(name: str, at: datetime = AT) -> Any:
    """A sample that is JSON, decoded."""
    return json.loads(sample(name, at))


def _local(text: str, by: timedelta) -> str:
    seen = datetime.strptime(text, _LOCAL).replace(tzinfo=_PHOENIX)
    return (seen.astimezone(UTC) + by).astimezone(_PHOENIX).strftime(_LOCAL)

"""The audit service keeps to its own description: schemathesis asks it whatever that allows, and what it does not."""

from pathlib import Path

from tests.support.access_log import a_look
from tests.support.audit_at_work import Region
from tests.support.description import tried

pytest_plugins = ["tests.support.audit_region"]


async def test_what_the_audit_service_answers_is_as_it_describes(audited: Region, tmp_path: Path) -> None:
    look = a_look()
    await audited.append(look)
    await audited.log.append(300)
    await audited.renewed()
    values = {"size": 301, "level": 0, "path": "000", "record": str(look.id), "index": 7, "old": 1, "new": 301}
    await tried(f"{audited.url}/openapi.json", tmp_path, "-n", "2", values=values)

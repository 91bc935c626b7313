"""Which services have a schema of their own, and where their migrations lie."""

from collections.abc import Mapping
from pathlib import Path

from plateward.kernel.migrations import Schema

WITH_SCHEMA = ("ingest", "retention", "audit", "gateway")

_SERVICES = Path(__file__).parents[2] / "services"
"""The services' folders, which lie beside this package and are not imported here."""


def service_schemas(passwords: Mapping[str, str | None]) -> list[Schema]:
    """The schemas, with the passwords that their roles get."""
    return [Schema(name, _SERVICES / name / "migrations", passwords.get(name)) for name in WITH_SCHEMA]

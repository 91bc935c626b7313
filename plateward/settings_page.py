"""The page that documents every setting of every service, made from the settings classes themselves."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from plateward.kernel.settings import ServiceSettings
from services.audit.settings import AuditSettings
from services.gateway.settings import GatewaySettings
from services.ingest.settings import IngestSettings
from services.matcher.settings import MatcherSettings
from services.recognizer.settings import RecognizerSettings
from services.retention.settings import RetentionSettings
from services.witness.settings import WitnessSettings

PAGE = Path("docs/operations/settings.md")

SERVICES: tuple[tuple[str, type[BaseSettings]], ...] = (
    ("ingest", IngestSettings),
    ("recognizer", RecognizerSettings),
    ("matcher", MatcherSettings),
    ("retention", RetentionSettings),
    ("audit", AuditSettings),
    ("gateway", GatewaySettings),
    ("witness", WitnessSettings),
)

HEAD = """# Settings

Everything that a service can be told, by environment variables. This page is made by `make schemas` from the settings
classes; a service takes the shared settings and those under its own name.
"""


def settings_page() -> str:
    """The page as Markdown."""
    shared: list[tuple[str, type[BaseSettings]]] = [("Shared by all", ServiceSettings)]
    return HEAD + "".join(_section(title, kind) for title, kind in [*shared, *SERVICES])


def _section(title: str, kind: type[BaseSettings]) -> str:
    inherited = set() if kind is ServiceSettings else set(ServiceSettings.model_fields)
    rows = "".join(_rows(kind, inherited))
    return f"\n## {title}\n\n| variable | default | what it says |\n|---|---|---|\n{rows}"


def _rows(kind: type[BaseSettings], without: set[str]) -> Iterator[str]:
    prefix = kind.model_config.get("env_prefix", "")
    for name, field in kind.model_fields.items():
        if name in without:
            continue
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings):
            yield from _rows(field.annotation, set())
        else:
            yield f"| `{prefix}{name.upper()}` | {_default(field)} | {field.description} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "by machine"
    if field.default is None:
        return ""
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    return f"`{value}`"

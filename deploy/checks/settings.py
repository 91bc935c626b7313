"""The environment variables that each service reads, from its settings classes."""

import importlib
from collections.abc import Iterator

from pydantic_settings import BaseSettings

from plateward.cli import MigrateSettings
from plateward.kernel.settings import KafkaSettings, ServiceSettings

SERVICES = ("ingest", "recognizer", "matcher", "retention", "audit", "gateway")


def variables_of(process: str) -> set[str]:
    """What a service, or `migrate`, reads from its environment."""
    if process == "migrate":
        return {*_variables(MigrateSettings), *_variables(KafkaSettings)}
    module = importlib.import_module(f"services.{process}.settings")
    (settings,) = [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, ServiceSettings) and kind is not ServiceSettings
    ]
    return set(_variables(settings))


def _variables(settings: type[BaseSettings]) -> Iterator[str]:
    for name, field in settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings):
            yield from _variables(field.annotation)
        else:
            yield (settings.model_config.get("env_prefix", "") + name).upper()

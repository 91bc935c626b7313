"""docker-compose.yml: pinned, confined, published on the loopback only, and told what the services read."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from deploy.checks.environments import misfit
from deploy.checks.manifests import ROOT
from deploy.checks.settings import SERVICES
from deploy.checks.workloads import is_pinned

FILE, EXAMPLE = ROOT / "docker-compose.yml", ROOT / "deploy" / "compose.env.example"
PUBLISHED = {"gateway": "127.0.0.1:8080:8080", "ingest": "127.0.0.1:8081:8080"}
PROCESSES = (*SERVICES, "migrate")
ONE_SHOT = {"migrate", "bucket"}

VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)([^}]*)\}")
ENTRY = re.compile(r"^(\w+)=", re.MULTILINE)

Compose = dict[str, Any]


def read() -> Compose:
    """The file, parsed."""
    compose: Compose = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return compose


def wrong(compose: Compose) -> list[str]:
    """What is wrong with the services."""
    services = compose["services"]
    problems = [f"{name} is missing" for name in PROCESSES if name not in services]
    for name, service in services.items():
        problems += [f"{name}: {problem}" for problem in (*_of_any(name, service), *_dependencies(service, services))]
        if name in PROCESSES:
            problems += [f"{name}: {problem}" for problem in _of_ours(name, service)]
    return [f"docker-compose.yml: {problem}" for problem in problems]


def undeclared(text: str, example: str) -> list[str]:
    """Variables that may be empty, and those that compose.env.example lacks or has for nobody."""
    places = VARIABLE.findall(text)
    used, declared = {name for name, _ in places}, set(ENTRY.findall(example))
    return (
        [f"docker-compose.yml: ${{{name}}} may be empty" for name, rest in places if not rest.startswith(":?")]
        + [f"compose.env.example: lacks {name}" for name in sorted(used - declared)]
        + [f"compose.env.example: nobody uses {name}" for name in sorted(declared - used)]
    )


def _of_any(name: str, service: Compose) -> Iterator[str]:
    if "build" not in service and not is_pinned(service["image"]):
        yield f"its image has no version: {service['image']}"
    if service.get("ports", []) != ([PUBLISHED[name]] if name in PUBLISHED else []):
        yield f"publishes {service.get('ports')}"
    if service.get("cap_drop") != ["ALL"] or "no-new-privileges:true" not in service.get("security_opt", []):
        yield "keeps privileges"
    if "mem_limit" not in service:
        yield "has no limit on memory"
    if service.get("restart") != "unless-stopped" and name not in ONE_SHOT:
        yield "does not restart"
    if "build" not in service and name not in ONE_SHOT and "healthcheck" not in service:
        yield "has no health check"


def _of_ours(name: str, service: Compose) -> Iterator[str]:
    if service["build"]["args"] != {"SERVICE": name}:
        yield "is built as another service"
    if service.get("read_only") is not True:
        yield "can write to its root file system"
    yield from misfit(name, set(service["environment"]))


def _dependencies(service: Compose, services: Iterable[str]) -> Iterator[str]:
    """Each must be waited for until it does its work, or has done it, and not only until it is started."""
    for other, how in service.get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
        if other not in services or how["condition"] != wanted:
            yield f"does not wait until {other} is {wanted}"

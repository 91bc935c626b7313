"""What the pods are told is what their services read."""

import re
from collections.abc import Callable, Iterator

from deploy.checks.manifests import Manifest, called, of_kind
from deploy.checks.settings import variables_of

NEEDED_BY_PREFIX = {
    "PLATEWARD_DATABASE_": {"PLATEWARD_DATABASE_DSN"},
    "PLATEWARD_BLOBS_": {"PLATEWARD_BLOBS_BUCKET", "PLATEWARD_BLOBS_ACCESS_KEY", "PLATEWARD_BLOBS_SECRET_KEY"},
    "PLATEWARD_KEYS_": {"PLATEWARD_KEYS_BUCKET", "PLATEWARD_KEYS_FILE"},
    "PLATEWARD_KAFKA_": {"PLATEWARD_KAFKA_BOOTSTRAP_SERVERS"},
    "PLATEWARD_AUDIT_": {"PLATEWARD_AUDIT_LOG_KEY_FILE"},
    "PLATEWARD_MIGRATE_": {"PLATEWARD_MIGRATE_DSN"},
}
"""What must be set of each group of settings that a service has: the defaults are for one machine."""

SHARED = ("PLATEWARD_HTTP_", "PLATEWARD_LOG_")
"""Told to all; the one that does not listen (`migrate`) leaves them unread."""

EXPANDED = re.compile(r"\$\((\w+)\)")


def misfit(process: str, told: set[str], known: Callable[[str], set[str]] = variables_of) -> Iterator[str]:
    """Variables that a process is told and does not read, and those that it needs and is not told."""
    read = known(process)
    ours = {name for name in told if name.startswith("PLATEWARD_") and not name.startswith(SHARED)}
    yield from (f"{name} is set, and {process} reads no such setting" for name in sorted(ours - read))
    for prefix, needed in NEEDED_BY_PREFIX.items():
        if any(name.startswith(prefix) for name in read):
            yield from (f"{name} is not set, and {process} needs it" for name in sorted(needed - told))


def mistold(manifests: list[Manifest]) -> list[str]:
    """Where the environment of a service's container is not what the service reads."""
    maps = {it["metadata"]["name"]: it["data"] for it in of_kind(manifests, "ConfigMap")}
    problems = []
    for workload in of_kind(manifests, "Deployment", "Job"):
        (container,) = workload["spec"]["template"]["spec"]["containers"]
        told = {entry["name"] for entry in container["env"]}
        for source in container["envFrom"]:
            told |= maps[source["configMapRef"]["name"]].keys()
        wrong = [*misfit(workload["metadata"]["name"], told), *_unexpanded(container["env"])]
        problems += [f"{called(workload)}: {problem}" for problem in wrong]
    return problems


def _unexpanded(env: list[Manifest]) -> Iterator[str]:
    """Kubernetes expands $(NAME) from what stands before it, and leaves it as it is otherwise."""
    before: set[str] = set()
    for entry in env:
        for name in EXPANDED.findall(entry.get("value", "")):
            if name not in before:
                yield f"{entry['name']} names $({name}), which is not set before it"
        before.add(entry["name"])

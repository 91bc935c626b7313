"""What every pod of ours must be: unprivileged, unwritable, watched, bounded, and of a known version."""

import re
from collections.abc import Iterable, Iterator

from deploy.checks.manifests import Manifest, called, of_kind

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
HOST_FIELDS = ("hostNetwork", "hostPID", "hostIPC")
VERSION = re.compile(r"^[^:@]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$|@sha256:[0-9a-f]{64}$")


def unsafe(manifests: Iterable[Manifest]) -> list[str]:
    """Where a workload is more than it need be."""
    return [
        f"{called(workload)}: {problem}"
        for workload in of_kind(manifests, *WORKLOADS)
        for problem in (*_of_pod(_pod(workload)), *_of_containers(workload))
    ]


def secrets_written_down(manifests: Iterable[Manifest]) -> list[str]:
    """Secrets in the repository: there must be none, only references to them."""
    return [f"{called(manifest)}: a secret is written down" for manifest in of_kind(manifests, "Secret")]


def is_pinned(image: str) -> bool:
    """Whether an image's name says which version it is, by number or by digest."""
    return VERSION.search(image) is not None


def _pod(workload: Manifest) -> Manifest:
    spec = workload["spec"]["jobTemplate"]["spec"] if workload["kind"] == "CronJob" else workload["spec"]
    pod: Manifest = spec["template"]["spec"]
    return pod


def _of_pod(pod: Manifest) -> Iterator[str]:
    security = pod.get("securityContext", {})
    if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
        yield "may run as root"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "has no seccomp profile"
    if pod.get("automountServiceAccountToken") is not False:
        yield "is given a token of the Kubernetes API"
    for field in HOST_FIELDS:
        if pod.get(field):
            yield f"shares the node's {field}"
    for volume in pod.get("volumes", []):
        if "hostPath" in volume:
            yield f"mounts the node's files as {volume['name']}"


def _of_containers(workload: Manifest) -> Iterator[str]:
    pod = _pod(workload)
    for container in pod.get("initContainers", []) + pod["containers"]:
        for problem in _of_container(container):
            yield f"{container['name']}: {problem}"
    if "Job" not in workload["kind"]:
        for container in pod["containers"]:
            for probe in PROBES:
                if probe not in container:
                    yield f"{container['name']}: has no {probe}"


def _of_container(container: Manifest) -> Iterator[str]:
    security, resources = container.get("securityContext", {}), container.get("resources", {})
    if security.get("runAsNonRoot") is False or security.get("runAsUser") == 0:
        yield "may run as root"
    if security.get("privileged") or security.get("allowPrivilegeEscalation") is not False:
        yield "may gain privileges"
    if security.get("capabilities") != {"drop": ["ALL"]}:
        yield "keeps capabilities"
    if security.get("readOnlyRootFilesystem") is not True:
        yield "can write to its root file system"
    # No limit on processor time: it would slow a service down while the node has time to spare.
    if "memory" not in resources.get("limits", {}):
        yield "has no limit on memory"
    if not {"cpu", "memory"} <= resources.get("requests", {}).keys():
        yield "says not what it needs"
    if not is_pinned(container["image"]):
        yield f"its image has no version: {container['image']}"

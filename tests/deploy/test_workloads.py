"""A workload that is more than it need be is found."""

from collections.abc import Callable

import pytest

from deploy.checks import workloads
from deploy.checks.manifests import Manifest
from tests.deploy.conftest import Find


def pod(workload: Manifest) -> Manifest:
    spec: Manifest = workload["spec"]["template"]["spec"]
    return spec


def container(workload: Manifest) -> Manifest:
    first: Manifest = pod(workload)["containers"][0]
    return first


BREAKAGES: list[tuple[Callable[[Manifest], object], str]] = [
    (lambda it: pod(it)["securityContext"].pop("runAsNonRoot"), "may run as root"),
    (lambda it: pod(it)["securityContext"].update(runAsUser=0), "may run as root"),
    (lambda it: container(it)["securityContext"].update(runAsUser=0), "may run as root"),
    (lambda it: pod(it)["securityContext"].pop("seccompProfile"), "has no seccomp profile"),
    (lambda it: pod(it).pop("automountServiceAccountToken"), "is given a token of the Kubernetes API"),
    (lambda it: pod(it).update(hostNetwork=True), "shares the node's hostNetwork"),
    (lambda it: pod(it)["volumes"].append({"name": "logs", "hostPath": {"path": "/"}}), "mounts the node's files"),
    (lambda it: container(it)["securityContext"].pop("allowPrivilegeEscalation"), "may gain privileges"),
    (lambda it: container(it)["securityContext"].update(privileged=True), "may gain privileges"),
    (lambda it: container(it)["securityContext"]["capabilities"].update(drop=["NET_RAW"]), "keeps capabilities"),
    (lambda it: container(it)["securityContext"]["capabilities"].update(add=["NET_ADMIN"]), "keeps capabilities"),
    (lambda it: container(it)["securityContext"].pop("readOnlyRootFilesystem"), "can write to its root file system"),
    (lambda it: container(it)["resources"].pop("limits"), "has no limit on memory"),
    (lambda it: container(it)["resources"]["requests"].pop("cpu"), "says not what it needs"),
    (lambda it: container(it).update(image="plateward/gateway:latest"), "its image has no version"),
    (lambda it: container(it).update(image="plateward/gateway"), "its image has no version"),
    (lambda it: container(it).pop("startupProbe"), "has no startupProbe"),
    (lambda it: container(it).pop("livenessProbe"), "has no livenessProbe"),
    (lambda it: container(it).pop("readinessProbe"), "has no readinessProbe"),
]


@pytest.mark.parametrize(("break_it", "problem"), BREAKAGES)
def test_a_broken_deployment_is_found(
    base: list[Manifest], find: Find, break_it: Callable[[Manifest], object], problem: str
) -> None:
    break_it(find("Deployment/gateway"))

    (found,) = workloads.unsafe(base)
    assert found.startswith("Deployment/gateway: ")
    assert problem in found


def test_a_job_is_held_to_the_same_but_needs_no_probes(base: list[Manifest], find: Find) -> None:
    assert workloads.unsafe([find("Job/migrate")]) == []

    container(find("Job/migrate"))["securityContext"].pop("readOnlyRootFilesystem")
    assert workloads.unsafe(base) == ["Job/migrate: migrate: can write to its root file system"]


def test_an_init_container_is_held_to_the_same(base: list[Manifest], find: Find) -> None:
    bare = {"name": "prepare", "image": "busybox:1.37"}
    pod(find("Deployment/audit"))["initContainers"] = [bare]

    found = workloads.unsafe(base)
    assert "Deployment/audit: prepare: keeps capabilities" in found
    assert "Deployment/audit: prepare: can write to its root file system" in found


def test_a_secret_in_the_repository_is_found() -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "oops"}, "stringData": {"password": "x"}}
    assert workloads.secrets_written_down([secret]) == ["Secret/oops: a secret is written down"]


@pytest.mark.parametrize(
    ("image", "pinned"),
    [
        ("postgres:18.6", True),
        ("apache/kafka:4.3.1", True),
        (f"plateward/audit@sha256:{'0' * 64}", True),
        (f"plateward/audit:0.1.0@sha256:{'0' * 64}", True),
        ("postgres", False),
        ("postgres:latest", False),
        ("postgres:18", False),
        ("plateward/audit@sha256:123", False),
    ],
)
def test_what_counts_as_pinned(image: str, pinned: bool) -> None:
    assert workloads.is_pinned(image) is pinned

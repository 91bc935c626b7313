"""Kubernetes manifests as they are parsed from their files."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

Manifest = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
K8S = ROOT / "deploy" / "k8s"
BASE = K8S / "base"
OVERLAYS = (K8S / "overlays" / "small", K8S / "overlays" / "production")


class NotBuiltError(RuntimeError):
    """`kubectl kustomize` refused an overlay; says why."""


def manifests_of(folder: Path) -> list[Manifest]:
    """All resources in the files of a folder, in the order of the files' names."""
    files = sorted(file for file in folder.glob("*.yaml") if file.name != "kustomization.yaml")
    return [manifest for file in files for manifest in parsed(file.read_text(encoding="utf-8"))]


def parsed(text: str) -> list[Manifest]:
    """The resources of a YAML stream."""
    return [manifest for manifest in yaml.load_all(text, yaml.CSafeLoader) if manifest is not None]


def can_build() -> bool:
    """Whether this machine has kubectl, which carries Kustomize."""
    return shutil.which("kubectl") is not None


def built(folder: Path) -> list[Manifest]:
    """What Kustomize makes of a folder; raises NotBuiltError."""
    made = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise NotBuiltError(f"{folder.name}: {made.stderr.strip()}")
    return parsed(made.stdout)


def of_kind(manifests: Iterable[Manifest], *kinds: str) -> Iterator[Manifest]:
    """Those of these kinds."""
    return (manifest for manifest in manifests if manifest["kind"] in kinds)


def called(manifest: Manifest) -> str:
    """How a manifest is named in a message."""
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


def pod_labels(workload: Manifest) -> dict[str, str]:
    """The labels of a workload's pods."""
    return dict(workload["spec"]["template"]["metadata"]["labels"])


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Whether a label selector matches these labels; of expressions it knows `In`."""
    return all(labels.get(name) == value for name, value in selector.get("matchLabels", {}).items()) and all(
        expression["operator"] == "In" and labels.get(expression["key"]) in expression["values"]
        for expression in selector.get("matchExpressions", [])
    )

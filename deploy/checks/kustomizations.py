"""Every file of a Kustomize folder is used, and everything it uses is there."""

from pathlib import Path

import yaml


def unused_or_missing(folder: Path) -> list[str]:
    """Resources that a kustomization names and that are not there, and files that it does not name."""
    named = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    missing = [name for name in named if not (folder / name).exists()]
    there = {file.name for file in folder.glob("*.yaml")} - {"kustomization.yaml"}
    return [f"{folder.name}/kustomization.yaml names {name}, which is not there" for name in missing] + [
        f"{folder.name}/{name} is named by no kustomization" for name in sorted(there - set(named))
    ]

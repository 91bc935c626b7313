"""Files that are not used, names that lead nowhere, and fields that Kubernetes does not know are found."""

from pathlib import Path

import pytest

from deploy.checks import kustomizations, schemas
from deploy.checks.manifests import Manifest, NotBuiltError, built, can_build
from tests.deploy.conftest import Find


def test_a_file_that_no_kustomization_names_is_found(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [there.yaml, gone.yaml]")
    (tmp_path / "there.yaml").touch()
    (tmp_path / "forgotten.yaml").touch()

    assert kustomizations.unused_or_missing(tmp_path) == [
        f"{tmp_path.name}/kustomization.yaml names gone.yaml, which is not there",
        f"{tmp_path.name}/forgotten.yaml is named by no kustomization",
    ]


def test_a_field_that_kubernetes_does_not_know_is_found(base: list[Manifest], find: Find) -> None:
    find("Deployment/ingest")["spec"]["replica"] = 2
    (found,) = schemas.invalid(base)
    assert found.startswith("Deployment/ingest: spec: ")


def test_a_value_of_the_wrong_kind_is_found(base: list[Manifest], find: Find) -> None:
    find("Service/gateway")["spec"]["ports"][0]["port"] = "80"
    (found,) = schemas.invalid(base)
    assert found.startswith("Service/gateway: spec.ports.0.port: ")


def test_a_kind_that_kubernetes_does_not_have_is_found(base: list[Manifest], find: Find) -> None:
    find("Service/gateway")["kind"] = "Servise"
    (found,) = schemas.invalid(base)
    assert found.startswith("Servise/gateway: ")


@pytest.mark.skipif(not can_build(), reason="kubectl is not on this machine: nothing is built")
def test_an_overlay_that_cannot_be_built_says_why(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [gone.yaml]")
    with pytest.raises(NotBuiltError, match=r"gone\.yaml"):
        built(tmp_path)

"""Kubernetes' own kinds against Kubernetes' own schemas, strictly: an unknown field is an error."""

from collections.abc import Iterable

import kubernetes_validate

from deploy.checks.manifests import Manifest, called

KUBERNETES = "1.33"
"""The oldest release of Kubernetes that the manifests are written for."""

CUSTOM = ("kafka.strimzi.io/", "postgresql.cnpg.io/", "keda.sh/")
"""Kinds of the three operators, whose schemas are in their own clusters and not here."""


def invalid(manifests: Iterable[Manifest]) -> list[str]:
    """What Kubernetes would refuse."""
    problems = []
    for manifest in manifests:
        if manifest["apiVersion"].startswith(CUSTOM):
            continue
        try:
            kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
        except kubernetes_validate.ValidationError as error:
            problems.append(f"{called(manifest)}: {'.'.join(map(str, error.path))}: {error.message}")
        except kubernetes_validate.SchemaNotFoundError as error:
            problems.append(f"{called(manifest)}: {error.message}")
    return problems

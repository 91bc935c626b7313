"""Checks all that is deployed, offline: `python deploy/check.py`; `--write` first writes what is generated."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # started as a file, it is in no package

from deploy.checks import compose, environments, kafka, kustomizations, network, schemas, workloads
from deploy.checks.manifests import BASE, OVERLAYS, Manifest, NotBuiltError, built, can_build, manifests_of


def of_manifests(manifests: list[Manifest]) -> list[str]:
    """What is wrong with the resources that a cluster is given."""
    return [
        *schemas.invalid(manifests),
        *workloads.unsafe(manifests),
        *workloads.secrets_written_down(manifests),
        *network.unguarded(manifests),
        *network.reached_wrongly(manifests),
        *environments.mistold(manifests),
        *kafka.scaled_wrongly(manifests),
    ]


def of_compose() -> list[str]:
    """What is wrong with docker-compose.yml."""
    text, example = (file.read_text(encoding="utf-8") for file in (compose.FILE, compose.EXAMPLE))
    return compose.wrong(compose.read()) + compose.undeclared(text, example)


def of_files() -> list[str]:
    """What is wrong with the Kustomize base and overlays as they are written."""
    problems = [problem for folder in (BASE, *OVERLAYS) for problem in kustomizations.unused_or_missing(folder)]
    for overlay in OVERLAYS:
        problems += schemas.invalid(manifests_of(overlay)) + workloads.unsafe(manifests_of(overlay))
    base = manifests_of(BASE)
    return problems + of_manifests(base) + kafka.unlike_contracts(base)


def of_builds() -> list[str]:
    """What is wrong with the overlays as Kustomize builds them, which needs kubectl."""
    problems = []
    for overlay in OVERLAYS:
        try:
            problems += [f"overlay {overlay.name}: {problem}" for problem in of_manifests(built(overlay))]
        except NotBuiltError as error:
            problems.append(f"overlay {error}")
    return problems


def main() -> int:
    """Says what is wrong; exits with 1 if anything is."""
    if "--write" in sys.argv[1:]:
        kafka.write()
    problems = of_compose() + of_files()
    if can_build():
        problems += of_builds()
    else:
        sys.stdout.write("deploy: kubectl is not on this machine, the overlays were not built\n")
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    sys.stdout.write(f"deploy: {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

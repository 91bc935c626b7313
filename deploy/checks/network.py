"""Who may reach whom: nobody, but for what a policy says; from outside only ingest and the gateway are reached."""

from collections.abc import Iterable, Iterator

from deploy.checks.manifests import Manifest, called, of_kind, pod_labels, selects

FROM_OUTSIDE = {"ingest", "gateway"}
INGRESS = {"plateward.role": "ingress"}
MONITORING = {"plateward.role": "monitoring"}
OUR_NAMESPACE = {"kubernetes.io/metadata.name": "plateward"}


def unguarded(manifests: list[Manifest]) -> list[str]:
    """Deployments that no policy or disruption budget of their own selects, and a namespace that is open by default."""
    problems = []
    if not any(_denies_all(policy) for policy in of_kind(manifests, "NetworkPolicy")):
        problems.append("no NetworkPolicy denies by default")
    for deployment in of_kind(manifests, "Deployment"):
        if not _own(manifests, "NetworkPolicy", deployment):
            problems.append(f"{called(deployment)}: no NetworkPolicy is for it")
        if not _own(manifests, "PodDisruptionBudget", deployment):
            problems.append(f"{called(deployment)}: no PodDisruptionBudget is for it")
    return problems


def reached_wrongly(manifests: list[Manifest]) -> list[str]:
    """Ways into a service that there must not be, and ways from one service to another."""
    problems = []
    for deployment in of_kind(manifests, "Deployment"):
        name = deployment["metadata"]["name"]
        allowed = [MONITORING, INGRESS] if name in FROM_OUTSIDE else [MONITORING]
        for policy in _policies_for(manifests, deployment):
            problems += [
                f"{called(policy)}: lets {peer or 'everybody'} reach {name}"
                for peer in _peers(policy, "ingress", "from")
                if peer.get("namespaceSelector", {}).get("matchLabels") not in allowed
            ]
            problems += [
                f"{called(policy)}: lets {name} reach {called(other)}"
                for peer in _peers(policy, "egress", "to")
                for other in of_kind(manifests, "Deployment")
                if _reaches(peer, other)
            ]
    return problems


def _denies_all(policy: Manifest) -> bool:
    spec = policy["spec"]
    return (
        spec["podSelector"] == {}
        and set(spec["policyTypes"]) == {"Ingress", "Egress"}
        and not spec.get("ingress")
        and not spec.get("egress")
    )


def _own(manifests: Iterable[Manifest], kind: str, deployment: Manifest) -> bool:
    field = "podSelector" if kind == "NetworkPolicy" else "selector"
    selectors = (manifest["spec"][field] for manifest in of_kind(manifests, kind))
    return any(selector and selects(selector, pod_labels(deployment)) for selector in selectors)


def _policies_for(manifests: Iterable[Manifest], deployment: Manifest) -> Iterator[Manifest]:
    labels = pod_labels(deployment)
    return (it for it in of_kind(manifests, "NetworkPolicy") if selects(it["spec"]["podSelector"], labels))


def _peers(policy: Manifest, direction: str, side: str) -> Iterator[Manifest]:
    for rule in policy["spec"].get(direction) or []:
        yield from rule.get(side) or [{}]


def _reaches(peer: Manifest, deployment: Manifest) -> bool:
    """Whether a peer of an egress rule includes this deployment's pods; no peer named is everybody."""
    return (
        "ipBlock" not in peer
        and selects(peer.get("namespaceSelector", {}), OUR_NAMESPACE)
        and selects(peer.get("podSelector", {}), pod_labels(deployment))
    )

"""A way that should be closed, and a service that nothing guards, are found."""

from deploy.checks import network
from deploy.checks.manifests import Manifest
from tests.deploy.conftest import Find


def test_without_the_default_all_is_open(base: list[Manifest], find: Find) -> None:
    find("NetworkPolicy/default-deny")["spec"]["ingress"] = [{}]
    assert network.unguarded(base) == ["no NetworkPolicy denies by default"]


def test_a_policy_for_all_pods_is_no_policy_of_a_deployment(base: list[Manifest], find: Find) -> None:
    find("NetworkPolicy/matcher")["spec"]["podSelector"] = {}
    assert "Deployment/matcher: no NetworkPolicy is for it" in network.unguarded(base)


def test_a_deployment_without_a_disruption_budget_is_found(base: list[Manifest], find: Find) -> None:
    base.remove(find("PodDisruptionBudget/ingest"))
    assert network.unguarded(base) == ["Deployment/ingest: no PodDisruptionBudget is for it"]


def test_a_budget_that_selects_nothing_is_found(base: list[Manifest], find: Find) -> None:
    find("PodDisruptionBudget/ingest")["spec"]["selector"]["matchLabels"] = {"app.kubernetes.io/name": "injest"}
    assert network.unguarded(base) == ["Deployment/ingest: no PodDisruptionBudget is for it"]


def test_only_ingest_and_the_gateway_are_reached_from_outside(base: list[Manifest], find: Find) -> None:
    from_outside = find("NetworkPolicy/gateway")["spec"]["ingress"][0]
    find("NetworkPolicy/audit")["spec"]["ingress"].append(from_outside)

    (found,) = network.reached_wrongly(base)
    assert found.startswith("NetworkPolicy/audit: lets ")
    assert found.endswith(" reach audit")


def test_a_rule_without_peers_lets_everybody_in(base: list[Manifest], find: Find) -> None:
    find("NetworkPolicy/gateway")["spec"]["ingress"].append({"ports": [{"port": "http"}]})
    assert network.reached_wrongly(base) == ["NetworkPolicy/gateway: lets everybody reach gateway"]


def test_no_service_lets_another_in(base: list[Manifest], find: Find) -> None:
    gateway = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "gateway"}}}
    find("NetworkPolicy/audit")["spec"]["ingress"].append({"from": [gateway]})
    assert len(network.reached_wrongly(base)) == 1


def test_no_service_goes_out_to_another(base: list[Manifest], find: Find) -> None:
    audit = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "audit"}}}
    find("NetworkPolicy/gateway")["spec"]["egress"].append({"to": [audit]})
    assert network.reached_wrongly(base) == ["NetworkPolicy/gateway: lets gateway reach Deployment/audit"]


def test_a_way_out_to_all_namespaces_leads_to_the_others_too(base: list[Manifest], find: Find) -> None:
    find("NetworkPolicy/audit")["spec"]["egress"].append({"to": [{"namespaceSelector": {}}]})
    assert "NetworkPolicy/audit: lets audit reach Deployment/gateway" in network.reached_wrongly(base)

"""Kafka's topics and users, as the contracts have them: the two generated manifests, and what is held to them."""

from collections.abc import Iterable

import yaml

from deploy.checks.manifests import BASE, Manifest, called, of_kind
from deploy.checks.settings import SERVICES
from plateward.contracts.topics import FRAMES, every_topic

API, CLUSTER, REPLICAS = "kafka.strimzi.io/v1", "plateward", 3

GROUPS = {
    "ingest": ("plateward-ingest-cameras", "plateward-ingest-self-checks"),
    "recognizer": ("plateward-recognizer",),
    "matcher": ("plateward-matcher", "plateward-matcher-changes"),
    "retention": ("plateward-retention-reads", "plateward-retention-hits", "plateward-retention-holds"),
    "audit": ("plateward-audit",),
    "gateway": ("plateward-gateway-hits", "plateward-gateway-camera-status", "plateward-gateway-list-alarms"),
}
"""The consumer groups that each service is in."""

TOPICS_FILE, USERS_FILE = BASE / "kafka-topics.yaml", BASE / "kafka-users.yaml"
GENERATED = "# Generated from plateward/contracts/topics.py by `python deploy/check.py --write`: change it there.\n"


def topics() -> list[Manifest]:
    """The topics of the contracts, as Strimzi's resources."""
    return [
        _resource("KafkaTopic", topic.name)
        | {"spec": {"partitions": topic.partitions, "replicas": REPLICAS, "config": topic.settings}}
        for topic in every_topic()
    ]


def users() -> list[Manifest]:
    """A user for each service and what it does with Kafka, for `plateward migrate`, and for KEDA, which counts lag."""
    configures = [_on_topic(topic.name, "AlterConfigs", "Describe", "DescribeConfigs") for topic in every_topic()]
    watches = [_on_topic(FRAMES.name, "Describe"), *(_in_group(group, "Describe") for group in GROUPS["recognizer"])]
    return [
        *(_user(service, _of_service(service)) for service in SERVICES),
        _user("migrate", configures),
        _user("keda", watches),
    ]


def write() -> None:
    """Writes both manifests anew."""
    for file, resources in ((TOPICS_FILE, topics()), (USERS_FILE, users())):
        text = yaml.safe_dump_all(resources, default_flow_style=None, sort_keys=False, width=120)
        file.write_text(GENERATED + text, encoding="utf-8")


def unlike_contracts(manifests: Iterable[Manifest]) -> list[str]:
    """Topics and users that are not as the contracts have them, or missing, or too many."""
    there = {called(it): it for it in of_kind(manifests, "KafkaTopic", "KafkaUser")}
    expected = {called(it): it for it in (*topics(), *users())}
    return [
        f"{name}: is not as the contracts have it; `python deploy/check.py --write` makes it so"
        for name in sorted(there.keys() | expected.keys())
        if there.get(name) != expected.get(name)
    ]


def scaled_wrongly(manifests: Iterable[Manifest]) -> list[str]:
    """Where KEDA looks at another group or topic than the recogniser reads, or makes more of them than can work."""
    problems = []
    for scaled in of_kind(manifests, "ScaledObject"):
        watched = scaled["spec"]["triggers"][0]["metadata"]
        if (watched["topic"], watched["consumerGroup"]) != (FRAMES.name, *GROUPS["recognizer"]):
            problems.append(f"{called(scaled)}: does not watch the recognisers' lag")
        if scaled["spec"]["maxReplicaCount"] > FRAMES.partitions:
            problems.append(f"{called(scaled)}: more replicas than {FRAMES.name} has partitions")
    return problems


MEASURES = "gateway"
"""The service whose page of health says how far all services are behind: it may ask for their groups' places."""


def _of_service(service: str) -> list[Manifest]:
    acls = []
    for topic in every_topic():
        operations = (["Read"] if service in topic.consumers else []) + (
            ["Write"] if service in topic.producers else []
        )
        if operations or (service == MEASURES and topic.consumers):
            acls.append(_on_topic(topic.name, "Describe", *operations))
    acls += [_in_group(group, "Describe", "Read") for group in GROUPS.get(service, ())]
    if service == MEASURES:
        others = (group for other, groups in GROUPS.items() if other != service for group in groups)
        acls += [_in_group(group, "Describe") for group in others]
    return acls


def _on_topic(name: str, *operations: str) -> Manifest:
    return {"resource": {"type": "topic", "name": name, "patternType": "literal"}, "operations": list(operations)}


def _in_group(name: str, *operations: str) -> Manifest:
    return {"resource": {"type": "group", "name": name, "patternType": "literal"}, "operations": list(operations)}


def _user(name: str, acls: list[Manifest]) -> Manifest:
    return _resource("KafkaUser", f"plateward-{name}") | {
        "spec": {"authentication": {"type": "scram-sha-512"}, "authorization": {"type": "simple", "acls": acls}}
    }


def _resource(kind: str, name: str) -> Manifest:
    return {
        "apiVersion": API,
        "kind": kind,
        "metadata": {"name": name, "labels": {"strimzi.io/cluster": CLUSTER}},
    }

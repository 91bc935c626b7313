"""Kafka's resources are the contracts', and give each service no more than it does."""

import re

import pytest

from deploy.checks import kafka
from deploy.checks.manifests import ROOT, Manifest
from deploy.checks.settings import SERVICES
from plateward.contracts.topics import ACCESS, FRAMES, HITS, HOT_LIST, PLATE_READS, every_topic
from tests.deploy.conftest import Find

GROUP_IN_CODE = re.compile(r'group="([\w-]+)"')


def rights(user: Manifest) -> set[tuple[str, str]]:
    """What a user may do, as (operation, topic or group)."""
    acls = user["spec"]["authorization"]["acls"]
    return {(operation, acl["resource"]["name"]) for acl in acls for operation in acl["operations"]}


def test_there_is_a_topic_for_each_of_the_contracts(base: list[Manifest]) -> None:
    there = {it["metadata"]["name"]: it["spec"] for it in base if it["kind"] == "KafkaTopic"}
    assert there.keys() == {topic.name for topic in every_topic()}
    assert there[FRAMES.name]["partitions"] == FRAMES.partitions
    assert there[FRAMES.name]["config"]["retention.ms"] == "900000"
    assert there[HOT_LIST.name]["config"]["cleanup.policy"] == "compact"


@pytest.mark.parametrize(("field", "value"), [("partitions", 3), ("replicas", 1), ("config", {})])
def test_a_topic_unlike_its_contract_is_found(base: list[Manifest], find: Find, field: str, value: object) -> None:
    find("KafkaTopic/plate-reads")["spec"][field] = value
    (found,) = kafka.unlike_contracts(base)
    assert found.startswith("KafkaTopic/plate-reads: ")


def test_a_topic_missing_or_too_many_is_found(base: list[Manifest], find: Find) -> None:
    find("KafkaTopic/hits")["metadata"]["name"] = "hints"
    found = kafka.unlike_contracts(base)
    assert [it.split(":")[0] for it in found] == ["KafkaTopic/hints", "KafkaTopic/hits"]


def test_a_right_too_many_is_found(base: list[Manifest], find: Find) -> None:
    find("KafkaUser/plateward-ingest")["spec"]["authorization"]["acls"][0]["operations"].append("Read")
    (found,) = kafka.unlike_contracts(base)
    assert found.startswith("KafkaUser/plateward-ingest: ")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_and_writes_what_the_contracts_say(find: Find, service: str) -> None:
    may = rights(find(f"KafkaUser/plateward-{service}"))
    for topic in every_topic():
        assert (("Read", topic.name) in may) == (service in topic.consumers)
        assert (("Write", topic.name) in may) == (service in topic.producers)


def test_nobody_but_the_gateway_writes_the_hot_list_or_looks_and_retention_what_it_purged(find: Find) -> None:
    for service in set(SERVICES) - {"gateway"}:
        may = rights(find(f"KafkaUser/plateward-{service}"))
        assert ("Write", HOT_LIST.name) not in may
        assert (("Write", ACCESS.name) in may) == (service == "retention")


def test_keda_and_migrate_see_no_records(find: Find) -> None:
    for user in ("keda", "migrate"):
        assert {operation for operation, _ in rights(find(f"KafkaUser/plateward-{user}"))} <= {
            "AlterConfigs",
            "Describe",
            "DescribeConfigs",
        }


def test_refused_records_may_be_buried(find: Find) -> None:
    for service, topic in (("recognizer", FRAMES), ("matcher", PLATE_READS), ("retention", HITS), ("audit", ACCESS)):
        assert ("Write", topic.dead.name) in rights(find(f"KafkaUser/plateward-{service}"))


@pytest.mark.parametrize("service", SERVICES)
def test_groups_named_in_the_code_may_be_joined(service: str) -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "services" / service).rglob("*.py"))
    named = {f"plateward-{group}" for group in GROUP_IN_CODE.findall(code)}
    assert named <= set(kafka.GROUPS.get(service, ()))


def test_keda_watching_another_group_is_found(base: list[Manifest], find: Find) -> None:
    find("ScaledObject/recognizer")["spec"]["triggers"][0]["metadata"]["consumerGroup"] = "recognizer"
    assert kafka.scaled_wrongly(base) == ["ScaledObject/recognizer: does not watch the recognisers' lag"]


def test_more_recognisers_than_partitions_are_found(base: list[Manifest], find: Find) -> None:
    find("ScaledObject/recognizer")["spec"]["maxReplicaCount"] = FRAMES.partitions + 1
    assert kafka.scaled_wrongly(base) == ["ScaledObject/recognizer: more replicas than frames has partitions"]

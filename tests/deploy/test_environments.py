"""What a process is told and does not read, or needs and is not told, is found."""

from deploy.checks import environments, settings
from deploy.checks.manifests import Manifest
from tests.deploy.conftest import Find


def container(workload: Manifest) -> Manifest:
    first: Manifest = workload["spec"]["template"]["spec"]["containers"][0]
    return first


def test_the_names_are_those_of_the_settings_classes() -> None:
    audit = settings.variables_of("audit")
    assert {"PLATEWARD_AUDIT_BATCH_MAX", "PLATEWARD_DATABASE_DSN", "PLATEWARD_KAFKA_CA_FILE"} <= audit
    assert "PLATEWARD_BLOBS_BUCKET" not in audit
    assert "PLATEWARD_MIGRATE_AUDIT_PASSWORD" in settings.variables_of("migrate")


def test_a_setting_that_the_service_does_not_have_is_found(base: list[Manifest], find: Find) -> None:
    container(find("Deployment/audit"))["env"].append({"name": "PLATEWARD_AUDIT_BATCH_MAXIMUM", "value": "1"})
    assert environments.mistold(base) == [
        "Deployment/audit: PLATEWARD_AUDIT_BATCH_MAXIMUM is set, and audit reads no such setting"
    ]


def test_credentials_for_what_the_service_does_not_use_are_found(base: list[Manifest], find: Find) -> None:
    dsn = container(find("Deployment/audit"))["env"][-1]
    container(find("Deployment/matcher"))["env"].append(dsn)
    assert "Deployment/matcher: PLATEWARD_DATABASE_DSN is set, and matcher reads no such setting" in (
        environments.mistold(base)
    )


def test_a_setting_that_the_service_needs_is_missed(base: list[Manifest], find: Find) -> None:
    env = container(find("Deployment/gateway"))["env"]
    env[:] = [entry for entry in env if entry["name"] != "PLATEWARD_DATABASE_DSN"]
    assert environments.mistold(base) == ["Deployment/gateway: PLATEWARD_DATABASE_DSN is not set, and gateway needs it"]


def test_a_bucket_missing_from_the_config_map_is_missed(base: list[Manifest], find: Find) -> None:
    find("ConfigMap/plateward-blobs")["data"].pop("PLATEWARD_BLOBS_BUCKET")
    assert "Deployment/recognizer: PLATEWARD_BLOBS_BUCKET is not set, and recognizer needs it" in (
        environments.mistold(base)
    )


def test_a_password_that_stands_after_what_names_it_is_found(base: list[Manifest], find: Find) -> None:
    container(find("Deployment/ingest"))["env"].reverse()
    assert environments.mistold(base) == [
        "Deployment/ingest: PLATEWARD_DATABASE_DSN names $(DATABASE_PASSWORD), which is not set before it"
    ]


def test_migrate_needs_the_administrators_address(base: list[Manifest], find: Find) -> None:
    env = container(find("Job/migrate"))["env"]
    env[:] = [entry for entry in env if entry["name"] != "PLATEWARD_MIGRATE_DSN"]
    assert environments.mistold(base) == ["Job/migrate: PLATEWARD_MIGRATE_DSN is not set, and migrate needs it"]

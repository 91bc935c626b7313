"""Each service that owns a schema has its role and password, in compose and in the cluster, and nobody else has."""

import pytest

from deploy.checks.compose import Compose
from deploy.checks.manifests import ROOT
from deploy.checks.settings import SERVICES
from tests.deploy.conftest import Find

OWNERS = {service for service in SERVICES if any((ROOT / "services" / service / "migrations").glob("*.sql"))}


def test_the_cluster_has_a_role_for_each_owner_of_a_schema(find: Find) -> None:
    cluster = find("Cluster/plateward-db")["spec"]
    roles = {role["name"]: role["passwordSecret"]["name"] for role in cluster["managed"]["roles"]}
    assert roles == {f"plateward_{owner}": f"plateward-database-{owner}" for owner in OWNERS}

    first = cluster["bootstrap"]["initdb"]["postInitApplicationSQL"]
    for role in roles:
        assert f"CREATE ROLE {role} LOGIN" in first
        assert f"GRANT {role} TO plateward_admin WITH ADMIN OPTION" in first


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_logs_in_to_the_database_as_itself_or_not_at_all(find: Find, services: Compose, service: str) -> None:
    (container,) = find(f"Deployment/{service}")["spec"]["template"]["spec"]["containers"]
    in_cluster = {entry["name"]: entry.get("value", "") for entry in container["env"]}.get("PLATEWARD_DATABASE_DSN")
    in_compose = services["services"][service]["environment"].get("PLATEWARD_DATABASE_DSN")

    for dsn in (in_cluster, in_compose):
        assert (dsn is not None) == (service in OWNERS)
        assert dsn is None or dsn.startswith(f"postgresql://plateward_{service}:")


def test_migrate_sets_every_owners_password_in_compose(services: Compose) -> None:
    told = services["services"]["migrate"]["environment"]
    for owner in OWNERS:
        password = told[f"PLATEWARD_MIGRATE_{owner.upper()}_PASSWORD"]
        assert password in services["services"][owner]["environment"]["PLATEWARD_DATABASE_DSN"]

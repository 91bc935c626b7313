"""What is wrong in docker-compose.yml is found."""

from collections.abc import Callable

import pytest

from deploy.checks import compose
from deploy.checks.compose import Compose

BREAKAGES: list[tuple[Callable[[Compose], object], str]] = [
    (lambda it: it.pop("audit"), "audit is missing"),
    (
        lambda it: it["kafka"].update(image="apache/kafka:latest"),
        "kafka: its image has no version: apache/kafka:latest",
    ),
    (lambda it: it["postgres"].update(ports=["5432:5432"]), "postgres: publishes ['5432:5432']"),
    (lambda it: it["gateway"].update(ports=["8080:8080"]), "gateway: publishes ['8080:8080']"),
    (lambda it: it["matcher"].pop("cap_drop"), "matcher: keeps privileges"),
    (lambda it: it["matcher"].update(read_only=False), "matcher: can write to its root file system"),
    (lambda it: it["seaweedfs"].pop("mem_limit"), "seaweedfs: has no limit on memory"),
    (lambda it: it["seaweedfs"].pop("healthcheck"), "seaweedfs: has no health check"),
    (lambda it: it["audit"].pop("restart"), "audit: does not restart"),
    (lambda it: it["audit"]["build"]["args"].update(SERVICE="gateway"), "audit: is built as another service"),
    (
        lambda it: it["audit"]["environment"].update(PLATEWARD_BLOBS_BUCKET="plateward"),
        "audit: PLATEWARD_BLOBS_BUCKET is set, and audit reads no such setting",
    ),
    (
        lambda it: it["audit"]["environment"].pop("PLATEWARD_DATABASE_DSN"),
        "audit: PLATEWARD_DATABASE_DSN is not set, and audit needs it",
    ),
    (
        lambda it: it["audit"].update(depends_on={"migrate": {"condition": "service_started"}}),
        "audit: does not wait until migrate is service_completed_successfully",
    ),
    (
        lambda it: it["audit"].update(depends_on={"database": {"condition": "service_healthy"}}),
        "audit: does not wait until database is service_healthy",
    ),
]


@pytest.mark.parametrize(("break_it", "problem"), BREAKAGES)
def test_a_broken_service_is_found(services: Compose, break_it: Callable[[Compose], object], problem: str) -> None:
    break_it(services["services"])
    assert f"docker-compose.yml: {problem}" in compose.wrong(services)


def test_a_variable_that_the_example_lacks_is_found() -> None:
    assert compose.undeclared("key: ${NEW_SECRET:?}", "") == ["compose.env.example: lacks NEW_SECRET"]


def test_a_variable_of_the_example_that_nobody_uses_is_found() -> None:
    assert compose.undeclared("", "OLD_SECRET=\n") == ["compose.env.example: nobody uses OLD_SECRET"]


def test_a_variable_that_may_be_empty_is_found_wherever_it_stands() -> None:
    text = "one: ${SECRET:?}\ntwo: ${SECRET}\nthree: $${NOT_OURS}"
    assert compose.undeclared(text, "SECRET=\n") == ["docker-compose.yml: ${SECRET} may be empty"]


def test_the_example_holds_no_secret() -> None:
    lines = compose.EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert all(line.endswith("=") for line in lines if line and not line.startswith("#"))

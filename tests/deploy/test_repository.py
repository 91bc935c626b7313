"""What the repository deploys passes its checks."""

import pytest

from deploy import check
from deploy.checks.manifests import can_build


def test_compose_is_right() -> None:
    assert check.of_compose() == []


def test_manifests_are_right() -> None:
    assert check.of_files() == []


@pytest.mark.skipif(not can_build(), reason="kubectl is not on this machine: the overlays are not built")
def test_overlays_build_and_are_right() -> None:
    assert check.of_builds() == []


def test_a_problem_is_told_and_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "of_compose", lambda: ["docker-compose.yml: is wrong"])
    monkeypatch.setattr(check, "of_files", list)
    monkeypatch.setattr(check, "can_build", lambda: False)
    monkeypatch.setattr("sys.argv", ["check.py"])

    assert check.main() == 1
    assert "docker-compose.yml: is wrong" in capsys.readouterr().out

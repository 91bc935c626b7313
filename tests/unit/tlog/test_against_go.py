"""The tree, the proofs and the checkpoints, checked by Go's own implementation of transparency logs.

Needs Go, and its module proxy the first time; without them the tests against RFC 6962's definitions remain.
"""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.tlog.test_tampering import KEY, signed
from tests.unit.tlog.trees import consistency, inclusion, records

SOURCE = Path(__file__).with_name("in_go")


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program in Go that checks a log."""
    if shutil.which("go") is None:
        pytest.skip("NOT CROSS-CHECKED: Go is not on this machine")
    fetched = subprocess.run(["go", "mod", "download"], cwd=SOURCE, capture_output=True, text=True, timeout=120)
    if fetched.returncode != 0:
        pytest.skip(f"NOT CROSS-CHECKED: Go's modules cannot be had: {fetched.stderr}")
    program = tmp_path_factory.mktemp("go") / "checker"
    subprocess.run(["go", "build", "-o", str(program), "."], cwd=SOURCE, check=True, timeout=200)
    return program


def checked(checker: Path, log: dict[str, object]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([checker], input=json.dumps(log), capture_output=True, text=True, timeout=60)


def a_log(size: int) -> dict[str, object]:
    content = records(size)
    return {
        "Key": str(KEY.public),
        "Note": str(signed(content)),
        "Records": [_base64(record) for record in content],
        "Inclusion": [{"Path": [_base64(one) for one in inclusion(index, content)]} for index in range(size)],
        "Consistency": [
            {"Path": [_base64(one) for one in consistency(first, content)]} for first in range(1, size + 1)
        ],
    }


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 64, 100, 300])
def test_go_computes_the_same_root_and_takes_every_proof(checker: Path, size: int) -> None:
    result = checked(checker, a_log(size))
    assert (result.stdout, result.stderr) == (f"{KEY.name}: {size} records, {2 * size} proofs\n", "")


def test_go_refuses_what_is_not_so(checker: Path) -> None:
    log = a_log(5)
    for part, other in {
        "Records": a_log(4)["Records"],
        "Inclusion": a_log(4)["Inclusion"],
        "Consistency": a_log(4)["Consistency"],
        "Note": str(log["Note"]).replace("\n5\n", "\n4\n"),
    }.items():
        assert checked(checker, log | {part: other}).returncode == 1

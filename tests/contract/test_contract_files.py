"""The committed schemas and golden examples, and that a breaking change to them is seen."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from plateward.contracts.event import ContractError, Event
from plateward.contracts.examples import EXAMPLES
from plateward.kernel.contract_files import ContractFilesDiffer, check_contract_files, write_contract_files

COMMITTED = Path(__file__).parents[2] / "schemas"
READ = "plateward.plate-read.v1"

Document = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the committed files, to break."""
    return Path(shutil.copytree(COMMITTED, tmp_path / "schemas"))


def golden(folder: Path, kind: str = READ) -> Path:
    return folder / "examples" / f"{kind}.json"


def rewrite(file: Path, change: Callable[[Document], object]) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    change(document)
    file.write_text(json.dumps(document), encoding="utf-8")


def renamed(document: Document) -> None:
    document["licence_plate"] = document.pop("plate")


def optional_renamed(document: Document) -> None:
    document["state_of_issue"] = document.pop("state")


def retyped(document: Document) -> None:
    document["confidence"] = "high"


def unknown(document: Document) -> None:
    document["lane"] = 2


def unknown_within(document: Document) -> None:
    document["place"]["altitude_m"] = 12.5


def narrowed(document: Document) -> None:
    document["plate"] = "7KXR-214"


def test_what_is_committed_is_what_the_contracts_say() -> None:
    check_contract_files(COMMITTED)


def test_writing_the_files_again_changes_nothing(folder: Path) -> None:
    assert write_contract_files(folder) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.TYPE)
def test_golden_examples_keep_to_their_schemas(example: Event) -> None:
    schema = json.loads((COMMITTED / f"{example.TYPE}.schema.json").read_text(encoding="utf-8"))
    document = json.loads(golden(COMMITTED, example.TYPE).read_text(encoding="utf-8"))
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("file", [f"{READ}.schema.json", f"examples/{READ}.json"], ids=["schema", "example"])
def test_a_missing_file_is_named_and_can_be_made(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ContractFilesDiffer, match=file):
        check_contract_files(folder)
    assert write_contract_files(folder) == [folder / file]
    check_contract_files(folder)


def test_a_schema_that_says_something_else_is_named(folder: Path) -> None:
    rewrite(folder / f"{READ}.schema.json", lambda document: document.update(title="Another"))
    with pytest.raises(ContractFilesDiffer, match=f"{READ}.schema.json"):
        check_contract_files(folder)


@pytest.mark.parametrize("change", [renamed, optional_renamed, retyped, unknown, unknown_within, narrowed])
def test_code_that_cannot_wholly_read_what_was_published_needs_a_new_version(
    folder: Path, change: Callable[[Document], None]
) -> None:
    """The golden example stands for what was published; a change of the code shows as a difference from it."""
    rewrite(golden(folder), change)
    before = golden(folder).read_bytes()
    for look in (check_contract_files, write_contract_files):
        with pytest.raises(ContractError, match=f"{READ} .*needs a new version"):
            look(folder)
    assert golden(folder).read_bytes() == before, "what was published is never rewritten"


def test_an_example_from_before_an_optional_field_stays_valid(folder: Path) -> None:
    rewrite(golden(folder), lambda document: document.pop("vehicle"))
    before = golden(folder).read_bytes()
    check_contract_files(folder)
    assert write_contract_files(folder) == []
    assert golden(folder).read_bytes() == before

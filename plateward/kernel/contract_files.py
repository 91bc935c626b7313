"""The contracts as files: a JSON Schema and a golden example for each event, committed, so that changes are seen.

An example, once committed, is never rewritten: if today's code no longer decodes it, or loses a part of it, then the
change breaks what is published, and the event needs a new version.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from plateward.contracts.event import ContractError, Event, decode, encode
from plateward.contracts.examples import EXAMPLES


class ContractFilesDiffer(Exception):
    """What is committed is not what the contracts say; names the files."""


def write_contract_files(folder: Path) -> list[Path]:
    """Writes the schemas, and examples that are not there yet; returns what changed. Raises ContractError."""
    changed = []
    for example in EXAMPLES:
        check_golden(folder, example)
        for file, text in _files(folder, example).items():
            if file.parent.name == "examples" and file.exists():
                continue
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
                changed.append(file)
    return changed


def check_contract_files(folder: Path) -> None:
    """Raises ContractFilesDiffer where a file is missing or differs, ContractError where a change breaks a contract."""
    differing = []
    for example in EXAMPLES:
        check_golden(folder, example)
        differing += [
            str(file)
            for file, text in _files(folder, example).items()
            if not file.exists() or (file.parent.name != "examples" and file.read_text(encoding="utf-8") != text)
        ]
    if differing:
        raise ContractFilesDiffer(f"not as the contracts say (make schemas): {', '.join(differing)}")


def check_golden(folder: Path, example: Event) -> None:
    """Raises ContractError when a committed example can't be decoded any more, or not wholly."""
    file = folder / "examples" / f"{example.TYPE}.json"
    if not file.exists():
        return
    golden = file.read_bytes()
    try:
        kept = json.loads(encode(decode(golden, type(example))))
    except ContractError as error:
        raise ContractError(
            f"{example.TYPE} no longer reads what was published: it needs a new version ({error})"
        ) from error
    if kept != json.loads(golden):
        raise ContractError(f"{example.TYPE} loses a part of what was published: it needs a new version")


def _files(folder: Path, example: Event) -> dict[Path, str]:
    return {
        folder / f"{example.TYPE}.schema.json": _text(msgspec.json.schema(type(example))),
        folder / "examples" / f"{example.TYPE}.json": _text(json.loads(encode(example))),
    }


def _text(document: Any) -> str:
    return json.dumps(document, indent=2, sort_keys=True) + "\n"

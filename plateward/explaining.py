"""`plateward explain`: asks the gateway what came of a read, as a person with a reason; the asking is recorded."""

from collections.abc import Iterator
from typing import Any

import httpx


class NotExplained(Exception):
    """The gateway's refusal, in its own words."""


def explained(url: str, token: str, read_id: str, reason: dict[str, Any]) -> dict[str, Any]:
    """The gateway's explanation to whoever is signed in under this token; raises NotExplained."""
    asked = {"read_id": read_id, "reason": reason}
    headers = {"Authorization": f"Bearer {token}"}
    return _answer(httpx.post(f"{url}/v1/explanations", json=asked, headers=headers, timeout=30))


def in_words(explanation: dict[str, Any]) -> Iterator[str]:
    """The explanation, a line for each thing that it says."""
    read = explanation["read"]
    yield f"{read['plate']} at {read['place']['name']}, {read['captured_at']}; as of {explanation['at']}"
    if explanation["no_news"]:
        yield f"compared with nothing: {explanation['no_news']}"
    elif not explanation["considered"]:
        yield "no entry that your agency may know could be this plate"
    for one in explanation["considered"]:
        entry = one["entry"]
        listed = f"{entry['plate']} ({one['comparison']['grade']}), list {entry['list_id']} of {entry['agency_id']}"
        yield f"{one['why']}\t{listed}, entry {entry['id']}: {one['sentence']}"


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.is_error:
        problem = response.json()
        rules = "; ".join(f"{one['field']}: {one['rule']}" for one in problem.get("errors", ()))
        raise NotExplained(f"{problem.get('title', response.status_code)}: {rules or problem.get('detail', '')}")
    document: dict[str, Any] = response.json()
    return document

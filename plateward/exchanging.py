"""`plateward mou pass-on` and `receive`: asks the gateway as a person who keeps agreements; both are recorded."""

from urllib.parse import quote

import httpx


class NotExchanged(Exception):
    """The gateway's refusal, in its own words."""


def document(url: str, token: str, mou_id: str, version: int | None) -> str:
    """The agreement as the own agency passes it on, as JSON; raises NotExchanged."""
    params = {} if version is None else {"version": version}
    path = f"{url}/v1/mous/{quote(mou_id, safe='')}/document"
    return _answer(httpx.get(path, params=params, headers=_as(token), timeout=30)).text


def received(url: str, token: str, content: bytes) -> str:
    """What came of taking the document, in a line; raises NotExchanged."""
    headers = _as(token) | {"Content-Type": "application/json"}
    mou = _answer(httpx.post(f"{url}/v1/mou-documents", content=content, headers=headers, timeout=30)).json()
    waits = f"; not signed yet by {' and '.join(mou['unsigned'])}" if mou["unsigned"] else ""
    return f"{mou['mou_id']}, version {mou['version']}: {mou['state']}{waits}"


def _as(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _answer(response: httpx.Response) -> httpx.Response:
    if response.is_error:
        problem = response.json()
        rules = "; ".join(f"{one['field']} {one['rule']}" for one in problem.get("errors", ()))
        raise NotExchanged(f"{problem.get('title', response.status_code)}: {rules or problem.get('detail', '')}")
    return response

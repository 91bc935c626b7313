"""Entering vehicles as people do: entered by one, approved by another where the agency's policy asks for it."""

from typing import Any

from plateward.policy.catalogue import load_catalogue
from tests.support.gateway_at_work import Console, GatewayAtWork, an_entry

POLICIES = load_catalogue()


async def entered(console: Console, **changes: Any) -> dict[str, Any]:
    """An entry as it was taken; it may await approval."""
    answer = await console.http.post("/v1/hot-list/entries", json=an_entry(**changes))
    assert answer.status_code == 201, answer.text
    entry: dict[str, Any] = answer.json()
    return entry


async def in_force(gateway: GatewayAtWork, console: Console, **changes: Any) -> dict[str, Any]:
    """An entry that is approved by the first who may, where that is asked for."""
    entry = await entered(console, **changes)
    chain = POLICIES[console.person.agency_id].custom_entries.chain_of(console.person.title)
    if chain is None:
        return entry
    approver = await an_approver(gateway, console.person.agency_id, chain.approvers[0])
    answer = await approver.http.post(f"/v1/hot-list/entries/{entry['id']}/approval", json={"agreed": True})
    approved: dict[str, Any] = answer.raise_for_status().json()
    return approved


async def an_approver(gateway: GatewayAtWork, agency: str, title: str) -> Console:
    """Somebody of this title, who is none of those for whom tests enter vehicles."""
    return await gateway.sign_in(await gateway.register(agency, title, name="S. Renner"))

"""Having the region's programs registered where they ask, as the owners' people would, and leaving them their files."""

import json

import httpx

from demo.loading import sign_in
from demo.region import DemoClient, Region
from plateward.client import ClientKey
from plateward.embedded.services import OneMachine
from plateward.kernel.signatures import make_signing_key
from plateward.policy.catalogue import load_catalogue

SCOPES = ("reads.search", "hits.subscribe")


async def register_clients(machine: OneMachine, gateway: httpx.AsyncClient, region: Region, password: str) -> None:
    """Has each client registered that no earlier run has; its file and key lie in the machine's folder `partner`."""
    policies = load_catalogue()
    for client in region.clients:
        keeper = region.signer(client.owner, policies).username
        headers = {"Authorization": f"Bearer {await sign_in(gateway, keeper, password)}"}
        await _register(machine, gateway, client, headers)


async def _register(
    machine: OneMachine, gateway: httpx.AsyncClient, client: DemoClient, headers: dict[str, str]
) -> None:
    file, key_file = machine.folder / "partner" / "client.json", machine.folder / "partner" / "key.pem"
    if not key_file.exists():
        make_signing_key(key_file)
    key = ClientKey.read(key_file)
    known = (await gateway.get("/v1/partner-clients", headers=headers)).raise_for_status().json()
    living = [one for one in known if one["ended"] is None and key.id in [it["kid"] for it in one["keys"]]]
    if not living:
        asked = {"agency_id": client.agency, "keys": [key.public], "scopes": list(SCOPES), "note": client.note}
        living = [(await gateway.post("/v1/partner-clients", json=asked, headers=headers)).raise_for_status().json()]
    base_url = machine.url("gateway")
    told = {
        "base_url": base_url,
        "audience": base_url.replace("127.0.0.1", "localhost"),
        "client_id": living[0]["client_id"],
        "agency_id": client.agency,
        "owner": client.owner,
        "key_file": key_file.name,
    }
    file.write_text(json.dumps(told, indent=2), encoding="utf-8")

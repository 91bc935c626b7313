"""Having the region's agencies agree on what they share, as their people would: proposed by one, signed by both."""

from datetime import timedelta

import httpx

from demo.loading import sign_in
from demo.region import DemoMou, Region
from plateward.kernel.clock import now
from plateward.policy.catalogue import PolicyCatalogue, load_catalogue

LASTS = timedelta(days=365)


async def agree(gateway: httpx.AsyncClient, region: Region, password: str) -> None:
    """Has each of the region's agreements in force that no earlier run has made."""
    policies = load_catalogue()
    for mou in region.mous:
        headers = []
        for agency in (mou.grantee, mou.grantor):
            token = await sign_in(gateway, region.signer(agency, policies).username, password)
            headers.append({"Authorization": f"Bearer {token}"})
        if not await _stands(gateway, mou, headers[0]):
            await _allow_lists(gateway, region, mou, password, policies)
            await _agree_on(gateway, mou, headers)


async def _stands(gateway: httpx.AsyncClient, mou: DemoMou, headers: dict[str, str]) -> bool:
    answer = await gateway.get("/v1/mous", headers=headers)
    answer.raise_for_status()
    known = [one["terms"] for one in answer.json()]
    pairs = {(one["grantor"]["agency_id"], one["grantee"]["agency_id"], *one["data_kinds"]) for one in known}
    return (mou.grantor, mou.grantee, *mou.data_kinds) in pairs


async def _allow_lists(
    gateway: httpx.AsyncClient, region: Region, mou: DemoMou, password: str, policies: PolicyCatalogue
) -> None:
    """Has whom the grantor's policy names allow that the lists leave it."""
    sharer = region.list_sharer(mou.grantor, policies)
    if sharer is None or not mou.list_ids:
        return
    headers = {"Authorization": f"Bearer {await sign_in(gateway, sharer.username, password)}"}
    for list_id in mou.list_ids:
        allowed = {"list_id": list_id, "allowed": True, "statement": "Neighbours look for the same vehicles."}
        (await gateway.post("/v1/hot-list/sharing", json=allowed, headers=headers)).raise_for_status()


async def _agree_on(gateway: httpx.AsyncClient, mou: DemoMou, headers: list[dict[str, str]]) -> None:
    proposed = await gateway.post("/v1/mous", json=mou.as_request(now(), now() + LASTS), headers=headers[0])
    proposed.raise_for_status()
    for signer in headers:
        path = f"/v1/mous/{proposed.json()['mou_id']}/signatures"
        (await gateway.post(path, json={"version": 1}, headers=signer)).raise_for_status()

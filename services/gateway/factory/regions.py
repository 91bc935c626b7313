"""The wiring of other regions: who answers there, and as which client each agency of here asks."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from plateward.client import ClientKey, PartnerClient, Patience
from plateward.kernel.clock import now
from services.gateway.adapters.region_gateways import ClientOfAnother
from services.gateway.factory.parts import Parts
from services.gateway.regions.asking import RegionSearch
from services.gateway.regions.region import Region, Regions
from services.gateway.settings import OtherRegion
from services.gateway.sharing.mou import Party

PATIENCE = Patience(tries=2, first_seconds=0.2, longest_seconds=2.0)
"""A person waits for the page: what is down is told soon, and asked for anew with the next question."""


@dataclass(frozen=True, slots=True)
class RegionParts:
    """The other deployments, and how they are asked."""

    regions: Regions
    search: RegionSearch


@asynccontextmanager
async def region_parts(parts: Parts) -> AsyncIterator[RegionParts]:
    """Everything about other regions, wired; raises InvalidRegion, and ValueError or OSError where a key is none."""
    regions = Regions((_region(one) for one in parts.settings.regions), parts.policies)
    async with AsyncExitStack() as opened:
        gateways = {}
        for one in parts.settings.regions:
            for client in one.clients if one.url else ():
                key = ClientKey.read(client.key_file)
                asks = PartnerClient(str(one.url), client.client_id, key, patience=PATIENCE)
                await opened.enter_async_context(asks)
                gateways[one.name, client.agency] = ClientOfAnother(asks, one.answers_within_seconds)
        yield RegionParts(regions, RegionSearch(gate=parts.gate, regions=regions, gateways=gateways, now=now))


def _region(one: OtherRegion) -> Region:
    parties = (Party(agency_id=at.agency, name=at.name, kind=at.kind, state=at.state) for at in one.agencies)
    return Region(one.name, tuple(parties))

"""The wiring of other regions."""

from services.gateway.factory.parts import Parts
from services.gateway.regions.region import Region, Regions
from services.gateway.settings import OtherRegion
from services.gateway.sharing.mou import Party


def known_regions(parts: Parts) -> Regions:
    """The other deployments that the settings name; raises InvalidRegion."""
    return Regions((_region(one) for one in parts.settings.regions), parts.policies)


def _region(one: OtherRegion) -> Region:
    parties = (Party(agency_id=at.agency, name=at.name, kind=at.kind, state=at.state) for at in one.agencies)
    return Region(one.name, tuple(parties))

"""Other deployments with which agencies of this one have to do. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.sharing.mou import Party


class InvalidRegion(ValueError):
    """Regions that contradict each other, or what is of this deployment; says how."""


@dataclass(frozen=True, slots=True)
class Region:
    """One other deployment: its name, and its agencies as they sign agreements."""

    name: str
    agencies: tuple[Party, ...]


class Regions:
    """The other deployments, by their agencies."""

    def __init__(self, regions: Iterable[Region], policies: PolicyCatalogue) -> None:
        """Raises InvalidRegion where an agency is of two, or of this one as well: nobody could tell whose a read is."""
        self._all = tuple(regions)
        self._of: dict[str, Region] = {}
        self._parties: dict[str, Party] = {}
        if len({region.name for region in self._all}) != len(self._all):
            raise InvalidRegion("two regions have the same name")
        for region in self._all:
            for party in region.agencies:
                if party.agency_id in policies:
                    raise InvalidRegion(f"{party.agency_id} is of this deployment, and not of {region.name}")
                if party.agency_id in self._of:
                    raise InvalidRegion(
                        f"{party.agency_id} is of {self._of[party.agency_id].name} and of {region.name}"
                    )
                self._of[party.agency_id], self._parties[party.agency_id] = region, party

    @property
    def all(self) -> tuple[Region, ...]:
        """Every one, in the order of the settings."""
        return self._all

    def of(self, agency_id: str) -> Region | None:
        """The region of an agency; None for one of here, and for one that nobody has named."""
        return self._of.get(agency_id)

    def party(self, agency_id: str) -> Party | None:
        """An agency elsewhere, as it signs."""
        return self._parties.get(agency_id)

    def named(self, name: str) -> Region | None:
        """The region of this name."""
        return next((region for region in self._all if region.name == name), None)

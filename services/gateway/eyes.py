"""Whose eyes look at the hits: the lists that they may not read, and whether a hit was meant for them. Pure."""

from dataclasses import dataclass

from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import list_key
from plateward.policy.profile import AgencyProfile
from services.gateway.people import Person


@dataclass(frozen=True, slots=True)
class Eyes:
    """What a look at hits leaves out. Whoever is nobody by name gets no hit that was meant for somebody."""

    username: str = ""
    hidden_lists: tuple[str, ...] = ()
    """By their `list_key`."""

    def may_see(self, entry: HotListEntry) -> bool:
        """Whether hits of this entry are theirs to see."""
        meant = not entry.distribution or self.username in entry.distribution
        return meant and list_key(entry.agency_id, entry.list_id) not in self.hidden_lists


def eyes_of(person: Person, profile: AgencyProfile) -> Eyes:
    """The eyes of a person: of the lists that their agency keeps from their title they see nothing."""
    unread = profile.hot_lists.unread_by(person.title)
    return Eyes(person.username, tuple(list_key(profile.id, list_id) for list_id in unread))

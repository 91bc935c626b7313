"""The pages that the masthead leads to, and who is led there."""

from dataclasses import dataclass

from plateward.policy.profile.people import Right
from services.gateway.accounts import DUTIES
from services.gateway.people import Session


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the masthead; of its rights any one leads there, none at all is everybody."""

    name: str
    href: str
    rights: frozenset[Right] = frozenset()

    def open_to(self, session: Session) -> bool:
        """Whether a person has any business there."""
        return not self.rights or bool(self.rights & session.rights)


LINE = (
    Place("Desk", "/desk", frozenset({"watch-hits"})),
    Place("Search", "/search", frozenset({"search"})),
    Place("Approvals", "/approvals", frozenset({"search"})),
    Place("Hot list", "/hot-list", frozenset({"list-entries"})),
    Place("Cameras", "/cameras", frozenset({"watch-cameras"})),
)
"""What people work with all day: always in sight."""

OFFICE = (
    Place("Entries to approve", "/hot-list/requests", frozenset({"approve-entries"})),
    Place("Releases", "/releases", frozenset({"receive-releases"})),
    Place("Lists", "/lists", frozenset({"list-entries", "designate-lists"})),
    Place("Sharing", "/sharing"),
    Place("Lists that may leave", "/hot-list/sharing", frozenset({"share-lists"})),
    Place("Partners’ programs", "/partners", frozenset({"keep-agreements"})),  # noqa: RUF001
    Place("Deliveries", "/partners/deliveries", frozenset({"keep-agreements"})),
    Place("Evidence", "/evidence", frozenset({"search"})),
    Place("People", "/people", frozenset(DUTIES)),
    Place("Alarms", "/alarms", frozenset({"suspend-people"})),
    Place("Health", "/health", frozenset({"watch-cameras"})),
    Place("Audits", "/audits", frozenset({"conduct-audits", "review-audits"})),
    Place("Reports", "/reports", frozenset({"read-reports"})),
    Place("Policy", "/policy"),
)
"""What is asked now and then: in sight while it is short, else behind one word."""


def line_of(session: Session) -> list[Place]:
    """Where a person works all day."""
    return [place for place in LINE if place.open_to(session)]


def office_of(session: Session) -> list[Place]:
    """Where a person goes now and then."""
    return [place for place in OFFICE if place.open_to(session)]

"""People at work, for what the domain decides of them."""

import uuid
from datetime import UTC, datetime

from plateward.policy.catalogue import load_catalogue
from services.gateway.people import Person, Session


def a_session(agency: str = "stockton", title: str = "Detective") -> Session:
    """A session of a person of this agency, with the rights of their title."""
    person = Person(uuid.uuid4(), "okafor", "D. Okafor", title, agency)
    rights = load_catalogue()[agency].rights_of(title)
    return Session(uuid.uuid4(), person, rights, datetime(2026, 3, 1, 9, tzinfo=UTC))

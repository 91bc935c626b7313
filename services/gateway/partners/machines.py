"""A machine that has shown who it is: its client, and what its token opens."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from plateward.contracts.partners import ClientScope
from services.gateway.partners.clients import MachineClient
from services.gateway.people import Person, Session


class ScopeMissing(Exception):
    """The token does not open this door."""

    def __init__(self, scope: ClientScope) -> None:
        super().__init__(f"the token is not for {scope}")
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Machine:
    """A client with a living token. `token_id` names the token in records; its secret is only ever the client's."""

    client: MachineClient
    token_id: uuid.UUID
    scopes: tuple[ClientScope, ...]
    began_at: datetime

    def require(self, scope: ClientScope) -> None:
        """Raises ScopeMissing unless the token has the scope."""
        if scope not in self.scopes:
            raise ScopeMissing(scope)

    @property
    def as_session(self) -> Session:
        """The machine as the access gate takes whoever looks: without any right of a person."""
        actor = self.client.actor
        person = Person(uuid.UUID(actor.person_id), actor.username, actor.name, actor.title, actor.agency_id)
        return Session(self.token_id, person, frozenset(), self.began_at)

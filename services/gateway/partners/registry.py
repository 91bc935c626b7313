"""The machine clients of an agency's partners: registering one, admitting it for oneself, and ending it at once."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from plateward.contracts.access import Action, Reason
from plateward.policy.reasons import Missing
from services.gateway.access import AccessGate, Inquiry
from services.gateway.partners.clients import (
    Admission,
    Ending,
    InvalidClient,
    MachineClient,
    NewClient,
    living,
    what_a_client_lacks,
    what_a_reason_lacks,
)
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.sharing.decision import Rulings
from services.gateway.sharing.mou import Mou

KEEPING_PARTNERS = Reason(purpose="sharing", form="duty", values={"duty": "keeping the agency's partners' programs"})
"""The standing reason for working on clients; what is ended carries its own words."""


class ClientStore(Protocol):
    """Where clients and their admissions are on file."""

    async def clients(self) -> list[MachineClient]:
        """All that there are, living or ended, newest first."""

    async def client(self, client_id: str) -> MachineClient | None:
        """One of them."""

    async def add(self, client: MachineClient) -> None:
        """Puts a new client on file, with its registrar's admission."""

    async def admit(self, client_id: str, admission: Admission) -> bool:
        """Puts an admission on file; False where the owner admits it already."""

    async def withdraw(self, client_id: str, owner: str, ending: Ending) -> bool:
        """Ends the owner's admission; False where there is none."""

    async def end(self, client_id: str, ending: Ending) -> bool:
        """Ends the client for all; False where it has ended before."""


class PartnerClients:
    """The clients that the person's own agency has to do with: its own, its partners', and those that it admits."""

    def __init__(self, *, gate: AccessGate, store: ClientStore, rulings: Rulings, now: Callable[[], datetime]) -> None:
        self._gate, self._store, self._rulings, self._now = gate, store, rulings, now

    async def all(self, session: Session, address: str) -> list[MachineClient]:
        """Newest first; raises NotRecorded."""
        own = session.person.agency_id
        asked = self._inquiry(session, "list-clients", {"clients": "of the agency's partners"}, address)
        async with self._gate.look(asked) as look:
            ruling = await self._rulings.current()
            found = [
                client
                for client in await self._store.clients()
                if own in _whose(client) or ruling.between(own, client.agency_id)
            ]
            look.results = len(found)
        return found

    async def partners(self, session: Session) -> dict[str, str]:
        """The agencies whose programs can be registered, by id, each with its name; raises NotAllowed."""
        require(session, "keep-agreements")
        ruling = await self._rulings.current()
        mous = living(ruling.granted_by(session.person.agency_id), self._now())
        return {mou.terms.grantee.agency_id: mou.terms.grantee.name for mou in mous}

    async def register(self, session: Session, new: NewClient, address: str) -> MachineClient:
        """Registers a client, and admits it for the own agency; raises NotAllowed, InvalidClient, NotRecorded."""
        require(session, "keep-agreements")
        at, own = self._now(), session.person.agency_id
        between = await self._between(own, new.agency_id)
        missing = what_a_client_lacks(new, between, at)
        if missing:
            raise InvalidClient(*missing)
        client = MachineClient(
            client_id=f"{new.agency_id}-{secrets.token_hex(6)}",
            agency_id=new.agency_id,
            agency_name=living(between, at)[0].terms.grantee.name,
            keys=new.keys,
            scopes=tuple(dict.fromkeys(new.scopes)),
            note=new.note.strip(),
            registrar=own,
            registered_by=session.person.actor,
            registered_at=at,
            certificate_sha256=new.certificate_sha256,
            admissions=(Admission(owner=own, by=session.person.actor, at=at),),
        )
        query = {"client": client.client_id, "agency": client.agency_id, "scopes": " ".join(client.scopes)}
        query |= {"keys": " ".join(key.kid for key in client.keys)}
        async with self._gate.look(self._inquiry(session, "register-client", query, address)) as look:
            await self._store.add(client)
            look.results = 1
        return client

    async def admit(self, session: Session, client_id: str, address: str) -> MachineClient:
        """Lets a client that another has registered ask for what is the own agency's.

        Raises NotAllowed, NoSuchRecord, InvalidClient, NotRecorded.
        """
        client = await self._known(session, client_id)
        own, at = session.person.agency_id, self._now()
        if not living(await self._between(own, client.agency_id), at):
            raise InvalidClient(Missing("client", f"no agreement of yours with {client.agency_name} is in force"))
        async with self._gate.look(self._inquiry(session, "admit-client", {"client": client_id}, address)) as look:
            if client.ended is not None:
                raise InvalidClient(Missing("client", "has been ended"))
            if not await self._store.admit(client_id, Admission(owner=own, by=session.person.actor, at=at)):
                raise InvalidClient(Missing("client", "is admitted already"))
            look.results = 1
        return await self._known(session, client_id)

    async def withdraw(self, session: Session, client_id: str, why: str, address: str) -> MachineClient:
        """Ends the own agency's admission, from the next question on; raises as `admit` does."""
        client, ending = await self._known(session, client_id), self._ending(session, why)
        query = {"client": client_id, "why": ending.why}
        async with self._gate.look(self._inquiry(session, "withdraw-client", query, address)) as look:
            if not await self._store.withdraw(client.client_id, session.person.agency_id, ending):
                raise InvalidClient(Missing("client", "is not admitted by your agency"))
            look.results = 1
        return await self._known(session, client_id)

    async def end(self, session: Session, client_id: str, why: str, address: str) -> MachineClient:
        """Ends a client for all owners, and every token that it has; its registrar and its own agency may.

        Raises as `admit` does.
        """
        client, ending = await self._known(session, client_id), self._ending(session, why)
        if session.person.agency_id not in (client.registrar, client.agency_id):
            raise InvalidClient(
                Missing("client", f"is ended by {client.registrar}, which registered it, or by its own")
            )
        query = {"client": client_id, "why": ending.why}
        async with self._gate.look(self._inquiry(session, "end-client", query, address)) as look:
            if not await self._store.end(client_id, ending):
                raise InvalidClient(Missing("client", "has been ended"))
            look.results = 1
        return await self._known(session, client_id)

    async def _known(self, session: Session, client_id: str) -> MachineClient:
        """A client that the own agency has to do with, for who may change it; raises NotAllowed, NoSuchRecord."""
        require(session, "keep-agreements")
        client, own = await self._store.client(client_id), session.person.agency_id
        if client is None or not (own in _whose(client) or await self._between(own, client.agency_id)):
            raise NoSuchRecord(client_id)
        return client

    async def _between(self, owner: str, agency_id: str) -> tuple[Mou, ...]:
        return (await self._rulings.current()).between(owner, agency_id)

    def _ending(self, session: Session, why: str) -> Ending:
        missing = what_a_reason_lacks(why)
        if missing:
            raise InvalidClient(*missing)
        return Ending(by=session.person.actor, at=self._now(), why=why.strip())

    def _inquiry(self, session: Session, action: Action, query: dict[str, str], address: str) -> Inquiry:
        return Inquiry.of_own(session, action, query, KEEPING_PARTNERS, address)


def _whose(client: MachineClient) -> set[str]:
    """The agencies that a client concerns, whatever is agreed by now."""
    return {client.agency_id, client.registrar, *(one.owner for one in client.admissions)}

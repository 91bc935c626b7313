"""A machine client: a program of a partner agency that asks by itself, and who lets it. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from plateward.contracts.access import Actor
from plateward.contracts.event import Moment, Value, derive_id
from plateward.contracts.partners import ClientScope
from plateward.policy.reasons import Lacking, Missing
from services.gateway.partners.keys import PublicKey
from services.gateway.sharing.mou import Mou
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

TITLE = "Machine client"
"""What stands in a record where a person's title stands."""

KEYS_AT_MOST = 5


class InvalidClient(Lacking):
    """A client that cannot be registered, or something that cannot be done to one; says what is missing."""


class Ending(Value, frozen=True):
    """Who has ended something, when and why."""

    by: Actor
    at: Moment
    why: str


class Admission(Value, frozen=True):
    """That an owner lets a client ask for what is the owner's. What it may see, agreements decide."""

    owner: str
    by: Actor
    at: Moment
    ended: Ending | None = None


class MachineClient(Value, frozen=True):
    """A program of a partner, as an owner's people have registered it. Its keys never change: new keys, new client."""

    client_id: str
    agency_id: str
    """The partner's; it may be an agency of another deployment."""
    agency_name: str
    keys: Annotated[tuple[PublicKey, ...], msgspec.Meta(min_length=1, max_length=KEYS_AT_MOST)]
    scopes: tuple[ClientScope, ...]
    note: str
    """What it is, and who answers for it at the partner's."""
    registrar: str
    """The owner whose people registered it."""
    registered_by: Actor
    registered_at: Moment
    certificate_sha256: str | None = None
    """Of the certificate by which it speaks TLS, in hexadecimal; its tokens are then worth nothing without."""
    ended: Ending | None = None
    admissions: tuple[Admission, ...] = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners that admit it now."""
        return tuple(one.owner for one in self.admissions if one.ended is None) if self.ended is None else ()

    @property
    def actor(self) -> Actor:
        """The client as an access record names it where it acts for nobody in particular."""
        person_id = str(derive_id("partner-client", self.client_id))
        return Actor(
            person_id=person_id, username=self.client_id, name=self.note, title=TITLE, agency_id=self.agency_id
        )

    def admission(self, owner: str) -> Admission | None:
        """The owner's living admission."""
        return next((one for one in self.admissions if one.owner == owner and one.ended is None), None)


class NewClient(Value, frozen=True):
    """A client as somebody registers it."""

    agency_id: str
    keys: tuple[PublicKey, ...]
    scopes: tuple[ClientScope, ...]
    note: str
    certificate_sha256: str | None = None


def living(mous: Iterable[Mou], at: datetime) -> tuple[Mou, ...]:
    """The agreements that are in force, or will be: without one, there is nothing for a client to ask."""
    return tuple(mou for mou in mous if mou.state(at) in ("in force", "not begun"))


def what_a_client_lacks(new: NewClient, between: Iterable[Mou], at: datetime) -> tuple[Missing, ...]:
    """What keeps a client from being registered, when nothing: empty. `between` is what is agreed with its agency."""
    missing = list(unwritable({"note": new.note}))
    if not living(between, at):
        missing.append(Missing("agency_id", "must be an agency with which an agreement of yours is in force"))
    if not 1 <= len(new.keys) <= KEYS_AT_MOST or len({key.kid for key in new.keys}) != len(new.keys):
        missing.append(Missing("keys", f"must be one to {KEYS_AT_MOST} public keys, each once"))
    if not new.scopes:
        missing.append(Missing("scopes", "must name at least one: what is not named it cannot do"))
    if len(new.note.strip()) < STATEMENT_AT_LEAST:
        missing.append(Missing("note", f"must say what it is, in at least {STATEMENT_AT_LEAST} characters"))
    return tuple(missing)


def what_a_reason_lacks(why: str) -> tuple[Missing, ...]:
    """What the words lack by which something is ended."""
    if len(why.strip()) < STATEMENT_AT_LEAST:
        return (Missing("why", f"needs at least {STATEMENT_AT_LEAST} characters"),)
    return unwritable({"why": why})

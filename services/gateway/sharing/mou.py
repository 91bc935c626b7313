"""A memorandum of understanding: what one agency lets another see. What it does not name is not shared."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal, get_args

import msgspec

from plateward.contracts.access import Actor, SharedUnder
from plateward.contracts.event import Moment, Value
from plateward.contracts.hot_list import Category
from plateward.contracts.sharing import DataKind
from plateward.policy.profile import AgencyKind
from services.gateway.searching.area import Area

Field = Literal["state", "vehicle", "direction"]
"""What of a read is shared only where named; its plate, time and camera are the read itself."""

FIELDS: tuple[Field, ...] = get_args(Field)
KINDS: tuple[DataKind, ...] = ("reads", "images", "hits", "lists")
"""In the order in which they are spoken of."""

State = Literal["proposed", "not begun", "in force", "suspended", "over"]


class Party(Value, frozen=True):
    """An agency as it signs: it may be of another deployment, so the document says what it is."""

    agency_id: str
    name: str
    kind: AgencyKind
    state: str


class Declaration(Value, frozen=True):
    """What an agency of another state declares in writing before anything is shared with it (625 ILCS 5/2-130)."""

    statement: str
    declared_by: str
    """Name and title of who declares it for the grantee."""


class Terms(Value, frozen=True):
    """The document that both sides sign."""

    mou_id: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    grantor: Party
    grantee: Party
    purposes: tuple[str, ...]
    """For which inquiries, as the grantee's policy names them."""
    data_kinds: tuple[DataKind, ...]
    starts_at: Moment
    ends_at: Moment
    fields: tuple[Field, ...] = ()
    offence_classes: tuple[str, ...] = ()
    """Empty where every offence will do."""
    cameras: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    """With neither cameras nor areas, all of the grantor's cameras; else these, and what lies in these areas."""
    oldest_days: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """How old a read may be when it is asked for; None is as old as the grantor keeps it."""
    searches_a_day: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """How many searches the grantee's people may make in a UTC day."""
    list_ids: tuple[str, ...] = ()
    """The grantor's lists, each by its id: no list is shared without an approval (Stockton IV.C.6)."""
    categories: tuple[Category, ...] = ()
    """The categories of those lists; empty is all."""
    declaration: Declaration | None = None

    @property
    def parties(self) -> tuple[Party, Party]:
        """Both sides, the one that grants first."""
        return self.grantor, self.grantee

    @property
    def oldest(self) -> timedelta | None:
        """How old a read may be when it is asked for."""
        return None if self.oldest_days is None else timedelta(days=self.oldest_days)


class Signature(Value, frozen=True):
    """One side's signature: the agency's key over the document, and who had it put there."""

    agency_id: str
    signer: str
    """The agency's public key, in hexadecimal."""
    signature: str
    by: Actor
    at: Moment


class Suspension(Value, frozen=True):
    """One side has stopped it. Only a new version, signed by both, starts sharing again."""

    by: Actor
    at: Moment
    why: str


class Mou(Value, frozen=True):
    """A version of an MOU: its terms, who has signed them, and whether somebody has stopped it."""

    terms: Terms
    proposed_by: Actor
    proposed_at: Moment
    signatures: tuple[Signature, ...] = ()
    suspension: Suspension | None = None

    @property
    def name(self) -> str:
        """As a decision names it: id and version."""
        return f"{self.terms.mou_id}@{self.terms.version}"

    @property
    def shared_under(self) -> SharedUnder:
        """As an access record names it, with the owner whose data it grants."""
        return SharedUnder(owner=self.terms.grantor.agency_id, mou=self.terms.mou_id, version=self.terms.version)

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The parties that have not signed, by id."""
        signed = {one.agency_id for one in self.signatures}
        return tuple(party.agency_id for party in self.terms.parties if party.agency_id not in signed)

    def is_party(self, agency_id: str) -> bool:
        """Whether the agency is one of the two."""
        return any(party.agency_id == agency_id for party in self.terms.parties)

    def state(self, at: datetime) -> State:
        """How it stands at a time. It begins with its first moment and is over with its last."""
        if self.suspension is not None and self.suspension.at <= at:
            return "suspended"
        if self.unsigned:
            return "proposed"
        if at < self.terms.starts_at:
            return "not begun"
        return "in force" if at < self.terms.ends_at else "over"


def standing(versions: Iterable[Mou]) -> tuple[Mou, ...]:
    """Of each MOU the version that counts: the newest that both have signed. It takes the place of the one before."""
    newest: dict[str, Mou] = {}
    for mou in versions:
        held = newest.get(mou.terms.mou_id)
        if not mou.unsigned and (held is None or held.terms.version < mou.terms.version):
            newest[mou.terms.mou_id] = mou
    return tuple(newest.values())

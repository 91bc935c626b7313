"""Agreements between agencies over the API: proposed, signed by both, suspended by either."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from plateward.contracts.hot_list import Category
from plateward.contracts.sharing import DataKind
from plateward.kernel.clock import now
from plateward.policy.profile import AgencyKind
from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.api.inquiry_bodies import CircleAsked, PolygonAsked
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.gateway import Gateway
from services.gateway.regions.region import Regions
from services.gateway.sharing import mou as mous
from services.gateway.sharing.mou import Mou
from services.gateway.sharing.plain_words import differences, in_words
from services.gateway.sharing.proposal import Proposal

routes = APIRouter(prefix="/v1/mous", tags=["agreements"])
drafts = APIRouter(prefix="/v1/mou-drafts", tags=["agreements"])

Line = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=2000)]
Lines = Annotated[list[Line], Field(max_length=500)]
Version = Annotated[int, Field(ge=1, lt=2**31)]
Bound = Annotated[int, Field(ge=1, lt=2**31)]
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]


class DeclarationGiven(Asked):
    """What an agency of another state declares in writing."""

    statement: Text
    declared_by: Line


class PartyElsewhere(Asked):
    """The party whose agency is not of this deployment."""

    agency_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
    name: Line
    kind: AgencyKind
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class ProposalMade(Asked):
    """What is to be agreed. What is not named is not shared; a proposal with `mou_id` is of that one's next version."""

    grantor: Line
    grantee: Line
    purposes: Lines
    data_kinds: Annotated[list[DataKind], Field(max_length=10)]
    starts_at: Moment
    ends_at: Moment
    fields: Annotated[list[mous.Field], Field(max_length=10)] = Field(default=[])
    offence_classes: Lines = Field(default=[], description="Empty where every offence will do.")
    cameras: Lines = Field(default=[], description="With neither cameras nor areas, all of the grantor's.")
    areas: Annotated[list[Annotated[CircleAsked | PolygonAsked, Field(discriminator="type")]], Field(max_length=20)] = (
        Field(default=[])
    )
    oldest_days: Bound | None = None
    searches_a_day: Bound | None = None
    list_ids: Lines = Field(default=[])
    categories: Annotated[list[Category], Field(max_length=20)] = Field(default=[])
    declaration: DeclarationGiven | None = None
    mou_id: Line | None = None
    elsewhere: PartyElsewhere | None = None

    def as_proposal(self, regions: Regions) -> Proposal:
        """The proposal as the domain takes it; of an agency that the settings name, they say what it is."""
        proposal = msgspec.convert(self.model_dump(), Proposal)
        known = regions.party(self.grantor) or regions.party(self.grantee)
        return proposal if known is None else replace(proposal, elsewhere=known)


class SignatureGiven(Asked):
    """The version that was read, and is signed."""

    version: Version


class SuspensionAsked(Asked):
    """Why it is stopped."""

    why: Text


class MouShown(BaseModel):
    """A version of an MOU: how it stands, what it says, who has signed."""

    mou_id: str
    version: int
    state: str
    in_words: list[str]
    terms: dict[str, Any]
    signatures: list[dict[str, Any]]
    unsigned: list[str]
    suspension: dict[str, Any] | None
    proposed_by: dict[str, Any]
    proposed_at: datetime


class DifferenceShown(BaseModel):
    """One thing that a change opens or closes."""

    what: str
    words: str


class Drafted(BaseModel):
    """What a proposal would say, and what it would open and close of what stands."""

    in_words: list[str]
    differences: list[DifferenceShown]


@routes.get("", summary="The agency's agreements")
async def agreements(session: Caller, gateway: TheGateway, address: Address) -> list[MouShown]:
    """Every version of every agreement to which the own agency is a party, newest first."""
    return await _all_shown(gateway, await gateway.agreements.all(session, address))


@routes.post("", status_code=201, summary="Propose an agreement, or a new version of one")
async def propose(asked: ProposalMade, session: Caller, gateway: TheGateway, address: Address) -> MouShown:
    """On file, for both to sign; nothing is shared by it yet."""
    return await shown(gateway, await gateway.agreements.propose(session, asked.as_proposal(gateway.regions), address))


@drafts.post("", status_code=200, summary="What a proposal would say, open and close")
async def draft(asked: ProposalMade, session: Caller, gateway: TheGateway) -> Drafted:
    """Nothing is put on file."""
    terms, standing = await gateway.agreements.drafted(session, asked.as_proposal(gateway.regions))
    cameras = await gateway.agreements.camera_names(terms.grantor.agency_id)
    changes = differences(standing, terms, gateway.policies, cameras)
    return Drafted(
        in_words=list(in_words(terms, gateway.policies, cameras)),
        differences=[DifferenceShown(what=one.what, words=one.words) for one in changes],
    )


@routes.get("/{mou_id}", summary="All versions of an agreement")
async def agreement(mou_id: str, session: Caller, gateway: TheGateway, address: Address) -> list[MouShown]:
    """Newest first."""
    return await _all_shown(gateway, await gateway.agreements.one(session, mou_id, address))


@routes.post("/{mou_id}/signatures", status_code=200, summary="Sign for the own agency")
async def sign(mou_id: str, given: SignatureGiven, session: Caller, gateway: TheGateway, address: Address) -> MouShown:
    """The newest version, by the agency's key. Once both have signed, it takes the place of the version before."""
    return await shown(gateway, await gateway.agreements.sign(session, mou_id, given.version, address))


@routes.post("/{mou_id}/suspension", status_code=200, summary="Stop sharing at once")
async def suspend(
    mou_id: str, asked: SuspensionAsked, session: Caller, gateway: TheGateway, address: Address
) -> MouShown:
    """By either side. Only a new version, signed by both, starts it again."""
    return await shown(gateway, await gateway.agreements.suspend(session, mou_id, asked.why, address))


async def _all_shown(gateway: Gateway, mous: Sequence[Mou]) -> list[MouShown]:
    grantors = {mou.terms.grantor.agency_id for mou in mous}
    cameras = {grantor: await gateway.agreements.camera_names(grantor) for grantor in grantors}
    return [_with_cameras(gateway, mou, cameras[mou.terms.grantor.agency_id]) for mou in mous]


async def shown(gateway: Gateway, mou: Mou) -> MouShown:
    """A version as it is shown."""
    return (await _all_shown(gateway, [mou]))[0]


def _with_cameras(gateway: Gateway, mou: Mou, cameras: Mapping[str, str]) -> MouShown:
    terms = mou.terms
    return MouShown(
        mou_id=terms.mou_id,
        version=terms.version,
        state=mou.state(now()),
        in_words=list(in_words(terms, gateway.policies, cameras)),
        terms=msgspec.to_builtins(terms),
        signatures=[msgspec.to_builtins(one) for one in mou.signatures],
        unsigned=list(mou.unsigned),
        suspension=None if mou.suspension is None else msgspec.to_builtins(mou.suspension),
        proposed_by=msgspec.to_builtins(mou.proposed_by),
        proposed_at=mou.proposed_at,
    )

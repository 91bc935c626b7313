"""What somebody proposes to agree, before it is a document. Pure."""

from dataclasses import dataclass
from datetime import datetime

from plateward.contracts.hot_list import Category
from plateward.contracts.sharing import DataKind
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.reasons import Missing
from services.gateway.searching.area import Area
from services.gateway.sharing.admissible import InvalidMou, party_of
from services.gateway.sharing.mou import FIELDS, KINDS, Declaration, Field, Party, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The terms as somebody puts them; a proposal that names an MOU is of its next version."""

    grantor: str
    grantee: str
    purposes: tuple[str, ...]
    data_kinds: tuple[DataKind, ...]
    starts_at: datetime
    ends_at: datetime
    fields: tuple[Field, ...] = ()
    offence_classes: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    oldest_days: int | None = None
    searches_a_day: int | None = None
    list_ids: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    declaration: Declaration | None = None
    mou_id: str | None = None
    elsewhere: Party | None = None
    """The party whose agency is not of this deployment."""


def terms_of(proposal: Proposal, mou_id: str, version: int, policies: PolicyCatalogue) -> Terms:
    """The document that both are to sign, each word once and in its order; raises InvalidMou for an unknown party."""
    return Terms(
        mou_id=mou_id,
        version=version,
        grantor=_party("grantor", proposal.grantor, proposal, policies),
        grantee=_party("grantee", proposal.grantee, proposal, policies),
        purposes=tuple(dict.fromkeys(proposal.purposes)),
        data_kinds=tuple(kind for kind in KINDS if kind in proposal.data_kinds),
        fields=tuple(field for field in FIELDS if field in proposal.fields),
        offence_classes=tuple(dict.fromkeys(proposal.offence_classes)),
        cameras=tuple(sorted(set(proposal.cameras))),
        areas=proposal.areas,
        oldest_days=proposal.oldest_days,
        searches_a_day=proposal.searches_a_day,
        list_ids=tuple(sorted(set(proposal.list_ids))),
        categories=tuple(dict.fromkeys(proposal.categories)),
        starts_at=proposal.starts_at,
        ends_at=proposal.ends_at,
        declaration=proposal.declaration,
    )


def _party(field: str, agency_id: str, proposal: Proposal, policies: PolicyCatalogue) -> Party:
    profile = policies.get(agency_id)
    if profile is not None:
        return party_of(profile)
    if proposal.elsewhere is not None and proposal.elsewhere.agency_id == agency_id:
        return proposal.elsewhere
    raise InvalidMou(Missing(field, f"must be an agency that is known here: {', '.join(policies)}"))

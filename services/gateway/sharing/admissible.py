"""What keeps an MOU from being agreed: the parties, their policies, the state's law, what it names. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Lacking, Missing
from plateward.policy.state_law import state_laws
from services.gateway.sharing.mou import Party, Terms
from services.gateway.writing import unwritable

PARTNER_KINDS = ("law-enforcement", "prosecutorial")
DECLARED_AT_LEAST = 30
"""A declaration of fewer characters declares nothing."""


class InvalidMou(Lacking):
    """Terms that cannot be agreed, or something that cannot be done to an MOU; says what is missing."""


def party_of(profile: AgencyProfile) -> Party:
    """An agency of this platform as a party."""
    return Party(agency_id=profile.id, name=profile.name, kind=profile.kind, state=profile.state)


def what_the_terms_lack(
    terms: Terms, policies: PolicyCatalogue, cameras: Mapping[str, str], at: datetime
) -> tuple[Missing, ...]:
    """What keeps these terms from being proposed; empty when nothing does. `cameras` are agencies by camera id."""
    grantor, grantee = policies.get(terms.grantor.agency_id), policies.get(terms.grantee.agency_id)
    found = [*_of_the_parties(terms), *_of_the_law(terms), *_of_the_document(terms, cameras, at)]
    if grantor is not None:
        found += _of_the_grantor(terms, grantor)
    if grantee is not None:
        allowed = [one.id for one in grantee.purposes.allowed]
        stray = [purpose for purpose in terms.purposes if purpose not in allowed]
        if stray:
            found.append(Missing("purposes", f"{stray[0]} is none of {grantee.name}: {', '.join(allowed)}"))
    return tuple(found)


def _of_the_parties(terms: Terms) -> Iterator[Missing]:
    """Florence 807.6, Kentucky IV.N.3: with no other kind of party, and never for money or to oneself."""
    if terms.grantor.agency_id == terms.grantee.agency_id:
        yield Missing("grantee", "must be another agency")
    for field, party in (("grantor", terms.grantor), ("grantee", terms.grantee)):
        if party.kind not in PARTNER_KINDS:
            yield Missing(field, f"{party.name} is no law-enforcement or prosecutorial agency")


def _of_the_law(terms: Terms) -> Iterator[Missing]:
    """What the grantor's state asks for before anything goes to an agency of another."""
    law = state_laws().get(terms.grantor.state)
    if law is None or law.to_other_states is None or terms.grantor.state == terms.grantee.state:
        return
    if law.to_other_states == "never":
        yield Missing(
            "grantee", f"is of {terms.grantee.state}: {law.source} lets {terms.grantor.state} share with none"
        )
    elif terms.declaration is None or len(terms.declaration.statement.strip()) < DECLARED_AT_LEAST:
        yield Missing(
            "declaration",
            f"{law.source} asks {terms.grantee.name}, an agency of {terms.grantee.state}, for a written declaration",
        )


def _of_the_document(terms: Terms, cameras: Mapping[str, str], at: datetime) -> Iterator[Missing]:
    if not terms.purposes:
        yield Missing("purposes", "must name at least one: what is not named is not shared")
    if not terms.data_kinds:
        yield Missing("data_kinds", "must name at least one: what is not named is not shared")
    if "images" in terms.data_kinds and not {"reads", "hits"} & set(terms.data_kinds):
        yield Missing("data_kinds", "images are of reads or of hits, so one of them must be shared too")
    if "lists" in terms.data_kinds and not terms.list_ids:
        yield Missing("list_ids", "must name each list that is shared")
    if terms.ends_at <= max(terms.starts_at, at):
        yield Missing("ends_at", "must lie ahead, and after it begins")
    strays = [camera for camera in terms.cameras if cameras.get(camera) != terms.grantor.agency_id]
    if strays:
        yield Missing("cameras", f"{strays[0]} is no camera of {terms.grantor.name}")
    written = {"declaration": terms.declaration.statement if terms.declaration else ""}
    yield from unwritable(written | {"declared_by": terms.declaration.declared_by if terms.declaration else ""})


def _of_the_grantor(terms: Terms, grantor: AgencyProfile) -> Iterator[Missing]:
    """What the grantor's own policy rules out, whoever signs."""
    if terms.grantee.kind not in grantor.sharing.partners:
        kinds = " and ".join(grantor.sharing.partners)
        yield Missing("grantee", f"{grantor.policy} ({grantor.sharing.section}) shares with {kinds} agencies only")
    prohibited = [one.label for one in grantor.purposes.prohibited if one.id in terms.purposes]
    if prohibited:
        rule = f"{grantor.policy} ({grantor.purposes.section}) is never for: {prohibited[0].lower()}"
        yield Missing("purposes", rule)
    classes = grantor.reasons.offence_classes
    if classes and not set(terms.offence_classes) <= set(classes):
        yield Missing("offence_classes", f"must be among those of {grantor.name}: {', '.join(classes)}")


def why_may_not_sign(terms: Terms, profile: AgencyProfile, title: str) -> Missing | None:
    """What keeps a person of this title from signing these terms for their agency; None when nothing does."""
    if title not in profile.sharing.signers:
        return Missing("signature", f"is given by: {', '.join(profile.sharing.signers) or 'nobody'}")
    shared_by = profile.hot_lists.shared_by
    shares_lists = profile.id == terms.grantor.agency_id and "lists" in terms.data_kinds
    if shares_lists and shared_by and title not in shared_by:
        section = profile.hot_lists.section
        return Missing("signature", f"lists are shared by: {', '.join(shared_by)} ({profile.policy}, {section})")
    return None

"""An MOU as one party passes it on to the other, whose deployment is another, and what is taken of it. Pure.

The sender's agency signs the whole of it, so that a suspension, a name or a date in it is the sender's word. What is
agreed are the terms alone: those each side has signed by itself, wherever the signatures lie.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from plateward.contracts.event import ContractError, Moment, Value, decode
from plateward.kernel.signatures import NotSigned, SignedStatement, Signer
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Missing
from services.gateway.sharing.admissible import InvalidMou, party_of, what_the_terms_lack
from services.gateway.sharing.mou import Mou, Terms
from services.gateway.sharing.signing import AgencyKeys, bears, canonical, with_true_signatures
from services.gateway.writing import UNSEEN_RULE, holds_unseen

DOCUMENT_AT_MOST = 200_000
"""Characters of a document: the longest terms that can be proposed are a few thousand."""

TEXT_AT_MOST = 2000
MOU_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,180}")
"""An id goes into paths and pages, so one from elsewhere must be like those that are made here."""


class PassedOn(Value, frozen=True):
    """A version of an MOU as its sender has it on file."""

    format: Literal["plateward-agreement/1"]
    sender: str
    sent_at: Moment
    mou: Mou

    @property
    def stops(self) -> bool:
        """Whether the sender has stopped it. What somebody else has stopped they say themselves."""
        return self.mou.suspension is not None and self.mou.suspension.by.agency_id == self.sender


def passed_on(mou: Mou, sender: str, signer: Signer, at: datetime) -> SignedStatement:
    """The document to be handed to the other side, signed by the sender's agency."""
    told = PassedOn(format="plateward-agreement/1", sender=sender, sent_at=at, mou=mou)
    return signer.sign(msgspec.json.encode(msgspec.to_builtins(told), order="sorted").decode())


def opened(document: SignedStatement, keys: AgencyKeys, policies: PolicyCatalogue) -> PassedOn:
    """What the document says, once it is sure whose it is; raises InvalidMou."""
    if len(document.statement) > DOCUMENT_AT_MOST:
        raise InvalidMou(Missing("document", f"has more than {DOCUMENT_AT_MOST} characters"))
    try:
        told = decode(document.statement.encode(), PassedOn)
    except (ContractError, UnicodeEncodeError) as error:
        raise InvalidMou(Missing("document", "is no agreement as one side passes it on to the other")) from error
    if told.sender in policies or keys.signer(told.sender) is not None:
        raise InvalidMou(
            Missing("document", f"{told.sender} is of this deployment: nothing of it comes from elsewhere")
        )
    trusted = keys.trusted(told.sender)
    if trusted is None:
        raise InvalidMou(Missing("document", f"no key of {told.sender} is on file here to know its signature by"))
    try:
        document.check(trusted)
    except NotSigned as error:
        raise InvalidMou(Missing("document", f"is not signed by the key of {told.sender} that is on file")) from error
    return told


def why_not_taken(
    told: PassedOn, own: AgencyProfile, on_file: tuple[Mou, ...], keys: AgencyKeys
) -> tuple[Missing, ...]:
    """What keeps the own agency from taking the document, whatever its terms; `on_file` are the versions here.

    What stops an agreement is taken in any case that is between these two: nothing may keep it from being stopped.
    """
    found = [*_of_sides(told, own, on_file), *_of_texts(told)]
    if not told.stops:
        found += [*_of_version(told, own, on_file), *_of_signatures(told, keys)]
    return tuple(found)


def why_its_terms_are_not(
    told: PassedOn, policies: PolicyCatalogue, cameras: Mapping[str, str], at: datetime
) -> tuple[Missing, ...]:
    """What keeps its terms from being agreed here; of what is stopped, nothing. `cameras` are the grantor's by id."""
    if told.stops:
        return ()
    grantor = told.mou.terms.grantor.agency_id
    known = cameras if grantor in policies else told.mou.terms.cameras
    return what_the_terms_lack(told.mou.terms, policies, dict.fromkeys(known, grantor), at)


def first_taken(told: PassedOn) -> Mou:
    """The version as it goes on file: its signatures follow."""
    mou = told.mou
    return Mou(terms=mou.terms, proposed_by=mou.proposed_by, proposed_at=mou.proposed_at)


def taken(told: PassedOn, on_file: tuple[Mou, ...], keys: AgencyKeys, at: datetime) -> tuple[Mou, ...]:
    """The versions that change: the sender's signature is put under its version, or its suspension stops them all.

    A suspension holds here from when it is taken. What was stopped stays so, whatever comes from there afterwards.
    """
    suspension = told.mou.suspension
    if told.stops and suspension is not None:
        stop = msgspec.structs.replace(suspension, at=at)
        return tuple(msgspec.structs.replace(mou, suspension=stop) for mou in on_file if mou.suspension is None)
    signed = (_signed_by_sender(mou, told, keys) for mou in on_file if mou.terms.version == told.mou.terms.version)
    return tuple(mou for mou in signed if mou is not None)


def _signed_by_sender(mou: Mou, told: PassedOn, keys: AgencyKeys) -> Mou | None:
    theirs = [one for one in told.mou.signatures if one.agency_id == told.sender]
    true = with_true_signatures(mou, keys)
    if not theirs or told.sender not in true.unsigned:
        return None
    return msgspec.structs.replace(mou, signatures=(*true.signatures, theirs[0]))


def _of_sides(told: PassedOn, own: AgencyProfile, on_file: tuple[Mou, ...]) -> Iterator[Missing]:
    terms = told.mou.terms
    if {party.agency_id for party in terms.parties} != {own.id, told.sender}:
        yield Missing("document", f"is not between {told.sender} and {own.name}")
    if on_file and _sides(on_file[0].terms) != _sides(terms):
        yield Missing("document", f"MOU {terms.mou_id} is between others here, or the other way round")


def _of_version(told: PassedOn, own: AgencyProfile, on_file: tuple[Mou, ...]) -> Iterator[Missing]:
    terms = told.mou.terms
    name = f"version {terms.version} of {terms.mou_id}"
    here = next((mou for mou in on_file if mou.terms.version == terms.version), None)
    if here is not None:
        if canonical(here.terms) != canonical(terms):
            yield Missing("document", f"has another text than {name} on file here: propose the next version")
        return
    newest = max((mou.terms.version for mou in on_file), default=0)
    if terms.version < newest:
        yield Missing("document", f"is {name}; here version {newest} is on file")
    if party_of(own) not in terms.parties:
        yield Missing("document", f"says of {own.name} what its policy does not")


def _of_signatures(told: PassedOn, keys: AgencyKeys) -> Iterator[Missing]:
    mou = told.mou
    ids = [party.agency_id for party in mou.terms.parties]
    for one in mou.signatures:
        if one.agency_id not in ids or one.by.agency_id != one.agency_id or not bears(mou.terms, one, keys):
            yield Missing("document", f"the signature for {one.agency_id} is not of these terms by the key on file")
    if mou.proposed_by.agency_id not in ids:
        yield Missing("document", "was proposed by somebody who is of neither side")


def _of_texts(told: PassedOn) -> Iterator[Missing]:
    if not MOU_ID.fullmatch(told.mou.terms.mou_id):
        yield Missing("document", "has an id that none has here: small letters, digits and hyphens")
    texts = list(_texts_in(msgspec.to_builtins(told)))
    if any(holds_unseen(text) for text in texts):
        yield Missing("document", UNSEEN_RULE)
    if any(len(text) > TEXT_AT_MOST for text in texts):
        yield Missing("document", f"has a text of more than {TEXT_AT_MOST} characters")


def _sides(terms: Terms) -> tuple[str, ...]:
    return tuple(party.agency_id for party in terms.parties)


def _texts_in(told: Any) -> Iterator[str]:
    match told:
        case str():
            yield told
        case dict():
            for one in told.values():
                yield from _texts_in(one)
        case list() | tuple():
            for one in told:
                yield from _texts_in(one)

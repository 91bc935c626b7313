"""Agreements with agencies of other deployments: each side signs where its key is, and the document goes between."""

from collections.abc import Callable
from datetime import datetime

from plateward.contracts.access import Action
from plateward.kernel.signatures import SignedStatement
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.reasons import Missing
from services.gateway.access import AccessGate, Inquiry
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.sharing.admissible import InvalidMou
from services.gateway.sharing.agreements import KEEPING_AGREEMENTS, MouStore
from services.gateway.sharing.mou import Mou, Terms
from services.gateway.sharing.passing_on import (
    first_taken,
    opened,
    passed_on,
    taken,
    why_its_terms_are_not,
    why_not_taken,
)
from services.gateway.sharing.signing import AgencyKeys, with_true_signatures


class Exchange:
    """Passes on what the own agency has agreed with one elsewhere, and takes what comes from there."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        store: MouStore,
        keys: AgencyKeys,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._store, self._keys, self._policies, self._now = gate, store, keys, policies, now

    async def document(self, session: Session, mou_id: str, version: int | None, address: str) -> SignedStatement:
        """A version to be handed to the other side, the newest unless one is named.

        Raises NotAllowed, NoSuchRecord, InvalidMou, NotRecorded.
        """
        require(session, "keep-agreements")
        own = session.person.agency_id
        versions = await self._store.versions(mou_id, own)
        mou = next((one for one in versions if version in (None, one.terms.version)), None)
        if mou is None:
            raise NoSuchRecord(mou_id)
        if all(party.agency_id in self._policies for party in mou.terms.parties):
            raise InvalidMou(Missing("mou", "is between agencies of this deployment: both have it on file"))
        signer = self._keys.signer(own)
        if signer is None:
            raise InvalidMou(Missing("signature", "no key of your agency is on file here to sign with"))
        async with self._gate.look(_inquiry(session, "pass-on-agreement", mou.terms, address)) as look:
            document = passed_on(with_true_signatures(mou, self._keys), own, signer, self._now())
            look.results = 1
        return document

    async def receive(self, session: Session, document: SignedStatement, address: str) -> Mou:
        """Takes what the other side has passed on: its proposal, its signature, its suspension.

        Raises NotAllowed, InvalidMou, NotRecorded.
        """
        require(session, "keep-agreements")
        own = self._policies[session.person.agency_id]
        told = opened(document, self._keys, self._policies)
        terms, at = told.mou.terms, self._now()

        def check(on_file: tuple[Mou, ...]) -> None:
            missing = why_not_taken(told, own, on_file, self._keys)
            if missing:
                raise InvalidMou(*missing)

        def taking(on_file: tuple[Mou, ...]) -> tuple[Mou, ...]:
            check(on_file)
            return taken(told, on_file, self._keys, at)

        on_file = tuple(await self._store.versions(terms.mou_id, own.id))
        check(on_file)
        missing = why_its_terms_are_not(told, self._policies, await self._store.camera_names(own.id), at)
        if missing:
            raise InvalidMou(*missing)
        async with self._gate.look(_inquiry(session, "receive-agreement", terms, address)) as look:
            known = any(mou.terms.version == terms.version for mou in on_file)
            if not known and not await self._store.add(first_taken(told)):
                raise InvalidMou(Missing("document", f"MOU {terms.mou_id} is on file here between others"))
            await self._store.change(terms.mou_id, own.id, at, taking)
            look.results = 1
        versions = await self._store.versions(terms.mou_id, own.id)
        mou = next(one for one in versions if one.terms.version == terms.version)
        return with_true_signatures(mou, self._keys)


def _inquiry(session: Session, action: Action, terms: Terms, address: str) -> Inquiry:
    owners = tuple(party.agency_id for party in terms.parties)
    query = {"mou": terms.mou_id, "version": str(terms.version)}
    return Inquiry(session, action, query, KEEPING_AGREEMENTS, owners, address)

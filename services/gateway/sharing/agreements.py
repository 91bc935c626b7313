"""The MOUs of an agency: proposing one, signing it, suspending it at once, and seeing what stands."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import msgspec

from plateward.contracts.access import Action, Reason
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.reasons import Missing
from services.gateway.access import AccessGate, Inquiry
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.sharing.admissible import InvalidMou, what_the_terms_lack, why_may_not_sign
from services.gateway.sharing.mou import Mou, Party, Suspension, Terms, standing
from services.gateway.sharing.proposal import Proposal, terms_of
from services.gateway.sharing.signing import AgencyKeys, signed, with_true_signatures
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

KEEPING_AGREEMENTS = Reason(purpose="sharing", form="duty", values={"duty": "keeping the agency's own agreements"})
"""The standing reason for working on agreements; each proposal and suspension carries its own words."""


class MouStore(Protocol):
    """Where every version of every MOU is on file, with the outbox that tells the matcher of each change."""

    async def of_agency(self, agency_id: str) -> list[Mou]:
        """All versions of the MOUs to which the agency is a party, newest first."""

    async def versions(self, mou_id: str, agency_id: str) -> list[Mou]:
        """The versions of an MOU to which the agency is a party, newest first."""

    async def add(self, mou: Mou) -> bool:
        """Puts a version on file; False when the number is taken, or the id is that of one between others."""

    async def change(
        self, mou_id: str, agency_id: str, at: datetime, decide: Callable[[tuple[Mou, ...]], tuple[Mou, ...]]
    ) -> tuple[Mou, ...]:
        """Does to the versions, newest first, what is decided, alone with them. The matcher is told with it."""

    async def camera_names(self, agency_id: str) -> dict[str, str]:
        """The agency's cameras: their names by id."""


class Agreements:
    """The agreements to which the person's own agency is a party."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        store: MouStore,
        keys: AgencyKeys,
        policies: PolicyCatalogue,
        may_leave: Callable[[str, str], Awaitable[bool]],
        now: Callable[[], datetime],
    ) -> None:
        """`may_leave` says whether a list of an agency may be shared (Stockton IV.C.6)."""
        self._may_leave = may_leave
        self._gate, self._store, self._keys, self._policies, self._now = gate, store, keys, policies, now

    async def all(self, session: Session, address: str) -> list[Mou]:
        """Every version to which the own agency is a party, newest first; raises NotRecorded."""
        own = session.person.agency_id
        async with self._gate.look(
            _inquiry(session, "list-agreements", {"agreements": "all"}, (own,), address)
        ) as look:
            found = [with_true_signatures(mou, self._keys) for mou in await self._store.of_agency(own)]
            look.results = len(found)
        return found

    async def one(self, session: Session, mou_id: str, address: str) -> list[Mou]:
        """All versions of one, newest first; raises NoSuchRecord, NotRecorded."""
        own = session.person.agency_id
        async with self._gate.look(_inquiry(session, "list-agreements", {"mou": mou_id}, (own,), address)) as look:
            found = [with_true_signatures(mou, self._keys) for mou in await self._store.versions(mou_id, own)]
            if not found:
                raise NoSuchRecord(mou_id)
            look.results = len(found)
        return found

    async def camera_names(self, agency_id: str) -> dict[str, str]:
        """The names of an agency's cameras by id, by which agreements are put in words."""
        return await self._store.camera_names(agency_id)

    async def drafted(self, session: Session, proposal: Proposal) -> tuple[Terms, Terms | None]:
        """The terms as they would stand, and those that stand now; nothing is put on file.

        Raises NotAllowed, NoSuchRecord, InvalidMou.
        """
        require(session, "keep-agreements")
        own = session.person.agency_id
        versions = await self._store.versions(proposal.mou_id, own) if proposal.mou_id else []
        if proposal.mou_id and not versions:
            raise NoSuchRecord(proposal.mou_id)
        if proposal.elsewhere is None and versions:
            proposal = replace(proposal, elsewhere=self._elsewhere(versions[0].terms))
        mou_id = proposal.mou_id or f"{proposal.grantor}-{proposal.grantee}-{secrets.token_hex(3)}"
        terms = terms_of(proposal, mou_id, 1 + max((mou.terms.version for mou in versions), default=0), self._policies)
        self._check_parties(session, terms, versions)
        cameras = dict.fromkeys(await self._store.camera_names(proposal.grantor), proposal.grantor)
        missing = what_the_terms_lack(terms, self._policies, cameras, self._now())
        if missing:
            raise InvalidMou(*missing)
        counts = standing(with_true_signatures(mou, self._keys) for mou in versions)
        return terms, counts[0].terms if counts and counts[0].suspension is None else None

    async def propose(self, session: Session, proposal: Proposal, address: str) -> Mou:
        """Puts a new MOU, or a new version of one, on file for both to sign; raises NotAllowed, InvalidMou."""
        terms, _ = await self.drafted(session, proposal)
        mou = Mou(terms=terms, proposed_by=session.person.actor, proposed_at=self._now())
        owners = tuple(party.agency_id for party in terms.parties)
        query = {"mou": terms.mou_id, "version": str(terms.version)}
        async with self._gate.look(_inquiry(session, "propose-agreement", query, owners, address)) as look:
            if not await self._store.add(mou):
                raise InvalidMou(Missing("version", "has been proposed by somebody else meanwhile"))
            look.results = 1
        return mou

    async def sign(self, session: Session, mou_id: str, version: int, address: str) -> Mou:
        """Signs a version for the own agency, by its key; raises NotAllowed, NoSuchRecord, InvalidMou, NotRecorded."""
        require(session, "sign-agreements")
        await self._check_lists(session, mou_id, version)

        def signing(versions: tuple[Mou, ...]) -> tuple[Mou, ...]:
            if versions[0].terms.version != version:
                raise InvalidMou(Missing("version", f"{version} is not the newest: {versions[0].terms.version} is"))
            return (self._signed(session, versions[0]),)

        query = {"mou": mou_id, "version": str(version)}
        return (await self._change(session, "sign-agreement", mou_id, query, signing, address))[0]

    async def _check_lists(self, session: Session, mou_id: str, version: int) -> None:
        """No list of the own agency leaves it that its policy's people have not allowed to; raises InvalidMou."""
        own = session.person.agency_id
        for terms in (mou.terms for mou in await self._store.versions(mou_id, own)):
            if terms.version == version and terms.grantor.agency_id == own:
                for list_id in terms.list_ids:
                    if not await self._may_leave(own, list_id):
                        raise InvalidMou(Missing("list_ids", f"{list_id}: nobody has allowed that it is shared"))

    async def suspend(self, session: Session, mou_id: str, why: str, address: str) -> Mou:
        """Stops an MOU from this moment on, and what is proposed of it; only what is proposed later can be signed.

        Raises NotAllowed, NoSuchRecord, InvalidMou, NotRecorded.
        """
        require(session, "sign-agreements")
        if len(why.strip()) < STATEMENT_AT_LEAST:
            raise InvalidMou(Missing("why", f"needs at least {STATEMENT_AT_LEAST} characters"))
        unkept = unwritable({"why": why})
        if unkept:
            raise InvalidMou(*unkept)
        suspension = Suspension(by=session.person.actor, at=self._now(), why=why.strip())

        def suspending(versions: tuple[Mou, ...]) -> tuple[Mou, ...]:
            running = [mou for mou in versions if mou.suspension is None]
            if not running:
                raise InvalidMou(Missing("mou", "is suspended already"))
            return tuple(msgspec.structs.replace(mou, suspension=suspension) for mou in running)

        query = {"mou": mou_id, "why": why.strip()}
        return (await self._change(session, "suspend-agreement", mou_id, query, suspending, address))[0]

    async def _change(
        self,
        session: Session,
        action: Action,
        mou_id: str,
        query: dict[str, str],
        decide: Callable[[tuple[Mou, ...]], tuple[Mou, ...]],
        address: str,
    ) -> tuple[Mou, ...]:
        own = session.person.agency_id
        known = await self._store.versions(mou_id, own)
        if not known:
            raise NoSuchRecord(mou_id)
        owners = tuple(party.agency_id for party in known[0].terms.parties)
        async with self._gate.look(_inquiry(session, action, query, owners, address)) as look:
            changed = await self._store.change(mou_id, own, self._now(), decide)
            look.results = len(changed)
        return changed

    def _signed(self, session: Session, mou: Mou) -> Mou:
        own, at, terms = session.person.agency_id, self._now(), mou.terms
        if mou.state(at) == "suspended":
            raise InvalidMou(Missing("mou", "is suspended: propose a new version"))
        if own not in with_true_signatures(mou, self._keys).unsigned:
            raise InvalidMou(Missing("signature", "has been given for your agency already"))
        may_not = why_may_not_sign(terms, self._policies[own], session.person.title)
        if may_not is not None:
            raise InvalidMou(may_not)
        # What was admissible when it was proposed may not be any more; its cameras were the grantor's then.
        cameras = dict.fromkeys(terms.cameras, terms.grantor.agency_id)
        missing = what_the_terms_lack(terms, self._policies, cameras, at)
        if missing:
            raise InvalidMou(*missing)
        signer = self._keys.signer(own)
        if signer is None:
            raise InvalidMou(
                Missing("signature", "no key of your agency is on file to sign with: plateward keys signing")
            )
        signature = signed(terms, signer, own, session.person.actor, at)
        others = tuple(one for one in mou.signatures if one.agency_id != own)
        return msgspec.structs.replace(mou, signatures=(*others, signature))

    def _elsewhere(self, terms: Terms) -> Party | None:
        return next((party for party in terms.parties if party.agency_id not in self._policies), None)

    def _check_parties(self, session: Session, terms: Terms, versions: list[Mou]) -> None:
        if all(party.agency_id != session.person.agency_id for party in terms.parties):
            raise InvalidMou(Missing("grantor", "your own agency must be one of the two"))
        ids = tuple(party.agency_id for party in terms.parties)
        if versions and ids != tuple(party.agency_id for party in versions[0].terms.parties):
            raise InvalidMou(Missing("grantee", "a new version is between the same two; propose a new agreement"))


def _inquiry(session: Session, action: Action, query: dict[str, str], owners: tuple[str, ...], address: str) -> Inquiry:
    return Inquiry(session, action, query, KEEPING_AGREEMENTS, owners, address)

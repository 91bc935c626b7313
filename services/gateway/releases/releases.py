"""The requests that an agency has on file: taken, decided, packed, handed over. Every step is an access record."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from plateward.contracts.access import Reason
from plateward.kernel.evidence_packages import packed
from plateward.kernel.signatures import Signer
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Missing
from services.gateway.access import AccessGate, Inquiry
from services.gateway.people import Session, require
from services.gateway.releases.request import (
    NewRelease,
    Package,
    Release,
    ReleaseRefused,
    decided,
    handed_over,
    packed_as,
    received,
    require_packing,
    what_a_request_lacks,
)
from services.gateway.search import NoSuchRecord
from services.gateway.searching.export_files import ExportFormat
from services.gateway.searching.exports import Export, Exports
from services.gateway.searching.past import RecentSearch

RELEASING = Reason(purpose="release", form="duty", values={"duty": "answering written requests for data"})
"""The standing reason for working on releases; each carries its own purpose."""

DECIDED_MEANWHILE = Missing("version", "somebody else has changed the request meanwhile")


SEARCHES_OFFERED = 20
"""So many of a person's own searches are offered to be packed, newest first."""


class ReleaseStore(Protocol):
    """Where requests are on file. None is ever deleted; packages are, with the reads in them."""

    async def add(self, agency_id: str, year: int, made: Callable[[str], Release]) -> Release:
        """Files the request that is made under the agency's next number of the year."""

    async def of_agency(self, agency_id: str) -> list[Release]:
        """The agency's requests, newest first."""

    async def one(self, release_id: uuid.UUID, agency_id: str) -> Release | None:
        """A request of the agency."""

    async def replace(self, release: Release, content: bytes | None = None) -> bool:
        """Writes a step down, with the package that it made; False when another step was made meanwhile."""

    async def package(self, release_id: uuid.UUID, at: datetime) -> bytes | None:
        """The package of a request, until its time is over."""


class RecentSearches(Protocol):
    """Which searches somebody has made."""

    async def recent(self, person_id: uuid.UUID, at_most: int) -> list[RecentSearch]:
        """The searches of this person that are kept, newest first."""


class Releases:
    """The releases of the person's own agency."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        store: ReleaseStore,
        exports: Exports,
        searches: RecentSearches,
        signer: Signer | None,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._store, self._exports, self._signer = gate, store, exports, signer
        self._searches = searches
        self._policies, self._now = policies, now

    async def receive(self, session: Session, new: NewRelease, address: str) -> Release:
        """Takes a written request, which goes to who decides; raises NotAllowed, ReleaseRefused, NotRecorded."""
        require(session, "receive-releases")
        profile, at = self._profile(session), self._now()
        missing = what_a_request_lacks(new, profile)
        if missing:
            raise ReleaseRefused(*missing)
        said = {"kind": new.kind, "agency": new.agency, "person": new.person, "plate": new.plate, "letter": new.letter}
        query = {name: text.strip() for name, text in said.items() if text.strip()}
        async with self._gate.look_at_own(session, "receive-release", query, RELEASING, address) as look:
            release = await self._store.add(
                profile.id, at.year, lambda number: received(new, number, profile, session.person, at)
            )
            look.results = 1
        return release

    async def shown(self, session: Session, address: str) -> list[Release]:
        """All for who decides; for others those that they took, and those to be packed where they may search.

        Raises NotAllowed, NotRecorded.
        """
        require(session, "receive-releases")
        decides = "approve-releases" in session.rights
        query = {"releases": "of the agency" if decides else "own and to be packed"}
        async with self._gate.look_at_own(session, "list-releases", query, RELEASING, address) as look:
            all_ = await self._store.of_agency(session.person.agency_id)
            shown = [one for one in all_ if decides or _concerns(session, one)]
            look.results = len(shown)
        return shown

    async def searches(self, session: Session) -> list[RecentSearch]:
        """The person's own searches of late, of which one is packed; none for who may not search."""
        if "search" not in session.rights:
            return []
        return await self._searches.recent(session.person.id, SEARCHES_OFFERED)

    async def decide(
        self, session: Session, release_id: uuid.UUID, *, agreed: bool, statement: str, address: str
    ) -> Release:
        """Approves or refuses; raises NotAllowed, NoSuchRecord, ReleaseRefused, NotRecorded."""
        require(session, "approve-releases")
        release, profile = await self._one(session, release_id), self._profile(session)
        done = decided(release, profile, session.person, agreed=agreed, statement=statement, at=self._now())
        query = {"release": release.number, "agreed": "yes" if agreed else "no", "statement": done.statement}
        await self._step(Inquiry.of_own(session, "decide-release", query, RELEASING, address), done)
        return done

    async def pack(self, session: Session, release_id: uuid.UUID, search_id: uuid.UUID, address: str) -> Release:
        """Packs what a search of one's own finds, signed.

        Raises NotAllowed, NoSuchRecord, ReleaseRefused, NotRecorded.
        """
        require(session, "search")
        release = await self._one(session, release_id)
        require_packing(release, ())
        if self._signer is None:
            raise ReleaseRefused(Missing("package", "cannot be signed: the gateway has no signing key"))
        form: ExportFormat = "zip" if "view-images" in session.rights else "csv"
        export = await self._exports.make(session, search_id, form, address)
        require_packing(release, export.owners)
        content = packed(_files(release, export), self._signer)
        package = Package(
            sha256=hashlib.sha256(content).hexdigest(),
            signer=self._signer.name,
            search_id=search_id,
            reads=export.reads,
            made_by=session.person.actor,
            made_at=self._now(),
            expires_at=export.expires_at,
        )
        query = {"release": release.number, "search": str(search_id), "sha256": package.sha256}
        done = packed_as(release, package)
        await self._step(
            Inquiry.of_own(session, "pack-release", query, RELEASING, address), done, content, export.reads
        )
        return done

    async def download(self, session: Session, release_id: uuid.UUID, address: str) -> tuple[Release, bytes]:
        """The package, for who hands it over; raises NotAllowed, NoSuchRecord, NotRecorded."""
        require(session, "approve-releases")
        release = await self._one(session, release_id)
        content = await self._store.package(release_id, self._now())
        if content is None or release.package is None:
            raise NoSuchRecord(release_id)
        query = {"release": release.number, "sha256": release.package.sha256}
        async with self._gate.look_at_own(session, "download-release", query, RELEASING, address) as look:
            look.results = release.package.reads
        return release, content

    async def hand_over(self, session: Session, release_id: uuid.UUID, *, to: str, how: str, address: str) -> Release:
        """Notes to whom the package was given; raises NotAllowed, NoSuchRecord, ReleaseRefused, NotRecorded."""
        require(session, "approve-releases")
        release = await self._one(session, release_id)
        done = handed_over(release, session.person, to=to, how=how, at=self._now())
        sha256 = release.package.sha256 if release.package else ""
        query = {"release": release.number, "to": done.handed_to, "how": done.handed_how, "sha256": sha256}
        await self._step(Inquiry.of_own(session, "hand-over-release", query, RELEASING, address), done)
        return done

    async def _step(self, inquiry: Inquiry, done: Release, content: bytes | None = None, results: int = 1) -> None:
        async with self._gate.look(inquiry) as look:
            if not await self._store.replace(done, content):
                raise ReleaseRefused(DECIDED_MEANWHILE)
            look.results = results

    async def _one(self, session: Session, release_id: uuid.UUID) -> Release:
        release = await self._store.one(release_id, session.person.agency_id)
        if release is None or not ("approve-releases" in session.rights or _concerns(session, release)):
            raise NoSuchRecord(release_id)
        return release

    def _profile(self, session: Session) -> AgencyProfile:
        return self._policies[session.person.agency_id]


def _concerns(session: Session, release: Release) -> bool:
    """Whether somebody who does not decide has to do with it."""
    to_pack = "search" in session.rights and release.state in ("approved", "packed")
    return to_pack or release.received_by.person_id == str(session.person.id)


def _files(release: Release, export: Export) -> dict[str, bytes]:
    """What the package holds: the reads as they were exported, and the request with its decision."""
    return {
        "release.json": msgspec.json.format(msgspec.json.encode(release), indent=2),
        f"reads/{export.name}": export.content,
    }

"""The cameras of an agency: keeping them on file, and seeing how they are (Flagstaff 317.3.E, 317.4; Stockton III)."""

import hashlib
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from plateward.contracts.access import Reason
from plateward.contracts.camera_registrations import ByPerson, CameraRegistration
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import Right
from plateward.policy.reasons import Missing
from services.gateway import camera_changes
from services.gateway.access import AccessGate
from services.gateway.camera_changes import InvalidCamera, NewCamera, Placement
from services.gateway.camera_health import CameraHealth, KnownCamera, health
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.writing import unwritable

KEEPING_CAMERAS = Reason(purpose="cameras", form="duty", values={"duty": "keeping the agency's own cameras"})
"""The standing reason for working on the agency's own cameras; each change carries its own words."""

CHECKED_BACK = timedelta(hours=12)
"""A shift: within it a camera that works has been read from (Stockton III.C.7)."""

Command = Literal[
    "register",
    "place",
    "approve",
    "declare",
    "rotate-key",
    "withdraw",
    "return",
    "report-fault",
    "inspect",
]


@dataclass(frozen=True, slots=True)
class CameraChange:
    """A version of a camera: what was done, by whom, with what words, and how it was on file after that."""

    command: Command
    by: ByPerson
    person_id: uuid.UUID
    camera: CameraRegistration


@dataclass(frozen=True, slots=True)
class Keyed:
    """A camera with the key that was just made: it is shown once and kept nowhere."""

    camera: CameraRegistration
    key: str


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Whether the line from a camera to a search works: what a search finds of it in the last shift."""

    reads: int
    newest_at: datetime | None


class CameraStore(Protocol):
    """Where cameras are on file, with the outbox that carries each change to the topic in the same transaction."""

    async def of_agency(self, agency_id: str) -> list[KnownCamera]:
        """The agency's cameras, by id."""

    async def one(self, camera_id: str, agency_id: str) -> KnownCamera | None:
        """A camera of the agency."""

    async def history(self, camera_id: str, agency_id: str) -> list[CameraChange]:
        """All that was done to it, oldest first."""

    async def add(self, change: CameraChange) -> bool:
        """Puts a camera on file; False when the id is taken."""

    async def change(
        self, camera_id: str, agency_id: str, decide: Callable[[CameraRegistration], CameraChange]
    ) -> CameraChange | None:
        """Does to the camera what is decided, alone with it; None when the agency has no such camera."""


class CameraReads(Protocol):
    """What searches find of a camera."""

    async def of_camera(self, camera_id: str, owners: tuple[str, ...], since: datetime) -> SelfCheck:
        """How many reads since then, and when the newest."""


class Cameras:
    """The cameras of the person's own agency."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        store: CameraStore,
        reads: CameraReads,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._store, self._reads, self._policies, self._now = gate, store, reads, policies, now

    async def all(self, session: Session, address: str, *, overdue: bool = False) -> list[CameraHealth]:
        """The cameras, what is wrong first, or those overdue for inspection alone; raises NotAllowed, NotRecorded."""
        require(session, "watch-cameras")
        profile, at = self._policies[session.person.agency_id], self._now()
        query = {"cameras": "overdue for inspection" if overdue else "all"}
        async with self._gate.look_at_own(session, "list-cameras", query, KEEPING_CAMERAS, address) as look:
            known = await self._store.of_agency(session.person.agency_id)
            found = [one for camera in known if (one := health(camera, profile, at)).overdue or not overdue]
            look.results = len(found)
        return sorted(found, key=lambda one: one.urgency)

    async def one(self, session: Session, camera_id: str, address: str) -> tuple[CameraHealth, list[CameraChange]]:
        """A camera and all that was done to it; raises NotAllowed, NoSuchRecord, NotRecorded."""
        require(session, "watch-cameras")
        agency_id = session.person.agency_id
        async with self._gate.look_at_own(
            session, "list-cameras", {"camera_id": camera_id}, KEEPING_CAMERAS, address
        ) as look:
            known = await self._store.one(camera_id, agency_id)
            if known is None:
                raise NoSuchRecord(camera_id)
            history = await self._store.history(camera_id, agency_id)
            look.results = 1
        return health(known, self._policies[agency_id], self._now()), history

    async def register(self, session: Session, new: NewCamera, address: str) -> Keyed:
        """Puts a camera on file, not yet in service; raises NotAllowed, InvalidCamera, NotRecorded."""
        require(session, "administer-cameras")
        by, (key, key_sha256) = self._by(session), _new_key()
        camera = camera_changes.registered(new, session.person.agency_id, key_sha256, by.at)
        query = {"camera_id": camera.camera_id, "command": "register"}
        async with self._gate.look_at_own(session, "change-camera", query, KEEPING_CAMERAS, address) as look:
            if not await self._store.add(CameraChange("register", by, session.person.id, camera)):
                raise InvalidCamera(Missing("camera_id", "is taken by another camera"))
            look.results = 1
        return Keyed(camera, key)

    async def place(self, session: Session, camera_id: str, placement: Placement, address: str) -> CameraRegistration:
        """Moves a camera, or sets another end; it is to be approved and declared anew."""
        by = self._by(session)
        return await self._change(
            *(session, "administer-cameras", camera_id, "place", by, address),
            lambda camera: camera_changes.placed(camera, placement, by.at),
        )

    async def approve(self, session: Session, camera_id: str, statement: str, address: str) -> CameraRegistration:
        """Approves the placement in the own name and title."""
        by, profile = self._by(session, statement), self._policies[session.person.agency_id]
        return await self._change(
            *(session, "approve-cameras", camera_id, "approve", by, address),
            lambda camera: camera_changes.approved(camera, profile, by),
        )

    async def declare(self, session: Session, camera_id: str, statement: str, address: str) -> CameraRegistration:
        """Declares that the camera views what is exposed to public view."""
        by = self._by(session, statement)
        return await self._change(
            *(session, "administer-cameras", camera_id, "declare", by, address),
            lambda camera: camera_changes.declared(camera, by),
        )

    async def rotate_key(self, session: Session, camera_id: str, grace_minutes: int, address: str) -> Keyed:
        """Gives the camera a new key; the old one stays valid for the grace."""
        by, (key, key_sha256) = self._by(session), _new_key()
        camera = await self._change(
            *(session, "administer-cameras", camera_id, "rotate-key", by, address),
            lambda camera: camera_changes.rekeyed(camera, key_sha256, grace_minutes, by.at),
        )
        return Keyed(camera, key)

    async def withdraw(self, session: Session, camera_id: str, statement: str, address: str) -> CameraRegistration:
        """Takes the camera out of service."""
        by = self._by(session, statement)
        return await self._change(
            *(session, "administer-cameras", camera_id, "withdraw", by, address),
            lambda camera: camera_changes.withdrawn(camera, by),
        )

    async def put_back(self, session: Session, camera_id: str, statement: str, address: str) -> CameraRegistration:
        """Puts the camera back in service, stating what was repaired."""
        by = self._by(session, statement)
        return await self._change(
            *(session, "administer-cameras", camera_id, "return", by, address),
            lambda camera: camera_changes.returned(camera, by),
        )

    async def report_fault(self, session: Session, camera_id: str, statement: str, address: str) -> CameraRegistration:
        """Documents damage at once; anybody who uses the system may (Stockton III.C.4)."""
        by = self._by(session, statement)
        return await self._change(
            *(session, "watch-cameras", camera_id, "report-fault", by, address),
            lambda camera: camera_changes.damaged(camera, by),
        )

    async def inspect(
        self, session: Session, camera_id: str, finding: str, statement: str, address: str
    ) -> CameraRegistration:
        """Documents an inspection; what needs repair goes out of service."""
        by = self._by(session, statement)
        return await self._change(
            *(session, "watch-cameras", camera_id, "inspect", by, address),
            lambda camera: camera_changes.inspected(camera, finding, by),
        )

    async def check(self, session: Session, camera_id: str, address: str) -> SelfCheck:
        """A search of the camera's reads of this shift, which proves that the whole line works; shows no plate."""
        require(session, "watch-cameras")
        owners = (session.person.agency_id,)
        async with self._gate.look_at_own(
            session, "check-camera", {"camera_id": camera_id}, KEEPING_CAMERAS, address
        ) as look:
            if await self._store.one(camera_id, session.person.agency_id) is None:
                raise NoSuchRecord(camera_id)
            found = await self._reads.of_camera(camera_id, owners, self._now() - CHECKED_BACK)
            look.results = found.reads
        return found

    async def _change(
        self,
        session: Session,
        right: Right,
        camera_id: str,
        command: Command,
        by: ByPerson,
        address: str,
        decide: Callable[[CameraRegistration], CameraRegistration],
    ) -> CameraRegistration:
        """The camera after the change; raises NotAllowed, InvalidCamera, NoSuchRecord, NotRecorded."""
        require(session, right)
        person, query = session.person, {"camera_id": camera_id, "command": command}
        async with self._gate.look_at_own(session, "change-camera", query, KEEPING_CAMERAS, address) as look:
            change = await self._store.change(
                *(camera_id, person.agency_id),
                lambda camera: CameraChange(command, by, person.id, decide(camera)),
            )
            if change is None:
                raise NoSuchRecord(camera_id)
            look.results = 1
        return change.camera

    def _by(self, session: Session, statement: str = "") -> ByPerson:
        """Who does something now, and what they say of it; raises InvalidCamera."""
        person, missing = session.person, unwritable({"statement": statement})
        if missing:
            raise InvalidCamera(*missing)
        return ByPerson(name=person.name, title=person.title, at=self._now(), statement=statement.strip())


def _new_key() -> tuple[str, str]:
    key = secrets.token_urlsafe(32)
    # 256 random bits cannot be guessed back from a plain hash.
    return key, hashlib.sha256(key.encode()).hexdigest()

"""The demo region as data (`region.yaml`), typed."""

from datetime import datetime
from importlib import resources

import msgspec

from plateward.contracts.event import derive_id
from plateward.policy.catalogue import PolicyCatalogue
from plateward.scenes import Kind
from services.gateway.people import Person


class DemoPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who can sign in."""

    username: str
    name: str
    title: str
    agency: str

    @property
    def person(self) -> Person:
        """The person as the gateway knows them."""
        return Person(derive_id("person", self.username), self.username, self.name, self.title, self.agency)


class DemoCamera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A camera of an agency."""

    id: str
    agency: str
    name: str
    latitude: float
    longitude: float
    bearing_deg: float | None = None

    def as_request(self) -> dict[str, object]:
        """The camera as the gateway's API takes it. Its silence says nothing: the demo's traffic comes and goes."""
        placement = {name: getattr(self, name) for name in ("name", "latitude", "longitude", "bearing_deg")}
        return {"camera_id": self.id, "kind": "fixed", "placement": placement, "silent_after_seconds": None}


class DemoEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vehicle of interest, who enters it, what it looks like, and the camera that it will pass."""

    by: str
    plate: str
    category: str
    priority: str
    case_number: str
    reason: str
    requested_by: str
    contact: str
    state: str | None = None
    instructions: str | None = None
    make: str | None = None
    model: str | None = None
    colour: str | None = None
    kind: Kind | None = None
    passes: str | None = None

    def as_request(self, expires_at: datetime) -> dict[str, object]:
        """The entry as the gateway's API takes it."""
        asked = msgspec.structs.asdict(self) | {"expires_at": expires_at.isoformat()}
        return {name: value for name, value in asked.items() if name not in ("by", "passes")}


class DemoMou(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one agency lets another see."""

    grantor: str
    grantee: str
    purposes: tuple[str, ...]
    data_kinds: tuple[str, ...] = ("reads", "images")
    fields: tuple[str, ...] = ("state", "vehicle", "direction")
    cameras: tuple[str, ...] = ()
    oldest_days: int | None = None
    searches_a_day: int | None = None
    list_ids: tuple[str, ...] = ()

    def as_request(self, starts_at: datetime, ends_at: datetime) -> dict[str, object]:
        """The agreement as the gateway's API takes it."""
        return msgspec.structs.asdict(self) | {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}


class DemoClient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program of one agency that another has registered."""

    agency: str
    owner: str
    note: str


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    people: tuple[DemoPerson, ...]
    cameras: tuple[DemoCamera, ...]
    entries: tuple[DemoEntry, ...]
    cases: dict[str, tuple[str, ...]] = {}
    """Numbers that the agencies' registers of cases know, beside those of the entries."""
    mous: tuple[DemoMou, ...] = ()
    """What the agencies have agreed to share, signed by both."""
    clients: tuple[DemoClient, ...] = ()
    """The agencies' programs at others' doors."""

    def agency_of(self, username: str) -> str:
        """The agency of a person."""
        return next(person.agency for person in self.people if person.username == username)

    def dispatchers(self) -> tuple[DemoPerson, ...]:
        """One dispatcher of each agency."""
        return tuple(person for person in self.people if person.title == "Dispatcher")

    def enterer(self, agency: str) -> DemoPerson:
        """Somebody of an agency who may enter vehicles."""
        return next(person for person in self.people if person.agency == agency and person.title != "Dispatcher")

    def approver(self, enterer: str, policies: PolicyCatalogue) -> DemoPerson | None:
        """Whoever approves what this person enters: the first of the chain who is there; None where nobody need."""
        who = next(person for person in self.people if person.username == enterer)
        chain = policies[who.agency].custom_entries.chain_of(who.title)
        if chain is None:
            return None
        there = {person.title: person for person in self.people if person.agency == who.agency and person != who}
        return next(there[title] for title in chain.approvers if title in there)

    def signer(self, agency: str, policies: PolicyCatalogue) -> DemoPerson:
        """Somebody of an agency who may sign agreements."""
        may = policies[agency].sharing.signers
        return next(person for person in self.people if person.agency == agency and person.title in may)

    def list_sharer(self, agency: str, policies: PolicyCatalogue) -> DemoPerson | None:
        """Whoever allows that an agency's lists are shared; None where nobody need."""
        may = policies[agency].hot_lists.shared_by
        return next((person for person in self.people if person.agency == agency and person.title in may), None)

    def keeper(self, agency: str, policies: PolicyCatalogue) -> DemoPerson:
        """Somebody of an agency who may keep its cameras, and approve where they stand."""
        kept = policies[agency].cameras
        may = set(kept.administrators) & set(kept.approvers(special=False))
        return next(person for person in self.people if person.agency == agency and person.title in may)


def load_region() -> Region:
    """The region that comes along."""
    return msgspec.yaml.decode((resources.files("demo") / "region.yaml").read_bytes(), type=Region)

"""A region of many agencies that have all agreed with one: profiles, keys, cameras, reads, signed agreements."""

import random
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec
import yaml

from bench.search.agreed import signed_by_both
from plateward.contracts.cameras import CameraPlace
from plateward.contracts.reads import PlateRead, ReadImages, VehicleDescription
from plateward.kernel.signatures import make_signing_key
from plateward.policy.catalogue import PolicyCatalogue, load_catalogue
from services.gateway.adapters.agency_keys import AgencyKeyFiles
from services.gateway.adapters.stores.mous import PostgresMous
from services.gateway.sharing.admissible import party_of
from services.gateway.sharing.mou import FIELDS, Terms
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.read_store import ReadStore

CAMERAS_EACH, READS_EACH = 20, 100
ASKER = "agency-000"
PATTERN = "stockton"
"""Whose policy all of them have."""


def write_profiles(folder: Path, owners: int) -> PolicyCatalogue:
    """So many agencies of one policy, none of which is bounded by how often the same is asked: that is not measured."""
    folder.mkdir()
    profile = msgspec.to_builtins(load_catalogue()[PATTERN])
    unbounded = profile["inquiries"] | {"same_words": 10**6, "searches_of_a_plate": 10**6}
    for agency in agencies(owners):
        text = yaml.safe_dump(profile | {"id": agency, "name": f"{agency} PD", "inquiries": unbounded})
        (folder / f"{agency}.yaml").write_text(text, encoding="utf-8")
    return load_catalogue(folder)


def agencies(owners: int) -> list[str]:
    """Their ids; the first is who asks."""
    return [f"agency-{number:03}" for number in range(owners)]


def cameras_of(agency: str) -> list[str]:
    """The ids of an agency's cameras."""
    return [f"{agency}-camera-{number:02}" for number in range(CAMERAS_EACH)]


async def fill_cameras(pool: asyncpg.Pool, owners: int) -> None:
    """Each agency's cameras on file, as far as a search looks at them."""
    place = {"name": "a crossing", "latitude": 37.95, "longitude": -121.29}
    await pool.executemany(
        "INSERT INTO cameras (id, agency_id, version, document) VALUES ($1, $2, 1, $3)",
        [(camera, agency, {"place": place}) for agency in agencies(owners) for camera in cameras_of(agency)],
    )


async def fill_reads(pool: asyncpg.Pool, owners: int, at: datetime, draw: random.Random) -> list[str]:
    """Reads of the last ten days of every agency; returns their plates."""
    plates = [
        f"{draw.randrange(1, 10)}{''.join(draw.choices('CEFHJK', k=3))}{draw.randrange(1000):03}" for _ in range(5000)
    ]
    days = {at.date() + timedelta(days=ahead) for ahead in range(1, 22)}
    await PartitionStore(pool).ensure("reads", days)
    for agency in agencies(owners):
        await ReadStore(pool).add([_read(agency, at, draw, plates) for _ in range(READS_EACH)])
    return plates


def _read(agency: str, at: datetime, draw: random.Random, plates: list[str]) -> PlateRead:
    captured_at = at - timedelta(minutes=draw.uniform(0, 14_000))
    return PlateRead(
        id=uuid.UUID(int=draw.getrandbits(128)),
        frame_id=uuid.UUID(int=draw.getrandbits(128)),
        camera_id=draw.choice(cameras_of(agency)),
        agency_id=agency,
        place=CameraPlace(name="a crossing", latitude=37.95, longitude=-121.29),
        captured_at=captured_at,
        plate=draw.choice(plates),
        confidence=0.9,
        candidates=(),
        character_confidences=(0.9,) * 7,
        expires_on=captured_at.date() + timedelta(days=20),
        images=ReadImages(plate="p", scene="s"),
        models={},
        state="CA",
        vehicle=VehicleDescription(make="Honda", colour="silver"),
    )


def make_agency_keys(folder: Path, owners: int) -> AgencyKeyFiles:
    """A key for each agency."""
    for agency in agencies(owners):
        make_signing_key(folder / f"{agency}.pem")
    return AgencyKeyFiles(folder)


async def agree(
    pool: asyncpg.Pool, folder: Path, keys: AgencyKeyFiles, policies: PolicyCatalogue, mous: int, at: datetime
) -> None:
    """So many agreements in force with who asks, spread over the owners: of each two, one of some cameras."""
    owners, store = [agency for agency in policies if agency != ASKER], PostgresMous(pool, keys, policies)
    for number in range(mous):
        owner = owners[number % len(owners)]
        narrow = number >= len(owners)
        terms = Terms(
            mou_id=f"{owner}-{ASKER}-{number}",
            version=1,
            grantor=party_of(policies[owner]),
            grantee=party_of(policies[ASKER]),
            purposes=("stolen-vehicle", "missing-person"),
            data_kinds=("reads",) if narrow else ("reads", "images"),
            fields=("state",) if narrow else FIELDS,
            cameras=tuple(cameras_of(owner)[:10]) if number % 2 or narrow else (),
            oldest_days=(7, 30, 90)[number % 3],
            starts_at=at - timedelta(days=1),
            ends_at=at + timedelta(days=365),
        )
        await store.add(signed_by_both(terms, folder, at))

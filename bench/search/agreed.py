"""What lets one agency's detective ask three agencies: cameras on file, and agreements in force, signed by both."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import duckdb
import msgspec

from plateward.contracts.access import Actor
from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.cameras import CameraPlace
from plateward.embedded.services import OneMachine
from plateward.kernel.signatures import read_signing_key
from plateward.policy.catalogue import PolicyCatalogue, load_catalogue
from services.gateway.adapters.agency_keys import AgencyKeyFiles
from services.gateway.adapters.stores.mous import PostgresMous
from services.gateway.sharing.admissible import party_of
from services.gateway.sharing.mou import FIELDS, Mou, Terms
from services.gateway.sharing.signing import signed

PURPOSE = "stolen-vehicle"
PUT_UP_AT = datetime(2026, 1, 1, tzinfo=UTC)


async def put_on_file(
    pool: asyncpg.Pool, machine: OneMachine, parquet: Path, asker: str, owners: Iterable[str], at: datetime
) -> None:
    """The cameras of the reads, and an agreement of each other owner with the asker: its pictures and every field."""
    await _cameras(pool, parquet)
    partners = [owner for owner in owners if owner != asker]
    machine.make_keys([asker, *partners])
    policies = load_catalogue()
    store = PostgresMous(pool, AgencyKeyFiles(machine.agency_keys), policies)
    for owner in partners:
        await store.add(_agreement(machine, policies, owner, asker, at))


async def _cameras(pool: asyncpg.Pool, parquet: Path) -> None:
    rows = duckdb.connect().execute(
        f"SELECT DISTINCT camera_id, agency_id, camera_name, latitude, longitude FROM '{parquet}'"
    )
    cameras = [_camera(*row) for row in rows.fetchall()]
    await pool.executemany(
        "INSERT INTO cameras (id, agency_id, version, document) VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING",
        [(camera.camera_id, camera.agency_id, msgspec.to_builtins(camera)) for camera in cameras],
    )


def _camera(camera_id: str, agency_id: str, name: str, latitude: float, longitude: float) -> CameraRegistration:
    return CameraRegistration(
        camera_id=camera_id,
        agency_id=agency_id,
        kind="fixed",
        place=CameraPlace(name=name, latitude=latitude, longitude=longitude),
        registered_at=PUT_UP_AT,
        placed_at=PUT_UP_AT,
        changed_at=PUT_UP_AT,
        version=1,
        keys=(),
    )


def _agreement(machine: OneMachine, policies: PolicyCatalogue, owner: str, asker: str, at: datetime) -> Mou:
    terms = Terms(
        mou_id=f"{owner}-{asker}",
        version=1,
        grantor=party_of(policies[owner]),
        grantee=party_of(policies[asker]),
        purposes=(PURPOSE,),
        data_kinds=("reads", "images"),
        fields=FIELDS,
        starts_at=at - timedelta(days=1),
        ends_at=at + timedelta(days=365),
    )
    return signed_by_both(terms, machine.agency_keys, at)


def signed_by_both(terms: Terms, keys: Path, at: datetime) -> Mou:
    """The agreement of these terms in force: both sides' keys are in the folder."""
    asker = terms.grantee.agency_id
    by = Actor(person_id="1", username="chief", name="A. Chief", title="Lieutenant", agency_id=asker)
    signatures = tuple(
        signed(terms, read_signing_key(keys / f"{party.agency_id}.pem"), party.agency_id, by, at)
        for party in terms.parties
    )
    return Mou(terms=terms, proposed_by=by, proposed_at=at, signatures=signatures)

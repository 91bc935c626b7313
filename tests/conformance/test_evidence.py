"""What a case needs is exported before its day and kept on a schedule of its own; all else goes on its day."""

import io
import json
import subprocess
import uuid
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from plateward.contracts.access import AccessRecord, Actor
from plateward.contracts.reads import PlateRead
from plateward.kernel.blobs import NoSuchBlob
from plateward.kernel.evidence_packages import NotEvidence, check_package
from plateward.kernel.signatures import read_signing_key
from plateward.policy.catalogue import load_catalogue
from services.audit.adapters.log_store import LogStore
from services.retention.adapters.evidence_store import EvidenceStore, NotFound
from services.retention.certificates import PurgeCertificate
from services.retention.factory import evidence_due, export_evidence, verify
from services.retention.holds import Hold, HoldRefused, check_hold
from tests.support import archive as archives
from tests.support.access_log import a_look
from tests.support.archive import AUDIT, DAY, OVER, TODAY, Archive, an_archive, pool_as
from tests.support.stack import KafkaServer, PostgresServer, fresh_database
from tests.unit.retention.events import a_read

ENDS_ON = DAY + timedelta(days=300)
NOW = datetime.now(UTC)


def a_hold(*read_ids: uuid.UUID) -> Hold:
    return Hold(
        id=uuid.uuid4(),
        agency_id="flagstaff",
        case_number="26-004417",
        reason="vehicle of a burglary",
        requested_by="Det. D. Okafor",
        requested_at=NOW,
        approved_by="Lt. M. Begay",
        approved_at=NOW,
        ends_on=ENDS_ON,
        read_ids=read_ids or (uuid.uuid4(),),
    )


async def place_hold(archive: Archive, hold: Hold) -> int:
    """As the retention service does with what two people have agreed on."""
    check_hold(hold, archive.catalogue, datetime.now(UTC).date())
    return await EvidenceStore(archive.pool, archive.keyring, archive.images).place(hold)


@pytest.fixture
async def kept(
    postgres: PostgresServer, kafka: KafkaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Archive]:
    """An archive whose pictures are pictures."""
    picture = io.BytesIO()
    Image.new("RGB", (320, 96), "#e8e8e0").save(picture, "JPEG")
    monkeypatch.setattr(archives, "IMAGE", picture.getvalue())
    async with fresh_database(postgres) as dsn, an_archive(dsn, kafka, tmp_path) as archive:
        yield archive


async def two_reads(archive: Archive) -> tuple[PlateRead, PlateRead]:
    held, other = await archive.add(a_read(plate="7KXR214"), a_read(plate="8BCD123"))
    return held, other


def stranger() -> Actor:
    return Actor(person_id="p2", username="lrios", name="L. Rios", title="Officer", agency_id="florence")


async def log_looks(archive: Archive, *looks: AccessRecord) -> None:
    """Puts looks into the access log, as the audit service does."""
    async with pool_as(archive.dsn, AUDIT) as pool:
        await LogStore(pool).append(looks)


@pytest.mark.clause("F16", "B10", "K13", "L6")
async def test_what_a_case_needs_is_exported_with_pictures_hashes_and_signature(kept: Archive, tmp_path: Path) -> None:
    held, other = await two_reads(kept)
    hold = a_hold(held.id)
    assert await place_hold(kept, hold) == 2
    at = datetime.now(UTC)
    looked = a_look(action="view-image", query={"read_id": str(held.id)}, at=at)
    others = (
        a_look(action="view-image", query={"read_id": str(other.id)}, at=at),
        a_look(query={"plate": "7KXR214"}, at=at, owners=("florence",), actor=stranger()),
    )
    await log_looks(kept, looked, *others)
    package = tmp_path / "evidence.zip"
    package.write_bytes(await export_evidence(kept.settings, hold.id, "Det. D. Okafor"))
    assert kept.settings.signing_key_file is not None
    signer = read_signing_key(kept.settings.signing_key_file).name
    assert check_package(package, signer).signer == signer
    folder = tmp_path / "opened"
    with zipfile.ZipFile(package) as opened:
        opened.extractall(folder)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)  # noqa: ASYNC221
    assert json.loads((folder / f"reads/{held.id}.json").read_text())["plate"] == "7KXR214"
    assert not (folder / f"reads/{other.id}.json").exists()
    assert len(list((folder / "hits").iterdir())) == 1
    assert (folder / f"images/{held.id}/plate.jpg").read_bytes() == archives.IMAGE
    pdf = (folder / "summary.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Subtype /Image") >= 1, "with its pictures"
    assert [json.loads(line)["id"] for line in (folder / "access.jsonl").read_text().splitlines()] == [str(looked.id)]
    assert [step["what"] for step in json.loads((folder / "custody.json").read_text())] == [
        "copied to evidence",
        "exported",
    ]
    assert json.loads((folder / "manifest.json").read_text())["Case"] == "26-004417"


def changed(files: dict[str, bytes]) -> None:
    files["summary.pdf"] += b" "


def added(files: dict[str, bytes]) -> None:
    files["reads/another.json"] = b"{}"


def removed(files: dict[str, bytes]) -> None:
    del files["custody.json"]


def summed_anew(files: dict[str, bytes]) -> None:
    files["SHA256SUMS"] = files["SHA256SUMS"].replace(b"summary.pdf", b"sommary.pdf")


@pytest.mark.clause("F16")
@pytest.mark.parametrize("change", [changed, added, removed, summed_anew])
async def test_a_package_that_is_not_as_it_was_signed_does_not_check(
    kept: Archive, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    held, _ = await two_reads(kept)
    hold = a_hold(held.id)
    await place_hold(kept, hold)
    with zipfile.ZipFile(io.BytesIO(await export_evidence(kept.settings, hold.id, "Okafor"))) as package:
        files = {name: package.read(name) for name in package.namelist()}
    change(files)
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(forged, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    with pytest.raises(NotEvidence):
        check_package(forged)


@pytest.mark.clause("F16", "L6", "S3", "B10")
async def test_a_hold_keeps_what_it_names_and_nothing_else_from_going(kept: Archive) -> None:
    held, other = await two_reads(kept)
    hold = a_hold(held.id)
    await place_hold(kept, hold)
    (purged,) = await kept.purge.run(OVER)
    assert (purged.reads, purged.hits, purged.images) == (2, 2, 4), "the live copies go all the same"
    certificate = msgspec.json.decode(
        await kept.pool.fetchval("SELECT statement FROM purge_certificates"), type=PurgeCertificate
    )
    (back,) = certificate.held_back
    assert (back.hold_id, back.case_number, back.items, back.ends_on) == (hold.id, "26-004417", 2, ENDS_ON)
    assert {back.requested_by, back.approved_by} == {"Det. D. Okafor", "Lt. M. Begay"}
    store = EvidenceStore(kept.pool, kept.keyring, kept.images)
    assert {item.document.get("plate") for item in await store.items(hold) if item.kind == "read"} == {"7KXR214"}
    assert [kind async for kind, _ in store.pictures(hold, held.id)] == ["plate", "scene"]
    for read in (held, other):
        assert read.images.plate is not None
        with pytest.raises(NoSuchBlob):
            await kept.images.get(read.images.plate)
    assert await verify(kept.settings) == []


@pytest.mark.clause("F27")
async def test_evidence_goes_on_its_own_day_with_its_own_certificate(kept: Archive) -> None:
    held, _ = await two_reads(kept)
    hold = a_hold(held.id)
    await place_hold(kept, hold)
    await kept.purge.run(OVER)
    await kept.pool.execute("UPDATE purge_clock SET reached = $1", datetime.combine(ENDS_ON, time(0), UTC))
    (purged,) = await kept.purge.run(datetime.combine(ENDS_ON, time(0, 1), UTC))
    assert (purged.day, purged.evidence, purged.images, purged.keys) == (ENDS_ON, 2, 2, 1)
    statement = await kept.pool.fetchval("SELECT statement FROM purge_certificates WHERE day = $1", ENDS_ON)
    certificate = msgspec.json.decode(statement, type=PurgeCertificate)
    assert certificate.agency_id == "flagstaff"
    assert {lot.kind: lot.count for lot in certificate.deleted} == {"evidence": 2, "images": 2}
    assert await kept.pool.fetchval("SELECT count(*) FROM evidence") == 0
    assert not await kept.keys()


@pytest.mark.clause("F16", "B10")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"approved_by": "det. d. okafor "}, "approved-by"),
        ({"approved_by": ""}, "approved-by"),
        ({"case_number": " "}, "case"),
        ({"reason": ""}, "reason"),
        ({"ends_on": TODAY}, "until"),
        ({"ends_on": date(2200, 1, 1)}, "until"),
        ({"read_ids": ()}, "reads"),
        ({"agency_id": "nowhere"}, "agency"),
        ({"approved_at": NOW - timedelta(minutes=1)}, "approved-by"),
    ],
)
def test_a_hold_needs_two_people_a_case_and_an_end(changes: dict[str, object], field: str) -> None:
    check_hold(a_hold(), load_catalogue(), TODAY)
    with pytest.raises(HoldRefused, match=f"^{field}: "):
        check_hold(replace(a_hold(), **changes), load_catalogue(), TODAY)  # type: ignore[arg-type]


async def test_a_hold_holds_no_other_agencys_reads(kept: Archive) -> None:
    (read,) = await kept.add(a_read(agency_id="florence"))
    with pytest.raises(NotFound):
        await place_hold(kept, a_hold(read.id))
    assert await kept.pool.fetchval("SELECT count(*) FROM evidence") == 0


@pytest.mark.clause("B10", "F16")
async def test_a_warning_comes_before_the_day_for_data_of_a_case_and_ends_once_it_is_held(kept: Archive) -> None:
    earlier = NOW - timedelta(days=25)
    soon, _ = await kept.add(
        a_read(captured_at=earlier, expires_on=TODAY + timedelta(days=5)), a_read(expires_on=TODAY + timedelta(days=30))
    )
    assert [one["read_id"] for one in await evidence_due(kept.settings)] == [soon.id]
    await place_hold(kept, a_hold(soon.id))
    assert await evidence_due(kept.settings) == []

"""The audit service as a whole, and a witness beside it: what they show, and that anybody can check it offline."""

import uuid

import httpx
import pytest

from plateward.contracts.access import access_record_id
from plateward.contracts.canonical import canonical
from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.evidence import ConsistencyEvidence, InclusionEvidence
from plateward.tlog.growing import TILE_WIDTH, RightEdge
from plateward.tlog.hashing import leaf_hash
from plateward.tlog.notes import parse_note
from plateward.tlog.verifying import verify_checkpoint, verify_consistency, verify_record
from services.audit import factory as audit_factory
from tests.support.access_log import a_look
from tests.support.audit_at_work import Region, run

pytest_plugins = ["tests.support.audit_region"]


async def test_a_checkpoint_is_had_on_demand_with_the_witness_under_it(audited: Region) -> None:
    assert (await audited.http.get("/checkpoint")).status_code == 404
    await audited.log.append(10)
    note = parse_note(await audited.renewed())
    verified = verify_checkpoint(note, audited.trust)
    assert verified.checkpoint.size == 10
    assert list(verified.cosigned_at) == ["witness.example"]
    assert (await audited.http.get("/checkpoint")).text == str(note)
    await audited.log.append(5)
    newer = verify_checkpoint(parse_note(await audited.renewed()), audited.trust)
    assert newer.checkpoint.size == 15
    assert (await audited.http.get("/checkpoints/10")).text == str(note)
    assert (await audited.http.get("/checkpoints/11")).status_code == 404


async def test_proofs_are_had_over_http_and_hold_no_record(audited: Region) -> None:
    looks = [a_look(query={"plate": "7KXR214"}) for _ in range(300)]
    await audited.append(*looks[:120])
    old = await audited.renewed()
    await audited.append(*looks[120:])
    newest = await audited.renewed()
    for place in (0, 119, 120, 255, 256, 299):
        by_id = await audited.http.get("/proofs/inclusion", params={"record": str(looks[place].id)})
        by_index = await audited.http.get("/proofs/inclusion", params={"index": place})
        assert by_id.text == by_index.text
        evidence = InclusionEvidence.parse(by_id.text)
        assert (evidence.index, evidence.record, str(evidence.checkpoint)) == (place, None, newest)
        verify_record(canonical(looks[place]), evidence, audited.trust)
        assert "7KXR214" not in by_id.text
    grown = await audited.http.get("/proofs/consistency", params={"old": 120})
    verify_consistency(parse_note(old), ConsistencyEvidence.parse(grown.text), audited.trust)
    back = await audited.http.get("/proofs/consistency", params={"old": 50, "new": 120})
    assert checkpoint_of(ConsistencyEvidence.parse(back.text).checkpoint).size == 120


NOWHERE = (
    "/proofs/inclusion",
    "/proofs/inclusion?index=10",
    f"/proofs/inclusion?record={uuid.uuid4()}",
    "/proofs/consistency?old=11",
    "/proofs/consistency?old=1&new=9",
    "/checkpoints/stamped",
    "/proofs/inclusion?index=1&size=9",
    "/checkpoints/-1",
    "/checkpoints/99999999999999999999",
    "/tile/0/000",
    "/tile/0/000.p/11",
    "/tile/0/000.p/010",
    "/tile/0/0.p/1",
    "/tile/0/001.p/1",
    "/tile/1/000.p/1",
    "/tile/entries/000.p/10",
    "/tile/0/x000/000.p/1",
)


async def test_what_there_is_not_is_not_shown(audited: Region) -> None:
    await audited.log.append(10)
    await audited.renewed()
    await audited.log.append(10)
    for path in NOWHERE:
        answer = await audited.http.get(path)
        assert answer.status_code in (404, 422), path
        assert answer.headers["Content-Type"] == "application/problem+json", path


async def test_the_tree_is_served_as_tiles(audited: Region) -> None:
    await audited.log.append(600)
    checkpoint = checkpoint_of(parse_note(await audited.renewed()))
    edge = RightEdge()
    for path in ("000", "001", "002.p/88"):
        tile = (await audited.http.get(f"/tile/0/{path}")).raise_for_status()
        assert "immutable" in tile.headers["Cache-Control"]
        hashes = [tile.content[start : start + 32] for start in range(0, len(tile.content), 32)]
        assert len(hashes) <= TILE_WIDTH
        roots = edge.append(hashes)
        upper = (await audited.http.get(f"/tile/1/000.p/{edge.size // 256}")).content if roots else b""
        assert not roots or upper.endswith(roots[0].hash)
    assert (edge.size, edge.root()) == (checkpoint.size, checkpoint.root)
    assert [leaf_hash(one) for one in await audited.log.records()][-1] == hashes[-1]


async def test_a_log_cut_short_is_refused_by_the_witness_when_nobody_else_remembers(audited: Region) -> None:
    await audited.log.append(10)
    await audited.renewed()
    await audited.log.append(10)
    await audited.renewed()
    await audited.log.tamper("DELETE FROM cosignatures WHERE size > 10")
    await audited.log.tamper("DELETE FROM checkpoints WHERE size > 10")
    await audited.log.tamper("DELETE FROM records WHERE seq >= 10")
    await audited.log.append(3)
    async with (
        audit_factory.running(audited.settings) as restarted,
        httpx.AsyncClient(transport=httpx.ASGITransport(restarted.app), base_url="http://audit") as http,
    ):
        answer = await http.post("/checkpoint")
        metrics = (await http.get("/metrics")).text
    with pytest.raises(Exception, match="0 witnesses have cosigned the checkpoint, and 1 must have"):
        verify_checkpoint(parse_note(answer.text), audited.trust)
    assert 'plateward_audit_cosignatures_total{outcome="refused",witness="witness.example"} 1.0' in metrics


async def test_the_metrics_say_how_old_the_checkpoint_is_and_how_long_the_log(audited: Region) -> None:
    await audited.log.append(7)
    await audited.renewed()
    metrics = (await audited.http.get("/metrics")).text
    assert "plateward_audit_checkpoint_records 7.0" in metrics
    assert "plateward_audit_checkpoint_timestamp_seconds 1." in metrics


async def test_the_command_verifies_what_it_exported(audited: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    access_id = uuid.uuid4()
    asked = a_look(id=access_record_id(access_id, "asked"), access_id=access_id)
    answered = a_look(id=access_record_id(access_id, "answered"), access_id=access_id, phase="answered", results=3)
    await audited.log.append(40)
    old = audited.folder / "old"
    old.write_text(await audited.renewed())
    await audited.append(asked, answered)
    await audited.log.append(40)
    await audited.renewed()
    monkeypatch.setenv("PLATEWARD_DATABASE_DSN", audited.log.dsn)
    exported, proofs = audited.folder / "exported", audited.folder / "proofs"
    assert await run("log", "export", str(exported)) == (0, f"82 records in {exported}\n")
    code, said = await run("log", "prove", str(access_id), str(proofs))
    written = [f"{proofs / str(access_id)}-{phase}.tlog-proof" for phase in ("asked", "answered")]
    assert (code, said.split()) == (0, written)
    monkeypatch.setenv("PLATEWARD_DATABASE_DSN", "postgresql://nowhere.invalid/none")

    code, said = await run("verify", "log", str(exported), *audited.keys)
    assert (code, "verified: region.example/access, 82 records" in said) == (0, True)
    assert "cosigned by witness.example at 20" in said
    for phase, record in (("asked", asked), ("answered", answered)):
        code, said = await run("verify", "record", f"{proofs / str(access_id)}-{phase}.tlog-proof", *audited.keys)
        assert (code, said.splitlines()[0]) == (0, canonical(record).decode())
    grown = audited.folder / "grown"
    grown.write_text((await audited.http.get("/proofs/consistency", params={"old": 40})).text)
    code, said = await run("verify", "checkpoints", str(old), str(grown), *audited.keys)
    assert (code, len(said.splitlines())) == (0, 2)

    lines = (exported / "records.jsonl").read_bytes()
    for spoilt in (lines[:-1], lines.replace(b"ABC123", b"ABC124", 1), lines[: lines.index(b"\n") + 1], b""):
        (exported / "records.jsonl").write_bytes(spoilt)
        code, said = await run("verify", "log", str(exported), *audited.keys)
        assert (code, said.startswith("NOT VERIFIED: ")) == (1, True)
    other = audited.folder / "other.json"
    other.write_bytes(canonical(a_look()))
    one = f"{proofs / str(access_id)}-asked.tlog-proof"
    assert (await run("verify", "record", one, "--record", str(other), *audited.keys))[0] == 1
    assert (await run("log", "prove", str(uuid.uuid4()), str(proofs)))[0] != 0


async def test_an_export_says_where_columns_are_not_what_the_record_says(
    audited: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    await audited.log.append(5)
    await audited.renewed()
    await audited.log.tamper("UPDATE records SET agency_id = 'another' WHERE seq = 3")
    monkeypatch.setenv("PLATEWARD_DATABASE_DSN", audited.log.dsn)
    code, said = await run("log", "export", str(audited.folder / "exported"))
    assert (code, said) == (1, "the columns of record 3 are not what the record says\n")

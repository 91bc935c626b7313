"""Audits as the policies ask for them: on time, of inquiries that nobody chose, written down, reviewed and filed."""

import hashlib
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from plateward.cli import app
from plateward.commands.redrawing import redrawn
from plateward.commands.verifying import RECORDS
from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode
from plateward.policy.catalogue import load_catalogue
from plateward.policy.sampling import INQUIRIES
from plateward.tlog.notes import parse_note
from plateward.tlog.proofs import NotProven
from tests.support.access_log import LOG_KEY, TRUST
from tests.support.auditing import Auditing, auditing
from tests.support.gateway_at_work import Console, GatewayAtWork
from tests.support.things import titled_for

pytest_plugins = ["tests.support.gateway"]

PROFILES = load_catalogue()
SEARCHES = 14
CLAUSES = (
    pytest.param("flagstaff", marks=pytest.mark.clause("F28")),
    pytest.param("barstow", marks=pytest.mark.clause("B12")),
    pytest.param("kentucky", marks=pytest.mark.clause("K20")),
    pytest.param("stockton", marks=pytest.mark.clause("S7")),
)


@pytest.fixture(scope="module")
async def log(gateway: GatewayAtWork) -> AsyncIterator[Auditing]:
    async with auditing(gateway) as log:
        yield log


async def colleague(gateway: GatewayAtWork, agency: str, title: str) -> Console:
    return await gateway.sign_in(await gateway.register(agency, title))


async def searches(gateway: GatewayAtWork, agency: str) -> None:
    """More inquiries than are drawn, by two people, one of whom asks a supervisor for nothing."""
    for _ in range(2):
        searcher = await gateway.sign_in(await gateway.register(agency))
        for number in range(SEARCHES // 2):
            (await searcher.http.post("/v1/searches", json=searcher.search(f"AB{number:04}"))).raise_for_status()


@pytest.mark.parametrize("agency", CLAUSES)
async def test_an_audit_from_its_opening_to_the_file(
    gateway: GatewayAtWork, log: Auditing, agency: str, tmp_path: Path
) -> None:
    rules = PROFILES[agency].audits
    await searches(gateway, agency)
    auditor = await colleague(gateway, agency, rules.conducted_by[0])

    opened = (await auditor.http.post("/v1/audits")).raise_for_status().json()
    url = f"/v1/audits/{opened['id']}"
    assert (opened["state"], opened["sample"]) == ("waiting", []), "before a checkpoint nothing is drawn"
    assert datetime.fromisoformat(opened["until"]) - datetime.fromisoformat(opened["since"]) == timedelta(
        days=rules.sample_of_days
    )
    assert (await auditor.http.post("/v1/audits")).status_code == 422, "nobody opens another before it is closed"
    assert (await auditor.http.post(f"{url}/close", json={"statement": "All is in order."})).status_code == 422

    await log.catch_up()
    found = (await auditor.http.get(url)).raise_for_status().json()
    audit, inquiries = found["audit"], found["inquiries"]
    assert len(inquiries) == rules.sample_at_least >= 10
    assert audit["population"] == SEARCHES
    assert {(one["asked"]["action"], one["asked"]["phase"]) for one in inquiries} == {("search", "asked")}
    assert {one["asked"]["actor"]["agency_id"] for one in inquiries} == {agency}
    assert all(one["outcome"]["phase"] == "answered" for one in inquiries)
    assert all(one["asked"]["reason"]["values"] for one in inquiries)

    # A later checkpoint changes nothing any more; and anybody draws the same again.
    await log.catch_up()
    assert (await auditor.http.get(url)).json()["audit"]["sample"] == audit["sample"]
    again(await log.contents(), audit, opened["access_id"], tmp_path)

    early = await auditor.http.post(f"{url}/close", json={"statement": "All is in order."})
    assert early.status_code == 422
    wrong = {"verdict": "violation", "note": "No report of this number", "data_errors": "Case number transposed"}
    (await auditor.http.put(f"{url}/inquiries/1", json=wrong)).raise_for_status()
    for place in range(2, len(inquiries) + 1):
        (await auditor.http.put(f"{url}/inquiries/{place}", json={"verdict": "within-policy"})).raise_for_status()
    closed = (await auditor.http.post(f"{url}/close", json={"statement": "One was not in order."})).raise_for_status()
    await is_filed(gateway, log, auditor, url, closed.json(), agency)


def again(contents: list[bytes], audit: dict[str, object], opening: str, folder: Path) -> None:
    """The sample drawn offline, from the log's records and the checkpoint alone."""
    (folder / RECORDS).write_bytes(b"".join(content + b"\n" for content in contents))
    (folder / "seed").write_text(str(audit["checkpoint"]))
    command = [
        "verify",
        "sample",
        str(folder),
        str(folder / "seed"),
        "--opening",
        opening,
        "--key",
        str(LOG_KEY.public),
    ]
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[:-1] == audit["sample"]


async def is_filed(
    gateway: GatewayAtWork, log: Auditing, auditor: Console, url: str, closed: dict[str, object], agency: str
) -> None:
    """The memorandum is there, reviewed where the policy asks for it, and the log holds its hash."""
    reviewer = PROFILES[agency].audits.memorandum_to
    assert (closed["state"], closed["reviewer"]) == ("closed" if reviewer else "filed", reviewer)
    if reviewer is not None:
        refused = await auditor.http.post(f"{url}/review", json={"statement": "Read by myself."})
        assert refused.status_code in (403, 422), "who wrote it does not review it"
        chief = await colleague(gateway, agency, reviewer)
        filed = await chief.http.post(f"{url}/review", json={"statement": "Reviewed; the error is mended."})
        assert filed.raise_for_status().json()["state"] == "filed"
    document = (await auditor.http.get(f"{url}/memorandum")).raise_for_status().content
    assert document.startswith(b"%PDF-")
    await log.catch_up()
    records = [decode(content, AccessRecord) for content in await log.contents()]
    hashes = [record.query.get("memorandum_sha256") for record in records]
    assert hashlib.sha256(document).hexdigest() in hashes
    # The audit itself is on record, and no inquiry of the kind that is audited.
    looks = {record.action for record in records if record.query.get("audit") == url.rpartition("/")[2]}
    assert looks >= {"open-audit", "view-audit", "judge-inquiry", "close-audit"}
    assert not looks & INQUIRIES


@pytest.mark.parametrize("agency", CLAUSES)
async def test_an_audit_that_was_not_done_is_told(gateway: GatewayAtWork, agency: str) -> None:
    auditor = await colleague(gateway, agency, titled_for(agency, "conduct-audits"))
    days = PROFILES[agency].audits.every_days
    before = (await auditor.http.get("/v1/audits")).raise_for_status().json()
    shift = datetime.fromisoformat(before["due_at"]) - datetime.now(UTC) + timedelta(days=2, hours=1)
    async with gateway.administrator.acquire() as connection, connection.transaction():
        await connection.execute(
            "UPDATE people SET created_at = created_at - $2::interval WHERE agency_id = $1", agency, shift
        )
        await connection.execute(
            "UPDATE audits SET closed = closed || jsonb_build_object('at',"
            " (closed ->> 'at')::timestamptz - $2::interval) WHERE agency_id = $1 AND closed IS NOT NULL",
            *(agency, shift),
        )
    after = (await auditor.http.get("/v1/audits")).raise_for_status().json()
    assert (before["overdue_days"], after["overdue_days"]) == (0, 3)
    assert shift > timedelta(days=days), "nothing was overdue before"
    session = auditor.http.headers["Authorization"].removeprefix("Bearer ")
    page = await auditor.http.get("/audits", headers={"Cookie": f"plateward_session={session}"})
    assert "An audit is overdue." in page.text


async def test_a_sample_is_not_drawn_again_from_records_that_were_changed(
    gateway: GatewayAtWork, log: Auditing
) -> None:
    await searches(gateway, "florence")
    auditor = await colleague(gateway, "florence", "Lieutenant")
    opened = (await auditor.http.post("/v1/audits")).raise_for_status().json()
    await log.catch_up()
    audit = (await auditor.http.get(f"/v1/audits/{opened['id']}")).json()["audit"]
    contents, seed = await log.contents(), parse_note(audit["checkpoint"])
    drawn = redrawn(contents, seed, uuid.UUID(opened["access_id"]), TRUST)
    assert [str(one) for one in drawn] == audit["sample"]
    with pytest.raises(NotProven):
        redrawn([contents[0].replace(b"26-", b"27-"), *contents[1:]], seed, uuid.UUID(opened["access_id"]), TRUST)
    with pytest.raises(NotProven):
        redrawn([contents[1], contents[0], *contents[2:]], seed, uuid.UUID(opened["access_id"]), TRUST)


async def test_nobody_judges_their_own_inquiry(gateway: GatewayAtWork, log: Auditing) -> None:
    """Stockton's Lieutenants search and audit."""
    own = await colleague(gateway, "stockton", "Lieutenant")
    (await own.http.post("/v1/searches", json=own.search("AB7777"))).raise_for_status()
    opened = (await own.http.post("/v1/audits")).raise_for_status().json()
    await gateway.administrator.execute("UPDATE audits SET sample_size = 1000 WHERE id = $1", uuid.UUID(opened["id"]))
    await log.catch_up()
    found = (await own.http.get(f"/v1/audits/{opened['id']}")).json()["inquiries"]
    place = next(one["place"] for one in found if one["asked"]["actor"]["person_id"] == str(own.person.id))
    url = f"/v1/audits/{opened['id']}/inquiries/{place}"
    refused = await own.http.put(url, json={"verdict": "within-policy"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "verdict")
    other = await colleague(gateway, "stockton", "Lieutenant")
    assert (await other.http.put(url, json={"verdict": "within-policy"})).status_code == 204

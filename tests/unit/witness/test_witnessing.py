"""A witness cosigns a log that only grows, and no other."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.evidence import ConsistencyEvidence
from plateward.tlog.keys import PrivateKey, Role
from plateward.tlog.notes import SignedNote, parse_signatures
from services.witness.adapters.http import SIZE_TYPE, witness_routes
from services.witness.adapters.memory_folder import MemoryFolder
from services.witness.witnessing import AnotherLog, AnotherSize, Witnessing
from tests.unit.tlog.test_tampering import KEY, signed
from tests.unit.tlog.trees import consistency, records

WITNESS = PrivateKey.generate("witness.example", Role.WITNESS)
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def a_witness(folder: Path) -> Witnessing:
    return Witnessing(WITNESS, {KEY.name: KEY.public}, MemoryFolder(folder), lambda: NOW)


def grown(old: int, content: list[bytes]) -> ConsistencyEvidence:
    return ConsistencyEvidence(old, consistency(old, content), signed(content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "witness"


@pytest.fixture
async def client(folder: Path) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(witness_routes(a_witness(folder)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://witness")


async def post(client: httpx.AsyncClient, evidence: object) -> httpx.Response:
    return await client.post("/add-checkpoint", content=str(evidence).encode())


async def test_a_log_that_grows_is_cosigned_each_time(client: httpx.AsyncClient) -> None:
    for old, new in ((0, 3), (3, 3), (3, 8), (8, 300)):
        evidence = grown(old, records(new))
        answer = await post(client, evidence)
        assert answer.status_code == 200
        note = SignedNote(evidence.checkpoint.text, parse_signatures(answer.text))
        assert WITNESS.public.check_witness(note) == NOW


async def test_who_does_not_know_what_it_saw_last_is_told(client: httpx.AsyncClient) -> None:
    await post(client, grown(0, records(5)))
    for old in (0, 4, 6):
        answer = await post(client, grown(old, records(9)))
        assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (409, "5\n", SIZE_TYPE)


async def test_a_rewritten_log_is_not_cosigned(client: httpx.AsyncClient) -> None:
    await post(client, grown(0, records(5)))
    rewritten = [b"another", *records(9)[1:]]
    assert (await post(client, grown(5, rewritten))).status_code == 422
    same_size = ConsistencyEvidence(5, (), signed(rewritten[:5]))
    assert (await post(client, same_size)).status_code == 409
    shorter = ConsistencyEvidence(5, (), signed(records(4)))
    assert (await post(client, shorter)).status_code == 400
    assert (await post(client, grown(5, records(9)))).status_code == 200, "and it still knows the true one"


async def test_what_no_log_of_its_own_has_signed_is_refused(client: httpx.AsyncClient) -> None:
    stranger = PrivateKey.generate("elsewhere.example", Role.LOG)
    unknown = ConsistencyEvidence(0, (), signed(records(3), key=stranger, origin=stranger.name))
    assert (await post(client, unknown)).status_code == 404
    namesake = PrivateKey.generate(KEY.name, Role.LOG)
    unsigned = ConsistencyEvidence(0, (), signed(records(3), key=namesake))
    assert (await post(client, unsigned)).status_code == 403


@pytest.mark.parametrize("content", ["", "old 1\n", "old x\n\n\n", "\udcff"])
async def test_what_is_no_request_is_refused(client: httpx.AsyncClient, content: str) -> None:
    answer = await client.post("/add-checkpoint", content=content.encode(errors="surrogateescape"))
    assert answer.status_code == 400


async def test_a_request_that_is_too_long_is_not_read_to_its_end(client: httpx.AsyncClient) -> None:
    assert (await client.post("/add-checkpoint", content=b"x" * 70_000)).status_code == 413


def test_a_restarted_witness_remembers(folder: Path) -> None:
    a_witness(folder).add_checkpoint(grown(0, records(5)))
    with pytest.raises(AnotherSize, match="had 5 records"):
        a_witness(folder).add_checkpoint(grown(0, records(9)))
    a_witness(folder).add_checkpoint(grown(5, records(9)))


def test_a_witness_that_is_killed_before_it_has_kept_a_checkpoint_has_not_cosigned_it(folder: Path) -> None:
    a_witness(folder).add_checkpoint(grown(0, records(5)))
    (file,) = folder.glob("*.checkpoint")
    file.with_suffix(".new").write_text("half a chec")
    a_witness(folder).add_checkpoint(grown(5, records(9)))
    assert [one.suffix for one in sorted(folder.iterdir())] == [".checkpoint", ".lock"]


@given(steps=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.booleans()), max_size=12))
def test_whatever_it_is_sent_a_witness_cosigns_one_history(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, bool]]
) -> None:
    """Two histories that differ from the third record on: of what it has cosigned, each is the next one's beginning."""
    witness, cosigned = a_witness(tmp_path_factory.mktemp("witness")), list[SignedNote]()
    histories = {True: records(20), False: [*records(2), *(b"other " + one for one in records(18))]}
    for old, new, which in steps:
        content = histories[which][:new]
        path = consistency(old, content) if old <= new else ()
        evidence = ConsistencyEvidence(old, path, signed(content))
        try:
            witness.add_checkpoint(evidence)
        except (AnotherLog, AnotherSize, ValueError):
            continue
        cosigned.append(evidence.checkpoint)
    for one, following in pairwise(cosigned):
        sizes = (checkpoint_of(one).size, checkpoint_of(following).size)
        assert sizes[0] <= sizes[1]
        assert any([one, following] == [signed(all_[:size]) for size in sizes] for all_ in histories.values())


def test_both_checkpoints_that_convict_a_log_are_told(folder: Path) -> None:
    witness = a_witness(folder)
    before = grown(0, records(5))
    witness.add_checkpoint(before)
    rewritten = grown(5, [b"another", *records(9)[1:]])
    with pytest.raises(AnotherLog) as refused:
        witness.add_checkpoint(rewritten)
    assert (refused.value.before, refused.value.now) == (before.checkpoint, rewritten.checkpoint)

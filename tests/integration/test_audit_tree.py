"""The log's tree in a real PostgreSQL: it grows, it is signed, and whoever changes it is found out."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.growing import RightEdge
from plateward.tlog.hashing import EMPTY_ROOT, leaf_hash
from plateward.tlog.proofs import NotProven
from plateward.tlog.verifying import verify_consistency, verify_log, verify_record
from services.audit.tree import TreeDamaged
from tests.support.access_log import TRUST, AccessLog, access_log
from tests.support.stack import PostgresServer, fresh_database


@pytest.fixture
async def log(postgres: PostgresServer) -> AsyncIterator[AccessLog]:
    """A log of the test's own, that it may spoil."""
    async with fresh_database(postgres) as dsn, access_log(dsn) as log:
        yield log


async def test_an_empty_log_is_signed_as_empty(log: AccessLog) -> None:
    checkpoint = checkpoint_of(await log.sign())
    assert (checkpoint.size, checkpoint.root) == (0, EMPTY_ROOT)


@pytest.mark.parametrize("batches", [[1], [255, 1], [256], [300, 300, 1], [700]])
async def test_however_it_was_appended_the_log_verifies(log: AccessLog, batches: list[int]) -> None:
    for count in batches:
        await log.append(count)
    note = await log.sign()
    assert verify_log(await log.records(), note, TRUST).checkpoint.size == sum(batches)


async def test_every_record_is_proven_and_so_is_every_beginning(log: AccessLog) -> None:
    notes = [await log.sign()]
    for count in (1, 2, 250, 3, 44, 300):
        await log.append(count)
        notes.append(await log.sign())
    records, newest = await log.records(), notes[-1]
    for place, record in enumerate(records):
        verify_record(record, await log.store.prove_inclusion(place, newest), TRUST)
    for old in notes:
        evidence = await log.store.prove_consistency(checkpoint_of(old).size, newest)
        verify_consistency(old, evidence, TRUST)


async def test_a_log_of_three_levels_is_proven_from_few_rows(log: AccessLog) -> None:
    """70,000 records put there by SQL, and signed: what is read of them is bounded by the tiles' width."""
    await log.append(1)
    await log.tamper(
        """INSERT INTO records (seq, id, access_id, agency_id, at, canonical, leaf_hash)
        SELECT n, gen_random_uuid(), gen_random_uuid(), 'a', now(), c, sha256('\\x00'::bytea || c)
        FROM generate_series(1, 69999) n, LATERAL (SELECT int4send(n::int) AS c) content"""
    )
    records = await log.records()
    tiles = RightEdge().append([leaf_hash(record) for record in records])
    assert max(tile.level for tile in tiles) == 2
    await log.pool.executemany(
        "INSERT INTO tile_roots VALUES ($1, $2, $3)", [(tile.level, tile.index, tile.hash) for tile in tiles]
    )
    note = await log.sign()
    verify_log(records, note, TRUST)
    for place in (0, 255, 256, 65_535, 65_536, 69_887, 69_999):
        verify_record(records[place], await log.store.prove_inclusion(place, note), TRUST)
    await log.append(500)
    assert checkpoint_of(await log.sign()).size == 70_500


async def test_a_log_that_has_not_grown_keeps_its_checkpoint(log: AccessLog) -> None:
    await log.append(5)
    assert await log.sign() == await log.sign() == await log.restarted().sign()
    assert await log.pool.fetchval("SELECT count(*) FROM checkpoints") == 1


async def test_many_who_sign_and_append_at_once_make_one_history(log: AccessLog) -> None:
    signers = [log.restarted() for _ in range(4)]
    await asyncio.gather(*(log.append(20) for _ in range(10)), *(one.sign() for one in signers for _ in range(5)))
    newest, records = await log.sign(), await log.records()
    verify_log(records, newest, TRUST)
    for (size,) in await log.pool.fetch("SELECT size FROM checkpoints"):
        old = await log.store.checkpoint(size)
        assert old is not None
        verify_consistency(old, await log.store.prove_consistency(size, newest), TRUST)


REWRITE = "UPDATE records SET canonical = replace(encode(canonical, 'escape'), 'ABC123', 'XYZ789')::bytea"
TAMPERING = {
    "a byte of a record": "UPDATE records SET canonical = set_byte(canonical, 7, 33) WHERE seq = 100",
    "a record and its hash": """UPDATE records SET canonical = c.other, leaf_hash = sha256('\\x00'::bytea || c.other)
        FROM (SELECT '{}'::bytea AS other) c WHERE seq = 100""",
    "a record dropped": "DELETE FROM records WHERE seq = 100",
    "the last record dropped": "DELETE FROM records WHERE seq = 599",
    "two records in another order": """UPDATE records r SET canonical = o.canonical, leaf_hash = o.leaf_hash
        FROM records o WHERE (r.seq, o.seq) IN ((100, 101), (101, 100))""",
    "all records": REWRITE,
}


@pytest.mark.parametrize("how", TAMPERING)
async def test_a_verifier_of_the_exported_log_sees_what_was_done_to_it(log: AccessLog, how: str) -> None:
    await log.append(600)
    note = await log.sign()
    verify_log(await log.records(), note, TRUST)
    await log.tamper(TAMPERING[how])
    with pytest.raises(NotProven):
        verify_log(await log.records(), note, TRUST)


@pytest.mark.parametrize(
    "how",
    [
        "DELETE FROM records WHERE seq = 599",
        "DELETE FROM records WHERE seq >= 512",
        "DELETE FROM records WHERE seq = 550",
        "UPDATE records SET leaf_hash = sha256('other') WHERE seq = 599",
        "UPDATE tile_roots SET hash = sha256('other') WHERE index = 0",
        "DELETE FROM tile_roots WHERE index = 1",
        "UPDATE checkpoints SET note = replace(note, '600', '599')",
        "TRUNCATE records; TRUNCATE tile_roots",
    ],
)
async def test_the_service_signs_no_log_that_is_not_the_one_it_signed(log: AccessLog, how: str) -> None:
    await log.append(600)
    await log.sign()
    await log.tamper(how)
    for signer in (log.checkpointer, log.restarted()):
        with pytest.raises(TreeDamaged):
            await signer.sign()


async def test_a_signed_log_taken_back_whole_is_noticed_by_whoever_remembers(log: AccessLog) -> None:
    """Records and checkpoints rolled back together, as from a backup: the running service still knows better."""
    await log.append(10)
    old = await log.sign()
    await log.append(10)
    await log.sign()
    await log.tamper("DELETE FROM records WHERE seq >= 10")
    await log.tamper("DELETE FROM checkpoints WHERE size > 10")
    with pytest.raises(TreeDamaged, match="has 10 records, and had 20 when it was signed"):
        await log.sign()
    assert await log.restarted().sign() == old, "who remembers nothing sees nothing: that is what witnesses are for"


async def test_records_of_another_shape_are_appended_to_no_broken_tree(log: AccessLog) -> None:
    await log.append(300)
    await log.tamper("DELETE FROM tile_roots")
    with pytest.raises(TreeDamaged, match="missing"):
        await log.append(1)


@pytest.mark.parametrize("table", ["tile_roots", "checkpoints"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {} = {}"])
async def test_nothing_of_the_tree_is_changed_by_anyone(log: AccessLog, table: str, change: str) -> None:
    await log.append(256)
    await log.sign()
    column = {"tile_roots": "hash", "checkpoints": "note"}[table]
    with pytest.raises(Exception, match="append-only"):
        await log.pool.execute(change.format(table, column, column))

"""Whatever is done to a log, its records or its proofs, a verifier sees it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.tlog.checkpoints import Checkpoint
from plateward.tlog.evidence import ConsistencyEvidence, InclusionEvidence
from plateward.tlog.keys import NotSigned, PrivateKey, Role
from plateward.tlog.notes import Signature, SignedNote, parse_note
from plateward.tlog.proofs import NotProven
from plateward.tlog.text import Malformed
from plateward.tlog.verifying import Trust, verify_checkpoint, verify_consistency, verify_log, verify_record
from tests.unit.tlog.trees import consistency, inclusion, records, root_of

KEY = PrivateKey.generate("region.example/access", Role.LOG)
WITNESSES = [PrivateKey.generate(f"witness-{number}.example", Role.WITNESS) for number in range(3)]
TRUST = Trust(KEY.public)
AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
LOGS = st.lists(st.binary(max_size=30), min_size=1, max_size=40, unique=True)


def signed(content: list[bytes], *, key: PrivateKey = KEY, origin: str = KEY.name) -> SignedNote:
    text = Checkpoint(origin, len(content), root_of(content)).text()
    return SignedNote(text, (key.sign(text),))


def evidence(index: int, content: list[bytes]) -> InclusionEvidence:
    return InclusionEvidence(index, inclusion(index, content), signed(content), content[index])


@given(content=LOGS)
def test_a_log_that_nobody_has_touched_verifies(content: list[bytes]) -> None:
    assert verify_log(content, signed(content), TRUST).checkpoint.size == len(content)


@given(content=LOGS, data=st.data())
def test_any_bit_of_any_record_changed_is_seen(content: list[bytes], data: st.DataObject) -> None:
    note, tampered = signed(content), list(content)
    place = data.draw(st.integers(0, len(content) - 1))
    bit = data.draw(st.integers(0, 8 * len(content[place]) or 1))
    tampered[place] = flipped(content[place], bit)
    with pytest.raises(NotProven, match="not those"):
        verify_log(tampered, note, TRUST)


def flipped(record: bytes, bit: int) -> bytes:
    """The record with this bit turned, or, for the bit after the last, with a byte more."""
    if bit >= 8 * len(record):
        return record + b"\0"
    changed = bytearray(record)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@given(content=LOGS, data=st.data())
def test_a_record_dropped_is_seen(content: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(NotProven, match="its checkpoint says"):
        verify_log(content[:place] + content[place + 1 :], signed(content), TRUST)


@given(content=LOGS, more=st.binary())
def test_a_record_put_in_is_seen(content: list[bytes], more: bytes) -> None:
    with pytest.raises(NotProven, match="its checkpoint says"):
        verify_log([*content, more], signed(content), TRUST)


@given(content=LOGS.filter(lambda log: len(log) > 1), data=st.data())
def test_another_order_is_seen(content: list[bytes], data: st.DataObject) -> None:
    other = data.draw(st.permutations(content).filter(lambda order: order != content))
    with pytest.raises(NotProven, match="not those"):
        verify_log(other, signed(content), TRUST)


@given(content=LOGS, kept=st.integers(0, 39))
def test_a_log_cut_short_and_signed_anew_is_not_what_was_signed_before(content: list[bytes], kept: int) -> None:
    """Whoever has the key can sign any log; whoever kept an older checkpoint can tell."""
    rewritten = [*content[: min(kept, len(content) - 1)], *records(50)]
    before, after = signed(content), signed(rewritten)
    verify_log(rewritten, after, TRUST)
    claimed = ConsistencyEvidence(len(content), consistency(len(content), rewritten), after)
    with pytest.raises(NotProven, match="not the beginning"):
        verify_consistency(before, claimed, TRUST)


@given(content=LOGS, data=st.data())
def test_a_proof_holds_for_its_record_at_its_place_alone(content: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(content) - 1))
    one = evidence(index, content)
    verify_record(content[index], one, TRUST)
    with pytest.raises(NotProven):
        verify_record(flipped(content[index], data.draw(st.integers(0, 8 * len(content[index])))), one, TRUST)
    with pytest.raises(NotProven):
        verify_record(content[index], replace(one, index=data.draw(st.integers(0, 50).filter(index.__ne__))), TRUST)
    with pytest.raises(NotProven):
        verify_record(content[index], replace(one, path=(*one.path, bytes(32))), TRUST)
    for place, sibling in enumerate(one.path):
        changed = (*one.path[:place], flipped(sibling, data.draw(st.integers(0, 255))), *one.path[place + 1 :])
        with pytest.raises(NotProven):
            verify_record(content[index], replace(one, path=changed), TRUST)
        with pytest.raises(NotProven):
            verify_record(content[index], replace(one, path=one.path[:place] + one.path[place + 1 :]), TRUST)


@given(content=LOGS, data=st.data())
def test_a_proof_of_consistency_holds_for_its_two_trees_alone(content: list[bytes], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(content)))
    old, one = signed(content[:first]), ConsistencyEvidence(first, consistency(first, content), signed(content))
    before, after = verify_consistency(old, one, TRUST)
    assert (before.checkpoint.size, after.checkpoint.size) == (first, len(content))
    with pytest.raises(NotProven):
        verify_consistency(signed([*content[:first], b"another"]), one, TRUST)
    with pytest.raises(NotProven):
        verify_consistency(old, replace(one, path=(*one.path, bytes(32))), TRUST)
    for place, sibling in enumerate(one.path):
        changed = (*one.path[:place], flipped(sibling, data.draw(st.integers(0, 255))), *one.path[place + 1 :])
        with pytest.raises(NotProven):
            verify_consistency(old, replace(one, path=changed), TRUST)


@given(data=st.data())
def test_any_bit_of_a_checkpoint_changed_is_seen(data: st.DataObject) -> None:
    note = str(signed(records(9)))
    changed = flipped(note.encode(), data.draw(st.integers(0, 8 * len(note.encode()) - 1)))
    with pytest.raises((Malformed, NotSigned, NotProven, UnicodeDecodeError)):
        verify_checkpoint(parse_note(changed.decode()), TRUST)


def test_a_checkpoint_that_another_key_signed_is_none() -> None:
    namesake = PrivateKey.generate(KEY.name, Role.LOG)
    with pytest.raises(NotSigned, match="has no signature of"):
        verify_checkpoint(signed(records(3), key=namesake), TRUST)
    text = Checkpoint(KEY.name, 3, root_of(records(3))).text()
    forged = Signature(KEY.name, KEY.public.key_id, namesake.sign(text).content)
    with pytest.raises(NotSigned, match="does not hold"):
        verify_checkpoint(SignedNote(text, (forged,)), TRUST)


def test_a_checkpoint_of_another_log_is_none_of_this_one() -> None:
    with pytest.raises(NotProven, match="of the log elsewhere"):
        verify_checkpoint(signed(records(3), origin="elsewhere.example/access"), TRUST)


def test_witnesses_are_counted_by_whom_the_verifier_trusts() -> None:
    note = signed(records(3))
    witnessed = note.with_signature(*(one.cosign(note.text, AT) for one in WITNESSES[:2]))
    trusted = tuple(one.public for one in WITNESSES[1:])
    assert verify_checkpoint(witnessed, Trust(KEY.public, trusted, 1)).cosigned_at == {WITNESSES[1].name: AT}
    with pytest.raises(NotSigned, match="1 witnesses have cosigned the checkpoint, and 2 must have"):
        verify_checkpoint(witnessed, Trust(KEY.public, trusted, 2))
    with pytest.raises(ValueError, match="fewer are named"):
        Trust(KEY.public, trusted, 3)
    with pytest.raises(ValueError, match="fewer are named"):
        Trust(KEY.public, trusted[:1] * 2, 2)


def test_a_cosignature_holds_for_its_text_and_its_time_alone() -> None:
    note, trust = signed(records(3)), Trust(KEY.public, (WITNESSES[0].public,), 1)
    stamped = WITNESSES[0].cosign(note.text, AT)
    for changed in (
        replace(stamped, content=flipped(stamped.content, 60)),
        replace(WITNESSES[0].cosign(signed(records(4)).text, AT)),
        replace(stamped, content=stamped.content[8:]),
    ):
        with pytest.raises(NotSigned, match="does not hold"):
            verify_checkpoint(note.with_signature(changed), trust)

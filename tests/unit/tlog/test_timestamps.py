"""Time-stamps of checkpoints, as a real authority gives them: what holds, and what does not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plateward.embedded.readiness import poll_until
from plateward.tlog.checkpoints import Checkpoint
from plateward.tlog.keys import PrivateKey, Role
from plateward.tlog.notes import Signature, SignedNote, parse_note
from plateward.tlog.text import Malformed
from plateward.tlog.timestamps import Authorities, NotStamped, stamp_request, token_line, tokens_of
from plateward.tlog.verifying import Trust, verify_checkpoint
from tests.support.timestamp_authority import TimestampAuthority, timestamp_authority

LOG_KEY = PrivateKey.generate("region.example/access", Role.LOG)


def a_checkpoint(size: int = 7) -> SignedNote:
    text = Checkpoint("region.example/access", size, bytes(32)).text()
    return SignedNote(text, (LOG_KEY.sign(text),))


def trusting(*authorities: TimestampAuthority) -> Authorities:
    return Authorities.parse(b"".join(one.certificates.read_bytes() for one in authorities))


async def stamped(authority: TimestampAuthority, note: SignedNote) -> SignedNote:
    answer = await authority.answer(stamp_request(note).content)
    return note.with_signature(token_line("tsa.example", answer))


async def test_a_token_travels_as_a_line_of_the_checkpoint_and_says_when_it_was_seen(tmp_path: Path) -> None:
    authority = timestamp_authority(tmp_path / "tsa")
    before = datetime.now(UTC)
    note = parse_note(str(await stamped(authority, a_checkpoint())))
    assert verify_checkpoint(note, Trust(LOG_KEY.public)).stamped_at == {}, "who asks for none passes over it"
    told = verify_checkpoint(note, Trust(LOG_KEY.public, authorities=trusting(authority))).stamped_at
    assert abs(told["tsa.example"] - before) < timedelta(minutes=1)


async def test_a_token_of_another_checkpoint_or_of_an_untrusted_authority_does_not_hold(tmp_path: Path) -> None:
    own, other = timestamp_authority(tmp_path / "own"), timestamp_authority(tmp_path / "other")
    note = await stamped(own, a_checkpoint())
    (token,) = tokens_of(note)
    for presented, trusted in ((a_checkpoint(8).with_signature(token), own), (note, other), (a_checkpoint(), own)):
        with pytest.raises(NotStamped):
            verify_checkpoint(presented, Trust(LOG_KEY.public, authorities=trusting(trusted)))
    both = note.with_signature(*tokens_of(await stamped(other, a_checkpoint())))
    assert trusting(own).stamps_of(both), "one that holds is enough"


async def test_a_token_is_spoilt_by_any_change_and_by_another_number(tmp_path: Path) -> None:
    authority, note = timestamp_authority(tmp_path / "tsa"), a_checkpoint()
    request = stamp_request(note)
    answer, trusted = await authority.answer(request.content), trusting(authority)
    assert request.nonce is not None
    trusted.stamped_at(note, token_line("tsa.example", answer), request.nonce)
    with pytest.raises(NotStamped, match="Nonce"):
        trusted.stamped_at(note, token_line("tsa.example", answer), request.nonce + 1)
    for place in range(0, len(answer), 23):
        spoilt = answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]
        try:
            at = trusted.stamped_at(note, token_line("tsa.example", spoilt), request.nonce)
        except NotStamped:
            continue
        assert at == trusted.stamped_at(note, token_line("tsa.example", answer)), "a byte that says nothing"
    for nonsense in (b"", b"nonsense", answer[:-1], answer + b"\0"):
        with pytest.raises(NotStamped):
            trusted.stamped_at(note, Signature("tsa.example", b"1234", nonsense))


async def test_a_token_outlives_its_certificate_but_an_expired_one_stamps_nothing(tmp_path: Path) -> None:
    expired = timestamp_authority(tmp_path / "expired", valid_until=datetime.now(UTC) - timedelta(minutes=1))
    with pytest.raises(NotStamped):
        trusting(expired).stamps_of(await stamped(expired, a_checkpoint()))
    valid_until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    expiring = timestamp_authority(tmp_path / "expiring", valid_until=valid_until)
    note = await stamped(expiring, a_checkpoint())

    async def is_over() -> bool:
        return datetime.now(UTC) > valid_until

    await poll_until(is_over)
    assert trusting(expiring).stamps_of(note)


def test_certificates_are_in_pem() -> None:
    with pytest.raises(Malformed):
        Authorities.parse(b"no certificate")

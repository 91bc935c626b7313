"""The formats are C2SP's: what their documents show is read, and what is not of the format is not."""

import pytest

from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.evidence import ConsistencyEvidence, InclusionEvidence
from plateward.tlog.keys import PrivateKey, PublicKey, Role
from plateward.tlog.notes import SignedNote, parse_note
from plateward.tlog.text import Malformed
from tests.unit.tlog.test_tampering import AT, KEY, WITNESSES, evidence, signed
from tests.unit.tlog.trees import consistency, records

SHOWN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
"""A key and a note that it signed, as the documentation of Go's note package shows them."""

SHOWN_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_signed_note_that_go_shows_verifies() -> None:
    key = PublicKey.parse(SHOWN_KEY)
    assert (key.name, key.key_id.hex(), str(key)) == ("PeterNeumann", "c74f20a3", SHOWN_KEY)
    key.check_log(parse_note(SHOWN_NOTE))
    assert str(parse_note(SHOWN_NOTE)) == SHOWN_NOTE


def test_keys_come_back_from_their_text() -> None:
    for key in (KEY, WITNESSES[0]):
        assert PrivateKey.parse(key.written()) == key
        assert PublicKey.parse(str(key.public)) == key.public


def test_a_private_key_shows_itself_to_nobody() -> None:
    _, _, _, _, secret = KEY.written().split("+", 4)  # which may hold a + itself
    assert secret not in repr(KEY)
    assert repr(KEY.seed) not in repr(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        SHOWN_KEY.replace("c74f20a3", "c74f20a4"),
        SHOWN_KEY.replace("Peter", "Paul"),
        SHOWN_KEY[:-4],
        SHOWN_KEY + "=",
        SHOWN_KEY.replace("+ARpc", "+Ahpc"),
        SHOWN_KEY.replace("PeterNeumann", "Peter Neumann"),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        PublicKey.parse(text)
    with pytest.raises(Malformed) as refused:
        PrivateKey.parse(text)
    assert not text or text not in str(refused.value)


def test_a_key_has_a_name_without_spaces() -> None:
    with pytest.raises(Malformed):
        PrivateKey.generate("the region", Role.LOG)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n— na+me AAAAAAAA\n",
        "text\n\n— name AAAAAAAA",
        "text\n\n— name AAAAAAAA\n\n",
        "te\txt\n\n— name AAAAAAAA\n",
        "text\n\n— name AAAAAA=A\n",
        "text\n\n" + "— name AAAAAAAA\n" * 33,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(Malformed):
        parse_note(note)


@pytest.mark.parametrize(
    "text",
    [
        "origin\n3\n",
        "origin\n03\n" + "A" * 43 + "=\n",
        "origin\n-3\n" + "A" * 43 + "=\n",
        "origin\n٣\n" + "A" * 43 + "=\n",
        "origin\n3\n" + "A" * 42 + "==\n",
        "origin\n3\n" + "A" * 42 + "B=\n",
        "\n3\n" + "A" * 43 + "=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        checkpoint_of(SignedNote(text, ()))


def test_a_checkpoint_may_have_lines_of_its_own() -> None:
    assert checkpoint_of(SignedNote(f"origin\n3\n{'A' * 43}=\nmore\n", ())).size == 3


def test_evidence_comes_back_from_its_text() -> None:
    content = records(7)
    for index in range(7):
        assert InclusionEvidence.parse(str(evidence(index, content))) == evidence(index, content)
    for first in range(8):
        one = ConsistencyEvidence(first, consistency(first, content), signed(content))
        assert ConsistencyEvidence.parse(str(one)) == one
    note = signed(content)
    witnessed = note.with_signature(*(witness.cosign(note.text, AT) for witness in WITNESSES))
    assert parse_note(str(witnessed)) == witnessed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "index 1\n\n",
        str(evidence(1, records(3))).replace("@v1", "@v2"),
        str(evidence(1, records(3))).replace("index 1", "index 01"),
        str(evidence(1, records(3))).replace("index 1\n", "index 1\nQUFB\n"),
        str(evidence(1, records(3))).replace("index 1\n", "index 1\n" + f"{'A' * 43}=\n" * 63),
        str(evidence(1, records(3))).replace("index 1\n", ""),
    ],
)
def test_what_is_no_evidence_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        InclusionEvidence.parse(text)
    with pytest.raises(Malformed):
        ConsistencyEvidence.parse(text)

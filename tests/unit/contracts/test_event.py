"""Events on the wire: what goes on it comes off it, and what is no event is refused by its field."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.event import ContractError, Event, decode, derive_id, encode
from plateward.contracts.examples import EXAMPLES, HOT_LIST_ENTRY, PLATE_READ
from plateward.contracts.frames import frame_id
from plateward.contracts.hits import HitRaised, hit_id
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead, read_id
from plateward.contracts.topics import every_topic

TIMED = [PLATE_READ, HOT_LIST_ENTRY, next(one for one in EXAMPLES if isinstance(one, HitRaised))]


def structs_in(value: object) -> Iterator[tuple[str, msgspec.Struct]]:
    """The value and all structs within it, with their paths."""
    if isinstance(value, msgspec.Struct):
        yield type(value).__name__, value
        for name in value.__struct_fields__:
            yield from structs_in(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from structs_in(one)


def left_at_default(struct: msgspec.Struct) -> list[str]:
    """The fields that would not be on the wire, or are there as null."""
    return [
        field.name
        for field in msgspec.structs.fields(struct)
        if getattr(struct, field.name) is None or getattr(struct, field.name) == field.default
    ]


def wire(event: Event, **changes: object) -> bytes:
    return json.dumps(json.loads(encode(event)) | changes).encode()


def test_every_event_has_an_example() -> None:
    assert {type(example) for example in EXAMPLES} == {
        one for one in Event.__subclasses__() if one.__module__.startswith("plateward.contracts")
    }
    assert len({example.TYPE for example in EXAMPLES}) == len(EXAMPLES)


def test_every_topics_event_has_an_example() -> None:
    assert {topic.value for topic in every_topic()} <= {type(example) for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.TYPE)
def test_examples_set_every_field(example: Event) -> None:
    unset = {path: missing for path, struct in structs_in(example) if (missing := left_at_default(struct))}
    assert unset == {}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.TYPE)
def test_what_is_encoded_is_decoded(example: Event) -> None:
    assert decode(encode(example), type(example)) == example


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.TYPE)
def test_a_reader_ignores_fields_that_are_newer_than_it(example: Event) -> None:
    assert decode(wire(example, a_later_field=[1, {"two": 3}]), type(example)) == example


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"plate": "7kxr214"}, r"\$\.plate"),
        ({"plate": ""}, r"\$\.plate"),
        ({"plate": "ABCDEFGHIJKLM"}, r"\$\.plate"),
        ({"plate": "7KX R214"}, r"\$\.plate"),
        ({"plate": "7KXR214\n"}, r"\$\.plate"),
        ({"confidence": 1.01}, r"\$\.confidence"),
        ({"confidence": "high"}, r"\$\.confidence"),
        ({"id": "not-an-id"}, r"\$\.id"),
        ({"place": {"name": "Main St"}}, r"`latitude` - at `\$\.place`"),
        ({"expires_on": "2027-02-30"}, r"\$\.expires_on"),
        ({"candidates": [{"plate": "?", "confidence": 0.5}]}, r"\$\.candidates\[0\]\.plate"),
    ],
)
def test_what_breaks_the_contract_is_refused_by_its_field(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ContractError, match=f"^PlateRead: .*{words}"):
        decode(wire(PLATE_READ, **changes), PlateRead)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ContractError, match="HotListEntry: Object missing required field `id`"):
        decode(b"{}", HotListEntry)


@pytest.mark.parametrize("event", TIMED, ids=lambda event: event.TYPE)
def test_a_time_without_a_zone_is_refused(event: Event) -> None:
    """It can be compared with no time of ours: in a service it would fail far from where it came in."""
    field = next(name for name in ("captured_at", "starts_at", "raised_at") if name in event.__struct_fields__)
    with pytest.raises(ContractError, match=rf"timezone component - at `\$\.{field}`"):
        decode(wire(event, **{field: "2026-03-01T09:12:07"}), type(event))


@pytest.mark.parametrize(
    "data",
    [None, b"", b"{", b"\xff\xfe{}", b"[]", b"null", b'{"x":' + b"[" * 200_000],
    ids=["no value", "empty", "cut short", "no UTF-8", "an array", "null", "nested too deeply"],
)
def test_bytes_that_hold_no_event_are_a_contract_error(data: bytes | None) -> None:
    with pytest.raises(ContractError, match="^PlateRead: "):
        decode(data, PlateRead)


@given(st.binary(max_size=200))
def test_no_bytes_fail_otherwise(data: bytes) -> None:
    with pytest.raises(ContractError):
        decode(data, PlateRead)


def test_a_read_is_under_a_kilobyte_on_the_wire() -> None:
    assert len(encode(PLATE_READ)) < 1_000


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x1f")), min_size=1, max_size=4))
def test_derived_ids_are_the_same_for_the_same_parts(parts: list[str]) -> None:
    assert derive_id(*parts) == derive_id(*parts)
    assert derive_id(*parts).version == 5


@given(st.lists(st.lists(st.text("ab", max_size=3), min_size=1, max_size=3), unique_by=tuple, max_size=8))
def test_derived_ids_differ_where_the_parts_do(many: list[list[str]]) -> None:
    assert len({derive_id(*parts) for parts in many}) == len(many)


def test_ids_never_change() -> None:
    """They are in consumers' stores: another way to derive them would make every old thing a new one."""
    frame = frame_id("main-1", PLATE_READ.captured_at, "ab" * 32)
    read = read_id(frame, 0)
    assert str(frame) == "b30cc77f-344c-5c4e-82a7-ac881edd0409"
    assert str(read) == "aa666b54-beeb-5db5-a077-d4f1ef38ed12"
    assert str(hit_id(read, HOT_LIST_ENTRY.id)) == "15a24d68-8311-50a1-8624-4a6e38fa980b"


def test_ids_of_different_things_differ() -> None:
    one, other = uuid.UUID(int=1), uuid.UUID(int=2)
    ids = {read_id(one, 0), read_id(one, 1), read_id(other, 0), hit_id(one, other), hit_id(other, one)}
    assert len(ids) == 5

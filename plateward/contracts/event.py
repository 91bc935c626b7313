"""The base of everything on a topic, and its JSON encoding."""

import uuid
from datetime import datetime
from typing import Annotated, ClassVar, TypeVar

import msgspec

EVENT_NAMESPACE = uuid.UUID("9b0c9f0e-6f57-5d0e-8f0b-5d6f0b8a4c11")
"""The namespace under which Plateward derives the ids of things that are the same thing."""

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time that says its zone: one that does not could be compared with no other, and is refused."""


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=False, gc=False):
    """A part of an event. Readers ignore fields that they do not know, so that fields can be added.

    Nothing in it can come to hold itself, so it is kept from the cyclic collector (gc=False), which else walks every
    event of a batch again and again: it took longer than decoding them.
    """


class Event(Value, frozen=True, kw_only=True):
    """A value that travels alone on a topic; `TYPE` is its CloudEvents type with the contract's version."""

    TYPE: ClassVar[str]


AnyValue = TypeVar("AnyValue", bound=Value)


class ContractError(ValueError):
    """A record that does not keep to its contract: names the field and the rule that it breaks."""


def derive_id(*parts: object) -> uuid.UUID:
    """The id of the thing that these parts make the same thing: equal parts, equal id (UUIDv5, RFC 9562 §5.5)."""
    return uuid.uuid5(EVENT_NAMESPACE, "\x1f".join(str(part) for part in parts))


def encode(event: Value) -> bytes:
    """The JSON that goes on the wire."""
    return msgspec.json.encode(event)


def decode(data: bytes | None, kind: type[AnyValue]) -> AnyValue:
    """The event, or part of one, in these bytes; raises ContractError with the field and the rule if there is none."""
    if data is None:
        raise ContractError(f"{kind.__name__}: the record has no value")
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ContractError(f"{kind.__name__}: {error}") from error

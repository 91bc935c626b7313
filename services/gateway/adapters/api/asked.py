"""What programs send in a body: fields that are known, and texts that a record can keep."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.gateway.writing import SEEN_ALONE, UNSEEN_RULE, holds_unseen

Number = Annotated[float, Field(strict=True)]
"""A number that is sent as one: neither "1.5" nor true."""

Yes = Annotated[bool, Field(strict=True)]
"""true or false, and nothing that could be meant so."""


def _says_which_characters(schema: dict[str, Any]) -> None:
    """Adds to the description of each text which characters it may have."""
    for part in _parts_of(list(schema.get("properties", {}).values())):
        if part.get("type") == "string" and not {"format", "pattern", "enum", "const"} & part.keys():
            part["pattern"] = SEEN_ALONE
        if "additionalProperties" in part:
            part["propertyNames"] = {"type": "string", "pattern": SEEN_ALONE}


def _parts_of(schemas: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for schema in schemas:
        yield schema
        inner = [schema.get(name) for name in ("items", "additionalProperties", "propertyNames")]
        yield from _parts_of([*schema.get("anyOf", []), *(one for one in inner if isinstance(one, dict))])


class Asked(BaseModel):
    """A body, or a part of one. A field that is not known is refused: it may be one that was meant and is misspelt."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_says_which_characters)

    @field_validator("*", mode="after")
    @classmethod
    def _can_be_seen(cls, value: object) -> object:
        if any(holds_unseen(text) for text in _texts_in(value)):
            raise ValueError(UNSEEN_RULE)
        return value


def _texts_in(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for name, one in value.items():
                yield from _texts_in(name)
                yield from _texts_in(one)
        case list() | tuple() | set() | frozenset():
            for one in value:
                yield from _texts_in(one)

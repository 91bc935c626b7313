"""Which column of a CSV file is which field, and what its words mean: a file in YAML, one for each list."""

from functools import cache
from typing import get_args

import msgspec
import yaml

from plateward.contracts.hot_list import Category, Priority
from services.gateway.list_sources.lines import Encoding
from services.gateway.list_sources.record import FIELDS


class InvalidMapping(ValueError):
    """The file says no mapping; says where and why."""


class ColumnMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a source writes its list. Without any, the columns are named as our fields are."""

    columns: dict[str, str] = msgspec.field(default_factory=lambda: {name: name for name in FIELDS})
    """Our field to the name of its column in the first line."""
    optional: tuple[str, ...] = ()
    """Fields whose column may be missing."""
    constants: dict[str, str] = msgspec.field(default_factory=dict)
    """What a field is on every line, where the file does not say."""
    values: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)
    """The file's words, in capitals, to ours: of category, priority and whatever else is written in codes."""
    dates: str = ""
    """How `expires_at` is written, as strptime has it; without it, as ISO 8601 has it."""
    delimiter: str = ","
    encoding: Encoding = "utf-8"


PLAIN = ColumnMapping(optional=tuple(name for name in FIELDS if name not in ("plate", "category")))
"""A file whose columns are named as our fields are."""


@cache
def mapping_of(text: str) -> ColumnMapping:
    """The mapping that a YAML file says; raises InvalidMapping with the field and the rule."""
    try:
        mapping = msgspec.convert(yaml.safe_load(text), ColumnMapping)
    except (yaml.YAMLError, msgspec.ValidationError, RecursionError, ValueError) as error:
        raise InvalidMapping(f"mapping: {error}") from error
    for field in (*mapping.columns, *mapping.optional, *mapping.constants, *mapping.values):
        if field not in FIELDS:
            raise InvalidMapping(f"mapping: {field} is no field; the fields are {', '.join(FIELDS)}")
    if "plate" not in mapping.columns:
        raise InvalidMapping("mapping: columns must name the column of plate")
    if len(mapping.delimiter) != 1 or mapping.delimiter in '\r\n"':
        raise InvalidMapping("mapping: delimiter must be one character")
    _check_words(mapping)
    return mapping


def _check_words(mapping: ColumnMapping) -> None:
    """What a word means must be something that an entry can say."""
    for field, known in (("category", get_args(Category)), ("priority", get_args(Priority))):
        words = {*mapping.values.get(field, {}).values(), *filter(None, [mapping.constants.get(field)])}
        strays = sorted(words - set(known))
        if strays:
            raise InvalidMapping(f"mapping: {', '.join(strays)} is no {field}; those are {', '.join(known)}")

"""The JSON Schema of a profile: made from its types, with what the code says of each field as its description."""

import ast
import inspect
import json
import textwrap
from typing import Any

import msgspec

from plateward.policy import profile as parts
from plateward.policy.profile import AgencyProfile, Part


def profile_schema() -> str:
    """The schema as JSON text; editors check a profile against it while it is written."""
    schema: dict[str, Any] = msgspec.json.schema(AgencyProfile)
    schema["title"] = "An agency's policy"
    for name, definition in schema["$defs"].items():
        described = _descriptions(_part(name))
        for field, shape in definition.get("properties", {}).items():
            if field in described:
                shape["description"] = described[field]
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def _part(name: str) -> type[Part]:
    part: type[Part] = getattr(parts, name)
    return part


def _descriptions(part: type[Part]) -> dict[str, str]:
    """What stands as a string under each field, in the source of the class."""
    source = textwrap.dedent(inspect.getsource(part))
    [definition] = ast.parse(source).body
    assert isinstance(definition, ast.ClassDef)
    described = {}
    for field, after in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match after:
                case ast.Expr(value=ast.Constant(value=str() as words)):
                    described[field.target.id] = inspect.cleandoc(words)
    return described

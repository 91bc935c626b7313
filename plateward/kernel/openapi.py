"""What descriptions of our interfaces share: the problem, and the answers that every operation can give."""

from typing import Any

from plateward.kernel.problems import PROBLEM_JSON

PROBLEM_NAME = "Problem"

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": PROBLEM_NAME,
    "description": "What is wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "The kind of problem, in words."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "This problem, in words."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "rule"],
                "additionalProperties": False,
                "properties": {
                    "field": {"type": "string", "description": "What breaks the rule."},
                    "rule": {"type": "string", "description": "The rule, in words for the person who asks."},
                },
            },
        },
    },
}

RETRY_AFTER: dict[str, Any] = {
    "Retry-After": {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer", "minimum": 1}}
}


def whole_problem_answer(description: str, **more: object) -> dict[str, Any]:
    """The same, with the schema in it: for a description without components of its own."""
    return {"description": description, "content": {PROBLEM_JSON: {"schema": PROBLEM_SCHEMA}}, **more}


def problem_answer(description: str, **more: object) -> dict[str, Any]:
    """An answer of this description that is a problem; it needs `PROBLEM_SCHEMA` among the document's components."""
    schema = {"$ref": f"#/components/schemas/{PROBLEM_NAME}"}
    return {"description": description, "content": {PROBLEM_JSON: {"schema": schema}}, **more}

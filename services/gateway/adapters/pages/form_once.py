"""Forms that are sent twice, by a double click or a reload, are done once: each page gives its forms a word to carry.

Of questions this does not hold, as it does not in the API: each time that one is asked it is an access of its own.
"""

import secrets
from urllib.parse import parse_qs

from markupsafe import Markup

from services.gateway.adapters.body_limit import brings_a_list

FIELD = "once"

WORD_BYTES = 24

FIELDS_AT_MOST = 1000
"""No form has so many, and whoever sends more is not heard out."""

ELSEWHERE = ("/v1/", "/oauth/", "/login", "/logout")
"""Doors that are no forms of somebody signed in: the API has keys of its own."""


def once_field() -> Markup:
    """The hidden field, with a word that no other form has."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, secrets.token_urlsafe(WORD_BYTES))


def is_form(method: str, path: str) -> bool:
    """Whether this may be a form of the pages, which changes something."""
    # A list's file goes to the disk as it comes; the same file again changes nothing.
    return method == "POST" and not path.startswith(ELSEWHERE) and not brings_a_list(path)


def word_in(path: str, body: bytes) -> str | None:
    """The word that a form carries; None where it carries none, or asks a question."""
    try:
        fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST)
    except ValueError:
        return None
    if _is_question(path, asks_supervisor="supervisor" in fields):
        return None
    return fields.get(FIELD, [None])[0]


def _is_question(path: str, *, asks_supervisor: bool) -> bool:
    return path.startswith("/searches/") or (path.endswith("/search") and not asks_supervisor)

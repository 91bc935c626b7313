"""Which forms carry a word by which they are done once, and what is read of it."""

import re
from pathlib import Path

import pytest

import services.gateway
from services.gateway.adapters.pages.form_once import FIELD, is_form, once_field, word_in

TEMPLATES = Path(services.gateway.__path__[0]) / "templates"
FORM = re.compile(r'<form\b[^>]*method="post"(?P<rest>.*?)</form>', re.DOTALL)
QUESTIONS = re.compile(r'action="(/login|/logout|/searches/|/approvals/[^"]*/search")')


@pytest.mark.parametrize("template", sorted(file.name for file in TEMPLATES.glob("*.html")))
def test_every_form_that_changes_something_carries_a_word(template: str) -> None:
    for form in FORM.finditer((TEMPLATES / template).read_text(encoding="utf-8")):
        assert "{{ once() }}" in form["rest"] or QUESTIONS.search(form[0]), form[0][:120]


def test_no_two_forms_carry_the_same_word() -> None:
    words = {re.sub(r'.*value="([^"]+)".*', r"\1", once_field()) for _ in range(100)}
    assert len(words) == 100
    assert all(len(word) == 32 for word in words)


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("/hot-list", b"plate=7KXR214&once=a-word", "a-word"),
        ("/hot-list", b"once=&plate=7KXR214", ""),
        ("/hot-list", b"plate=7KXR214", None),
        ("/hot-list", b"\xff\xfe", None),
        ("/hot-list", b"&".join([b"a=b"] * 1001) + b"&once=a-word", None),
        ("/search", b"plate=7KXR214&once=a-word", None),
        ("/search", b"plate=7KXR214&supervisor=yes&once=a-word", "a-word"),
        ("/approvals/1/search", b"once=a-word", None),
        ("/searches/1/exports", b"once=a-word", None),
        ("/approvals/1", b"decision=agree&once=a-word", "a-word"),
    ],
)
def test_the_word_of_a_form_is_read_and_a_question_has_none(path: str, body: bytes, word: str | None) -> None:
    assert word_in(path, body) == word


def test_a_lists_file_is_no_form_that_is_held_in_memory() -> None:
    assert not is_form("POST", "/lists/mvd/file")
    assert is_form("POST", "/lists/refreshes/1")


def test_the_api_and_signing_in_are_no_forms() -> None:
    assert FIELD in once_field()
    assert is_form("POST", "/people")
    for method, path in (("GET", "/people"), ("POST", "/v1/people"), ("POST", "/login/second"), ("POST", "/logout")):
        assert not is_form(method, path)

"""The conformance page names every test that is marked with a clause, and no other."""

import re
from pathlib import Path

import pytest

from tests.support.clauses import clauses_of

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def test_the_page_names_the_tests_that_are_marked(request: pytest.FixtureRequest) -> None:
    rows = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    named = {(row[0].removeprefix("| "), test) for row in rows for test in re.findall(r"`(tests/[^`]+)`", row[-1])}
    here = {(one, item.nodeid.partition("[")[0]) for item in request.session.items for one in clauses_of(item)}
    assert here - named == set(), "make conformance writes them down"
    if request.config.option.keyword or request.config.option.markexpr:
        return  # a part of the tests was left out, so that nothing is known of those that may be gone
    files = {test.partition("::")[0] for _, test in here}
    assert {(one, test) for one, test in named if test.partition("::")[0] in files} == here, "and no test that is gone"
    assert "✗" not in PAGE.read_text(encoding="utf-8")

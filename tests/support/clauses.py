"""Which tests hold the software to which clause of which policy, and the page that says so: a pytest plugin.

With `--conformance FILE` the results of the marked tests are written to that page, and a line of JSON ends the run.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

CONFORMANCE = Path(__file__).parents[1] / "conformance"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of one agency's policy."""

    id: str
    agency: str
    section: str
    policy: str
    software: str


@dataclass(slots=True)
class Conformance:
    """All clauses, and what came of the tests that are marked with them."""

    clauses: dict[str, Clause]
    waiting: Mapping[str, str]
    cannot: Mapping[str, str]
    results: dict[str, dict[str, bool]] = field(default_factory=lambda: defaultdict(dict))
    """By clause and test, whether it passed in each of its cases."""

    def note(self, clause_ids: Iterable[str], test: str, *, passed: bool) -> None:
        """Takes the result of one case of a test."""
        for one in clause_ids:
            self.results[one][test] = self.results[one].get(test, True) and passed

    def counts(self) -> dict[str, int]:
        """The figures that the run ends with."""
        return {
            "clauses": len(self.clauses),
            "tested": len(self.results),
            "passed": sum(all(tests.values()) for tests in self.results.values()),
            "waiting": len(self.waiting),
            "cannot": len(self.cannot),
        }


def read_clauses() -> Conformance:
    """The clauses and the standing of those that no test holds; raises ValueError for a standing of no clause."""
    with (CONFORMANCE / "clauses.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t")
        next(rows)
        clauses = {row[0]: Clause(*row) for row in rows}
    standing = yaml.safe_load((CONFORMANCE / "standing.yaml").read_text(encoding="utf-8"))
    unknown = (standing["waiting"].keys() | standing["cannot"].keys()) - clauses.keys()
    if unknown:
        raise ValueError(f"standing.yaml: no clause {', '.join(sorted(unknown))}")
    return Conformance(clauses, standing["waiting"], standing["cannot"])


def clauses_of(item: pytest.Item) -> set[str]:
    """The clauses that a test is marked with."""
    return {one for mark in item.iter_markers("clause") for one in mark.args}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the option."""
    parser.addoption("--conformance", type=Path, help="write the page of all clauses, their tests and results here")


def pytest_configure(config: pytest.Config) -> None:
    """Reads the clauses once."""
    config.stash[_KEPT] = read_clauses()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuses a mark of no clause, and of one that is said to have no test."""
    kept = config.stash[_KEPT]
    for item in items:
        for one in clauses_of(item):
            if one not in kept.clauses or one in kept.waiting or one in kept.cannot:
                raise pytest.UsageError(f"{item.nodeid}: {one} is no clause, or standing.yaml says that it has no test")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Notes the result of each marked test; one that was skipped has not passed."""
    report: pytest.TestReport = yield
    if call.when == "call" or not report.passed:
        item.config.stash[_KEPT].note(clauses_of(item), item.nodeid.partition("[")[0], passed=report.passed)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Writes the page, and the figures as the last line."""
    page: Path | None = config.getoption("--conformance")
    if page is not None:
        kept = config.stash[_KEPT]
        page.write_text(page_of(kept), encoding="utf-8")
        config.add_cleanup(lambda: _say(json.dumps(kept.counts())))
        terminalreporter.write_line(f"written: {page}")


def page_of(kept: Conformance) -> str:
    """The page: each agency's clauses, what the software does about each, and the tests that hold it to that."""
    counts = kept.counts()
    lines = [
        "# Conformance",
        "",
        "Each clause of the five policies that software can hold, what Plateward does about it, and the tests that",
        "hold it to that. `make conformance` runs those tests and writes this page.",
        "",
        f"{counts['clauses']} clauses: {counts['tested']} are tested and {counts['passed']} of these pass, "
        f"{counts['waiting']} wait for the hit desk, {counts['cannot']} no software can hold, "
        f"{counts['clauses'] - counts['tested'] - counts['waiting'] - counts['cannot']} are still open.",
    ]
    for agency in dict.fromkeys(clause.agency for clause in kept.clauses.values()):
        lines += [
            "",
            f"## {agency.capitalize()}",
            "",
            "| | Section | The policy | Plateward | |",
            "|---|---|---|---|---|",
        ]
        lines += [_row(clause, kept) for clause in kept.clauses.values() if clause.agency == agency]
    return "\n".join(lines) + "\n"


def _row(clause: Clause, kept: Conformance) -> str:
    cells = (clause.id, clause.section, clause.policy, clause.software, _standing(clause.id, kept))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _standing(clause: str, kept: Conformance) -> str:
    if tests := kept.results.get(clause):
        return "<br>".join(f"{'✓' if passed else '✗'} `{test}`" for test, passed in sorted(tests.items()))
    if clause in kept.waiting:
        return f"waits for {kept.waiting[clause]}"
    return f"cannot: {kept.cannot[clause]}" if clause in kept.cannot else "open"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


_KEPT = pytest.StashKey[Conformance]()

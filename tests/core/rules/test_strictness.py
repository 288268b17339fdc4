"""Strictness: what is only not there yet waits for a stricter level, and is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.conftest import TODAY, note

from atlas.records.model import Finding, Place
from atlas.records.notes import Graph, Node, Notes, PageNote
from atlas.records.plan import Ledgers
from atlas.rules.atlas import Atlas
from atlas.rules.seal import seal
from atlas.rules.strictness import LEVELS, OWED_FROM, Debt, part, sum_debt
from atlas.rules.table import RULES, SAFETY

GRAPH = Graph("flowchart", nodes=(Node("A", "waits 50 ms", 1, classes=("edgeStyle",)), Node("B", "b", 2)))
PAGE = PageNote("ops/path", "Path", prose="4\tWe run 3 clusters.")


def sealed(strictness: str, *, more: str = "") -> Atlas:
    drawn = replace(note("ops/path", GRAPH), sources=(), caption=more)
    return seal(Notes(diagrams=(drawn,), pages=(PAGE,)), Ledgers(), today=TODAY, strictness=strictness)


@pytest.mark.parametrize(
    ("level", "found"),
    [
        ("planes", {"PLANE001"}),
        ("sources", {"PLANE001", "SOURCE001", "FACT003", "FACT011"}),
        ("all", {"PLANE001", "SOURCE001", "FACT003", "FACT011", "GATE003", "GATE006"}),
    ],
)
def test_what_is_owed_later_is_no_finding_yet(level: str, found: set[str]) -> None:
    atlas = sealed(level)
    assert {f.rule for f in atlas.findings} == found
    assert {f.rule for f in atlas.diagrams["ops/path"].findings} == found - {"FACT011"}
    assert atlas.debt.level == level


def test_debt_is_what_the_strictest_level_finds_more() -> None:
    everything = len(sealed("all").findings)
    for level in LEVELS:
        atlas = sealed(level)
        assert len(atlas.findings) + atlas.debt.total == everything
        assert [*atlas.debt.waiting] == [*LEVELS[LEVELS.index(level) + 1 :]]
    assert sealed("all").debt == Debt("all", {}, 0)
    assert sealed("planes").debt.diagrams == 1


def test_debt_of_pages_is_that_of_no_diagram() -> None:
    _, later = part([Finding("FACT011", "typed number", Place("a.md", 4), "")], "planes")
    assert sum_debt(later, "planes") == Debt("planes", {"sources": 1, "all": 0}, 0)


def test_what_is_written_wrongly_holds_at_each_level() -> None:
    assert "FACT001" in {f.rule for f in sealed("planes", more="${nothing}").findings}


def test_levels_are_of_rules_that_there_are_and_never_of_safety() -> None:
    assert OWED_FROM.keys() <= RULES.keys() - SAFETY
    assert {*OWED_FROM.values()} == {*LEVELS[1:]}

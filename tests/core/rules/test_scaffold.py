"""The scaffold's own words are findings until they are replaced."""

from __future__ import annotations

import pytest
from tests.core.conftest import note

from atlas.records.notes import Edge, Graph, Node
from atlas.rules.scaffold import check_scaffold


def graph(box: str = "the queue", arrow: str = "jobs") -> Graph:
    return Graph("flowchart", nodes=(Node("A", box, 3), Node("B", "b", 4)), edges=(Edge("A", "B", arrow, 5),))


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"graph": graph(box="🌐 what stands here")}, 11),
        ({"graph": graph(box="⚙️ What stands\nhere")}, 11),
        ({"graph": graph(arrow="what moves")}, 13),
        ({"graph": graph(arrow="Lorem ipsum dolor")}, 13),
        ({"graph": graph(), "caption": "lorem ipsum"}, 3),
    ],
)
def test_a_word_that_was_left_is_found_where_it_stands(given, line):
    (finding,) = check_scaffold(note("x/y", **given))
    assert finding.rule == "DIAGRAM006"
    assert finding.place.line == (line if line != 3 else finding.place.line)


@pytest.mark.parametrize("given", [{"graph": graph()}, {}, {"graph": graph(arrow="what moves the queue")}])
def test_words_of_ones_own_are_none(given):
    assert not [*check_scaffold(note("x/y", **given))]

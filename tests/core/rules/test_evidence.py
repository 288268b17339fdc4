"""What boxes and arrows rest on, what broke, how much a drawing may hold, and what is planted against it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.conftest import TODAY, fact, note, source

from atlas.records.model import Standing
from atlas.records.notes import Edge, Evidence, Graph, Node, Notes
from atlas.records.plan import Ledgers
from atlas.rules.atlas import Atlas
from atlas.rules.evidence import MOST_BOXES, MOST_LIFELINES, evidence_of, standing_of
from atlas.rules.seal import seal

OUTAGE = source("acme/outage", fact("acme/outage:backlog", "1 M jobs"))
LEDGERS = Ledgers(sources={OUTAGE.id: OUTAGE})
GRAPH = Graph(
    "flowchart",
    nodes=(
        Node("A", "${backlog}", 1, "edge"),
        Node("B", "what broke", 2, "state", classes=("broken",)),
        Node("C", "its source", 3, "state", link="acme/outage"),
        Node("D", "advice", 4, "control"),
    ),
    edges=(Edge("A", "B", "fails", 5), Edge("D", "B", "mend it", 6), Edge("C", "D", "${backlog}", 7)),
)


def drawn(*evidence: Evidence, graph: Graph = GRAPH, id: str = "incidents/x") -> Atlas:
    plain = note(id, graph, sources=(OUTAGE.id,))
    return seal(Notes(diagrams=(replace(plain, evidence=evidence),)), LEDGERS, today=TODAY)


def rules(atlas: Atlas) -> set[str]:
    return {f.rule for f in atlas.findings}


def test_three_ways_of_standing():
    diagram = drawn(Evidence(OUTAGE.id, "the queue filled", 6, 5)).diagrams["incidents/x"]
    told = {key: str(standing) for key, standing in diagram.standing.items()}
    assert told == {
        **dict.fromkeys(("A", "C", "A->B", "C->D"), "published"),
        **dict.fromkeys(("B", "D", "D->B"), "advice"),
    }
    assert diagram.count_standing() == {Standing.PUBLISHED: 4, Standing.TRIED: 0, Standing.ADVICE: 3}
    assert diagram.standing_of(Edge("nobody", "knows")) is Standing.ADVICE


def test_a_trial_makes_tried_of_advice_only():
    plain = note("x/y", GRAPH)
    tried = frozenset({"D->B", "A"})
    facts = {"backlog": OUTAGE.facts[0]}
    standing = [standing_of(plain, part, facts, LEDGERS, tried) for part in (GRAPH.edges[1], GRAPH.nodes[0])]
    assert standing == [Standing.TRIED, Standing.PUBLISHED]


def test_a_line_that_draws_an_arrow_speaks_of_the_arrow_alone():
    graph = replace(GRAPH, nodes=(Node("A", "a", 5), Node("B", "b", 5)), edges=(Edge("A", "B", "x", 5),))
    plain = replace(note("x/y", graph), evidence=(Evidence(OUTAGE.id, "w", 6, 5),))
    parts: list[Node | Edge] = [*graph.nodes, *graph.edges]
    assert [len(evidence_of(plain, part)) for part in parts] == [0, 0, 1]
    assert evidence_of(replace(plain, graph=None), Node("A", "a", 5)) == plain.evidence


def test_lawful_evidence_has_no_finding_and_its_source_is_cited():
    atlas = drawn(Evidence(OUTAGE.id, "one two three four five six seven eight", 6, 5))
    assert not rules(atlas) & {"FACT007", "FACT012", "SOURCE002", "DIAGRAM004", "DIAGRAM005"}
    assert [s.id for s in atlas.diagrams["incidents/x"].sources] == [OUTAGE.id]


@pytest.mark.parametrize(
    ("evidence", "rule", "line"),
    [
        (Evidence(OUTAGE.id, "words", 9, 8), "FACT012", 17),
        (Evidence(OUTAGE.id, "words", 1, 0), "FACT012", 9),
        (Evidence("acme/outagge", "words", 6, 5), "SOURCE002", 14),
        (Evidence(OUTAGE.id, "one two three four five six seven eight nine", 6, 5), "FACT007", 14),
    ],
)
def test_planted_evidence_is_seen_at_its_line(evidence, rule, line):
    (finding,) = [f for f in drawn(evidence).findings if f.rule == rule]
    assert (finding.place.line, finding.diagram) == (line, "incidents/x")
    assert finding.hint


def test_an_undrawn_diagram_has_no_line_to_stand_under():
    plain = replace(note("x/y"), evidence=(Evidence(OUTAGE.id, "w", 3, 2),))
    atlas = seal(Notes(diagrams=(plain,)), LEDGERS, today=TODAY)
    assert "FACT012" not in rules(atlas)
    assert not atlas.diagrams["x/y"].standing


@pytest.mark.parametrize(("id", "owed"), [("incidents/x", True), ("debugging/x", False)])
def test_an_incident_says_what_broke(id, owed):
    whole = replace(GRAPH, nodes=tuple(replace(n, classes=()) for n in GRAPH.nodes))
    assert ("DIAGRAM004" in rules(drawn(graph=whole, id=id))) is owed
    assert "DIAGRAM004" not in rules(drawn(id=id))


@pytest.mark.parametrize(
    ("kind", "most"), [("flowchart", MOST_BOXES), ("state", MOST_BOXES), ("sequence", MOST_LIFELINES)]
)
def test_a_drawing_holds_what_a_reader_can(kind, most):
    def crowd(count: int) -> Graph:
        boxes = tuple(Node(f"N{i}", "x", i) for i in range(count))
        return Graph(
            kind, nodes=(*boxes, Node("note-1", "n", 1, shape="note"), Node("s", "", 1, shape="start"))
        )

    assert "DIAGRAM005" not in rules(drawn(graph=crowd(most), id="x/y"))
    (finding,) = [f for f in drawn(graph=crowd(most + 1), id="x/y").findings if f.rule == "DIAGRAM005"]
    assert f"has {most + 1} " in finding.message
    assert finding.hint.startswith("split it, for instance between N")

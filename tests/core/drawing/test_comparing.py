# ruff: noqa: E501
"""Drawn is read: each fault planted in a finished drawing is told, and a whole drawing has none."""

from __future__ import annotations

import re

import pytest

from atlas.diagrams import mermaid
from atlas.drawing.comparing import find_losses
from atlas.drawing.job import DrawJob, Loss
from atlas.drawing.losing import check_drawing
from atlas.drawing.press import draw
from atlas.records.model import Place
from atlas.records.notes import DiagramNote, Graph

PLACE = Place("source/page.md", 10)
FLOW = (
    'flowchart LR\n subgraph G["the title"]\n A["kubectl get <pod>"]\n end\n'
    ' A -->|"what moves"| B["beside"]\n B -.-> C\n C --> C\n'
)
STATE = (
    "stateDiagram-v2\n A --> B: what moves\n note right of B: a remark\n B --> B\n state G {\n C --> D\n }"
)
SEQUENCE = (
    "sequenceDiagram\n title the title\n participant A as kubectl get\n box edge\n participant B\n end\n"
    " A->>B: what moves\n Note over A,B: a remark<br/>on two lines\n loop each pod\n B-->>A: back\n end\n A->>A: on"
)
TEXTS = {"flowchart": FLOW, "state": STATE, "sequence": SEQUENCE}
REMARKS = ("a remark\non two lines", "each pod")


def graph_of(text):
    graph, findings = mermaid.parse(text, PLACE)
    assert graph
    assert findings == ()
    return graph


def drawn(text):
    return draw(DrawJob("x", text, "", "")).svg


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_whole_drawing_lacks_nothing(text):
    assert draw(DrawJob("x", text, "", "")).losses == ()
    assert find_losses(drawn(text), graph_of(text), REMARKS if text is SEQUENCE else ()) == ()


FAULTS = [
    # what is done to a drawing, its text, what is told
    ((r"&lt;pod&gt;", ""), FLOW, ("node", "A", "the words of box A, “kubectl get <pod>”, are drawn as “kubectl get”")),
    ((r"beside", "besides"), FLOW, ("node", "B", "the words of box B, “beside”, are drawn as “besides”")),
    ((r'data-node="C"', 'data-node="D"'), FLOW, ("node", "C", "box C is drawn not at all")),
    ((r'data-node="C"', 'data-node="B"'), FLOW, ("node", "B", "box B is drawn 2 times")),
    ((r">what moves<", ">moves<"), FLOW, ("edge", "0", "the words of arrow A → B, “what moves”, are drawn as “moves”")),
    ((r'<path class="atlas-flow[^>]*data-edge="2"[^>]*/>', ""), FLOW, ("edge", "2", "arrow C → C is drawn not at all")),
    ((r'(<path class="atlas-flow[^>]*data-edge="1"[^>]*/>)', r"\1\1"), FLOW, ("edge", "1", "arrow B → C is drawn 2 times")),
    ((r">the title<", "><"), FLOW, ("group", "G", "the title “the title” is not drawn")),
    ((r'height="[\d.]+" viewBox="(\S+ \S+ \S+) \S+"', r'viewBox="\1 40"'), FLOW, ("view", "", None)),
    ((r"<text[^>]*>A</text>", ""), STATE, ("node", "A", "the words of box A, “A”, are drawn as “”")),
    ((r">G<", "><"), STATE, ("group", "G", "the title “G” is not drawn")),
    ((r'data-edge="1"', ""), STATE, ("edge", "1", "arrow B → B is drawn not at all")),
    ((r'(class="atlas-label-box" fill="#FFF" x=")[^"]*', r"\g<1>50"), FLOW, ("edge", "0", "the words of arrow A → B stand on box A")),
    ((r"a remark", "a rem"), SEQUENCE, ("words", REMARKS[0], "the words “a remark on two lines” are not drawn")),
    ((r"each pod", "each"), SEQUENCE, ("words", REMARKS[1], "the words “each pod” are not drawn")),
    ((r"kubectl", ""), SEQUENCE, ("node", "A", "the words of box A, “kubectl get”, are drawn as “get”")),
    ((r'data-edge="2"', 'data-edge="9"'), SEQUENCE, ("edge", "2", None)),
    ((r">edge<", ">edges<"), SEQUENCE, ("group", "edge", "the title “edge” is not drawn")),
]  # fmt: skip


@pytest.mark.parametrize(("change", "text", "loss"), FAULTS)
def test_what_a_drawing_lacks_is_told(change, text, loss):
    whole = drawn(text)
    less = re.sub(change[0], change[1], whole)
    assert less != whole
    losses = find_losses(less, graph_of(text), REMARKS if text is SEQUENCE else ())
    kind, id, message = loss
    found = [lost for lost in losses if (lost.kind, lost.id) == (kind, id)]
    assert found
    assert message in (None, found[0].message)
    assert losses == find_losses(less, graph_of(text), REMARKS if text is SEQUENCE else ())


def test_losses_are_told_at_their_lines():
    note = DiagramNote("x/y", "x/y", PLACE, FLOW, 12, graph_of(FLOW))
    losses = [Loss("node", "B", "b"), Loss("edge", "1", "e"), Loss("group", "G", "g"), Loss("view", "", "v")]
    findings = list(check_drawing(note, [*losses, Loss("edge", "99", "x"), Loss("node", "Z", "z")]))
    assert [f.place.line for f in findings] == [16, 17, 13, 12, 12, 12]
    assert {f.rule for f in findings} == {"MERMAID010"}
    assert [f.message for f in findings] == ["b", "e", "g", "v", "x", "z"]


def test_without_a_graph_the_first_line_is_named():
    note = DiagramNote("x/y", "x/y", PLACE, "", 12, None)
    assert [f.place.line for f in check_drawing(note, [Loss("node", "A", "a")])] == [12]


def test_words_of_a_drawing_without_a_shape_are_compared_too():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g class="atlas-note"><text>x</text></g></svg>'
    assert find_losses(svg, Graph("flowchart"), ["x"]) == ()

"""What is written in a label is what is read and what is drawn, in each place where words may stand."""

from __future__ import annotations

import re
import tomllib
from html import unescape
from pathlib import Path

import pytest

from atlas.diagrams import mermaid
from atlas.drawing.job import DrawJob
from atlas.drawing.press import draw
from atlas.records.model import Place

CASES = tomllib.loads(Path("tests/cases/nasty_labels.toml").read_text(encoding="utf-8"))["label"]
FLOWCHART = {
    "box": 'flowchart LR\n A["{}"] --> B["beside"]',
    "shape": 'flowchart LR\n A[("{}")] --> B["beside"]',
    "object": 'flowchart LR\n A@{{ shape: rect, label: "{}" }} --> B["beside"]',
    "edge": 'flowchart LR\n A -->|"{}"| B["beside"]',
    "long edge": 'flowchart LR\n A -- "{}" --> B["beside"]',
    "title": 'flowchart LR\n subgraph G["{}"]\n A\n end\n A --> B["beside"]',
    "bare title": 'flowchart LR\n subgraph "{}"\n A\n end\n A --> B["beside"]',
}
OTHERS = {
    "message": "sequenceDiagram\n A->>B: {}\n B->>A: beside",
    "participant": "sequenceDiagram\n participant A as {}\n A->>B: beside",
    "note": "sequenceDiagram\n A->>B: beside\n Note over A,B: {}",
    "state": 'stateDiagram-v2\n state "{}" as A\n A --> B: beside',
    "description": "stateDiagram-v2\n A : {}\n A --> B: beside",
    "transition": "stateDiagram-v2\n A --> B: {}\n B --> C: beside",
}
PLACES = [
    pytest.param(template.replace("{}", case["written"]).replace("{{", "{").replace("}}", "}"), case["shown"])
    for kind in (FLOWCHART, OTHERS)
    for template in kind.values()
    for case in CASES
    if kind is FLOWCHART or "only" not in case
]


def squeezed(words):
    """Without blanks: where a line is broken, one is gone."""
    return re.sub(r"\s", "", words)


@pytest.mark.parametrize(("text", "shown"), PLACES)
def test_a_label_is_read_and_drawn_as_written(text, shown):
    graph, findings = mermaid.parse(text, Place("page.md", 1))
    assert graph
    assert findings == ()
    read = [n.label for n in graph.nodes] + [e.label for e in graph.edges] + [g.title for g in graph.groups]
    assert shown in read
    svg = draw(DrawJob("x", text, "", "")).svg
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg)
    drawn = [squeezed(unescape(re.sub(r"</?tspan[^>]*>", "", words))) for words in texts]
    assert squeezed(shown) in drawn
    assert "beside" in drawn

"""What Mermaid draws otherwise than it is written is told at its line, and lawful neighbours are not."""

from __future__ import annotations

import pytest

from atlas.diagrams import mermaid
from atlas.records.model import Place

PAGE = Place("page.md", 11)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('flowchart LR\n A["$$x^2$$"] --> B', 12),
        ("sequenceDiagram\n A->>B: it is $$\\alpha$$ now", 12),
        ("stateDiagram-v2\n A --> B: $$y$$", 12),
        ("stateDiagram-v2\n state A {\n state B {\n x\n }\n }\n state B {\n state A {\n z\n }\n }", 12),
        ('flowchart LR\n A --> B\n B --> C@{ shape: fork, label: "words" }', 13),
        ('flowchart LR\n C@{ shape: hourglass, label: "words" }', 12),
        ("flowchart LR\n A---ok", 12),
        ("flowchart LR\n A[a]==xylo", 12),
        ("flowchart td\n A --> B", 11),
        ("flowchart LR\n A --> P&L[x]", 12),
        ("flowchart LR\n A --> B\n style Y fill:#fff", 13),
        ("sequenceDiagram\n link A: x @ https://a.example\n link A: y @ https://b.example\n A->>B: y", 13),
        ('sequenceDiagram\n links A: {"x": "https://a.example", "y": "https://b.example"}\n A->>B: y', 12),
        ("sequenceDiagram\n A->>B: y\n details A: z", 13),
    ],
)
def test_a_pitfall_is_told_twice_in_a_row(text, line):
    for _ in range(2):
        _, findings = mermaid.parse(text, PAGE)
        assert ("MERMAID011", line) in {(f.rule, f.place.line) for f in findings}


@pytest.mark.parametrize(
    "text",
    [
        'flowchart LR\n A["kill -9 $$ and $5"] --> B["$${cost} of $${more}"]',
        'flowchart LR\n A["a---ok"] --o B --x C',
        "flowchart LR\n A@{ shape: fork } --> B",
        "flowchart LR\n %% $$x$$\n A --- ok",
        'flowchart LR\n P["P&L"] & L[P&L] -->|"P&L"| Q{P&L}\n Q -- R&D --> P\n style Q fill:#fff',
        "sequenceDiagram\n link A: x @ https://a.example\n link B: y @ https://b.example\n A->>B: y",
        "sequenceDiagram\n link->>links: details of it: x\n links->>link: y",
        "flowchart LR\n subgraph one\n subgraph two\n A\n end\n end",
    ],
)
def test_what_is_lawful_is_not_told(text):
    assert mermaid.parse(text, PAGE)[1] == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("sequenceDiagram\n C->>D: write; then wait", "`;`"),
        ('flowchart LR\n end["Stop"] --> A', "`end`"),
        ("---\ntitle: T\n---\nflowchart LR\n A", ":title:"),
    ],
)
def test_hints_name_the_cause(text, hint):
    assert any(hint in finding.hint for finding in mermaid.parse(text, PAGE)[1])


def test_groups_without_an_id_stand_on_their_lines():
    graph, _ = mermaid.parse(
        'flowchart LR\n A\n subgraph "Tier 2 store"\n B\n end\n subgraph Two words\n C\n end', PAGE
    )
    assert graph
    assert {group.title: group.line for group in graph.groups} == {"Tier 2 store": 3, "Two words": 6}

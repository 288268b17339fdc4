"""Arrows that lead from a box to itself: all of them are drawn, apart from each other, inside the view."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from atlas.drawing import outline
from atlas.drawing.job import DrawJob
from atlas.drawing.press import draw

TEXTS = {
    "states": "stateDiagram-v2\n A --> A: one\n A --> A: two\n A --> B: on\n B --> A: back",
    "across": "flowchart LR\n A -->|one| A\n A -.->|two| A\n A -->|three| A\n A --> B",
    "down": "flowchart TB\n A --> B\n B --> B\n B -->|two| B\n B --> C\n C --> C\n C --> C\n C --> C",
    "many": "flowchart LR\n" + "\n".join(f" A -->|n{i}| A" for i in range(6)),
    "in a group": "flowchart TB\n subgraph G\n A -->|one| A\n A -->|two| A\n end\n A --> B",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_arrow_to_itself_is_drawn_once_with_its_words(text):
    svg = draw(DrawJob("x", text, "", "")).svg
    wanted = [*range(text.count("--> ") + text.count("-.->") + text.count("-->|"))]
    assert sorted(map(int, re.findall(r'<path class="atlas-flow[^>]*data-edge="(\d+)"', svg))) == wanted
    for words in re.findall(r"\|(\w+)\|", text):
        assert svg.count(f">{words}</text>") == 1
    assert ("atlas-failure" in svg) == ("-.->" in text)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_loops_keep_apart_and_within_the_view(text):
    svg = draw(DrawJob("x", text, "", "")).svg
    paths = re.findall(r'data-tail="(\w+)" data-head="\1" data-edge="\d+" d="([^"]+)"', svg)
    boxes = [outline.box(outline.flatten(data)[0]) for _, data in paths]
    left, top, width, height = outline.numbers(re.findall(r'viewBox="([^"]+)"', svg)[0])
    for x, y, right, bottom in boxes:
        assert left <= x < right <= left + width
        assert top <= y < bottom <= top + height
    assert all(one != other for one, other in combinations(boxes, 2))


@pytest.mark.parametrize(
    "text",
    [
        "sequenceDiagram\n A->>A: x",
        "sequenceDiagram\n A->>B: y\n B-->>B: x",
        "sequenceDiagram\n box edge\n participant A\n end\n A->>A: one\n A-xA: two",
        "flowchart LR\n A-->B\n A-->|two|B\n A-->|three|B\n B-->A",
    ],
)
def test_no_line_is_cut_by_the_view(text):
    svg = draw(DrawJob("x", text, "", "")).svg
    left, top, width, height = outline.numbers(re.findall(r'viewBox="([^"]+)"', svg)[0])
    for data in re.findall(r'<path class="atlas-flow[^>]* d="([^"]+)"', svg):
        x, y, right, bottom = outline.box([point for line in outline.flatten(data) for point in line])
        assert left + 5 <= x
        assert top + 5 <= y
        assert right + 5 <= left + width
        assert bottom + 5 <= top + height

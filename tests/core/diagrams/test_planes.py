"""Planes: placement, classes, colours, titles, and what contradicts them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.core.conftest import TODAY

from atlas.diagrams import mermaid, planes
from atlas.drawing.job import DrawJob
from atlas.drawing.press import draw
from atlas.records.model import Place, Plane, Technology
from atlas.records.notes import DiagramNote, Graph, Group, Node, Notes, PageNote
from atlas.records.plan import Ledgers
from atlas.rules import figures
from atlas.rules.seal import seal

PAGE = Place("source/page.md", 5)
CLASSIC = Path(__file__).parents[2] / "cases" / "classic.md"


def read(text: str) -> DiagramNote:
    """The note that a page with this Mermaid text from line 5 would leave."""
    graph, findings = mermaid.parse(text, PAGE)
    assert not findings
    return DiagramNote("x/y", "page", PAGE, text, 5, graph, title="T", alt="A")


def found(text: str) -> list[tuple[str, int]]:
    return [(f.rule, f.place.line) for f in planes.check_planes(read(text))]


@pytest.mark.parametrize(
    ("name", "plane"),
    [
        ("edge", "edge"),
        ("edge-us-east", "edge"),
        ("us-east-edge", "edge"),
        ("EdgePlane", "edge"),
        ("statePlane", "state"),
        ("STATE", "state"),
        ("serviceStyle", "service"),
        ("control_room", "control"),
        ("knowledge", None),
        ("stateful", None),
        ("plane", None),
        ("my-edge-thing", None),
        ("", None),
    ],
)
def test_a_name_that_begins_or_ends_with_a_plane(name: str, plane: str | None) -> None:
    assert planes.plane_of(name) == plane


def test_placement_wins_and_nested_groups_inherit() -> None:
    note = read("flowchart LR\n subgraph state\n subgraph shard\n A\n end\n end\n B:::edgeStyle\n A-->B")
    assert note.graph
    assert planes.assign(note.graph) == {"A": Plane.STATE, "B": Plane.EDGE}


def test_a_title_may_name_the_plane() -> None:
    note = read('flowchart LR\n subgraph g1 ["Control"]\n A\n end')
    assert note.graph
    assert planes.assign(note.graph) == {"A": Plane.CONTROL}


def test_groups_that_hold_each_other_end() -> None:
    graph = Graph(
        "flowchart",
        nodes=(Node("A", "A", 1, "g"),),
        groups=(Group("g", "g", 1, "h"), Group("h", "h", 1, "g")),
    )
    assert planes.assign(graph) == {}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("flowchart LR\n A", ("PLANE001", 6)),
        ("flowchart LR\n subgraph edge\n A:::stateStyle\n end", ("PLANE002", 7)),
        ("flowchart LR\n A:::edgeStyle\n classDef edgeStyle fill:#0066CD", ("PLANE003", 7)),
        ("flowchart LR\n subgraph edge\n A\n end\n style A fill:#00AA00", ("PLANE003", 7)),
        ("flowchart LR\n A:::warm\n classDef warm fill:#FF8800\n classDef cold fill:red", ("PLANE003", 8)),
        ("flowchart LR\n A:::edgeStyle\n class A stateStyle", ("PLANE002", 6)),
        ("flowchart LR\n A:::edgeStyle\n style A stroke:red", ("PLANE003", 6)),
        ("flowchart LR\n A:::edgeStyle\n style A stroke:#CC0000", ("PLANE003", 6)),
        ("flowchart LR\n A:::edgeStyle\n style A background:#123456", ("PLANE003", 6)),
        ("flowchart LR\n A:::edgeStyle\n style A opacity:0", ("PLANE003", 6)),
        ("flowchart LR\n A:::edgeStyle\n style A filter:blur(9px)", ("PLANE003", 6)),
        ("flowchart LR\n A:::edgeStyle\n style A visibility:hidden", ("PLANE003", 6)),
        ("flowchart LR\n A:::edgeStyle\n style A font-size:0px", ("PLANE003", 6)),
        ("flowchart LR\n A:::edgeStyle\n classDef edgeStyle fill-opacity:0", ("PLANE003", 7)),
        ("flowchart LR\n A:::edgeStyle --> A\n linkStyle 0 stroke-width:0", ("PLANE003", 7)),
        ('flowchart LR\n subgraph edge ["State plane"]\n A\n end', ("PLANE002", 6)),
        ("flowchart LR\n subgraph edge-control\n A\n end", ("PLANE002", 6)),
        ('flowchart LR\n subgraph edge ["💾 State"]\n A\n end', ("PLANE002", 6)),
        ('flowchart LR\n subgraph edge ["Our control plane, east"]\n A\n end', ("PLANE002", 6)),
        ("flowchart LR\n A[str\u200beam plane]:::edgeStyle", ("PLANE004", 6)),
        ("flowchart LR\n A[stre\u0430m pl\u0430ne]:::edgeStyle", ("PLANE004", 6)),
        ("flowchart LR\n A:::edgeStyle --> A\n linkStyle 0 stroke:red", ("PLANE003", 7)),
        ("flowchart LR\n A:::edgeStyle --> A\n linkStyle default color:red,stroke:#f00", ("PLANE003", 7)),
        ("flowchart LR\n subgraph edge\n A\n end\n style edge fill:#ff8800", ("PLANE003", 9)),
        ("flowchart LR\n subgraph state\n A[Stream-Plane]\n end", ("PLANE004", 7)),
        ("flowchart LR\n A:::streamStyle", ("PLANE004", 6)),
    ],
)
def test_a_breach_is_found_on_its_line(text: str, rule: tuple[str, int]) -> None:
    assert rule in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "flowchart LR\n subgraph edge\n A:::edgeStyle\n end\n classDef edgeStyle fill:#0066cc,color:#000",
        "flowchart LR\n A:::warm\n classDef warm fill:#FF8800",
        "flowchart LR\n subgraph edge\n A\n end\n style A fill:#0066CC,stroke:#333",
        "stateDiagram-v2\n state edge {\n A\n }\n [*] --> A : in",
        "flowchart LR\n A:::stateStyle\n classDef stateStyle fill:rgb(255, 136, 0),stroke:#CC6600",
        "flowchart LR\n A:::warm\n classDef warm fill:#F80,stroke:none\n style A background:#f80",
        "flowchart LR\n A:::edgeStyle --> A --> A\n linkStyle 0 stroke:#CC0000\n linkStyle 0,1 stroke:black",
    ],
)
def test_lawful_forms_have_no_finding(text: str) -> None:
    assert found(text) == []


def test_a_colour_is_named_as_it_is_written() -> None:
    (finding,) = planes.check_planes(read("flowchart LR\n A:::edgeStyle\n style A fill:rgb(255,136,0)"))
    assert finding.message == "node A is filled with rgb(255,136,0), which is not the edge plane's #0066CC"


def test_a_diagram_that_did_not_parse_is_still_searched_for_stream_planes() -> None:
    note = DiagramNote("x/y", "page", PAGE, "flowchart\n stream plane[", 5, None)
    assert [f.rule for f in planes.check_planes(note)] == ["PLANE004"]


UNFRAMED = """flowchart LR
  subgraph edge
    direction TB
    A["a"]
  end
  subgraph StatePlane ["State plane"]
    subgraph shard ["Shard [1]"]
      direction TB
      S["s"]
    end
    R["r"]
  end
  subgraph edge-us-east
    U["u"]
  end
  subgraph control
    C["c"]
  end
  A -->|"x"| S
  U -->|"x"| control"""


def unframed(text: str) -> str:
    graph, _ = mermaid.parse(text, PAGE)
    assert graph is not None
    return planes.unframed(text, graph)


def test_frames_that_only_name_a_plane_are_not_drawn() -> None:
    drawn = unframed(UNFRAMED)
    assert [line.strip() for line in drawn.split("\n") if "subgraph" in line] == [
        'subgraph shard ["Shard [1]"]',
        "subgraph edge-us-east",
        "subgraph control",
    ]
    assert drawn.count("direction TB") == 1
    assert drawn.count("end") == 3
    before, after = (mermaid.parse(text, PAGE)[0] for text in (UNFRAMED, drawn))
    assert before is not None
    assert after is not None
    assert [n.id for n in before.nodes] == [n.id for n in after.nodes]
    assert [(e.tail, e.head) for e in before.edges] == [(e.tail, e.head) for e in after.edges]


@pytest.mark.parametrize("end", ["end;", "end %% of the edge", "  end  "])
def test_an_end_may_be_written_in_any_way(end: str) -> None:
    assert "end" not in unframed(f"flowchart LR\n subgraph edge\n direction TB;\n A\n {end}\n A --> B")


@pytest.mark.parametrize(
    "text",
    [
        "flowchart LR\n subgraph edge; A; end",
        'flowchart LR\n subgraph edge\n A["a\nend\nb"]\n end',
        "flowchart LR\n subgraph edge\n A\n end\n style edge fill:#0066CC",
        "flowchart LR\n subgraph edge\n A\n end\n classDef edgeStyle fill:#0066CC\n class A,edge edgeStyle",
        'flowchart LR\n subgraph state ["Очередь"]\n A\n end',
        'flowchart LR\n subgraph state ["東京"]\n A\n end',
        "stateDiagram-v2\n state edge {\n A\n }\n [*] --> A : in",
    ],
)
def test_frames_that_cannot_be_taken_out_by_lines_stay(text: str) -> None:
    assert unframed(text) == text


def test_bare_planes_get_their_titles() -> None:
    assert planes.titled("subgraph edge\nsubgraph edge-us-east\nsubgraph foo\nsubgraph x [T]").split(
        "\n"
    ) == [
        'subgraph edge ["🌐 Edge"]',
        'subgraph edge-us-east ["🌐 Edge us east"]',
        'subgraph foo ["foo"]',
        "subgraph x [T]",
    ]
    assert planes.titled("state control {") == 'state "🎛️ Control" as control {'


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of #RRGGBB."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("plane", list(Plane))
def test_text_on_every_plane_reaches_the_contrast(plane: Plane) -> None:
    text = {"edge": "#FFFFFF", "control": "#FFFFFF"}.get(plane, "#000000")
    light, dark = sorted((luminance(planes.FILLS[plane]), luminance(text)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_classic_form() -> None:
    blocks = dict(
        re.findall(r"^## (\w+)\n\n```\w+\n(.*?)```", CLASSIC.read_text(encoding="utf-8"), re.M | re.S)
    )
    note = read(blocks["input"])
    assert note.graph
    assert "\n".join(f"{n} {p}" for n, p in planes.assign(note.graph).items()) == blocks["planes"].strip()
    assert list(planes.check_planes(note)) == []
    postgres = Technology("pg", ("PostgreSQL",), "database", "https://www.postgresql.org/", PAGE)
    digits = [f.message.split("'")[1] for f in figures.check_labels(note, [postgres])]
    wanted = [line.split() for line in blocks["rules"].split("\n") if line]
    assert digits == [words[1] for words in wanted if words[0] == "FACT003"]
    sealed = seal(Notes(diagrams=(note,)), Ledgers(technologies={"pg": postgres}), today=TODAY)
    rules = {f.rule for f in sealed.findings}
    assert "SOURCE001" in rules
    assert not {r for r in rules if r.startswith(("PLANE", "LINK", "MERMAID"))}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("state Edge {\n a --> b\n }", 'state "🌐 Edge" as Edge {\n a --> b\n }'),
        ("state Edge\n {\n a --> b\n }", 'state "🌐 Edge" as Edge {\n a --> b\n }'),
        ("state N {\n a --> b\n }", "state N {\n a --> b\n }"),
        ("Edge : of it\n state Edge {\n a\n }", "Edge : of it\n state Edge {\n a\n }"),
        ('state "of it" as Edge\n state Edge {\n a\n }', 'state "of it" as Edge\n state Edge {\n a\n }'),
        (
            "state Edge {\n a\n }\n state Edge {\n b\n }",
            'state "🌐 Edge" as Edge {\n a\n }\n state Edge {\n b\n }',
        ),
    ],
)
def test_a_composite_state_has_one_title_and_draws(text, shown):
    given = f"stateDiagram-v2\n [*] --> a\n {text}"
    assert planes.titled(given) == f"stateDiagram-v2\n [*] --> a\n {shown}"
    assert "atlas-group" in draw(DrawJob("x", planes.titled(given), "", "")).svg


@pytest.mark.parametrize(
    ("title", "plane"),
    [
        ("State plane", Plane.STATE),
        ("🌐 Edge", Plane.EDGE),
        ("Steady State", None),
        ("State & Logic Wrapper", None),
        ("Source Control & Build", None),
    ],
)
def test_a_title_names_a_plane_by_all_of_its_words(title, plane):
    graph, _ = mermaid.parse(f'flowchart LR\n subgraph x1["{title}"]\n A\n end', PAGE)
    assert graph
    assert planes.assign(graph).get("A") == plane


def test_words_around_a_diagram_name_no_stream_plane() -> None:
    note = replace(read("flowchart LR\n A:::edgeStyle"), caption="The str\u0435am-plane fills")
    assert [f.rule for f in planes.check_planes(note)] == ["PLANE004"]
    page = PageNote("page", "Page", prose="3\tWords.\n7\tThe stream\u200b plane.", place=PAGE)
    assert [(f.rule, f.place.line) for f in planes.check_words(page)] == [("PLANE004", 7)]

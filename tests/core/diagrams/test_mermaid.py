"""What a Mermaid text says, and every finding on one that is not lawful."""

from __future__ import annotations

import random
import re
import sys

import pytest

from atlas.diagrams import mermaid
from atlas.diagrams.wording import shelter, told_by_html, words_of_html
from atlas.records.model import Place
from atlas.records.notes import Edge, Graph, Group, Node

PAGE = Place("source/incidents/acme.md", 11)


@pytest.fixture(autouse=True)
def engine():
    """Whatever a test did to the engine, the next one finds it whole."""
    yield
    mermaid.load_engine.cache_clear()
    mermaid._parser.cache_clear()


def read(text: str) -> Graph:
    graph, findings = mermaid.parse(text, PAGE)
    assert not findings
    assert graph
    return graph


def lines(graph: Graph) -> dict[str, int]:
    edges = {f"{edge.tail}>{edge.head}:{edge.label}": edge.line for edge in graph.edges}
    return {n.id: n.line for n in graph.nodes} | {g.id: g.line for g in graph.groups} | edges


def test_a_flowchart():
    graph = read(
        "flowchart LR\n"
        '  subgraph edge ["Edge <b>plane</b>"]\n'
        '    HUB["🌐 Hub<br/>cut for ${partition}"]:::edgeStyle\n'
        "    subgraph edge-inner\n"
        "      IN\n"
        "    end\n"
        "  end\n"
        '  DB[("rows")]\n'
        '  HUB -->|"${pub/key:fact} lost"| DB\n'
        "  DB -.-> IN --- HUB\n"
        "  DB ~~~ HUB\n"
        "  edge --> DB\n"
        "  classDef edgeStyle fill:#0066CC,color:#fff\n"
        "  classDef a,b fill:#CC0000\n"
        "  class DB,edge b\n"
        "  style IN fill:#f00,stroke:#000\n"
        "  linkStyle 0 stroke:red\n"
        '  click HUB "debugging/split-brain" "a tip"\n'
    )
    assert graph == Graph(
        kind="flowchart",
        direction="LR",
        nodes=(
            Node(
                "HUB",
                "🌐 Hub\ncut for ${partition}",
                3,
                "edge",
                "square",
                ("edgeStyle",),
                (),
                "debugging/split-brain",
            ),
            Node("IN", "IN", 5, "edge-inner", "square", (), ("fill:#f00", "stroke:#000")),
            Node("DB", "rows", 8, "", "cylinder", ("b",)),
        ),
        edges=(
            Edge("HUB", "DB", "${pub/key:fact} lost", 9),
            Edge("DB", "IN", "", 10, dashed=True),
            Edge("IN", "HUB", "", 10, directed=False),
            Edge("edge", "DB", "", 12),
        ),
        groups=(
            Group("edge-inner", "edge-inner", 4, "edge"),
            Group("edge", "Edge plane", 2, "", ("b",)),
        ),
        class_defs=(
            ("edgeStyle", ("fill:#0066CC", "color:#fff"), 13),
            ("a", ("fill:#CC0000",), 14),
            ("b", ("fill:#CC0000",), 14),
        ),
    )


def test_a_state_diagram():
    graph = read(
        "stateDiagram-v2\n"
        "  direction LR\n"
        "  [*] --> Still\n"
        '  state "Long ${fact}" as edge {\n'
        "    [*] --> A\n"
        "    A --> B : go ${key:fact}\n"
        "    --\n"
        "    C --> [*]\n"
        "    note left of A : beside A\n"
        "  }\n"
        "  B : first line\n"
        "  B : second line\n"
        "  state fork <<fork>>\n"
        "  B:::stateStyle --> fork\n"
        "  classDef stateStyle fill:#FF8800\n"
        "  style C fill:#fff\n"
        "  class A stateStyle\n"
        '  click A href "https://example.org"\n'
        "  note right of Still\n"
        "    over\n"
        "    two lines\n"
        "  end note\n"
    )
    assert (graph.kind, graph.direction) == ("state", "LR")
    nodes = {node.id: node for node in graph.nodes}
    assert nodes["A"] == Node("A", "A", 5, "edge", "square", ("stateStyle",), (), "https://example.org")
    assert nodes["B"] == Node("B", "first line\nsecond line", 6, "edge", "square", ("stateStyle",))
    assert nodes["C"] == Node("C", "C", 8, "edge", "square", (), ("fill:#fff",))
    assert nodes["fork"] == Node("fork", "", 13, "", "fork")
    assert nodes["root_start"] == Node("root_start", "", 3, "", "start")
    notes = [(n.label, n.line, n.group, n.classes) for n in graph.nodes if n.shape == "note"]
    assert notes == [("beside A", 9, "edge", ("stateStyle",)), ("over\ntwo lines", 19, "", ())]
    assert graph.groups == (Group("edge", "Long ${fact}", 4),)
    assert graph.class_defs == (("stateStyle", ("fill:#FF8800",), 15),)
    assert [edge.line for edge in graph.edges] == [3, 5, 6, 8, 14]
    assert [edge.label for edge in graph.edges] == ["", "", "go ${key:fact}", "", ""]


def test_a_sequence_diagram():
    graph = read(
        "sequenceDiagram\n"
        "  title Two ${fact}\n"
        "  box Aqua edge\n"
        "  participant A as Alice<br/>in ${place}\n"
        "  actor B\n"
        "  end\n"
        "  box\n"
        '  participant C@{ "type" : "database" }\n'
        "  end\n"
        "  A->>B: hi #amp; bye #35;1\n"
        "  B-->>A: back\\nagain\n"
        "  A-xC: lost\n"
        "  A--xC: lost, dotted\n"
        "  A->C: open\n"
        "  Note over B,C: beside B\n"
        "  loop every ${period}\n"
        "    A->>+A: self\n"
        "    deactivate A\n"
        "  end\n"
        "  rect rgb(1, 2, 3)\n"
        "  A->>B: hi #amp; bye #35;1\n"
        "  end\n"
        "  link A: Dashboard @ https://example.org/a\n"
    )
    assert graph == Graph(
        kind="sequence",
        direction="LR",
        nodes=(
            Node("A", "Alice\nin ${place}", 4, "edge", "square", link="https://example.org/a"),
            Node("B", "B", 5, "edge", "actor"),
            Node("C", "C", 8, "box-2", "database"),
            Node("title-1", "Two ${fact}", 2, shape="note"),
            Node("note-1", "beside B", 15, "edge", "note"),
            Node("fragment-1", "every ${period}", 16, shape="note"),
        ),
        edges=(
            Edge("A", "B", "hi & bye #1", 10),
            Edge("B", "A", "back\nagain", 11, dashed=True),
            Edge("A", "C", "lost", 12, dashed=True),
            Edge("A", "C", "lost, dotted", 13, dashed=True),
            Edge("A", "C", "open", 14, directed=False),
            Edge("A", "A", "self", 17),
            Edge("A", "B", "hi & bye #1", 21),
        ),
        groups=(Group("edge", "edge", 3), Group("box-2", "box-2", 1)),
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("graph LR\n A", "flowchart"),
        ("flowchart\n A", "flowchart"),
        ("stateDiagram\n A --> B", "state"),
        ("%% a comment\n\n  flowchart TD\n A", "flowchart"),
    ],
)
def test_lawful_spellings(text, kind):
    graph = read(text)
    assert (graph.kind, graph.direction) == (kind, "TB" if "LR" not in text else "LR")


def test_one_click_links_several_nodes():
    graph = read(
        'flowchart LR\n A --> B --> C\n click A, B "terms/raft"\n click C href "javascript:alert(1)"\n'
    )
    assert {node.id: node.link for node in graph.nodes} == {
        "A": "terms/raft",
        "B": "terms/raft",
        "C": "javascript:alert(1)",
    }


def test_edges_stand_on_their_lines():
    graph = read(
        "flowchart LR\n class A,B x\n A --> B\n B --> A\n A & B --> C & D\n D --> B\n"
        ' A["two\nlines"] --> E --> E\n F --> G'
    )
    assert [edge.line for edge in graph.edges] == [3, 4, 5, 5, 5, 5, 6, 8, 8, 9]
    assert lines(graph)["A"] == 3


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("one<br/>two<BR>three <br /> four\\nfive<br//>six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("<b>bold</b> <i class='x'>it</i>", "bold it"),
        ("<script>alert(1)</script>safe", "safe"),
        ("a < b && c > d", "a < b && c > d"),
        ("#9829; #quot; &amp; &lt;pod&gt;", '♥ " & <pod>'),
        ("${a} ${pub/key:b-c}", "${a} ${pub/key:b-c}"),
    ],
)
def test_labels_are_plain(label, shown):
    graph, _ = mermaid.parse(f'flowchart LR\n A["{label}"]', PAGE)
    assert graph
    assert graph.nodes[0].label == shown


def test_html_is_words():
    html = "<p>one<br>two\nthree &lt;x&gt;</p><style>p { }</style>"
    assert words_of_html(html) == "one\ntwo\nthree <x>"


def test_attributes_that_are_read_out():
    html = """<p title="5 &amp; 6" data-x="7" style='a:8'><img alt='9' src="10"> <i aria-label=11>x</i>"""
    assert told_by_html(html) == ["5 & 6", "9", "11"]


def test_markdown_labels_lose_their_emphasis():
    graph = read('flowchart LR\n A["`**bold** _it_ snake_case`"] --> B["**kept**"]')
    assert [node.label for node in graph.nodes] == ["bold it snake_case", "**kept**"]


# Findings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('flowchart LR\n\n A["x"" y"] --> B\n\n B --> C', [("MERMAID001", 13)]),
        ("flowchart LR\n A --> B\n B -->", [("MERMAID001", 13)]),
        ("flowchart LR\n A --> B\n B -->\n\n\n", [("MERMAID001", 13)]),
        ("flowchart LR\n\n\n A[é😀] --> B[[x]\n", [("MERMAID001", 14)]),
        ("stateDiagram-v2\n A --> \n B --> C", [("MERMAID001", 12)]),
        ("sequenceDiagram\n A->>B x\n", [("MERMAID001", 12)]),
        ("foo\n A --> B", [("MERMAID001", 11)]),
        ('flowchart LR\n A["\ud800"]\n B["\x01"]', [("MERMAID001", 12), ("MERMAID001", 13)]),
        ('pie\n "a" : 3', [("MERMAID002", 11)]),
        ("%% first\n\nmindmap\n  root\n", [("MERMAID002", 13)]),
        ('pie\n "a" is 3', [("MERMAID002", 11)]),
        ("flowchart-elk LR\n A --> B", [("MERMAID002", 11)]),
        ("", [("MERMAID003", 11)]),
        ("  \n\n", [("MERMAID003", 11)]),
        ("%% nothing but this", [("MERMAID003", 11)]),
        ("flowchart LR", [("MERMAID003", 11)]),
        ("stateDiagram-v2", [("MERMAID003", 11)]),
        ("sequenceDiagram\n", [("MERMAID003", 11)]),
        ('%%{init: {"theme": "dark"}}%%\nflowchart LR\n A', [("MERMAID004", 11)]),
        ("flowchart LR\n%%{\n init: {}\n}%%\n A", [("MERMAID004", 12)]),
        (
            "---\ntitle: T\nlook: neo\nconfig:\n  layout: elk\n---\nflowchart LR\n A",
            [("MERMAID004", 12), ("MERMAID004", 13), ("MERMAID004", 14), ("MERMAID004", 15)],
        ),
        ("%%{wrap}%%\nflowchart LR\n A -->", [("MERMAID004", 11), ("MERMAID001", 13)]),
        ("%%{wrap}%%\nblock\n A", [("MERMAID004", 11), ("MERMAID002", 12)]),
        ("flowchart LR\n accTitle: T\n accDescr { D }\n A", [("MERMAID004", 12), ("MERMAID004", 13)]),
        ("flowchart LR\n A[\"see <a href='https://a.example'>it</a>\"]", [("MERMAID008", 12)]),
        ('flowchart LR\n A["<script>x</script>"]', [("MERMAID008", 12)]),
        ('flowchart LR\n A@{ img: "https://a.example/x.png", label: "pic" }', [("MERMAID008", 12)]),
        ('flowchart LR\n A@{ icon: "fa:user" }\n %% <img>', [("MERMAID008", 12)]),
        ('flowchart LR\n A --> B\n click Nope "x/y"', [("LINK003", 13)]),
        ('stateDiagram-v2\n A --> B\n click Nope href "https://a.example"', [("LINK003", 13)]),
        ("flowchart LR\n A --> B\n click A call go()", [("LINK003", 13)]),
        ("flowchart LR\n A --> B\n click A callback", [("LINK003", 13)]),
        ('flowchart LR\n A --> B\n click A ""', [("LINK003", 13)]),
        ('flowchart LR\n A --> B\n click A "x/y" "43 seconds"', [("LINK003", 13)]),
        ('flowchart LR\n A --> B\n click A "x/y" "a tip" _blank', []),
        ('flowchart LR\n A --> B\n click A "x/y', [("LINK003", 13)]),
        ("flowchart LR\n A" + "x" * 50_000, [("MERMAID005", 11)]),
        ("flowchart LR\n" + "".join(f"\n N{i} -->|x| N{i + 1}" for i in range(100)), [("MERMAID005", 11)]),
        (
            '%%{wrap}%%\nflowchart LR\n A["\x02"]' + "x" * 50_000,
            [("MERMAID001", 13), ("MERMAID005", 11), ("MERMAID004", 11)],
        ),
    ],
)
def test_every_fault_is_found_on_its_line(text, expected):
    _, findings = mermaid.parse(text, PAGE)
    assert [(f.rule, f.place.line) for f in findings] == expected
    for finding in findings:
        assert finding.place.path == PAGE.path
        assert finding.message
        assert "\n" not in finding.message
        assert finding.hint


def test_messages_are_the_engines_without_its_noise():
    _, (finding,) = mermaid.parse("flowchart LR\n A --> B @", PAGE)
    assert finding.message == "Unexpected character"
    _, (finding,) = mermaid.parse("gantt\n x", PAGE)
    assert finding.message == "“gantt” is no lawful type of diagram"
    assert all(name in finding.hint for name in ("flowchart", "stateDiagram-v2", "sequenceDiagram"))


def test_the_graph_is_there_beside_a_setting():
    graph, findings = mermaid.parse("%%{init: {}}%%\nflowchart LR\n A --> B", PAGE)
    assert graph
    assert [node.line for node in graph.nodes] == [3, 3]
    assert len(findings) == 1


def test_a_place_without_a_line_counts_from_the_first():
    _, (finding,) = mermaid.parse("flowchart LR\n A[", Place("page.md"))
    assert finding.place == Place("page.md", 2)


def test_without_an_engine_there_is_a_warning(monkeypatch):
    monkeypatch.setitem(sys.modules, "merman", None)
    mermaid.load_engine.cache_clear()
    mermaid._parser.cache_clear()
    graph, findings = mermaid.parse("flowchart LR\n A", PAGE)
    assert graph is None
    assert [(f.rule, f.message) for f in findings] == [("MERMAID007", "no drawing engine on this platform")]


def test_noise_never_raises():
    """A thousand mutilated diagrams: findings or graphs, no traceback, and every line is on the page."""
    random.seed(20261124)
    whole = [
        'flowchart LR\n subgraph edge\n A["x<br/>${y}"] -->|"l"| B[(b)]\n end\n click A "z"\n',
        "stateDiagram-v2\n [*] --> A\n state B {\n C --> D : x\n --\n E\n }\n note left of A : n\n",
        "sequenceDiagram\n box edge\n participant A\n end\n A->>B: m #35;\n loop l\n A-xA: n\n end\n",
    ]
    pieces = [
        *'[](){}<>-=|"`\n;:#%&*~^\\',
        "\n end",
        "-->",
        "${",
        "}",
        "%%{",
        "<br>",
        "🌐",
        "\u202e",
        "state ",
        "é",
    ]
    for _ in range(1000):
        text = random.choice(whole)
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(text))
            text = text[:at] + random.choice([*pieces, ""]) + text[at + random.randint(0, 3) :]
        graph, findings = mermaid.parse(text, PAGE)
        assert graph or findings
        for finding in findings:
            assert 11 <= finding.place.line <= 11 + text.count("\n")
            assert re.fullmatch(r"MERMAID00[1-58]|LINK003", finding.rule)


@pytest.mark.parametrize(("deep", "left"), [(1, 0), (8, 0), (9, 1), (12, 4)])
def test_tags_that_format_are_taken_out_eight_deep(deep, left):
    sheltered = shelter(f'flowchart LR\n A["{"<b>" * deep}x{"</b>" * deep}"]')
    assert (sheltered.count("b>x"), sheltered.count("b>")) == (min(left, 1), 2 * left)


@pytest.mark.parametrize("below", ["## Recovery", ":::{quality-gate} 3am", "```{atlas-timeline}"])
def test_a_fence_that_is_not_closed_is_named(below: str) -> None:
    graph, (finding,) = mermaid.parse(f"flowchart LR\n  A --> B\n\n{below}\nwords", Place("p.md", 10))
    assert graph is None
    assert (finding.rule, finding.place.line) == ("MERMAID001", 13)
    assert "close its fence" in finding.hint

"""Reference pages made from the code: the rules, and the style guide with every plane and shape drawn."""

from __future__ import annotations

from itertools import pairwise

from atlas.diagrams.planes import EMOJI, FILLS, MEANING
from atlas.records.model import Plane
from atlas.rules.atlas import Atlas
from atlas.rules.effects import KNOWN, Known
from atlas.rules.planted import PLANTED
from atlas.rules.table import RULES, Rule

from .blocks import Block, Cell, Drawing, Prose, Section, Table, slug

_SHAPES = {
    "rectangle": '["…"]',
    "rounded": '("…")',
    "stadium": '(["…"])',
    "subroutine": '[["…"]]',
    "cylinder": '[("…")]',
    "circle": '(("…"))',
    "double circle": '((("…")))',
    "flag": '>"…"]',
    "diamond": '{"…"}',
    "hexagon": '{{"…"}}',
    "parallelogram": '[/"…"/]',
    "parallelogram, back": '[\\"…"\\]',
    "trapezoid": '[/"…"\\]',
    "trapezoid, upside down": '[\\"…"/]',
}
_USE = {
    "cylinder": "databases, caches, queues, logs",
    "diamond": "a decision in a debugging guide",
    "stadium": "where a path begins or ends",
    "rectangle": "anything else; the default",
}
_PLANES = """flowchart LR
  subgraph edge
    LB["🌐 Load balancer"]
  end
  subgraph service
    API["⚙️ Order API"]
  end
  subgraph state
    DB[("💾 Order database")]
  end
  subgraph control
    DEPLOY["🎛️ Deploy pipeline"]
  end
  LB -->|"orders"| API
  API -->|"writes"| DB
  DEPLOY -->|"new build"| API"""
_FAILURE = """flowchart LR
  subgraph service
    API["⚙️ Order API"]
  end
  subgraph state
    MAIN[("💾 Primary")]
    COPY[("💾 Replica")]
  end
  API -->|"writes"| MAIN
  MAIN -.->|"replication broken"| COPY
  API -.->|"stale reads"| COPY"""
_STATES = """stateDiagram-v2
  state "service" as service {
    Serving
    Draining
  }
  state "state" as state {
    ReadOnly
  }
  [*] --> Serving : started
  Serving --> ReadOnly : disk full
  ReadOnly --> Serving : space freed
  Serving --> Draining : deploy
  Draining --> [*] : last request done"""
_SEQUENCE = """sequenceDiagram
  box edge
    participant C as 🌐 Client
  end
  box service
    participant A as ⚙️ Order API
  end
  box state
    participant D as 💾 Order database
  end
  C->>A: order
  A->>D: write
  D-->>A: timeout
  A-->>C: error"""
_CLASSES = """flowchart LR
  LB["🌐 Load balancer"]:::edgeStyle
  API["⚙️ Order API"]:::serviceStyle
  DB[("💾 Order database")]:::stateStyle
  DEPLOY["🎛️ Deploy pipeline"]:::controlStyle
  LB -->|"orders"| API
  API -->|"writes"| DB
  DEPLOY -->|"new build"| API"""


def rules(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Every rule: what it means, why, how to mend a breach, a good and a bad example."""
    del atlas, argument
    return tuple(Section(slug(rule.id), f"{rule.id}: {rule.title}", _rule(rule)) for rule in RULES.values())


def _rule(rule: Rule) -> tuple[Block, ...]:
    rows = [("Severity", Cell(rule.severity)), ("Mend", Cell(rule.mend))]
    if rule.path:
        good, bad = rule.good.strip("\n"), rule.bad.strip("\n")
        rows += [("Where", Cell(rule.path, style="code")), ("Good", Cell(good, style="code"))]
        rows += [("Bad", Cell(bad, style="code") if bad else Cell("the same without these lines"))]
    known = (_effects(),) if rule.id == "COMMAND007" else ()
    return Prose(rule.why), Table(("", ""), tuple((Cell(name), cell) for name, cell in rows)), *known


def planted(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Every rule with the faults that are planted for it, caught or not."""
    del atlas, argument
    return (
        Section("planted-kinds", "Faults of other kinds", (_planted(),)),
        Section("planted-examples", "Every rule, by its own example", (_examples(),)),
    )


def _planted() -> Block:
    rows = (
        (
            Cell(f.rule),
            Cell(f.kind),
            Cell(_shown(f.fault), style="code"),
            Cell("caught" if f.caught else "not caught"),
        )
        for f in PLANTED
    )
    caught = sum(fault.caught for fault in PLANTED)
    caption = f"{caught} of {len(PLANTED)} are caught; the tests plant each and compare."
    return Table(("Rule", "Kind", "Fault", ""), tuple(rows), caption)


def _shown(fault: str) -> str:
    """A fault as a reader can see it."""
    return fault if fault.isprintable() else ascii(fault)


def _examples() -> Block:
    rows = (
        (
            Cell(r.id),
            Cell(r.title),
            Cell("caught, twice in a row" if r.path else "in the tests of its module"),
        )
        for r in RULES.values()
    )
    return Table(("Rule", "Breach", "Planted"), tuple(rows))


def _effects() -> Block:
    """What is known to do more than to read, by program."""
    rows = (
        (Cell(row.effect), Cell(row.programs), Cell(_where(row), style="code" if _where(row) else ""))
        for row in KNOWN
    )
    caption = (
        "Known besides redirections to files, pipes into a shell, and statements of SQL that write. "
        "The patterns are looked for in the arguments; what stands in no row passes."
    )
    return Table(("Effect", "Programs", "Where"), tuple(rows), caption)


def _where(row: Known) -> str:
    """The conditions of a row, one a line."""
    unless = [f"unless {row.unless}"] if row.unless else []
    return "\n".join([*filter(None, (row.words, row.fed)), *unless])


def style_guide(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """The planes with their colours and contrasts, every shape, failure paths, the other kinds of diagram."""
    del atlas, argument
    return (
        Section("planes", "Planes", (_planes(), Drawing(_PLANES, "One node in each of the four planes."))),
        Section("shapes", "Shapes", (_shapes(), Drawing(_draw_shapes(), "All shapes, in all planes."))),
        Section("failure", "Failure paths", _failure()),
        Section("classes", "Classes", _classes()),
        Section("kinds", "State and sequence diagrams", _kinds()),
    )


def _planes() -> Block:
    head = ("Plane", "Emoji", "Fill", "Text", "Contrast", "Holds")
    return Table(
        head,
        tuple(_plane(plane) for plane in Plane),
        "Contrast by WCAG 2; text needs 4.5. A subgraph that only names its plane has no frame.",
    )


def _plane(plane: Plane) -> tuple[Cell, ...]:
    fill = FILLS[plane]
    text = max("#FFFFFF", "#000000", key=lambda colour: contrast(colour, fill))
    return (
        Cell(plane, style=plane),
        Cell(EMOJI[plane]),
        Cell(fill, style="code"),
        Cell("white" if text == "#FFFFFF" else "black"),
        Cell(f"{contrast(text, fill):.2f}", style="number"),
        Cell(MEANING[plane]),
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio (1 to 21) of two colours `#RRGGBB`, as WCAG 2 defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _shapes() -> Block:
    rows = tuple(
        (Cell(name), Cell(f"NODE{syntax}", style="code"), Cell(_USE.get(name, "–")))
        for name, syntax in _SHAPES.items()
    )
    return Table(("Shape", "Written", "Use"), rows, "Only the uses named here carry a meaning.")


def _draw_shapes() -> str:
    """All shapes in one diagram, dealt to the planes in turn; arrows across the planes align them in rows."""
    names = list(_SHAPES)
    lines = ["flowchart LR"]
    for index, plane in enumerate(Plane):
        nodes = [f"    {_node(name)}{_SHAPES[name].replace('…', name)}" for name in names[index::4]]
        lines += [f"  subgraph {plane}", *nodes, "  end"]
    for start in range(0, len(names), 4):
        row = names[start : start + 4]
        lines += [f"  {_node(a)} --> {_node(b)}" for a, b in pairwise(row)]
    return "\n".join(lines)


def _node(shape: str) -> str:
    return "".join(c for c in shape.title() if c.isalpha())


def _failure() -> tuple[Block, ...]:
    return (
        Prose("A dashed arrow is a failure path: what moves when it breaks, or what no longer does."),
        Table(
            ("Written", "Means"),
            (
                (Cell('A -->|"orders"| B', style="code"), Cell("orders move from A to B")),
                (Cell('A -.->|"replication broken"| B', style="code"), Cell("the failure goes from A to B")),
                (Cell("A->>B: order", style="code"), Cell("a message or an answer, in a sequence diagram")),
                (Cell("B-->>A: time-out", style="code"), Cell("a message that tells of the failure")),
                (Cell("A-xB: order", style="code"), Cell("a message that does not arrive")),
            ),
        ),
        Drawing(_FAILURE, "Replication from the primary to a replica is broken, so that reads are stale."),
    )


def _classes() -> tuple[Block, ...]:
    rows = tuple((Cell(p, style=p), Cell(f":::{p}Style", style="code")) for p in Plane)
    return (
        Prose("A node outside the planes' subgraphs names its plane by a class. Colours are never written."),
        Table(("Plane", "Class"), rows),
        Drawing(_CLASSES, "The same four nodes, placed by class."),
    )


def _kinds() -> tuple[Block, ...]:
    return (
        Prose("In a state diagram a composite state is a plane, in a sequence diagram a box is."),
        Drawing(_STATES, "A server is serving, read-only while its disk is full, and draining on deploy."),
        Drawing(_SEQUENCE, "A client's order fails because the database does not answer in time."),
    )

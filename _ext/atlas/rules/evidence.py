"""What the boxes and arrows of a drawing rest on, what broke in it, and how much it may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from atlas.diagrams.evidence import broken_nodes, drawn_lines
from atlas.diagrams.planes import PSEUDO_STATES, at
from atlas.records.model import Fact, Finding, Role, Standing
from atlas.records.notes import DiagramNote, Edge, Evidence, Graph, Node
from atlas.records.plan import Ledgers
from atlas.records.sources import LONGEST_TEXT

from .figures import offer, references

MOST_BOXES = 25
MOST_LIFELINES = 10


def evidence_of(note: DiagramNote, part: Node | Edge) -> tuple[Evidence, ...]:
    """The evidence lines under a box or an arrow. A line that draws arrows speaks of these alone."""
    graph = note.graph
    arrows = {edge.line for edge in graph.edges} if graph else set()
    if isinstance(part, Node) and part.line in arrows:
        return ()
    return tuple(e for e in note.evidence if e.under == part.line)


def standing_of(
    note: DiagramNote, part: Node | Edge, facts: Mapping[str, Fact], ledgers: Ledgers, tried: frozenset[str]
) -> Standing:
    """Published: it shows a fact, its click names a source, or an evidence line does. `tried` holds the keys
    (`node_key`, `edge_key`) of what a passed trial names. Else advice of this atlas.
    """
    named = any(e.source in ledgers.sources for e in evidence_of(note, part))
    if named or any(r in facts for r in references(part.label)):
        return Standing.PUBLISHED
    if isinstance(part, Node) and part.link in ledgers.sources:
        return Standing.PUBLISHED
    return Standing.TRIED if key_of(part) in tried else Standing.ADVICE


def key_of(part: Node | Edge) -> str:
    """What a ledger of trials calls a box or an arrow: `NODE`, or `TAIL->HEAD`."""
    return part.id if isinstance(part, Node) else f"{part.tail}->{part.head}"


def is_drawn_box(node: Node) -> bool:
    """False of notes, titles and the marks at which states begin and end."""
    return node.shape not in PSEUDO_STATES


def check_evidence(note: DiagramNote, ledgers: Ledgers) -> Iterator[Finding]:
    """FACT012, FACT007 and SOURCE002 of evidence lines."""
    drawn = drawn_lines(note.graph) if note.graph else set()
    for evidence in note.evidence:
        place = at(note, evidence.line)
        if note.graph and evidence.under not in drawn:
            message = f"evidence of {evidence.source} stands under nothing that is drawn"
            hint = "put it on the line below an arrow or a box"
            yield Finding("FACT012", message, place, hint, note.id)
        if evidence.source not in ledgers.sources:
            hint = offer(evidence.source, ledgers.sources, "add it to the ledger of its publisher")
            yield Finding("SOURCE002", f"unknown source {evidence.source}", place, hint, note.id)
        if (count := len(evidence.words.split())) > LONGEST_TEXT:
            message = f"evidence of {evidence.source} has {count} words, more than {LONGEST_TEXT}"
            yield Finding("FACT007", message, place, "keep the few words that state it", note.id)


def check_broken(note: DiagramNote, role: Role) -> Iterator[Finding]:
    """DIAGRAM004: an incident says what broke."""
    if role is Role.INCIDENT and note.graph and not broken_nodes(note.graph):
        message = f"diagram {note.id} does not say what broke"
        yield Finding("DIAGRAM004", message, note.place, "write :::broken behind the box that did", note.id)


def check_size(note: DiagramNote) -> Iterator[Finding]:
    """DIAGRAM005: a drawing with more boxes or lifelines than a reader can hold."""
    if note.graph is None:
        return
    count = sum(map(is_drawn_box, note.graph.nodes))
    sequence = note.graph.kind == "sequence"
    most, what = (MOST_LIFELINES, "lifelines") if sequence else (MOST_BOXES, "boxes")
    if count > most:
        message = f"diagram {note.id} has {count} {what}, more than {most}"
        yield Finding("DIAGRAM005", message, note.place, _where_to_split(note.graph), note.id)


def _where_to_split(graph: Graph) -> str:
    """The box with the fewest arrows on the way from one half of the boxes to the other."""
    boxes = [node.id for node in graph.nodes if is_drawn_box(node)]
    half = len(boxes) // 2
    return f"split it, for instance between {boxes[half - 1]} and {boxes[half]}"

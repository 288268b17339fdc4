"""Findings on what a drawing lacks, at the lines of what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atlas.diagrams.planes import at
from atlas.records.model import Finding
from atlas.records.notes import DiagramNote, Graph

from .job import Loss

_HINT = "write it in another way: what is read must be what is drawn"


def check_drawing(note: DiagramNote, losses: Iterable[Loss]) -> Iterator[Finding]:
    """MERMAID010 for each loss of the drawing of a diagram."""
    for loss in losses:
        line = _line_of(loss, note.graph) if note.graph else 1
        yield Finding("MERMAID010", loss.message, at(note, line), _HINT, note.id)


def _line_of(loss: Loss, graph: Graph) -> int:
    """The line of the text on which a node, an edge or a group stands; the first of what has none."""
    if loss.kind == "edge":
        return next((edge.line for edge in graph.edges[int(loss.id) :]), 1)
    known = graph.nodes if loss.kind == "node" else graph.groups if loss.kind == "group" else ()
    return next((one.line for one in known if one.id == loss.id), 1)

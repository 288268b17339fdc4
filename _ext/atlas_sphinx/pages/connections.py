"""The tables of a drawing: what its boxes and arrows say, show and rest on. The inspector reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from docutils import nodes

from atlas.diagrams.evidence import broken_nodes
from atlas.records.model import Standing
from atlas.records.notes import Edge, Graph, Node
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.evidence import evidence_of, is_drawn_box
from atlas.views.blocks import slug

from .sections import Address
from .tables import Cell, Word, table

TRIED = "tried against the real software"
ADVICE = "advice of this atlas"


def part_id(diagram: Diagram, name: str) -> str:
    """The HTML id of a part of what a page shows of a diagram: a gate, its evidence, a fact."""
    return f"{slug(diagram.id)}-{name}"


class Connections:
    """The two tables of one drawing; `to` gives the address of a target as seen from its page."""

    def __init__(self, diagram: Diagram, graph: Graph, atlas: Atlas, to: Address, *, html: bool) -> None:
        self.diagram, self.graph, self.atlas, self.to, self.html = diagram, graph, atlas, to, html

    def boxes(self) -> nodes.Node:
        """Boxes with the figures in their labels, which lead to their evidence."""
        shown = [node for node in self.graph.nodes if self.diagram.label(node.label)]
        rows = [self._node_row(node) for node in shown]
        attributes = [self._node_attributes(node) for node in shown]
        classes = ["atlas-nodes", f"atlas-{self.graph.kind}"]
        head = ("Node", "Plane", "Figures", "Rests on")
        return table(head, rows, html=self.html, classes=classes, attributes=attributes)

    def arrows(self) -> nodes.Node:
        """Arrows, in the order of the drawing."""
        names = {n.id: self.diagram.label(n.label) or n.shape for n in self.graph.nodes}
        names |= {g.id: self.diagram.label(g.title) for g in self.graph.groups}
        rows: list[Sequence[Cell]] = [
            [names.get(e.tail, e.tail), self._moving(e), names.get(e.head, e.head), self._resting(e)]
            for e in self.graph.edges
        ]
        attributes = [
            {"data-tail": e.tail, "data-head": e.head, "data-standing": str(self.diagram.standing_of(e))}
            for e in self.graph.edges
        ]
        head = ("From", "What moves", "To", "Rests on")
        return table(head, rows, html=self.html, classes=["atlas-edges"], attributes=attributes)

    def _node_row(self, node: Node) -> list[Cell]:
        evidence = {f.id: f"#{part_id(self.diagram, f'f{n}')}" for n, f in enumerate(self.diagram.cited)}
        name = Word(self.diagram.label(node.label), self.to(node.link) if node.link else "")
        facts = self.diagram.facts_of(node.label)
        figures = [Word(f.value, evidence.get(f.id, "") if self.html else "") for f in facts]
        resting = self._resting(node) if is_drawn_box(node) else ""
        return [name, str(self.diagram.planes.get(node.id, "")), _listed(figures), resting]

    def _node_attributes(self, node: Node) -> Mapping[str, str]:
        around = {"data-node": node.id, "data-groups": " ".join(_groups_around(node, self.graph))}
        standing = {"data-standing": str(self.diagram.standing_of(node))} if is_drawn_box(node) else {}
        broken = {"data-broken": "true"} if node.id in broken_nodes(self.graph) else {}
        return around | standing | broken

    def _resting(self, part: Node | Edge) -> Cell:
        """What a box or an arrow rests on, in words, with the spots that state it."""
        standing = self.diagram.standing_of(part)
        if standing is not Standing.PUBLISHED:
            return TRIED if standing is Standing.TRIED else ADVICE
        spots: list[str | Word] = []
        for evidence in evidence_of(self.diagram.note, part):
            source = self.atlas.ledgers.sources.get(evidence.source)
            if source:
                link = Word(source.title, self.to(source.id))
                spots += ["; " if spots else "", link, f" “{evidence.words}”"]
        return ["published: ", *spots] if spots else "published, see its figures or its link"

    def _moving(self, edge: Edge) -> str:
        return self.diagram.label(edge.label) + (" (failure)" if edge.dashed else "")


def _groups_around(node: Node, graph: Graph) -> Iterator[str]:
    """The groups that a node stands in, from the inside out."""
    parents = {group.id: group.group for group in graph.groups}
    group = node.group
    while group:
        yield group
        group = parents.get(group, "")


def _listed(parts: Sequence[Word]) -> list[str | Word]:
    """Words with commas between them."""
    return [part for word in parts for part in (", ", word)][1:]

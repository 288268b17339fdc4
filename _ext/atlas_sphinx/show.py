"""Showing the sealed atlas: placeholders become plain docutils nodes, drawings become HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from atlas.blocks import page_target, slug
from atlas.gates import GATES, GateResult
from atlas.ledgers import fact_url
from atlas.model import Edge, Fact, Graph, Node, Source
from atlas.planes import EMOJI
from atlas.seal import Atlas, Diagram, resolves
from atlas.standing import of_diagram

from .domain import AtlasDomain, domain_of
from .drawings import job_of, text_of
from .nodes import (
    PLACEHOLDERS,
    SHOWN,
    atlas_chart,
    atlas_diagram,
    atlas_disclosure,
    atlas_drawing,
    atlas_gate,
    atlas_ref,
    atlas_table,
    atlas_view,
)
from .pages import Address
from .tables import Cell, Word, paragraph, table


class ShowAtlas(SphinxPostTransform):
    """Replaces every placeholder on a page by what the sealed atlas says of it."""

    default_priority = 5  # ahead of Sphinx's reference resolver, which must see the links made here

    def is_supported(self) -> bool:
        """The binder prints the records themselves."""
        return self.app.builder.format != "pdf" and super().is_supported()

    def run(self, **kwargs: Any) -> None:
        del kwargs
        for view in list(self.document.findall(atlas_view)):
            view.replace_self(self.domain.render(view["view"], view["argument"], self.to, html=self.html))
        for diagram in list(self.document.findall(atlas_diagram)):
            diagram.replace_self(self._diagram(diagram["diagram"]))
        for gate in list(self.document.findall(atlas_gate)):
            gate.replace_self(self._gate(gate))
        for ref in list(self.document.findall(atlas_ref)):
            ref.replace_self(self._ref(ref))

    @property
    def domain(self) -> AtlasDomain:
        return domain_of(self.env)

    @property
    def html(self) -> bool:
        return self.app.builder.format == "html"

    @property
    def atlas(self) -> Atlas:
        return self.domain.sealed

    def to(self, target: str) -> str:
        """The address, seen from this page, of a diagram, source, term, `page:DOCNAME` or web address."""
        return self.domain.address(target, self.env.docname, self.app.builder)

    # References

    def _ref(self, ref: atlas_ref) -> nodes.Node:
        target, own_words = ref["target"], ref.astext()
        if ref["role"] == "fact":
            return self._fact(target, own_words)
        words = own_words or self.atlas.title_of(target)
        address = self.to(target)
        if not address:
            known = resolves(target, self.atlas.diagrams, self.atlas.ledgers)
            return nodes.inline("", words) if known else nodes.problematic("", words)
        return Word(words, address, classes=(f"atlas-{ref['role']}",)).node()

    def _fact(self, target: str, own_words: str) -> nodes.Node:
        fact = self.atlas.ledgers.fact(target)
        if fact is None:
            return nodes.problematic("", own_words or target)
        source = self.atlas.ledgers.sources[fact.source]
        node = nodes.inline("", "", classes=["atlas-fact"])
        node += Word(own_words or fact.value, fact_url(source, fact), title=_hover(fact, source)).node()
        if source.tier.second_hand:
            node += nodes.Text(f" (as reported by {source.publisher})")
        return node

    # Diagrams

    def _diagram(self, id: str) -> list[nodes.Node]:
        diagram = self.atlas.diagrams.get(id)
        if diagram is None:
            return [nodes.problematic("", f"diagram {id}")]
        figure = nodes.container("", classes=["atlas-figure"], diagram=id)
        figure += paragraph(diagram.title, classes=["atlas-figure-title"])
        if self.html:
            figure += self._jumps(diagram)
        figure += self._drawing(diagram)
        if self.html and diagram.planes:
            figure += self._legend(diagram)
        if diagram.caption:
            figure += paragraph(diagram.caption, classes=["atlas-caption"])
        figure += paragraph(_standing(diagram, self.atlas.today), classes=["atlas-standing"])
        summary = f"Evidence: {_count(len(diagram.cited), 'figure')}"
        figure += disclosure(summary, [self._evidence(diagram)], id=_part(diagram, "evidence"))
        graph = diagram.note.graph
        if graph:
            parts = [
                _node_table(diagram, graph, self.to, html=self.html),
                _edge_table(diagram, graph, html=self.html),
            ]
            figure += disclosure("Nodes and connections as a table", parts, id=_part(diagram, "nodes"))
        return [figure]

    def _jumps(self, diagram: Diagram) -> nodes.Node:
        """Links to what answers on this page: its written gates, then the evidence."""
        written = (gate for gate in self.document.findall(atlas_gate) if gate["diagram"] == diagram.id)
        gates = dict.fromkeys(gate["gate"] for gate in written if gate["gate"] in GATES)
        links = [Word(f"{GATES[gate].title} gate", f"#{_part(diagram, gate)}") for gate in gates]
        links.append(Word("Evidence", f"#{_part(diagram, 'evidence')}"))
        return paragraph(links, classes=["atlas-jumps"])

    def _legend(self, diagram: Diagram) -> nodes.Node:
        """The planes that are drawn, each as its boxes look."""
        shown = [plane for plane in EMOJI if plane in diagram.planes.values()]
        keys = [Word(f"{EMOJI[p]} {p}", classes=("atlas-key", f"atlas-key-{p}")) for p in shown]
        return paragraph(
            [Word("Planes", self.to(page_target("style-guide"))), *keys], classes=["atlas-legend"]
        )

    def _drawing(self, diagram: Diagram) -> nodes.Node:
        graph = diagram.note.graph
        if graph is None:
            return self._fallback(diagram)
        hrefs = {n.id: self.to(n.link) for n in graph.nodes if n.link}
        svg = self.domain.drawings.read(job_of(diagram), hrefs) if self.domain.drawings else ""
        return atlas_drawing(diagram=diagram.id, svg=svg, alt=diagram.alt)

    def _fallback(self, diagram: Diagram) -> nodes.Node:
        """Without an engine, sphinxcontrib-mermaid's own node; a text that does not parse as it is."""
        findings = {f.rule for f in diagram.findings}
        if "MERMAID007" in findings:
            from sphinxcontrib.mermaid import mermaid as mermaid_node

            node: nodes.Node = mermaid_node(code=text_of(diagram), options={})
            return node
        return nodes.literal_block(diagram.note.text, diagram.note.text, language="text")

    def _evidence(self, diagram: Diagram) -> nodes.Node:
        head = ("Figure", "What it measures", "As of", "Source", "Read")
        sources = self.atlas.ledgers.sources
        rows = [self._fact_row(fact, sources[fact.source]) for fact in diagram.cited]
        cited = {f.source for f in diagram.cited}
        rows += [self._source_row(s) for s in diagram.sources if s.id not in cited]
        names = [{"id": _part(diagram, f"f{n}"), "data-fact": f.id} for n, f in enumerate(diagram.cited)]
        names += [{}] * (len(rows) - len(names))
        return table(head, rows, html=self.html, classes=["atlas-evidence"], attributes=names)

    def _fact_row(self, fact: Fact, source: Source) -> list[Cell]:
        value = Word(fact.value, fact_url(source, fact), classes=("atlas-value",))
        said = "; ".join(filter(None, (fact.says, fact.statistic, fact.scope)))
        said += f" (derived: {fact.derived})" if fact.derived else ""
        return [value, said, str(fact.as_of or ""), self._source_cell(source), _reading(source)]

    def _source_row(self, source: Source) -> list[Cell]:
        return ["", "cited without a figure", "", self._source_cell(source), _reading(source)]

    def _source_cell(self, source: Source) -> list[str | Word]:
        by = f" as reported by {source.publisher}" if source.tier.second_hand else f" {source.publisher}"
        cell: list[str | Word] = [Word(source.title, self.to(source.id)), f",{by} ({source.tier})"]
        if source.archive:
            cell += [", ", Word("archived copy", source.archive)]
        return cell

    # Gates

    def _gate(self, node: atlas_gate) -> list[nodes.Node]:
        diagram = self.atlas.diagrams.get(node["diagram"])
        result = next((g for g in diagram.gates if g.gate == node["gate"]), None) if diagram else None
        if result is None:
            return list(node.children)
        classes = ["atlas-gate", f"atlas-gate-{result.gate}"]
        card = nodes.container("", classes=classes, ids=[_part(diagram, result.gate)] if diagram else [])
        card += _gate_head(result)
        if GATES[result.gate].computed:
            card += _computed_table(result, html=self.html)
        card += node.children
        return [card]


def _gate_head(result: GateResult) -> nodes.Node:
    gate = GATES[result.gate]
    head = nodes.paragraph("", "", classes=["atlas-gate-head"])
    head += nodes.strong("", f"{gate.title} gate")
    head += nodes.Text(f" {gate.question} ")
    words = f"{result.verdict}, {result.settled} of {len(result.checks)}"
    head += nodes.inline("", words, classes=["atlas-verdict", f"atlas-verdict-{result.verdict}"])
    return head


def _computed_table(result: GateResult, *, html: bool) -> nodes.Node:
    """What was found of each check. The reasons of the author follow as they were written."""
    rows: list[Sequence[Cell]] = [
        [c.term, [Word(c.answer, classes=(f"atlas-{slug(c.answer)}",)), f": {c.amiss}" if c.amiss else ""]]
        for c in result.checks
    ]
    return table(("Check", "Verdict"), rows, html=html)


def _part(diagram: Diagram, name: str) -> str:
    """The HTML id of a part of what a page shows of a diagram: a gate, its evidence, a fact."""
    return f"{slug(diagram.id)}-{name}"


def _hover(fact: Fact, source: Source) -> str:
    when = f", as of {fact.as_of}" if fact.as_of else ""
    return f"{fact.says}{when}; {source.publisher}, {source.extent.words}"


def _reading(source: Source) -> str:
    return f"{source.read}, {source.extent.words}"


def _standing(diagram: Diagram, today: date) -> list[str | Word]:
    """The line under a drawing: status, version, review, age of the figures."""
    status = str(diagram.status)
    shown = Word(status.replace("_", " "), classes=("atlas-status", f"atlas-{status.replace('_', '-')}"))
    years = (today - diagram.dates[0]).days // 365 if diagram.dates else 0
    age = f", the oldest {_count(years, 'year')} old" if years else ""
    return [shown, " · " + " · ".join(of_diagram(diagram)) + age]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number or 'no'} {noun}s"


def _node_table(diagram: Diagram, graph: Graph, to: Address, *, html: bool) -> nodes.Node:
    """Nodes with the figures in their labels, which lead to their evidence."""
    evidence = {fact.id: f"#{_part(diagram, f'f{n}')}" for n, fact in enumerate(diagram.cited)}
    rows: list[Sequence[Cell]] = []
    attributes: list[Mapping[str, str]] = []
    for node in graph.nodes:
        if label := diagram.label(node.label):
            name = Word(label, to(node.link) if node.link else "")
            facts = diagram.facts_of(node.label)
            shown = [Word(f.value, evidence.get(f.id, "") if html else "") for f in facts]
            rows.append([name, str(diagram.planes.get(node.id, "")), _listed(shown)])
            attributes.append({"data-node": node.id, "data-groups": " ".join(_groups_around(node, graph))})
    head = ("Node", "Plane", "Figures")
    classes = ["atlas-nodes", f"atlas-{graph.kind}"]
    return table(head, rows, html=html, classes=classes, attributes=attributes)


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


def _edge_table(diagram: Diagram, graph: Graph, *, html: bool) -> nodes.Node:
    names = {n.id: diagram.label(n.label) or n.shape for n in graph.nodes}
    names |= {g.id: diagram.label(g.title) for g in graph.groups}
    rows = [[names.get(e.tail, e.tail), _moving(diagram, e), names.get(e.head, e.head)] for e in graph.edges]
    ends = [{"data-tail": e.tail, "data-head": e.head} for e in graph.edges]
    head = ("From", "What moves", "To")
    return table(head, rows, html=html, classes=["atlas-edges"], attributes=ends)


def _moving(diagram: Diagram, edge: Edge) -> str:
    return diagram.label(edge.label) + (" (failure)" if edge.dashed else "")


def disclosure(
    summary: str, children: Iterable[nodes.Node], *, opened: bool = False, id: str = ""
) -> atlas_disclosure:
    """Content behind a summary line."""
    return atlas_disclosure("", *children, summary=summary, opened=opened, ids=[id] if id else [])


# HTML


def visit_drawing(self: HTML5Translator, node: atlas_drawing) -> None:
    if node["svg"]:
        name = escape(node["diagram"], quote=True)
        self.body.append(f'<div class="atlas-canvas" data-diagram="{name}">{node["svg"]}</div>\n')
    raise nodes.SkipNode


def visit_chart(self: HTML5Translator, node: atlas_chart) -> None:
    self.body.append(f'<div class="atlas-chart">{node["svg"]}</div>\n')
    raise nodes.SkipNode


def visit_disclosure(self: HTML5Translator, node: atlas_disclosure) -> None:
    opened = " open" if node["opened"] else ""
    id = f' id="{node["ids"][0]}"' if node["ids"] else ""
    summary = escape(node["summary"])
    self.body.append(f'<details class="atlas-disclosure"{id}{opened}><summary>{summary}</summary>\n')


def depart_disclosure(self: HTML5Translator, node: atlas_disclosure) -> None:
    del node
    self.body.append("</details>\n")


def visit_table(self: HTML5Translator, node: atlas_table) -> None:
    self.body.append(node["html"])
    raise nodes.SkipNode


def skip(self: Any, node: nodes.Node) -> None:
    """For builders that show the tables instead of the picture."""
    del self, node
    raise nodes.SkipNode


def visit_summary(self: Any, node: atlas_disclosure) -> None:
    """For builders without disclosures: the content stands there in the open."""
    del self, node


def depart_summary(self: Any, node: atlas_disclosure) -> None:
    del self, node


OTHER_BUILDERS = ("latex", "text", "man", "texinfo")


def setup(app: Sphinx) -> None:
    for placeholder in PLACEHOLDERS:
        app.add_node(placeholder)
    others: dict[str, Any] = dict.fromkeys(OTHER_BUILDERS, (skip, None))
    app.add_node(SHOWN[0], html=(visit_drawing, None), **others)
    app.add_node(atlas_table, html=(visit_table, None))
    app.add_node(SHOWN[1], html=(visit_chart, None), **others)
    others = dict.fromkeys(OTHER_BUILDERS, (visit_summary, depart_summary))
    app.add_node(SHOWN[2], html=(visit_disclosure, depart_disclosure), **others)
    app.add_post_transform(ShowAtlas)

"""Showing the sealed atlas: placeholders become plain docutils nodes, drawings become HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from atlas.diagrams.evidence import broken_nodes
from atlas.diagrams.planes import EMOJI
from atlas.records.ledgers import fact_url
from atlas.records.model import Fact, Source
from atlas.rules import figures
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.checks import resolves
from atlas.rules.rechecks import check, tell_check, tell_old
from atlas.views.blocks import page_target
from atlas_sphinx.domain import AtlasDomain, domain_of
from atlas_sphinx.others import ask_others, is_elsewhere
from atlas_sphinx.pages.connections import Connections, part_id
from atlas_sphinx.pages.drawings import job_of, text_of
from atlas_sphinx.pages.nodes import (
    PLACEHOLDERS,
    SHOWN,
    atlas_chart,
    atlas_command,
    atlas_diagram,
    atlas_disclosure,
    atlas_drawing,
    atlas_gate,
    atlas_ref,
    atlas_run,
    atlas_table,
    atlas_timeline,
    atlas_view,
)
from atlas_sphinx.pages.sections import render_sections
from atlas_sphinx.pages.tables import Cell, Word, paragraph, table

from . import order, quality
from .running import Runner, visit_run


class ShowAtlas(SphinxPostTransform):
    """Replaces every placeholder on a page by what the sealed atlas says of it."""

    default_priority = 5  # ahead of Sphinx's reference resolver, which must see the links made here

    def is_supported(self) -> bool:
        """The binder prints the records themselves; `gettext` takes what authors wrote."""
        builder = self.app.builder
        return builder.format != "pdf" and builder.name != "gettext" and super().is_supported()

    def run(self, **kwargs: Any) -> None:
        del kwargs
        self._host = order.arrange(self.document)
        runner = Runner(self.document, self.atlas, self.to, html=self.html)
        for view in list(self.document.findall(atlas_view)):
            view.replace_self(self._view(view["view"], view["argument"]))
        for diagram in list(self.document.findall(atlas_diagram)):
            diagram.replace_self(self._diagram(diagram, runner))
        for command in list(self.document.findall(atlas_command)):
            command.replace_self(runner.command(command))
        for timeline in list(self.document.findall(atlas_timeline)):
            timeline.replace_self(runner.timeline(timeline))
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
        return self.domain.shown.addresses.seen(target, self.env.docname, self.app.builder)

    def _view(self, view: str, argument: str) -> list[nodes.Node]:
        shown = self.domain.shown
        sections = shown.sections(view, argument)
        place = [self._finder_place()] if view == "home" and self.html else []
        return place + render_sections(sections, self.to, shown.drawings, self._live, html=self.html)

    def _finder_place(self) -> nodes.Node:
        """Where the finder stands on the home page, and the lists that do without it."""
        lists = {"error string": "errors", "symptom": "symptoms", "alert": "alerts"}
        links = {words: self.to(f"page:incident-response/{name}") for words, name in lists.items()}
        line: list[str | Word] = ["Or look it up by "]
        for words, address in links.items():
            line += [Word(words, address), ", " if words != "alert" else "."]
        place = nodes.container("", classes=["atlas-find-place"])
        known = [paragraph(line, classes=["atlas-find-lists"])] if all(links.values()) else []
        return nodes.container("", place, *known)

    # References

    def _ref(self, ref: atlas_ref) -> nodes.Node:
        target, own_words = ref["target"], ref.astext()
        if is_elsewhere(ref["role"], target, self.atlas, self.env):
            return ask_others(ref, self.env.docname)
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
        if source.second_hand:
            node += nodes.Text(f" (as reported by {source.publisher})")
        return node

    # Diagrams

    def _diagram(self, placeholder: atlas_diagram, runner: Runner) -> list[nodes.Node]:
        id = placeholder["diagram"]
        diagram = self.atlas.diagrams.get(id)
        if diagram is None:
            return [nodes.problematic("", f"diagram {id}")]
        classes = ["atlas-figure", *placeholder["classes"]]
        figure = nodes.container("", classes=classes, ids=self._ids(placeholder), diagram=id)
        figure += paragraph(f"{self._number(placeholder)}{diagram.title}", classes=["atlas-figure-title"])
        if self.html:
            figure += self._jumps(diagram)
        figure += self._drawing(diagram) if self.html else self._told(diagram)
        if self.html and diagram.planes:
            figure += self._legend(diagram)
        if diagram.caption:
            figure += paragraph(diagram.caption, classes=["atlas-caption"])
        if self._host is None:
            figure += [quality.standing(diagram, self.atlas.today), self._figures(diagram)]
        figure += self._parts(diagram)
        if self._host is not None:
            self._end(self._host, diagram)
        return [*self._old(diagram), *runner.first(diagram), figure]

    def _ids(self, placeholder: atlas_diagram) -> list[str]:
        """What `{ref}` and `{numref}` lead to: nothing unless there is a name or a number."""
        return placeholder["ids"] if placeholder["names"] or self.config.numfig else []

    def _number(self, placeholder: atlas_diagram) -> str:
        """Its number among the figures of the project, in the words of `numfig_format`; empty without one."""
        numbers = self.env.toc_fignumbers.get(self.env.docname, {}).get("figure", {})
        found = next((numbers[id] for id in placeholder["ids"] if id in numbers), ())
        return f"{self.config.numfig_format['figure'] % '.'.join(map(str, found))} " if found else ""

    def _old(self, diagram: Diagram) -> list[nodes.Node]:
        """What a reader is told first of a page whose sources are old and were not seen again."""
        told = tell_old(diagram.category, diagram.sources, self.atlas.ledgers, self.atlas.today)
        return [paragraph(told, classes=["atlas-old"])] if told else []

    def _figures(self, diagram: Diagram) -> atlas_disclosure:
        summary = f"Evidence: {_count(len(diagram.cited), 'figure')}"
        return disclosure(summary, [self._evidence(diagram)], id=part_id(diagram, "evidence"))

    def _end(self, host: nodes.section, diagram: Diagram) -> None:
        """The sources, and what is known of the page itself: below all else, as nobody needs it first."""
        written: list[nodes.Node] = []
        for gate in [part for part in host.children if isinstance(part, atlas_gate)]:
            if gate["gate"] == order.LAST:
                host.remove(gate)
                written += gate.children
        host += section("Sources", [self._figures(diagram)], part_id(diagram, "sources"))
        checked: list[nodes.Node] = [quality.standing(diagram, self.atlas.today), quality.verdicts(diagram)]
        for result in diagram.gates:
            if result.asks.computed:
                id = part_id(diagram, result.gate)
                checked.append(quality.computed(result, written, html=self.html, id=id))
        host += section("How far this page is checked", checked, part_id(diagram, "checked"))

    def _live(self, id: str) -> list[nodes.Node]:
        """A diagram away from its page, with all that its inspector needs."""
        diagram = self.atlas.diagrams[id]
        figure = nodes.container("", classes=["atlas-figure", "atlas-live"], diagram=id)
        figure += paragraph(Word(diagram.name, self.to(id)), classes=["atlas-figure-title"])
        figure += self._drawing(diagram) if self.html else self._told(diagram)
        if self.html and diagram.planes:
            figure += self._legend(diagram)
        figure += [self._figures(diagram), *self._parts(diagram)]
        return [figure]

    def _parts(self, diagram: Diagram) -> list[nodes.Node]:
        """Boxes and arrows as tables."""
        graph = diagram.note.graph
        if graph is None:
            return []
        tables = Connections(diagram, graph, self.atlas, self.to, html=self.html)
        parts = [tables.boxes(), tables.arrows()]
        return [disclosure("Nodes and connections as a table", parts, id=part_id(diagram, "nodes"))]

    def _jumps(self, diagram: Diagram) -> nodes.Node:
        """Links to what answers on this page: its written gates, then the evidence."""
        written = [gate for gate in self.document.findall(atlas_gate) if gate["diagram"] == diagram.id]
        links, gates = dict[str, str](), self.atlas.ledgers.house.gates
        for gate in written:
            if gate["gate"] in gates and gate["gate"] != order.LAST:
                links[gate["gate"]] = gates[gate["gate"]].name
            if gate["gate"] == "3am" and order.mark_over(gate, part_id(diagram, "over")):
                links["over"] = "Is it over?"
        if order.has_timeline(self._host):
            links["timeline"] = "Timeline"
        links["evidence"] = "Sources"
        words = [Word(name, f"#{part_id(diagram, part)}") for part, name in links.items()]
        return paragraph(words, classes=["atlas-jumps"])

    def _legend(self, diagram: Diagram) -> nodes.Node:
        """The planes that are drawn, each as its boxes look, what broke, and the path on which it spreads."""
        shown = [plane for plane in EMOJI if plane in diagram.planes.values()]
        keys = [Word(f"{EMOJI[p]} {p}", classes=("atlas-key", f"atlas-key-{p}")) for p in shown]
        graph = diagram.note.graph
        if graph and broken_nodes(graph):
            keys.append(Word("✕ broke", classes=("atlas-key", "atlas-key-broken")))
        if graph and any(edge.dashed for edge in graph.edges):
            keys.append(Word("failing path", classes=("atlas-key", "atlas-key-failure")))
        return paragraph(
            [Word("Planes", self.to(page_target("style-guide"))), *keys], classes=["atlas-legend"]
        )

    def _drawing(self, diagram: Diagram) -> nodes.Node:
        graph = diagram.note.graph
        if graph is None:
            return self._fallback(diagram)
        hrefs = {n.id: self.to(n.link) for n in graph.nodes if n.link}
        drawings = self.domain.shown.drawings
        svg = drawings.read(job_of(diagram), hrefs) if drawings else ""
        return atlas_drawing(diagram=diagram.id, svg=svg, alt=diagram.alt)

    def _told(self, diagram: Diagram) -> nodes.Node:
        """The drawing in words, for builders without pictures; its boxes and arrows follow as tables."""
        return paragraph([Word("The drawing: ", classes=("atlas-told",)), diagram.alt])

    def _fallback(self, diagram: Diagram) -> nodes.Node:
        """Without an engine, the node of sphinxcontrib-mermaid where it is loaded; else the text as it is."""
        findings = {f.rule for f in diagram.findings}
        if "MERMAID007" in findings and "sphinxcontrib.mermaid" in self.app.extensions:
            from sphinxcontrib.mermaid import mermaid as mermaid_node

            node: nodes.Node = mermaid_node(code=text_of(diagram), options={})
            return node
        text = figures.fill(diagram.note.text, diagram.values)
        return nodes.literal_block(text, text, language="text")

    def _evidence(self, diagram: Diagram) -> nodes.Node:
        head = ("Figure", "What it measures", "As of", "Source", "Read")
        sources = self.atlas.ledgers.sources
        rows = [self._fact_row(fact, sources[fact.source]) for fact in diagram.cited]
        cited = {f.source for f in diagram.cited}
        rows += [self._source_row(s) for s in diagram.sources if s.id not in cited]
        names = [{"id": part_id(diagram, f"f{n}"), "data-fact": f.id} for n, f in enumerate(diagram.cited)]
        names += [{}] * (len(rows) - len(names))
        return table(head, rows, html=self.html, classes=["atlas-evidence"], attributes=names)

    def _fact_row(self, fact: Fact, source: Source) -> list[Cell]:
        value = Word(fact.value, fact_url(source, fact), classes=("atlas-value",))
        said = "; ".join(filter(None, (fact.says, fact.statistic, fact.scope)))
        said += f" (derived: {fact.derived})" if fact.derived else ""
        told = tell_check(check(fact, self.atlas.ledgers))
        read = f"{_reading(source)}; {told}" if told else _reading(source)
        return [value, said, fact.when, self._source_cell(source), read]

    def _source_row(self, source: Source) -> list[Cell]:
        return ["", "cited without a figure", "", self._source_cell(source), _reading(source)]

    def _source_cell(self, source: Source) -> list[str | Word]:
        by = f" as reported by {source.publisher}" if source.second_hand else f" {source.publisher}"
        cell: list[str | Word] = [Word(source.title, self.to(source.id)), f",{by} ({source.tier})"]
        if source.archive:
            cell += [", ", Word("archived copy", source.archive)]
        return cell

    # Gates

    def _gate(self, node: atlas_gate) -> list[nodes.Node]:
        diagram = self.atlas.diagrams.get(node["diagram"])
        result = next((g for g in diagram.gates if g.gate == node["gate"]), None) if diagram else None
        if diagram is None or result is None:
            return list(node.children)
        id = part_id(diagram, result.gate)
        if self._host is None:
            return [quality.card(result, node.children, id, html=self.html)]
        return [*quality.sections(result, node.children, diagram)]


def _hover(fact: Fact, source: Source) -> str:
    when = f", as of {fact.when}" if fact.when else ""
    return f"{fact.says}{when}; {source.publisher}, {source.extent.words}"


def _reading(source: Source) -> str:
    return f"{source.read}, {source.extent.words}"


def section(title: str, children: Iterable[nodes.Node], id: str) -> nodes.section:
    return nodes.section("", nodes.title("", title), *children, ids=[id])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number or 'no'} {noun}s"


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


def figure_title(node: nodes.Node) -> str:
    """What `{ref}` calls a diagram, and what makes it one of the figures that are counted."""
    return str(node["title"]) if isinstance(node, atlas_diagram) else ""


OTHER_BUILDERS = ("latex", "text", "man", "texinfo")


def setup(app: Sphinx) -> None:
    for placeholder in PLACEHOLDERS:
        if placeholder is not atlas_diagram:
            app.add_node(placeholder)
    app.add_enumerable_node(atlas_diagram, "figure", figure_title)
    others: dict[str, Any] = dict.fromkeys(OTHER_BUILDERS, (skip, None))
    app.add_node(SHOWN[0], html=(visit_drawing, None), **others)
    app.add_node(atlas_table, html=(visit_table, None))
    app.add_node(atlas_run, html=(visit_run, None))
    app.add_node(SHOWN[1], html=(visit_chart, None), **others)
    others = dict.fromkeys(OTHER_BUILDERS, (visit_summary, depart_summary))
    app.add_node(SHOWN[2], html=(visit_disclosure, depart_disclosure), **others)
    app.add_post_transform(ShowAtlas)

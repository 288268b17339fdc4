"""From docutils to what the binder's template prints: plain JSON, so that no text can be taken for markup.

A node that is not known here is a warning with its place, and its text is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from docutils import nodes
from sphinx import addnodes

from atlas.files.printing import (
    Notes,
    label,
    make_diagram,
    make_gate,
    soften_code,
)
from atlas.files.reports import Json, Record
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.rechecks import tell_old
from atlas.views.blocks import Section
from atlas_sphinx.pages.nodes import atlas_command, atlas_diagram, atlas_gate, atlas_timeline, atlas_view

from . import typst_running
from .typst_inlines import INLINES, flat, image, nothing, words
from .typst_tables import table, view

"""What the binder's addresses of pages begin with: `%DOCNAME#ID`."""


@dataclass(slots=True)
class Writer:
    """Writes the nodes of one page.

    `draw` prepares a drawing, `view` gives a generated part, `keep` says where a picture is found.
    """

    docname: str
    atlas: Atlas
    draw: Callable[[Diagram], Record]
    view: Callable[[str, str], Iterable[Section]]
    keep: Callable[[str], str]
    notes: Notes = field(default_factory=Notes)
    labels: dict[str, None] = field(default_factory=dict)
    unknown: list[nodes.Node] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)

    def blocks(self, children: Iterable[nodes.Node], level: int = 0) -> list[Json]:
        """Children that stand below one another; runs of inline nodes become paragraphs."""
        written: list[Json] = []
        run: list[nodes.Node] = []
        for child in children:
            if isinstance(child, (nodes.Text, nodes.Inline)):
                run.append(child)
                continue
            written += self.paragraph(run)
            run = []
            written += [*self.marks(child), *self._block(child, level)]
        return written + self.paragraph(run)

    def inlines(self, children: Iterable[nodes.Node]) -> list[Json]:
        return [part for child in children for part in self._inline(child)]

    def claim(self, ids: Iterable[str]) -> list[str]:
        """The labels of places on this page, but for those that are given away already."""
        names = [
            name for name in dict.fromkeys(label(self.docname, id) for id in ids) if name not in self.labels
        ]
        self.labels |= dict.fromkeys(names)
        return names

    def marks(self, node: nodes.Node) -> list[Json]:
        """What gives a place its labels; a section gives them to its heading."""
        ids = node["ids"] if isinstance(node, nodes.Element) and not isinstance(node, nodes.section) else []
        return [{"k": "mark", "label": name} for name in self.claim(ids)]

    def paragraph(self, children: Iterable[nodes.Node]) -> list[Json]:
        """One paragraph, nothing where it is blank; pictures stand below it."""
        content = self.inlines(children)
        pictures: list[Json] = [p for p in content if isinstance(p, dict) and p["k"] == "image"]
        words: list[Json] = [part for part in content if part not in pictures]
        blank = all(isinstance(part, str) and not part.strip() for part in words)
        return pictures if blank else [{"k": "p", "c": words}, *pictures]

    def code(self, text: str) -> Json:
        return {"k": "code", "t": soften_code(flat(text))}

    def _block(self, node: nodes.Node, level: int) -> list[Json]:
        for kind in type(node).__mro__:
            if write := _BLOCKS.get(kind):
                return [*write(self, node, level)]
        self.unknown.append(node)
        return [{"k": "p", "c": [flat(node.astext())]}]

    def _inline(self, node: nodes.Node) -> list[Json]:
        for kind in type(node).__mro__:
            if write := INLINES.get(kind):
                return [*write(self, node)]
        if not isinstance(node, nodes.Inline):
            return [part for block in self._block(node, 0) for part in words(block)]
        self.unknown.append(node)
        return [flat(node.astext())]


def _section(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    """A heading, then what stands below it; a title comes first or is missing."""
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    names = writer.claim(node["ids"])
    if title is not None:
        text = flat(title.astext())
        yield {"k": "h", "level": level + 1, "text": text, "label": names[0] if names else ""}
        names = names[1:]
    for name in names:
        yield {"k": "mark", "label": name}
    yield from writer.blocks([child for child in node.children if child is not title], level + 1)


def _paragraph(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    del level
    yield from writer.paragraph(node.children)


def title(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    del level
    yield {"k": "p", "c": [{"k": "strong", "c": writer.inlines(node.children)}]}


def _through(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    yield from writer.blocks(node.children, level)


def _list(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    items: list[Json] = [writer.blocks(item.children, level) for item in node.children]
    numbered = isinstance(node, nodes.enumerated_list)
    yield {"k": "list", "numbered": numbered, "start": node.get("start", 1), "items": items}


def _terms(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    items: list[Json] = []
    for item in node.children:
        names = [
            c for c in item.children if isinstance(c, nodes.term | nodes.field_name | nodes.option_group)
        ]
        rest = [c for c in item.children if c not in names and not isinstance(c, nodes.classifier)]
        term = [part for name in names for part in writer.inlines(name.children)]
        marks = [mark for name in names for mark in writer.marks(name)]
        items.append({"term": term, "body": marks + writer.blocks(rest, level)})
    yield {"k": "terms", "items": items}


def _literal(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    del writer, level
    yield {"k": "pre", "t": node.astext(), "lang": node.get("language", "")}


def _mermaid(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    del writer, level
    yield {"k": "pre", "t": node["code"], "lang": ""}


def _lines(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    for line in node.children:
        deeper = isinstance(line, nodes.line_block)
        yield from _lines(writer, line, level) if deeper else _paragraph(writer, line, level)


def _quote(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    yield {"k": "quote", "body": writer.blocks(node.children, level)}


def _admonition(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    words = title.astext() if title else _TITLES.get(type(node), type(node).__name__.capitalize())
    body = [child for child in node.children if child is not title]
    yield {"k": "note", "title": flat(words), "body": writer.blocks(body, level)}


_TITLES: Final[Mapping[type, str]] = MappingProxyType({addnodes.seealso: "See also"})


def _described(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    """A function, option or the like: its signatures, and what is said of it."""
    signatures = [child for child in node.children if isinstance(child, addnodes.desc_signature)]
    rest = [child for child in node.children if child not in signatures]
    marks = [mark for signature in signatures for mark in writer.marks(signature)]
    term: list[Json] = []
    for signature in signatures:
        term += [{"k": "break"}] if term else []
        term.append(writer.code(signature.astext()))
    yield {"k": "terms", "items": [{"term": term, "body": marks + writer.blocks(rest, level)}]}


def _footnote(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    mark = next((child for child in node.children if isinstance(child, nodes.label)), None)
    body = writer.blocks([child for child in node.children if child is not mark], level)
    term: list[Json] = [f"[{mark.astext()}]"] if mark else []
    yield {"k": "terms", "items": [{"term": term, "body": body}]}


def _rule(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    del writer, node, level
    yield {"k": "rule"}


def _diagram(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    del level
    diagram = writer.atlas.diagrams.get(node["diagram"])
    if diagram is None:
        yield {"k": "p", "c": [{"k": "bad", "c": [f"diagram {node['diagram']}"]}]}
        return
    yield from _old(writer.atlas, diagram)
    yield from typst_running.first(writer, node, diagram)
    yield make_diagram(diagram, writer.draw(diagram), writer.atlas, writer.notes)


def _old(atlas: Atlas, diagram: Diagram) -> Iterator[Json]:
    """What a reader is told first of a page whose sources are old and were not seen again."""
    if told := tell_old(diagram.category, diagram.sources, atlas.ledgers, atlas.today):
        yield {"k": "note", "title": "Old sources", "body": [{"k": "p", "c": [told]}]}


def _gate(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    diagram = writer.atlas.diagrams.get(node["diagram"])
    result = next((g for g in diagram.gates if g.gate == node["gate"]), None) if diagram else None
    body = writer.blocks(node.children, level)
    if result is None:
        yield from body
    else:
        yield make_gate(result, body)


_BLOCKS: Final[Mapping[type, Callable[[Writer, Any, int], Iterable[Json]]]] = MappingProxyType(
    {
        nodes.section: _section,
        nodes.paragraph: _paragraph,
        nodes.title: title,
        nodes.subtitle: title,
        nodes.rubric: title,
        nodes.caption: title,
        nodes.attribution: _paragraph,
        nodes.bullet_list: _list,
        nodes.enumerated_list: _list,
        nodes.definition_list: _terms,
        nodes.field_list: _terms,
        nodes.option_list: _terms,
        nodes.literal_block: _literal,
        nodes.doctest_block: _literal,
        nodes.math_block: _literal,
        nodes.line_block: _lines,
        nodes.block_quote: _quote,
        nodes.Admonition: _admonition,
        nodes.footnote: _footnote,
        nodes.citation: _footnote,
        nodes.transition: _rule,
        nodes.image: image,
        nodes.figure: _through,
        nodes.legend: _through,
        nodes.table: table,
        nodes.container: _through,
        nodes.compound: _through,
        nodes.topic: _through,
        nodes.sidebar: _through,
        nodes.document: _through,
        nodes.definition: _through,
        nodes.target: nothing,
        nodes.raw: nothing,
        nodes.comment: nothing,
        nodes.system_message: nothing,
        nodes.substitution_definition: nothing,
        nodes.meta: nothing,
        addnodes.centered: title,
        addnodes.desc: _described,
        addnodes.desc_content: _through,
        addnodes.glossary: _through,
        addnodes.hlist: _through,
        addnodes.hlistcol: _through,
        addnodes.index: nothing,
        addnodes.toctree: nothing,
        addnodes.highlightlang: nothing,
        addnodes.tabular_col_spec: nothing,
        addnodes.compact_paragraph: _paragraph,
        addnodes.only: _through,
        addnodes.versionmodified: _through,
        atlas_diagram: _diagram,
        atlas_gate: _gate,
        atlas_command: typst_running.command,
        atlas_timeline: typst_running.timeline,
        atlas_view: view,
    }
)

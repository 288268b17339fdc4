"""From docutils to what the binder's template prints: plain JSON, so that no text can be taken for markup.

A node that is not known here is a warning with its place, and its text is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from docutils import nodes
from sphinx import addnodes

from atlas.blocks import Block, Card, Cards, Cell, Prose, Section, Table
from atlas.export import Json, Record
from atlas.printing import Notes, label, make_diagram, make_fact, make_gate, make_link, soften, soften_code
from atlas.seal import Atlas, Diagram

from .nodes import atlas_diagram, atlas_gate, atlas_ref, atlas_view

SCHEME: Final = "%"
"""What the binder's addresses of pages begin with: `%DOCNAME#ID`."""

CODE_SHARE: Final = 0.25
"""The least share of a table's width that a column with a block of code has."""


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
        return {"k": "code", "t": soften_code(_flat(text))}

    def _block(self, node: nodes.Node, level: int) -> list[Json]:
        for kind in type(node).__mro__:
            if write := _BLOCKS.get(kind):
                return [*write(self, node, level)]
        self.unknown.append(node)
        return [{"k": "p", "c": [_flat(node.astext())]}]

    def _inline(self, node: nodes.Node) -> list[Json]:
        for kind in type(node).__mro__:
            if write := _INLINES.get(kind):
                return [*write(self, node)]
        if not isinstance(node, nodes.Inline):
            return [part for block in self._block(node, 0) for part in _words(block)]
        self.unknown.append(node)
        return [_flat(node.astext())]


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _words(block: Json) -> Iterator[Json]:
    """What a block says, where only words may stand."""
    if isinstance(block, dict) and isinstance(block.get("c"), list):
        yield from block["c"]  # type: ignore[misc]


# Inline ------------------------------------------------------------------------------------------


def _text(writer: Writer, node: Any) -> Iterator[Json]:
    del writer
    yield from soften(_flat(node.astext()))


def _code(writer: Writer, node: Any) -> Iterator[Json]:
    yield writer.code(node.astext())


def _styled(kind: str) -> Callable[[Writer, Any], Iterator[Json]]:
    def write(writer: Writer, node: Any) -> Iterator[Json]:
        yield {"k": kind, "c": writer.inlines(node.children)}

    return write


def _plain(writer: Writer, node: Any) -> Iterator[Json]:
    yield from writer.inlines(node.children)


def _target(writer: Writer, node: Any) -> Iterator[Json]:
    yield from writer.marks(node)
    yield from writer.inlines(node.children)


def _reference(writer: Writer, node: Any) -> Iterator[Json]:
    content = writer.inlines(node.children)
    uri = node.get("refuri", "")
    if uri.startswith(SCHEME) or "refid" in node:
        page, _, id = uri.removeprefix(SCHEME).partition("#")
        page = page or writer.docname
        yield {"k": "link", "c": content, "to": label(page, node.get("refid", id)), "doc": page}
    elif uri.startswith(("https:", "http:")):
        shown = node.astext() == uri
        yield {"k": "link", "c": content, "url": uri, "n": 0 if shown else writer.notes.point(uri)}
    elif uri.startswith("mailto:"):
        yield {"k": "link", "c": content, "url": uri, "n": 0}
    else:
        yield from content


def _ref(writer: Writer, node: Any) -> Iterator[Json]:
    target, own_words = node["target"], node.astext()
    if node["role"] != "fact":
        words = own_words or writer.atlas.title_of(target)
        yield make_link(target, words, writer.atlas, writer.notes)
    elif fact := writer.atlas.ledgers.fact(target):
        yield from make_fact(fact, own_words, writer.atlas, writer.notes)
    else:
        yield {"k": "bad", "c": [own_words or target]}


def _footnote_reference(writer: Writer, node: Any) -> Iterator[Json]:
    yield {"k": "super", "c": writer.inlines(node.children)}


def _break(writer: Writer, node: Any) -> Iterator[Json]:
    del writer, node
    yield {"k": "break"}


def _nothing(writer: Writer, node: Any, level: int = 0) -> Iterator[Json]:
    del writer, node, level
    yield from ()


_INLINES: Final[Mapping[type, Callable[[Writer, Any], Iterable[Json]]]] = MappingProxyType(
    {
        nodes.Text: _text,
        nodes.literal: _code,
        nodes.math: _code,
        nodes.emphasis: _styled("em"),
        nodes.title_reference: _styled("em"),
        nodes.strong: _styled("strong"),
        nodes.subscript: _styled("sub"),
        nodes.superscript: _styled("super"),
        nodes.problematic: _styled("bad"),
        nodes.inline: _plain,
        nodes.abbreviation: _plain,
        nodes.acronym: _plain,
        nodes.generated: _plain,
        nodes.target: _target,
        nodes.reference: _reference,
        addnodes.pending_xref: _plain,
        addnodes.download_reference: _plain,
        nodes.footnote_reference: _footnote_reference,
        nodes.citation_reference: _footnote_reference,
        nodes.image: lambda writer, node: _image(writer, node, 0),
        nodes.raw: _nothing,
        nodes.comment: _nothing,
        nodes.system_message: _nothing,
        nodes.substitution_definition: _nothing,
        addnodes.index: _nothing,
        atlas_ref: _ref,
    }
)


# Blocks ------------------------------------------------------------------------------------------


def _section(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    """A heading, then what stands below it; a title comes first or is missing."""
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    names = writer.claim(node["ids"])
    if title is not None:
        text = _flat(title.astext())
        yield {"k": "h", "level": level + 1, "text": text, "label": names[0] if names else ""}
        names = names[1:]
    for name in names:
        yield {"k": "mark", "label": name}
    yield from writer.blocks([child for child in node.children if child is not title], level + 1)


def _paragraph(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    del level
    yield from writer.paragraph(node.children)


def _title(writer: Writer, node: Any, level: int) -> Iterator[Json]:
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
    yield {"k": "note", "title": _flat(words), "body": writer.blocks(body, level)}


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


def _image(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    """A picture of the project; of any other, and of one that is not there, its words."""
    del level
    uri, alt = node["uri"], node.get("alt", "")
    if "://" in uri or uri.startswith("data:") or not re.search(r"\.(png|jpe?g|gif|svg|webp)$", uri):
        yield _flat(alt or uri)
        return
    path = writer.pictures[uri] = writer.pictures.get(uri) or writer.keep(uri)
    yield {"k": "image", "path": path, "alt": alt or uri} if path else _flat(alt or uri)


def _table(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    for title in node.findall(nodes.title):
        yield from _title(writer, title, level)
    for group in (child for child in node.children if isinstance(child, nodes.tgroup)):
        parts = {
            kind: [p for p in group.children if isinstance(p, kind)] for kind in (nodes.thead, nodes.tbody)
        }
        head, body = (
            [_row(writer, row, level) for part in parts[kind] for row in part.children]
            for kind in (nodes.thead, nodes.tbody)
        )
        yield {"k": "table", "widths": [*_widths(group)], "head": head, "rows": body}


def _widths(group: nodes.tgroup) -> Iterator[float]:
    """The shares of columns as they are asked for; one that holds a block of code has its least share."""
    asked = [s.get("colwidth", 1) or 1 for s in group.children if isinstance(s, nodes.colspec)]
    coded = {
        sum(e.get("morecols", 0) + 1 for e in row.children[:place] if isinstance(e, nodes.entry))
        for row in group.findall(nodes.row)
        for place, entry in enumerate(row.children)
        if next(iter(entry.findall(nodes.literal_block)), None) is not None
    }
    for column, width in enumerate(asked):
        yield max(width, sum(asked) * CODE_SHARE) if column in coded else width


def _row(writer: Writer, row: nodes.Node, level: int) -> Json:
    return [
        {
            "x": entry.get("morecols", 0) + 1,
            "y": entry.get("morerows", 0) + 1,
            "body": writer.blocks(entry.children, level),
        }
        for entry in row.children
        if isinstance(entry, nodes.entry)
    ]


def _diagram(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    del level
    diagram = writer.atlas.diagrams.get(node["diagram"])
    if diagram is None:
        yield {"k": "p", "c": [{"k": "bad", "c": [f"diagram {node['diagram']}"]}]}
        return
    yield make_diagram(diagram, writer.draw(diagram), writer.atlas, writer.notes)


def _gate(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    diagram = writer.atlas.diagrams.get(node["diagram"])
    result = next((g for g in diagram.gates if g.gate == node["gate"]), None) if diagram else None
    body = writer.blocks(node.children, level)
    if result is None:
        yield from body
    else:
        yield make_gate(result, body)


# Generated parts ---------------------------------------------------------------------------------


def _view(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    for section in writer.view(node["view"], node["argument"]):
        names = writer.claim([section.id]) if section.title else []
        if section.title:
            yield {"k": "h", "level": level + 1, "text": section.title, "label": "".join(names)}
        for block in section.blocks:
            yield from _view_block(writer, block)


def _view_block(writer: Writer, block: Block) -> Iterator[Json]:
    match block:
        case Prose(text):
            yield {"k": "p", "c": [text]}
        case Table(head, rows, caption):
            if caption:
                yield {"k": "p", "c": [caption]}
            heads: list[Json] = [_cell([{"k": "p", "c": [word]}]) for word in head]
            body: list[Json] = [[_cell([_cell_words(writer, cell)]) for cell in row] for row in rows]
            yield {"k": "table", "widths": [1] * len(head), "head": [heads], "rows": body}
        case Cards(items):
            yield {"k": "list", "numbered": False, "start": 1, "items": [_card(writer, c) for c in items]}
        case _:
            yield {"k": "p", "c": [block.text]}


def _cell(body: list[Json]) -> Json:
    return {"x": 1, "y": 1, "body": body}


def _cell_words(writer: Writer, cell: Cell) -> Json:
    if cell.target:
        return {"k": "p", "c": [make_link(cell.target, cell.text, writer.atlas, writer.notes)]}
    if cell.style == "code":
        return {"k": "p", "c": [{"k": "code", "t": soften_code(_flat(cell.text))}]}
    return {"k": "p", "c": soften(cell.text)}


def _card(writer: Writer, card: Card) -> Json:
    head = make_link(card.target, card.title, writer.atlas, writer.notes) if card.target else card.title
    rest: list[Json] = [{"k": "p", "c": [card.text]}] if card.text else []
    return [{"k": "p", "c": [head]}, *rest]


_BLOCKS: Final[Mapping[type, Callable[[Writer, Any, int], Iterable[Json]]]] = MappingProxyType(
    {
        nodes.section: _section,
        nodes.paragraph: _paragraph,
        nodes.title: _title,
        nodes.subtitle: _title,
        nodes.rubric: _title,
        nodes.caption: _title,
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
        nodes.image: _image,
        nodes.figure: _through,
        nodes.legend: _through,
        nodes.table: _table,
        nodes.container: _through,
        nodes.compound: _through,
        nodes.topic: _through,
        nodes.sidebar: _through,
        nodes.document: _through,
        nodes.definition: _through,
        nodes.target: _nothing,
        nodes.raw: _nothing,
        nodes.comment: _nothing,
        nodes.system_message: _nothing,
        nodes.substitution_definition: _nothing,
        nodes.meta: _nothing,
        addnodes.centered: _title,
        addnodes.desc: _described,
        addnodes.desc_content: _through,
        addnodes.glossary: _through,
        addnodes.hlist: _through,
        addnodes.hlistcol: _through,
        addnodes.index: _nothing,
        addnodes.toctree: _nothing,
        addnodes.highlightlang: _nothing,
        addnodes.tabular_col_spec: _nothing,
        addnodes.compact_paragraph: _paragraph,
        addnodes.only: _through,
        addnodes.versionmodified: _through,
        atlas_diagram: _diagram,
        atlas_gate: _gate,
        atlas_view: _view,
    }
)

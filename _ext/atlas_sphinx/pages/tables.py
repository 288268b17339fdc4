"""Small parts that directives and views are made of: words, paragraphs, tables.

Tables hold most of what a page shows. As docutils trees they would cost more than all else on the page, since
every transform walks every cell; so HTML gets a leaf that knows its own markup, others the docutils tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from docutils import nodes

from .nodes import atlas_table

WIDEST = 40
WIDE = 3
"""Tables of so many columns stand as cards on a phone, from the first paint on."""
LONG = 200
"""In tables of more rows a script tells each cell its column, so that the page stays small."""


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text: plain, a link (`address` is already right for its page), or code."""

    text: str
    address: str = ""
    title: str = ""
    classes: tuple[str, ...] = ()
    code: bool = False
    id: str = ""

    @property
    def outside(self) -> bool:
        return self.address.startswith(("https:", "http:"))

    def node(self) -> nodes.Node:
        """As docutils has it; code of several lines is a block."""
        made = self._node()
        if self.id and isinstance(made, nodes.Element):
            made["ids"].append(self.id)
        return made

    def _node(self) -> nodes.Node:
        classes = list(self.classes)
        if self.address:
            node = nodes.reference(
                "", self.text, refuri=self.address, internal=not self.outside, classes=classes
            )
            if self.title:
                node["reftitle"] = self.title
            return node
        if not self.code:
            plain = not (classes or self.id)
            return nodes.Text(self.text) if plain else nodes.inline("", self.text, classes=classes)
        if "\n" in self.text:
            return nodes.literal_block(self.text, self.text, language="text")
        return nodes.literal(self.text, self.text, classes=classes)

    def html(self) -> str:
        text = escape(self.text, quote=False)
        id = f' id="{escape(self.id)}"' if self.id else ""
        if self.address:
            kind = "external" if self.outside else "internal"
            title = f' title="{escape(self.title)}"' if self.title else ""
            classes = _classes("reference", kind, *self.classes)
            return f'<a class="{classes}"{id} href="{escape(self.address)}"{title}>{text}</a>'
        if self.code and "\n" in self.text:
            return f"<pre{id}>{text}</pre>"
        if self.code:
            return f'<code class="{_classes("docutils", "literal", *self.classes)}"{id}>{text}</code>'
        named = f' class="{_classes(*self.classes)}"' if self.classes else ""
        return f"<span{named}{id}>{text}</span>" if named or id else text


Cell = str | Word | Sequence[str | Word]
"""What stands in a cell or paragraph."""


def _classes(*names: str) -> str:
    return escape(" ".join(names))


def words(cell: Cell) -> Iterator[Word]:
    for part in [cell] if isinstance(cell, str | Word) else cell:
        yield Word(part) if isinstance(part, str) else part


def paragraph(content: Cell, *, classes: Sequence[str] = ()) -> nodes.paragraph:
    return nodes.paragraph("", "", *[w.node() for w in words(content)], classes=list(classes))


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    html: bool,
    classes: Sequence[str] = (),
    attributes: Sequence[Mapping[str, str]] = (),
) -> nodes.Element:
    """A table with a head: a leaf where `html` is asked for, else a docutils table.

    `attributes` are those of each row in HTML: what a script finds it by.
    """
    body = [[tuple(words(cell)) for cell in row] for row in rows]
    names = ("atlas-table", "colwidths-auto", *classes)
    if html:
        names = (*names, "atlas-wide") if len(head) >= WIDE else names
        text = "\n".join(word.text for row in body for cell in row for word in cell)
        return atlas_table("", text, html=_html_table(head, body, names, attributes))
    return _docutils_table(head, body, names)


Body = Sequence[Sequence[Sequence[Word]]]


def _html_table(
    head: Sequence[str], body: Body, classes: Sequence[str], attributes: Sequence[Mapping[str, str]]
) -> str:
    heads = "".join(f'<th scope="col">{escape(h)}</th>' for h in head)
    named = head if len(head) >= WIDE and len(body) <= LONG else ()
    rows = "\n".join(
        _html_row(row, names, named) for row, names in zip(body, attributes or [{}] * len(body), strict=True)
    )
    names = _classes("docutils", "align-default", *classes)
    return (
        f'<div class="table-wrapper"><table class="{names}">\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>\n"
    )


def _html_row(row: Sequence[Sequence[Word]], attributes: Mapping[str, str], head: Sequence[str]) -> str:
    """A row; its cells but the first say which column they are of where `head` is given.

    In a long table a script says it, once the page stands: in the file it would be a third of the page.
    """
    named = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
    cells = (
        f"<td{_column(head, at)}>{''.join(word.html() for word in cell)}</td>" for at, cell in enumerate(row)
    )
    return f"<tr{named}>{''.join(cells)}</tr>"


def _column(head: Sequence[str], at: int) -> str:
    return f' data-head="{escape(head[at])}"' if at and head else ""


def _docutils_table(head: Sequence[str], body: Body, classes: Sequence[str]) -> nodes.table:
    drawn = [_row([[Word(h)] for h in head]), *map(_row, body)]
    columns = zip(*(row.children for row in drawn), strict=True)
    group = nodes.tgroup("", cols=len(head))
    group += [nodes.colspec(colwidth=_width(column)) for column in columns]
    group += [nodes.thead("", drawn[0]), nodes.tbody("", *drawn[1:])]
    return nodes.table("", group, classes=list(classes))


def _width(column: Iterable[nodes.Node]) -> int:
    """Characters, which the text builder obeys."""
    return min(WIDEST, max(len(cell.astext()) for cell in column) + 2)


def _row(cells: Sequence[Sequence[Word]]) -> nodes.row:
    return nodes.row("", *[nodes.entry("", *_blocks(cell)) for cell in cells])


def _blocks(cell: Sequence[Word]) -> list[nodes.Node]:
    made = [word.node() for word in cell]
    blocks = [n for n in made if isinstance(n, nodes.literal_block)]
    return list(blocks) if blocks else [nodes.paragraph("", "", *made)]

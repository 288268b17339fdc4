"""Small docutils parts: a link, a paragraph, a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from docutils import nodes

WIDEST = 40


def link(text: str, address: str, *, title: str = "", classes: Sequence[str] = ()) -> nodes.Node:
    """A link to an address that is already right for its page; a hash or relative one counts as internal."""
    outside = address.startswith("https:")
    node = nodes.reference("", text, refuri=address, internal=not outside, classes=list(classes))
    if title:
        node["reftitle"] = title
    return node


def paragraph(content: Any, *, classes: Sequence[str] = ()) -> nodes.paragraph:
    """A paragraph of a text, a node or a list of both."""
    node = nodes.paragraph("", "", classes=list(classes))
    for part in content if isinstance(content, list) else [content]:
        node += nodes.Text(part) if isinstance(part, str) else part
    return node


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], *, classes: Sequence[str] = ()) -> nodes.table:
    """A table; a cell is a text, a node or a list of both.

    Column widths are characters, which the text builder obeys; browsers choose their own.
    """
    drawn = [_row(head), *map(_row, rows)]
    columns = zip(*(row.children for row in drawn), strict=True)
    group = nodes.tgroup("", cols=len(head))
    group += [nodes.colspec(colwidth=_width(column)) for column in columns]
    group += [nodes.thead("", drawn[0]), nodes.tbody("", *drawn[1:])]
    return nodes.table("", group, classes=["atlas-table", "colwidths-auto", *classes])


def _width(column: Iterable[nodes.Node]) -> int:
    return min(WIDEST, max(len(cell.astext()) for cell in column) + 2)


def _row(cells: Sequence[Any]) -> nodes.row:
    return nodes.row("", *[nodes.entry("", _block(cell)) for cell in cells])


def _block(cell: Any) -> nodes.Node:
    return cell if isinstance(cell, nodes.literal_block) else paragraph(cell)

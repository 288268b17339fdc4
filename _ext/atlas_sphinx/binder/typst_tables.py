"""Tables and generated views as records of the Typst template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes

from atlas.files.printing import (
    make_link,
    soften,
    soften_code,
)
from atlas.files.reports import Json
from atlas.views.blocks import Block, Card, Cards, Cell, Picture, Prose, Table

from .typst_inlines import flat

if TYPE_CHECKING:
    from .typst_writer import Writer

CODE_SHARE: Final = 0.25
"""The least share of a table's width that a column with a block of code has."""


def table(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    for title in node.findall(nodes.title):
        yield from title(writer, title, level)
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


def view(writer: Writer, node: Any, level: int) -> Iterator[Json]:
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
        case Picture():
            return  # it stands on its own page
        case _:
            yield {"k": "p", "c": [block.text]}


def _cell(body: list[Json]) -> Json:
    return {"x": 1, "y": 1, "body": body}


def _cell_words(writer: Writer, cell: Cell) -> Json:
    if cell.target:
        return {"k": "p", "c": [make_link(cell.target, cell.text, writer.atlas, writer.notes)]}
    if cell.style == "code":
        return {"k": "p", "c": [{"k": "code", "t": soften_code(flat(cell.text))}]}
    return {"k": "p", "c": soften(cell.text)}


def _card(writer: Writer, card: Card) -> Json:
    head = make_link(card.target, card.title, writer.atlas, writer.notes) if card.target else card.title
    rest: list[Json] = [{"k": "p", "c": [card.text]}] if card.text else []
    return [{"k": "p", "c": [head]}, *rest]

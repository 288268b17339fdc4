"""Generated parts of pages: the blocks of a view as docutils nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from docutils import nodes

from atlas.diagrams import mermaid, planes
from atlas.drawing.job import DrawJob
from atlas.records.model import Place
from atlas.views.blocks import Block, Card, Cards, Cell, Chart, Drawing, Picture, Prose, Section, Table

from .drawings import Drawings
from .nodes import atlas_chart, atlas_drawing
from .tables import Word, paragraph, table

Address = Callable[[str], str]
Figure = Callable[[str], list[nodes.Node]]
"""What shows a diagram of the atlas by its id."""


def render_sections(
    sections: Iterable[Section], to: Address, drawings: Drawings | None, figure: Figure, *, html: bool
) -> list[nodes.Node]:
    """The sections of a view; one without a title gives its blocks alone."""
    rendered: list[nodes.Node] = []
    for section in sections:
        blocks = [n for b in section.blocks for n in _block(b, to, drawings, figure, html=html)]
        if section.title:
            rendered.append(nodes.section("", nodes.title("", section.title), *blocks, ids=[section.id]))
        else:
            rendered += blocks
    return rendered


def sample_job(sample: Drawing) -> DrawJob:
    """A sample of the style guide as a drawing job; its id comes from its text, so each has its own."""
    graph, _ = mermaid.parse(sample.text, Place("style guide"))
    placed = {**planes.group_planes(graph), **planes.assign(graph)} if graph else {}
    id = "sample-" + "".join(c if c.isalnum() else "-" for c in sample.alt.lower())[:40].strip("-")
    text = planes.titled(planes.unframed(sample.text, graph) if graph else sample.text)
    return DrawJob(id, text, sample.alt, sample.alt, tuple(placed.items()), ())


def _block(
    block: Block, to: Address, drawings: Drawings | None, figure: Figure, *, html: bool
) -> list[nodes.Node]:
    match block:
        case Picture(id):
            return figure(id)
        case Prose(text, style):
            return [paragraph(text, classes=[f"atlas-{style}"] if style else [])]
        case Table():
            return _table(block, to, html=html)
        case Chart():
            return [
                atlas_chart(svg=block.svg),
                paragraph(f"{block.title}: {block.text}", classes=["atlas-standing"]),
            ]
        case Drawing():
            job = sample_job(block)
            svg = drawings.read(job, {}) if drawings else ""
            source = nodes.literal_block(block.text, block.text, language="text")
            return [atlas_drawing(diagram=job.id, svg=svg, alt=block.alt), source]
        case Cards():
            return [nodes.container("", *[_card(c, to) for c in block.items], classes=["atlas-cards"])]


def _table(block: Table, to: Address, *, html: bool) -> list[nodes.Node]:
    rows = [[_cell(c, to) for c in row] for row in block.rows]
    shown = table(block.head, rows, html=html)
    wrapped = nodes.container("", shown, classes=["atlas-scroll"])
    return [paragraph(block.caption), wrapped] if block.caption else [wrapped]


def _cell(cell: Cell, to: Address) -> Word:
    classes = (f"atlas-{cell.style.replace('_', '-')}",) if cell.style else ()
    address = to(cell.target) if cell.target else ""
    return Word(cell.text, address, classes=classes, code=cell.style == "code" and not address, id=cell.id)


def _card(card: Card, to: Address) -> nodes.Node:
    head = Word(card.title, to(card.target) if card.target else "")
    node = nodes.container("", paragraph(head, classes=["atlas-card-title"]), classes=["atlas-card"])
    if card.text:
        node += paragraph(card.text)
    for cell in card.cells:
        node += paragraph(_cell(cell, to), classes=["atlas-card-line"])
    return node

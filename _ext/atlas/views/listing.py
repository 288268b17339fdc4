"""What lists of diagrams share: cards and cells of one, which come first, which technologies name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from atlas.records.model import Role
from atlas.rules.atlas import Atlas, Diagram

from .blocks import (
    Card,
    Cell,
    page_target,
)
from .lookup import find_technologies

RESPONSE = {Role.GUIDE: 0, Role.INCIDENT: 1}
_SYMPTOMS = 3
Rows = Iterator[tuple[Cell, ...]]


def responds(diagram: Diagram) -> bool:
    """True for what a responder can act on: it has the 3am gate."""
    return any(result.gate == "3am" for result in diagram.gates)


def category_title(diagram: Diagram, atlas: Atlas) -> str:
    category = atlas.category(diagram.category)
    return category.title if category else diagram.category


def category_cell(diagram: Diagram, atlas: Atlas) -> Cell:
    return Cell(category_title(diagram, atlas), page_target("category", diagram.category))


def diagrams_by_technology(atlas: Atlas) -> dict[str, list[Diagram]]:
    """Technology id to the diagrams that name it; guides first, then incidents. Unnamed ones are left out."""
    find = find_technologies(atlas.ledgers)
    named: dict[str, list[Diagram]] = defaultdict(list)
    for diagram in sorted(atlas.diagrams.values(), key=lambda d: (RESPONSE.get(d.role, 2), d.id)):
        for technology in find(diagram):
            named[technology.id].append(diagram)
    return dict(named)


def card(diagram: Diagram) -> Card:
    cells = tuple(Cell(text, diagram.id) for text in diagram.note.symptoms[:_SYMPTOMS])
    return Card(diagram.name, diagram.id, diagram.caption, cells)

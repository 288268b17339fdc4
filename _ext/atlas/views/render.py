"""Views: the generated pages by name, each a function from the sealed atlas to rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from atlas.records.model import Finding, Place
from atlas.rules.atlas import Atlas
from atlas.rules.figures import offer

from . import dashboard, reference
from .bibliography import SHELVES, sources
from .blocks import (
    Block,
    Card,
    Cards,
    Cell,
    Chart,
    Drawing,
    Picture,
    Prose,
    Section,
    Table,
    slug,
)
from .corrections import corrections
from .home import home
from .incidents import INDEXES, incident_response
from .lists import category, glossary, technologies
from .speed import speed
from .systems import system, systems_matrix

__all__ = [
    "VIEWS",
    "Block",
    "Card",
    "Cards",
    "Cell",
    "Chart",
    "Drawing",
    "Picture",
    "Prose",
    "Section",
    "Table",
    "check_view",
    "digest",
    "render_view",
    "slug",
    "targets",
]
View = Callable[[Atlas, str], tuple[Section, ...]]


def render_view(atlas: Atlas, name: str, argument: str = "") -> tuple[Section, ...]:
    """The sections of the page `name`; `argument` is the category, the system, or a part of a long index.

    An unknown name raises KeyError, an unknown argument gives sections that say that there is nothing.
    """
    return VIEWS[name](atlas, argument)


def check_view(atlas: Atlas, name: str, argument: str, place: Place) -> Iterator[Finding]:
    """DIAGRAM002 where a page asks for a view, or for a part of one, that there is not."""
    if name not in VIEWS:
        hint = offer(name, VIEWS, "the views are " + ", ".join(VIEWS))
        yield Finding("DIAGRAM002", f"unknown view {name!r}", place, hint)
    elif argument not in (known := _arguments(atlas, name)):
        names = ", ".join(sorted(known - {""})) or "nothing"
        hint = offer(argument, known, f"it may name {names}")
        message = f"view {name} knows no {argument!r}" if argument else f"view {name} needs an argument"
        yield Finding("DIAGRAM002", message, place, hint)


def _arguments(atlas: Atlas, name: str) -> set[str]:
    """The lawful arguments of a view; those of long indexes may be left out."""
    ledgers, drawn = atlas.ledgers, atlas.diagrams.values()
    known: dict[str, Iterable[str]] = {
        "home": ("", *atlas.diagrams),
        "category": (*(c.id for c in ledgers.catalogue.categories), *(d.category for d in drawn)),
        "system": (
            *(s.id for s in ledgers.catalogue.systems),
            *(d.note.system for d in drawn if d.note.system),
        ),
        "technologies": ("", *ledgers.technologies),
        "sources": ("", *SHELVES, *(id.partition("/")[0] for id in ledgers.sources)),
        "incident-response": ("", *INDEXES),
    }
    return set(known.get(name, ("",)))


def digest(sections: Iterable[Section]) -> str:
    """SHA-256 (64 hex) of what a page shows; equal digests mean that it need not be written again."""
    return hashlib.sha256(repr(tuple(sections)).encode()).hexdigest()


def targets(sections: Iterable[Section]) -> Iterator[str]:
    """What the cells and cards of a page lead to, in their order."""
    for block in (b for section in sections for b in section.blocks):
        match block:
            case Table(_, rows):
                yield from (cell.target for row in rows for cell in row if cell.target)
            case Cards(items):
                yield from (card.target for card in items if card.target)
                yield from (cell.target for card in items for cell in card.cells if cell.target)
            case Picture(id):
                yield id


VIEWS: dict[str, View] = {
    "home": home,
    "incident-response": incident_response,
    "dashboard": dashboard.dashboard,
    "progress": dashboard.progress,
    "systems-matrix": systems_matrix,
    "system": system,
    "category": category,
    "technologies": technologies,
    "sources": sources,
    "glossary": glossary,
    "corrections": corrections,
    "rules": reference.rules,
    "planted": reference.planted,
    "style-guide": reference.style_guide,
    "speed": speed,
}

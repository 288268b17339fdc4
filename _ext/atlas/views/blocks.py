"""The blocks of generated pages: plain rows, which HTML, PDF and the command line show in their own way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from atlas.records.model import Status
from atlas.rules.atlas import Diagram

from .lookup import answering_gate

_DOCNAMES = {
    "home": "index",
    "category": "{}/index",
    "system": "systems/{}/index",
    "systems-matrix": "systems/index",
    "rules": "reference/rules",
    "style-guide": "reference/style-guide",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A text that may lead somewhere.

    `target` is the id of a diagram, source or term, `page:DOCNAME` or `page:DOCNAME#SECTION`, or a web
    address. `id` makes the cell a place that links may lead to. `style` is empty, `code`, `number`, a plane,
    a status or a verdict. Code may hold several lines.
    """

    text: str
    target: str = ""
    style: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are heads."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart; `text` says the same in words."""

    title: str
    svg: str
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph of plain text; `style` is empty or `standing`, small print."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Mermaid text that is drawn where it stands, and its alternative text."""

    text: str
    alt: str


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of an index page."""

    title: str
    target: str
    text: str
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Cards:
    items: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A diagram of the atlas, drawn where it stands; `hash` is that of what it shows."""

    id: str
    hash: str


Block = Table | Chart | Prose | Drawing | Cards | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with blocks. `id` is the HTML id: a word, or the slug of what the section is about."""

    id: str
    title: str
    blocks: tuple[Block, ...]


def slug(id: str) -> str:
    """The HTML id of a diagram, source, term or rule."""
    return re.sub(r"[/:\s]+", "-", id).lower()


def page_target(view: str, argument: str = "", section: str = "") -> str:
    """The target of a generated page, or of a section on it."""
    docname = _DOCNAMES.get(view, view).format(argument)
    return f"page:{docname}#{slug(section)}" if section else f"page:{docname}"


def number_cell(count: int) -> Cell:
    return Cell(f"{count:,}", style="number")


def told_day(day: date | None) -> str:
    return day.isoformat() if day else "not stated"


def counted(count: int, noun: str) -> str:
    """`1 fact`, `2 facts`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def percent_cell(part: int, whole: int) -> Cell:
    """`part` of `whole` in per cent, rounded down so that 100 % means all; a dash where there is no whole."""
    return Cell(f"{100 * part // whole} %" if whole else "–", style="number")


def link_cell(diagram: Diagram) -> Cell:
    """The name of a diagram, leading to it."""
    return Cell(diagram.name, diagram.id)


def status_cell(value: Status) -> Cell:
    return Cell(value.replace("_", " "), style=value)


def gate_cell(diagram: Diagram) -> Cell:
    """What a responder reads first of a page; a dash where there is none."""
    result = answering_gate(diagram)
    return Cell(result.asks.name) if result else Cell("–")


def list_rows(
    head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], *, none: str, caption: str = ""
) -> Block:
    """The table of `rows`, or the sentence `none` where there are no rows."""
    found = tuple(rows)
    return Table(head, found, caption) if found else Prose(none)

"""Lists: a category, the technologies, the glossary."""

from __future__ import annotations

from collections import defaultdict

from atlas.records.model import Role, Status, Technology, Term
from atlas.records.plan import Entry
from atlas.rules.atlas import Atlas, Diagram

from .anatomies import by_date
from .blocks import (
    Block,
    Cards,
    Cell,
    Prose,
    Section,
    Table,
    gate_cell,
    link_cell,
    list_rows,
    slug,
)
from .listing import card, category_title, diagrams_by_technology
from .lookup import find_terms
from .metrics import status_of

_USES, _EXAMPLES = 5, 6


def category(atlas: Atlas, argument: str) -> tuple[Section, ...]:
    """The diagrams of one category, incidents by date and others as cards; then what is planned."""
    cards = tuple(card(d) for d in atlas.diagrams.values() if d.category == argument)
    written: Block = Cards(cards) if cards else Prose("No diagram yet.")
    if atlas.ledgers.house.role(argument) is Role.INCIDENT:
        written = by_date(atlas, argument)
    entries = [e for e in atlas.ledgers.catalogue.entries if e.category == argument]
    rows = (_entry_row(e, atlas) for e in entries if status_of(e, atlas) is Status.NOT_CREATED)
    none = "Nothing planned is left to write."
    planned = list_rows(("Title", "System", "Phase", "Evidence"), rows, none=none)
    return Section("written", "Diagrams", (written,)), Section("planned", "Planned", (planned,))


def _entry_row(entry: Entry, atlas: Atlas) -> tuple[Cell, ...]:
    name = atlas.system_name(entry.system) or "–"
    return Cell(entry.title), Cell(name), Cell(f"phase {entry.phase}"), Cell(entry.grade or "–")


def technologies(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Each technology with the diagrams that name it: all of them for the one in the argument, else some."""
    named = diagrams_by_technology(atlas)
    known = sorted(atlas.ledgers.technologies.values(), key=lambda t: t.name.casefold())
    chosen = [t for t in known if argument in ("", t.id)]
    limit = None if argument else _EXAMPLES
    sections = tuple(_technology_section(t, named.get(t.id, []), limit, atlas) for t in chosen)
    return sections or (Section("technologies", "Technologies", (Prose("No technology is known yet."),)),)


def _technology_section(
    technology: Technology, diagrams: list[Diagram], limit: int | None, atlas: Atlas
) -> Section:
    others = Cell(", ".join(technology.names[1:]) or "–")
    about = (Cell(technology.kind), Cell(technology.home, technology.home), others)
    table = _naming(diagrams, limit, atlas, none="No diagram names it yet.")
    head = ("Kind", "Home", "Also written")
    return Section(slug(technology.id), technology.name, (Table(head, (about,)), table))


def _naming(diagrams: list[Diagram], limit: int | None, atlas: Atlas, *, none: str) -> Block:
    shown = diagrams[:limit]
    rows = ((link_cell(d), Cell(category_title(d, atlas)), gate_cell(d)) for d in shown)
    caption = f"{len(shown)} of {len(diagrams):,}" if len(shown) < len(diagrams) else ""
    return list_rows(("Diagram", "Category", "Answered by"), rows, none=none, caption=caption)


def glossary(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Each term: its long form, what it says, the diagrams that use it."""
    del argument
    find = find_terms(atlas.ledgers)
    used: dict[str, list[Diagram]] = defaultdict(list)
    for diagram in atlas.diagrams.values():
        for id in find(diagram):
            used[id].append(diagram)
    terms = sorted(atlas.ledgers.terms.values(), key=lambda t: t.id.casefold())
    sections = tuple(_term(t, used.get(t.id, []), atlas) for t in terms)
    return sections or (Section("glossary", "Glossary", (Prose("No term is explained yet."),)),)


def _term(term: Term, diagrams: list[Diagram], atlas: Atlas) -> Section:
    title = f"{term.id}: {term.long}" if term.long else term.id
    uses = (_naming(diagrams, _USES, atlas, none=""),) if diagrams else ()
    return Section(slug(term.id), title, (Prose(term.says), *uses))

"""The matrix of systems by kinds, and the page of one system."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from atlas.records.model import Status
from atlas.records.plan import Entry
from atlas.rules.atlas import Atlas, Diagram

from .blocks import (
    Block,
    Card,
    Cards,
    Cell,
    Picture,
    Prose,
    Section,
    Table,
    counted,
    link_cell,
    list_rows,
    number_cell,
    page_target,
    status_cell,
    told_day,
)
from .listing import card, category_cell


def systems_matrix(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Systems by tier against the kinds: what is drawn, with status and facts, and what is planned."""
    del argument
    cells = _matrix(atlas)
    kinds = _kind_titles(atlas, {kind for _, kind in cells})
    tiers: dict[int, list[tuple[Cell, ...]]] = defaultdict(list)
    for system in atlas.ledgers.catalogue.systems:
        if system.tier:
            name = Cell(system.name, page_target("system", system.id))
            row = (name, *(cells.get((system.id, kind), Cell("–")) for kind in kinds))
            tiers[system.tier].append(row)
    head = ("System", *kinds.values())
    tables = {tier: Table(head, tuple(rows)) for tier, rows in sorted(tiers.items())}
    none = Section("tiers", "Systems", (Prose("No system is planned yet."),))
    return tuple(Section(f"tier-{n}", f"Tier {n}", (table,)) for n, table in tables.items()) or (none,)


def _matrix(atlas: Atlas) -> dict[tuple[str, str], Cell]:
    """The cell of each planned or drawn system and kind."""
    entries = [e for e in atlas.ledgers.catalogue.entries if e.category == "systems"]
    drawn = [d for d in atlas.diagrams.values() if d.category == "systems"]
    planned = {(e.system, e.kind): _planned(e) for e in entries}
    return planned | {(d.note.system, d.note.kind): _drawn(d) for d in drawn}


def _planned(entry: Entry) -> Cell:
    if entry.searched:
        return Cell(f"not published (searched on {entry.searched.isoformat()})", style=Status.NOT_CREATED)
    grade = f" (evidence {entry.grade})" if entry.grade else ""
    return Cell(f"planned{grade}", style=Status.NOT_CREATED)


def _drawn(diagram: Diagram) -> Cell:
    text = f"{diagram.status.replace('_', ' ')}, {counted(len(diagram.cited), 'fact')}"
    return Cell(text, diagram.id, diagram.status)


def system(atlas: Atlas, argument: str) -> tuple[Section, ...]:
    """One system: a drawing, its kinds, its diagrams in other categories, the sources that it stands on."""
    drawn = [d for d in atlas.diagrams.values() if d.note.system == argument]
    others = [d for d in drawn if d.category != "systems"]
    rows = ((link_cell(d), category_cell(d, atlas), status_cell(d.status)) for d in others)
    elsewhere = list_rows(("Diagram", "Category", "Status"), rows, none="It is in no other category yet.")
    return (
        *_at_a_glance(drawn, atlas),
        Section("kinds", "The system", (_kinds(argument, drawn, atlas),)),
        Section("elsewhere", "Incidents and others", (elsewhere,)),
        Section("sources", "Sources", (_sources_of(drawn),)),
    )


def _at_a_glance(drawn: Iterable[Diagram], atlas: Atlas) -> Iterator[Section]:
    """The drawing of the first kind that has one; the plan begins with the architecture."""
    by_kind = {d.note.kind: d for d in drawn if d.category == "systems"}
    for kind in _kind_titles(atlas, by_kind):
        if shown := by_kind.get(kind):
            yield Section("glance", "At a glance", (Picture(shown.id, shown.hash),))
            return


def _kinds(id: str, drawn: Iterable[Diagram], atlas: Atlas) -> Block:
    written = {d.note.kind: card(d) for d in drawn if d.category == "systems"}
    entries = (e for e in atlas.ledgers.catalogue.entries if e.category == "systems" and e.system == id)
    planned = {e.kind: Card(e.title, "", e.where, (_planned(e),)) for e in entries}
    cards = planned | written
    found = tuple(cards[kind] for kind in _kind_titles(atlas, cards.keys()) if kind in cards)
    return Cards(found) if found else Prose("Nothing is planned yet.")


def _kind_titles(atlas: Atlas, used: Iterable[str]) -> dict[str, str]:
    """Kind to title in the order of the plan, then those that are used and not planned."""
    titles = {k.id: k.title for k in atlas.ledgers.catalogue.kinds}
    return titles | {kind: kind for kind in sorted(set(used) - titles.keys())}


def _sources_of(diagrams: Iterable[Diagram]) -> Block:
    """The newest first, those without a date last."""
    sources = {s.id: s for d in diagrams for s in d.sources}
    dated = sorted(sources.values(), key=lambda s: (s.published or date.min, s.id), reverse=True)
    rows = (
        (
            Cell(told_day(s.published), style="number"),
            Cell(s.title, s.id), Cell(s.publisher), Cell(s.tier), number_cell(len(s.facts)),
        )
        for s in dated
    )  # fmt: skip
    head = ("Published", "Source", "Publisher", "Tier", "Facts")
    return list_rows(head, rows, none="No source is cited yet.")

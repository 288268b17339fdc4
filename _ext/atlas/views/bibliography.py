"""The sources, each with its facts and everything that cites it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from atlas.records.ledgers import fact_url
from atlas.records.model import Fact, Source, Tier
from atlas.rules.atlas import Atlas

from .blocks import (
    Cell,
    Section,
    Table,
    link_cell,
    list_rows,
    slug,
    told_day,
)
from .listing import Rows

SHELVES: Final[Mapping[str, str]] = {
    "publications": "Publications",
    "documentation": "Documentation",
    "code": "Code",
}
"""What the list of sources may be parted into, where one page would be too long, with the headings."""


def shelf_of(source: Source) -> str:
    return {Tier.DOCS: "documentation", Tier.CODE: "code"}.get(source.speaks, "publications")


def sources(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """All sources or those of a shelf, a line each; of one publisher with facts and who shows them."""
    known = sorted(atlas.ledgers.sources.values(), key=lambda s: s.id)
    shown = _citations(atlas)
    if argument and argument not in SHELVES:
        return tuple(_source(s, shown) for s in known if s.id.partition("/")[0] == argument)
    known = [source for source in known if argument in ("", shelf_of(source))]
    head = ("Publication", "Publisher", "Tier", "Extent", "Read", "Published", "Facts", "Cited by")
    rows = (_source_row(s, len(shown.get(s.id, []))) for s in known)
    title = SHELVES.get(argument, "All sources")
    return (Section(argument or "sources", title, (list_rows(head, rows, none="No source is read yet."),)),)


def _source_row(source: Source, citing: int) -> tuple[Cell, ...]:
    return (
        Cell(source.title, source.url, id=slug(source.id)),
        *_reading(source),
        Cell(str(len(source.facts))),
        Cell(str(citing)),
    )


def _reading(source: Source) -> tuple[Cell, ...]:
    return (
        Cell(source.publisher),
        Cell(f"{source.tier}, as reported by" if source.second_hand else source.tier),
        Cell(source.extent),
        Cell(source.read.isoformat()),
        Cell(told_day(source.published)),
    )


def _citations(atlas: Atlas) -> dict[str, list[Cell]]:
    """Fact or source id to who cites it: diagrams, and pages without one."""
    shown: dict[str, list[Cell]] = defaultdict(list)
    drawn = {d.note.docname for d in atlas.diagrams.values()}
    for diagram in atlas.diagrams.values():
        for id in [*(f.id for f in diagram.cited), *(s.id for s in diagram.sources)]:
            shown[id].append(link_cell(diagram))
    for note in atlas.pages.values():
        targets = () if note.docname in drawn else dict.fromkeys(use.target for use in note.uses)
        for id in targets:
            shown[id].append(Cell(note.title or note.docname, f"page:{note.docname}"))
    return shown


def _source(source: Source, shown: Mapping[str, list[Cell]]) -> Section:
    head = ("Publication", "Publisher", "Tier", "Extent", "Read", "Published", "Archive")
    about = (
        Cell(source.title, source.url),
        *_reading(source),
        Cell("archived copy", source.archive) if source.archive else Cell("–"),
    )
    facts = (row for fact in source.facts for row in _fact_rows(source, fact, shown))
    cited = ((cell,) for cell in shown.get(source.id, []))
    return Section(
        slug(source.id),
        source.title,
        (
            Table(head, (about,)),
            list_rows(("Value", "Says", "As of", "Shown in"), facts, none="It has no fact."),
            list_rows(("Cited by",), cited, none="Nothing cites it."),
        ),
    )


def _fact_rows(source: Source, fact: Fact, shown: Mapping[str, list[Cell]]) -> Rows:
    """One row for each place that shows the fact, at least one."""
    value = Cell(fact.value, fact_url(source, fact), "number")
    says = ", ".join(text for text in (fact.says, fact.statistic, fact.scope) if text)
    undated = f"derived: {fact.derived}" if fact.derived else "no date"
    dated = fact.when or undated
    for cell in shown.get(fact.id) or [Cell("–")]:
        yield value, Cell(says), Cell(dated), cell

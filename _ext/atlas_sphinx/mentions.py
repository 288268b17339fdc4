"""What a page shows but does not itself hold: where this moves, the page is written again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from atlas.model import Fact, FactUse, Source
from atlas.seal import Atlas, Diagram


def records_on(atlas: Atlas, docname: str) -> Iterator[object]:
    """What a page shows of diagrams, facts and sources."""
    for diagram in atlas.on_page(docname):
        yield diagram.hash, diagram.status, diagram.category, _review_key(diagram)
        yield [(atlas.today - day).days // 365 for day in diagram.dates[:1]]
        yield [(g.gate, g.checks) for g in diagram.gates]
        yield [*map(_record_key, diagram.cited), *map(_record_key, diagram.sources)]
        yield [(f.rule, f.message, f.hint) for f in diagram.findings]
    for use in _uses(atlas, docname):
        yield atlas.title_of(use.target)
        if fact := atlas.ledgers.fact(use.target):
            yield _record_key(fact), _record_key(atlas.ledgers.sources[fact.source])


def targets_on(atlas: Atlas, docname: str) -> Iterator[str]:
    """The ids and addresses that a page links to from its drawings, its evidence and its prose."""
    for diagram in atlas.on_page(docname):
        yield from (n.link for n in (diagram.note.graph.nodes if diagram.note.graph else ()) if n.link)
        yield from (source.id for source in diagram.sources)
    yield from (use.target for use in _uses(atlas, docname))


def _uses(atlas: Atlas, docname: str) -> tuple[FactUse, ...]:
    page = atlas.pages.get(docname)
    return page.uses if page else ()


def _review_key(diagram: Diagram) -> tuple[str, ...]:
    review = diagram.review
    return (review.who, str(review.when), review.checked) if review else ()


def _record_key(record: Fact | Source) -> tuple[str, ...]:
    """All fields but the place, which moves with every line above it, and the facts beside the one shown."""
    return tuple(str(getattr(record, f.name)) for f in fields(record) if f.name not in ("place", "facts"))

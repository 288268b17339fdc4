"""What a page shows but does not itself hold: where this moves, the page is written again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter

from atlas.records.model import Fact, Source
from atlas.records.notes import CommandNote, FactUse
from atlas.records.plan import Trial
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.rechecks import check, tell_check, tell_old
from atlas.views.running import run_first


def _all_but(kind: type[Fact | Source | CommandNote | Trial], *names: str) -> attrgetter[tuple[object, ...]]:
    return attrgetter(*(f.name for f in fields(kind) if f.name not in names))


# The place moves with every line above it; a quantity says what its value says.
_of_fact = _all_but(Fact, "place", "quantity")
_of_command = _all_but(CommandNote, "place")
_of_source = _all_but(Source, "place", "facts")
_of_trial = _all_but(Trial, "place")


def records_on(atlas: Atlas, docname: str) -> Iterator[object]:
    """What a page shows of diagrams, facts and sources."""
    for diagram in atlas.on_page(docname):
        yield diagram.trial and _of_trial(diagram.trial)
        yield diagram.hash, diagram.status, diagram.category, _review_key(diagram)
        yield [(atlas.today - day).days // 365 for day in diagram.dates[:1]]
        yield [(g.asks, g.checks) for g in diagram.gates]
        yield [*map(_of_fact, diagram.cited), *map(_of_source, diagram.sources)]
        yield [tell_check(check(fact, atlas.ledgers)) for fact in diagram.cited]
        yield tell_old(diagram.category, diagram.sources, atlas.ledgers, atlas.today)
        yield [(f.rule, f.message, f.hint) for f in diagram.findings]
        yield _to_run(diagram, atlas)
    for use in _uses(atlas, docname):
        yield atlas.title_of(use.target)
        if fact := atlas.ledgers.fact(use.target):
            yield _of_fact(fact), _of_source(atlas.ledgers.sources[fact.source])


def targets_on(atlas: Atlas, docname: str) -> Iterator[str]:
    """The ids and addresses that a page links to from its drawings, its evidence and its prose."""
    for diagram in atlas.on_page(docname):
        if guide := run_first(diagram, atlas).guide:
            yield guide.id
        yield from (n.link for n in (diagram.note.graph.nodes if diagram.note.graph else ()) if n.link)
        yield from (source.id for source in diagram.sources)
    yield from (use.target for use in _uses(atlas, docname))


def _to_run(diagram: Diagram, atlas: Atlas) -> list[tuple[object, ...]]:
    """What to run first, which may stand on another page; without its place, which moves with every line."""
    commands, guide = run_first(diagram, atlas)
    shown = [(*_of_command(c), guide.said(c.says) if guide else "") for c in commands]
    return [(guide.name if guide else "",), *shown]


def _uses(atlas: Atlas, docname: str) -> tuple[FactUse, ...]:
    page = atlas.pages.get(docname)
    return page.uses if page else ()


def _review_key(diagram: Diagram) -> tuple[str, ...]:
    review = diagram.review
    return (review.who, str(review.when), review.checked) if review else ()

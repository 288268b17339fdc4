"""The home page: what is on fire, what others lived through, a diagram, where to look."""

from __future__ import annotations

from collections import defaultdict

from atlas.diagrams.planes import EMOJI, MEANING
from atlas.records.model import Plane, Technology
from atlas.rules.atlas import Atlas, Diagram

from .anatomies import by_date
from .blocks import (
    Block,
    Card,
    Cards,
    Cell,
    Picture,
    Prose,
    Section,
    counted,
    list_rows,
    number_cell,
    page_target,
)
from .listing import RESPONSE, category_cell, diagrams_by_technology, responds
from .lookup import answering_gate, error_strings, failing_nodes

_ON_FIRE, _TOP_TECHNOLOGIES = 9, 24


def home(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """What is on fire, the diagram that the argument names, what others lived through, where to look."""
    shown = atlas.diagrams.get(argument)
    live = (Section("live", "How a page looks at it", (Picture(shown.id, shown.hash),)),) if shown else ()
    return (
        Section("on-fire", "What is on fire?", (_on_fire(atlas),)),
        *live,
        Section("lived-through", "What others lived through", (by_date(atlas),)),
        Section("where", "Where?", (_planes(atlas), _top_technologies(atlas), _systems(atlas))),
    )


def _on_fire(atlas: Atlas) -> Block:
    found = sorted((d for d in atlas.diagrams.values() if d.note.symptoms and responds(d)), key=_usefulness)
    cards = tuple(_symptom_card(d, atlas) for d in found[:_ON_FIRE])
    return Cards(cards) if cards else Prose("No symptom is recorded yet.")


def _symptom_card(diagram: Diagram, atlas: Atlas) -> Card:
    cells = (category_cell(diagram, atlas),)
    return Card(diagram.note.symptoms[0], diagram.id, diagram.name, cells)


def _usefulness(diagram: Diagram) -> tuple[object, ...]:
    """Guides before incidents before the rest; answered ones first; then by error strings and alerts."""
    gate = answering_gate(diagram)
    keys = len(error_strings(diagram)) + len(diagram.note.alerts)
    passed = gate is not None and gate.verdict == "passed"
    return RESPONSE.get(diagram.role, 2), not passed, -keys, diagram.id


def _planes(atlas: Atlas) -> Block:
    counts = dict.fromkeys(Plane, 0)
    for diagram in filter(responds, atlas.diagrams.values()):
        for plane in failing_nodes(diagram):
            counts[plane] += 1
    return Cards(
        tuple(
            Card(
                f"{EMOJI[plane]} {plane.title()}",
                page_target("incident-response", section=f"plane-{plane}"),
                MEANING[plane],
                (Cell(f"fails in {counted(count, 'diagram')}", style=plane),),
            )
            for plane, count in counts.items()
        )
    )


def _top_technologies(atlas: Atlas) -> Block:
    named = diagrams_by_technology(atlas)
    top = sorted(named, key=lambda id: (-len(named[id]), id))[:_TOP_TECHNOLOGIES]
    rows = ((_technology(atlas.ledgers.technologies[id]), number_cell(len(named[id]))) for id in top)
    none = "No technology is named yet."
    return list_rows(("Technology", "Diagrams"), rows, none=none, caption="Technologies named most")


def _technology(technology: Technology) -> Cell:
    return Cell(technology.name, page_target("technologies", section=technology.id))


def _systems(atlas: Atlas) -> Block:
    counts: dict[str, int] = defaultdict(int)
    for diagram in atlas.diagrams.values():
        counts[diagram.note.system] += 1
    systems = [s for s in atlas.ledgers.catalogue.systems if counts[s.id]]
    rows = ((Cell(s.name, page_target("system", s.id)), number_cell(counts[s.id])) for s in systems)
    return list_rows(("System", "Diagrams"), rows, none="No system is drawn yet.", caption="Systems")

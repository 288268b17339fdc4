"""Incident response: by symptom, error string, alert, technology and plane."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice

from atlas.diagrams.planes import EMOJI, MEANING
from atlas.records.model import Plane
from atlas.records.notes import Node
from atlas.rules.atlas import Atlas, Diagram

from .blocks import (
    Block,
    Cell,
    Prose,
    Section,
    gate_cell,
    link_cell,
    list_rows,
)
from .listing import RESPONSE, diagrams_by_technology, responds
from .lookup import error_strings, failing_nodes

_NODES = 3


def incident_response(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """By symptom, error string, alert, technology and plane; an argument such as `errors` takes one."""
    return tuple(index(atlas) for id, index in INDEXES.items() if argument in ("", id))


def _by_symptom(atlas: Atlas) -> Section:
    told = (d for d in _by_use(atlas) if d.note.symptoms)
    rows = ((link_cell(d), Cell("; ".join(d.note.symptoms)), gate_cell(d)) for d in told)
    table = list_rows(("Diagram", "What you see", "Answered by"), rows, none="No symptom is recorded yet.")
    return Section("symptoms", "By symptom", (table,))


def _by_use(atlas: Atlas) -> list[Diagram]:
    """What a responder can act on first, by name. A row a diagram: one a string would fill a book."""
    return sorted(atlas.diagrams.values(), key=lambda d: (RESPONSE.get(d.role, 2), d.name.casefold(), d.id))


def _by_error(atlas: Atlas) -> Section:
    said = ((d, error_strings(d)) for d in _by_use(atlas))
    rows = ((link_cell(d), Cell("\n".join(found), style="code"), gate_cell(d)) for d, found in said if found)
    none = "No error string is recorded yet."
    table = list_rows(("Diagram", "What is printed", "Answered by"), rows, none=none)
    return Section("errors", "By exact error string", (table,))


def _by_alert(atlas: Atlas) -> Section:
    entries = ((text, d) for d in atlas.diagrams.values() for text in d.note.alerts)
    return Section("alerts", "By alert", (_index("Alert", entries, style="code"),))


def _by_technology(atlas: Atlas) -> Section:
    names = {t.id: t.name for t in atlas.ledgers.technologies.values()}
    named = diagrams_by_technology(atlas).items()
    entries = ((names[id], d) for id, diagrams in named for d in diagrams if responds(d))
    return Section("technologies", "By technology", (_index("Technology", entries),))


def _index(what: str, entries: Iterable[tuple[str, Diagram]], *, style: str = "") -> Block:
    """An alphabetical index; one link a row keeps a long page light."""
    found = sorted(entries, key=lambda entry: (entry[0].casefold(), entry[1].id))
    ends = {d.id: (_short_link(d), gate_cell(d)) for d in {d.id: d for _, d in found}.values()}
    rows = ((Cell(text, style=style), *ends[d.id]) for text, d in found)
    return list_rows((what, "Diagram", "Answered by"), rows, none=f"No {what.lower()} is recorded yet.")


def _short_link(diagram: Diagram) -> Cell:
    """The name of a diagram up to its colon, leading to it: an index names it hundreds of times.

    Whole where that is one word, or stands in brackets (`nginx connect() failed (111: Connection refused)`).
    """
    head = diagram.name.partition(": ")[0]
    tells = " " in head and head.count("(") == head.count(")")
    return Cell(head if tells else diagram.name, diagram.id)


def _on_plane(plane: Plane, atlas: Atlas) -> Section:
    """Diagrams whose failure paths touch the plane, those with most failing nodes in it first."""
    failing = {d.id: failing_nodes(d).get(plane, []) for d in atlas.diagrams.values() if responds(d)}
    found = sorted((id for id in failing if failing[id]), key=lambda id: (-len(failing[id]), id))
    rows = (_failure(atlas.diagrams[id], failing[id]) for id in found)
    none = "No failure in this plane is drawn yet."
    table = list_rows(("What fails", "Diagram", "Answered by"), rows, none=none)
    title = f"{EMOJI[plane]} The {plane} plane is on fire"
    return Section(f"plane-{plane}", title, (Prose(f"It holds {MEANING[plane]}."), table))


def _failure(diagram: Diagram, nodes: Iterable[Node]) -> tuple[Cell, ...]:
    names = (diagram.label(node.label.partition("\n")[0]) for node in islice(nodes, _NODES))
    return Cell("; ".join(names)), _short_link(diagram), gate_cell(diagram)


INDEXES: dict[str, Callable[[Atlas], Section]] = {
    "symptoms": _by_symptom,
    "errors": _by_error,
    "alerts": _by_alert,
    "technologies": _by_technology,
    **{f"plane-{plane}": partial(_on_plane, plane) for plane in Plane},
}

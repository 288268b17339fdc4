"""Incidents by date: when, what broke, where it began, how long it took."""

from __future__ import annotations

import re
from typing import Final

from atlas.diagrams.evidence import broken_nodes
from atlas.records.model import Fact, Role
from atlas.rules.atlas import Atlas, Diagram

from .blocks import Block, Cell, link_cell, list_rows
from .lookup import cause_of

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d$")
_REFERENCE: Final = re.compile(r"(?<![\w.-])[\w.-]++/[\w.-]++:[\w-]++")
_SHOWN: Final = 2
_UNKNOWN: Final = "–"


def by_date(atlas: Atlas, category: str = "") -> Block:
    """A row for each incident (of one category), the latest first; those whose id names no day come last."""
    drawn = (d for d in atlas.diagrams.values() if d.role is Role.INCIDENT)
    latest = sorted((d for d in drawn if category in ("", d.category)), key=day_of, reverse=True)
    rows = (_row(diagram) for diagram in latest)
    head = ("Date", "Incident", "What broke", "Began in", "How long")
    return list_rows(head, rows, none="No incident is drawn yet.")


def _row(diagram: Diagram) -> tuple[Cell, ...]:
    ends = (_cell(broke(diagram)), Cell(cause_of(diagram)), _cell(lasted(diagram)))
    return _cell(day_of(diagram)), link_cell(diagram), *ends


def _cell(text: str) -> Cell:
    return Cell(text or _UNKNOWN)


def day_of(diagram: Diagram) -> str:
    """The UTC day of the onset, with which the id of an incident ends; empty where it does not."""
    found = _DAY.search(diagram.id)
    return found[0] if found else ""


def broke(diagram: Diagram) -> str:
    """The first boxes that broke, by the first line of their labels."""
    graph = diagram.note.graph
    ids = broken_nodes(graph) if graph else ()
    labels = {node.id: node.label.partition("\n")[0] for node in graph.nodes} if graph else {}
    return "; ".join(diagram.label(labels[id]) for id in ids[:_SHOWN])


def lasted(diagram: Diagram) -> str:
    """The first duration that its recovery time states, else the times of its trigger and its all clear."""
    facts = {fact.id: fact for fact in diagram.cited}
    said = (check.text for gate in diagram.gates for check in gate.checks if check.term == "Recovery time")
    cited = [facts[id] for text in said for id in _REFERENCE.findall(text) if id in facts]
    if duration := next((fact.value for fact in cited if fact.quantity and fact.quantity.unit == "s"), ""):
        return duration
    ends = [_time(diagram, kind, facts) for kind in ("trigger", "over")]
    return " to ".join(ends) if all(ends) else ""


def _time(diagram: Diagram, kind: str, facts: dict[str, Fact]) -> str:
    """The first time of a kind of row; of the all clear the last."""
    rows = [row for row in diagram.timeline if row.kind == kind and row.reference in facts]
    return facts[rows[-1 if kind == "over" else 0].reference].value if rows else ""

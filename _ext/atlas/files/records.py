"""One diagram, source, fact, term or entry of the plan as `atlas.json` holds it."""

from __future__ import annotations

from atlas.diagrams.evidence import BROKEN
from atlas.diagrams.planes import group_planes
from atlas.records.ledgers import fact_url
from atlas.records.model import Fact, Source, Technology, Term
from atlas.records.notes import CommandNote, Edge, Group, Node, TimelineRow
from atlas.records.plan import Check as FactCheck
from atlas.records.plan import Entry, Ledgers, Review
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.evidence import evidence_of
from atlas.rules.gates import Check, GateResult
from atlas.rules.rechecks import check
from atlas.rules.trials import is_due
from atlas.views import metrics
from atlas.views.lookup import error_strings
from atlas.views.metrics import Task
from atlas.views.running import command_id, run_first

from .reports import Json, Record, finding_record, place


def diagram(diagram: Diagram, atlas: Atlas, technologies: list[str], task: Task | None) -> Record:
    note = diagram.note
    page = atlas.pages.get(note.docname)
    return {
        "id": diagram.id,
        "docname": note.docname,
        "page_title": page.title if page else "",
        "place": place(note.place),
        "title": diagram.title,
        "caption": diagram.caption,
        "alt": diagram.alt,
        "category": diagram.category,
        "system": note.system,
        "kind": note.kind,
        "version": note.version,
        "symptoms": [*note.symptoms],
        "alerts": [*note.alerts],
        "errors": [*error_strings(diagram)],
        "technologies": [*technologies],
        "text": note.text,
        "first_line": note.first_line,
        **_drawing(diagram),
        "sources": [s.id for s in diagram.sources],
        "facts": [f.id for f in diagram.cited],
        "references": {reference: fact.id for reference, fact in diagram.facts.items()},
        "gates": [*map(_gate, diagram.gates)],
        "commands": [_command(c, diagram) for c in diagram.commands],
        "run_first": _run_first(diagram, atlas),
        "timeline": [_event(row, diagram, atlas) for row in diagram.timeline],
        "trial": _trial(diagram),
        "status": diagram.status,
        "priority": task.priority.value if task else None,
        "why": task.reason if task else "",
        "harm": task.harm if task else None,
        "sourced": diagram.sourced,
        "standing": {str(s): n for s, n in diagram.count_standing().items()},
        "hash": diagram.hash,
        "review": _review(diagram.review) if diagram.review else None,
        "planned": diagram.entry is not None,
        "findings": [*map(finding_record, diagram.findings)],
    }


def _drawing(diagram: Diagram) -> Record:
    """What is drawn; `diagram_type` is None where the text did not parse."""
    graph = diagram.note.graph
    if graph is None:
        return {"diagram_type": None, "direction": None, "nodes": [], "edges": [], "groups": []}
    planes = group_planes(graph)
    return {
        "diagram_type": graph.kind,
        "direction": graph.direction,
        "nodes": [_node(n, diagram) for n in graph.nodes],
        "edges": [_edge(e, diagram) for e in graph.edges],
        "groups": [_group(g, planes.get(g.id), diagram) for g in graph.groups],
    }


def _node(node: Node, diagram: Diagram) -> Record:
    return {
        "id": node.id,
        "label": diagram.label(node.label),
        "plane": diagram.planes.get(node.id),
        "broken": BROKEN in node.classes,
        "standing": diagram.standing_of(node),
        "evidence": _evidence(node, diagram),
        "group": node.group,
        "shape": node.shape,
        "link": node.link,
        "facts": [f.id for f in diagram.facts_of(node.label)],
    }


def _edge(edge: Edge, diagram: Diagram) -> Record:
    return {
        "tail": edge.tail,
        "head": edge.head,
        "label": diagram.label(edge.label),
        "dashed": edge.dashed,
        "directed": edge.directed,
        "standing": diagram.standing_of(edge),
        "evidence": _evidence(edge, diagram),
        "facts": [f.id for f in diagram.facts_of(edge.label)],
    }


def _trial(diagram: Diagram) -> Record | None:
    trial = diagram.trial
    if trial is None:
        return None
    return {
        "software": trial.software,
        "day": trial.day.isoformat() if trial.day else None,
        "commands": [*trial.commands],
        "untried": trial.untried,
        "due": not trial.untried and is_due(trial, diagram.commands),
    }


def _evidence(part: Node | Edge, diagram: Diagram) -> Json:
    return [{"source": e.source, "words": e.words} for e in evidence_of(diagram.note, part)]


def _group(group: Group, plane: str | None, diagram: Diagram) -> Record:
    return {"id": group.id, "title": diagram.label(group.title), "group": group.group, "plane": plane}


def _gate(result: GateResult) -> Record:
    return {
        "gate": result.gate,
        "verdict": result.verdict,
        "settled": result.settled,
        "place": place(result.place),
        "checks": [*map(_check, result.checks)],
    }


def _check(check: Check) -> Record:
    return {
        "term": check.term,
        "answer": check.answer,
        "reason": check.reason,
        "text": check.text,
        "literals": [*check.literals],
        "commands": [*check.commands],
    }


def _command(command: CommandNote, diagram: Diagram) -> Record:
    return {
        "id": command.id,
        "effect": command.effect,
        "on": [*command.on],
        "text": command.text,
        "placeholders": [*command.placeholders],
        "expect": command.expect,
        "prints": command.prints,
        "says": diagram.said(command.says),
        "run_first": command.run_first,
        "loses": diagram.said(command.loses),
        "look": command.look,
        "gate": command.gate,
        "anchor": command_id(command),
        "place": place(command.place),
    }


def _run_first(diagram: Diagram, atlas: Atlas) -> list[Json]:
    """What stands above the picture; an incident without commands of its own borrows one of a guide."""
    commands, guide = run_first(diagram, atlas)
    return [{"diagram": (guide or diagram).id, "command": command.id} for command in commands]


def _event(row: TimelineRow, diagram: Diagram, atlas: Atlas) -> Record:
    fact = atlas.ledgers.fact(row.reference) if row.timed else None
    return {
        "source": row.source,
        "fact": row.reference if row.timed else None,
        "time": fact.value if fact else None,
        "kind": row.kind,
        "event": diagram.said(row.event),
        "place": place(row.place),
    }


def _review(review: Review) -> Record:
    return {
        "when": review.when.isoformat(),
        "who": review.who,
        "version": review.version,
        "checked": review.checked,
        "sources": [*review.sources],
        "confirmed": review.confirmed,
        "corrected": review.corrected,
        "removed": review.removed,
    }


def source(source: Source) -> Record:
    return {
        "id": source.id,
        "title": source.title,
        "url": source.url,
        "publisher": source.publisher,
        "tier": source.tier,
        "second_hand": source.second_hand,
        "extent": source.extent,
        "read": source.read.isoformat(),
        "published": source.published.isoformat() if source.published else None,
        "archive": source.archive,
        "commit": source.commit,
        "copy": source.copy,
        "of": source.of,
        "place": place(source.place),
        "facts": [f.id for f in source.facts],
    }


def fact(source: Source, fact: Fact, ledgers: Ledgers) -> Record:
    quantity = fact.quantity
    return {
        "source": source.id,
        "value": fact.value,
        "says": fact.says,
        "text": fact.text,
        "where": fact.where,
        "as_of": fact.as_of.isoformat() if fact.as_of else None,
        "dated": fact.when,
        "of": fact.of or source.of,
        "copy": fact.copy or source.copy,
        "changed": {"in": fact.changed.since, "fact": fact.changed.fact} if fact.changed else None,
        "check": _check_of(check(fact, ledgers)),
        "statistic": fact.statistic,
        "scope": fact.scope,
        "derived": fact.derived,
        "url": fact_url(source, fact),
        "quantity": {"low": quantity.low, "high": quantity.high, "unit": quantity.unit} if quantity else None,
        "place": place(fact.place),
    }


def _check_of(found: FactCheck | None) -> Record | None:
    if found is None:
        return None
    return {
        "on": found.on.isoformat(),
        "by": found.by,
        "cited": found.cited,
        "newest": found.newest,
        "at": found.at,
        "of": found.of.isoformat() if found.of else None,
        "path": found.path,
    }


def term(term: Term) -> Record:
    return {"id": term.id, "long": term.long, "says": term.says}


def technology(technology: Technology) -> Record:
    return {
        "id": technology.id,
        "names": [*technology.names],
        "kind": technology.kind,
        "home": technology.home,
        "hosted": technology.hosted,
    }


def entry(entry: Entry, atlas: Atlas) -> Record:
    return {
        "id": entry.id,
        "title": entry.title,
        "category": entry.category,
        "phase": entry.phase,
        "system": entry.system,
        "kind": entry.kind,
        "grade": entry.grade,
        "status": metrics.status_of(entry, atlas),
    }

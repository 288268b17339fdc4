"""Files for machines: `atlas.json`, `CENTRAL_METRICS.json`, and findings in four formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import TypeAlias
from urllib.parse import quote

from . import __version__, metrics
from .gates import Check, GateResult
from .ledgers import fact_url
from .lookup import error_strings, find_technologies
from .metrics import Coverage
from .model import Edge, Entry, Fact, Finding, Group, Node, Place, Review, Source, Technology, Term
from .planes import group_planes
from .rules import RULES, Rule, severity
from .seal import Atlas, Diagram

SCHEMA = 1
_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

Json: TypeAlias = "str | int | float | list[Json] | dict[str, Json] | None"
Record: TypeAlias = dict[str, Json]


def dump(data: Mapping[str, object] | list[Record], *, indent: int | None = None) -> str:
    """JSON with sorted keys and a newline at its end: equal data gives equal text. An indent costs time."""
    return json.dumps(data, ensure_ascii=False, indent=indent, sort_keys=True, allow_nan=False) + "\n"


# The atlas ---------------------------------------------------------------------------------------


def atlas_json(atlas: Atlas) -> Record:
    """Everything that is known, as `schema/atlas-1.json` describes it. Facts stand once, by id."""
    ledgers = atlas.ledgers
    find = find_technologies(ledgers)
    priorities = {t.diagram.id: t.priority.value for t in metrics.queue_reviews(atlas)}
    diagrams = [
        _diagram(d, atlas, [t.id for t in find(d)], priorities.get(id)) for id, d in atlas.diagrams.items()
    ]
    return {
        "schema": SCHEMA,
        "build": {"version": __version__, "date": atlas.today.isoformat()},
        "totals": _totals(atlas),
        "diagrams": [*diagrams],
        "sources": [_source(s) for _, s in sorted(ledgers.sources.items())],
        "facts": {f.id: _fact(s, f) for s in ledgers.sources.values() for f in s.facts},
        "terms": [_term(t) for _, t in sorted(ledgers.terms.items())],
        "technologies": [_technology(t) for _, t in sorted(ledgers.technologies.items())],
        "catalogue": _catalogue(atlas),
        "findings": [*map(finding_record, atlas.findings)],
    }


def _diagram(diagram: Diagram, atlas: Atlas, technologies: list[str], priority: str | None) -> Record:
    note = diagram.note
    page = atlas.pages.get(note.docname)
    return {
        "id": diagram.id,
        "docname": note.docname,
        "page_title": page.title if page else "",
        "place": _place(note.place),
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
        "status": diagram.status,
        "priority": priority,
        "sourced": diagram.sourced,
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
        "facts": [f.id for f in diagram.facts_of(edge.label)],
    }


def _group(group: Group, plane: str | None, diagram: Diagram) -> Record:
    return {"id": group.id, "title": diagram.label(group.title), "group": group.group, "plane": plane}


def _gate(result: GateResult) -> Record:
    return {
        "gate": result.gate,
        "verdict": result.verdict,
        "settled": result.settled,
        "place": _place(result.place),
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


def _source(source: Source) -> Record:
    return {
        "id": source.id,
        "title": source.title,
        "url": source.url,
        "publisher": source.publisher,
        "tier": source.tier,
        "second_hand": source.tier.second_hand,
        "extent": source.extent,
        "read": source.read.isoformat(),
        "published": source.published.isoformat() if source.published else None,
        "archive": source.archive,
        "commit": source.commit,
        "copy": source.copy,
        "place": _place(source.place),
        "facts": [f.id for f in source.facts],
    }


def _fact(source: Source, fact: Fact) -> Record:
    quantity = fact.quantity
    return {
        "source": source.id,
        "value": fact.value,
        "says": fact.says,
        "text": fact.text,
        "where": fact.where,
        "as_of": fact.as_of.isoformat() if fact.as_of else None,
        "statistic": fact.statistic,
        "scope": fact.scope,
        "derived": fact.derived,
        "url": fact_url(source, fact),
        "quantity": {"low": quantity.low, "high": quantity.high, "unit": quantity.unit} if quantity else None,
        "place": _place(fact.place),
    }


def _term(term: Term) -> Record:
    return {"id": term.id, "long": term.long, "says": term.says}


def _technology(technology: Technology) -> Record:
    return {
        "id": technology.id,
        "names": [*technology.names],
        "kind": technology.kind,
        "home": technology.home,
        "hosted": technology.hosted,
    }


def _catalogue(atlas: Atlas) -> Record:
    plan = atlas.ledgers.catalogue
    return {
        "categories": [
            {"id": c.id, "title": c.title, "target": c.target, "phase": c.phase, "core": c.core}
            for c in plan.categories
        ],
        "phases": [{"number": p.number, "title": p.title, "target": p.target} for p in plan.phases],
        "systems": [{"id": s.id, "name": s.name, "tier": s.tier} for s in plan.systems],
        "kinds": [{"id": k.id, "title": k.title} for k in plan.kinds],
        "entries": [_entry(e, atlas) for e in sorted(plan.entries, key=lambda e: e.id)],
    }


def _entry(entry: Entry, atlas: Atlas) -> Record:
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


def _place(place: Place) -> Record:
    return {"path": place.path, "line": place.line}


# Metrics -----------------------------------------------------------------------------------------


def central_metrics(atlas: Atlas) -> Record:
    """The counts of the dashboard, as plain keys and numbers."""
    facts = metrics.tally_facts(atlas)
    return {
        "schema": SCHEMA,
        "build": {"version": __version__, "date": atlas.today.isoformat()},
        "totals": _totals(atlas),
        "categories": _by_id(metrics.measure_categories(atlas)),
        "systems": _by_id(metrics.measure_systems(atlas)),
        "phases": _by_id({str(n): c for n, c in metrics.measure_phases(atlas).items()}),
        "statuses": {status.value: count for status, count in metrics.count_statuses(atlas).items()},
        "gates": {id: _gate_tally(tally) for id, tally in metrics.tally_gates(atlas).items()},
        "facts": {
            "derived": facts.derived,
            "by_tier": {**facts.by_tier},
            "by_extent": {**facts.by_extent},
            "by_year": {**facts.by_year},
            "by_read_age": {**facts.by_read_age},
        },
        "findings": {**metrics.count_rules(atlas)},
        "reviews": _readings(atlas),
    }


def _totals(atlas: Atlas) -> Record:
    return {
        **_coverage(metrics.measure_total(atlas)),
        "pages": len(atlas.pages),
        "sources": len(atlas.ledgers.sources),
        "facts": metrics.tally_facts(atlas).total,
        "terms": len(atlas.ledgers.terms),
        "technologies": len(atlas.ledgers.technologies),
        "findings": len(atlas.findings),
    }


def _by_id(covered: Mapping[str, Coverage]) -> Record:
    return {id: _coverage(c) for id, c in covered.items()}


def _coverage(covered: Coverage) -> Record:
    counted: Record = {f.name: getattr(covered, f.name) for f in fields(covered)}
    return {**counted, "honest_empty": covered.honest_empty, "planned": covered.planned}


def _gate_tally(tally: metrics.GateTally) -> Record:
    return {
        "verdicts": {**tally.verdicts},
        "checks": tally.checks,
        "settled": tally.settled,
        "answers": {answer.replace(" ", "_"): count for answer, count in tally.answers.items()},
    }


def _readings(atlas: Atlas) -> Record:
    found = metrics.sum_readings(atlas)
    return {
        "confirmed": found.confirmed,
        "corrected": found.corrected,
        "removed": found.removed,
        "error_rate": None if found.error_rate is None else round(found.error_rate, 4),
        "by_week": {**metrics.count_weeks(atlas)},
    }


# Findings ----------------------------------------------------------------------------------------


def finding_record(finding: Finding) -> Record:
    """A finding as plain data, with the severity of its rule."""
    return {
        "rule": finding.rule,
        "severity": severity(finding.rule),
        "message": finding.message,
        "path": finding.place.path,
        "line": finding.place.line,
        "hint": finding.hint,
        "diagram": finding.diagram,
    }


def text(findings: Iterable[Finding]) -> str:
    """One line a finding: `path:line: severity RULE message (hint)`."""
    return "".join(f"{_text_line(f)}\n" for f in findings)


def _text_line(finding: Finding) -> str:
    hint = f" ({finding.hint})" if finding.hint else ""
    said = " ".join(f"{severity(finding.rule)} {finding.rule} {finding.message}{hint}".split())
    return f"{finding.place}: {said}" if finding.place.path else said


def as_json(findings: Iterable[Finding]) -> str:
    """A JSON list of records; their keys are `rule severity message path line hint diagram`."""
    return dump([finding_record(f) for f in findings], indent=1)


def sarif(findings: Iterable[Finding]) -> str:
    """SARIF 2.1.0 with every rule of the atlas, for code scanning services."""
    driver = {"name": "atlas", "version": __version__, "rules": [_sarif_rule(r) for r in RULES.values()]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "results": [_sarif_result(f) for f in findings],
    }
    return dump({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=1)


def _sarif_rule(rule: Rule) -> Record:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.mend},
        "defaultConfiguration": {"level": rule.severity},
    }


def _sarif_result(finding: Finding) -> Record:
    said = f"{finding.message}. {finding.hint}" if finding.hint else finding.message
    result: Record = {
        "ruleId": finding.rule,
        "ruleIndex": list(RULES).index(finding.rule),
        "level": severity(finding.rule),
        "message": {"text": said},
    }
    if finding.place.path:
        result["locations"] = [{"physicalLocation": _sarif_location(finding.place)}]
    return result


def _sarif_location(place: Place) -> Record:
    location: Record = {"artifactLocation": {"uri": quote(place.path)}}
    if place.line:
        location["region"] = {"startLine": place.line}
    return location


def github(findings: Iterable[Finding]) -> str:
    """Workflow commands, one a line, which GitHub shows beside the changed lines."""
    return "".join(f"{_github_line(f)}\n" for f in findings)


def _github_line(finding: Finding) -> str:
    place = finding.place
    properties = {"file": place.path, "line": place.line, "title": finding.rule}
    given = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties.items() if value)
    said = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    return f"::{severity(finding.rule)} {given}::{_escape_data(said)}"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: dict[str, Callable[[Iterable[Finding]], str]] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "github": github,
}

"""Files for machines: `atlas.json`, as `schema/atlas-1.1.json` describes it, and `CENTRAL_METRICS.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from atlas import __version__
from atlas.rules.atlas import Atlas
from atlas.views import metrics
from atlas.views.lookup import find_technologies
from atlas.views.metrics import Coverage

from .records import diagram, entry, fact, source, technology, term
from .reports import Record, finding_record

SCHEMA, REVISION = 1, 1
"""What reads schema 1 reads every revision of it: a revision only adds keys."""


def atlas_json(atlas: Atlas) -> Record:
    """Everything that is known, as `schema/atlas-1.1.json` describes it. Facts stand once, by id."""
    ledgers = atlas.ledgers
    find = find_technologies(ledgers)
    waiting = {t.diagram.id: t for t in metrics.queue_reviews(atlas)}
    diagrams = [
        diagram(d, atlas, [t.id for t in find(d)], waiting.get(id)) for id, d in atlas.diagrams.items()
    ]
    return {
        "schema": SCHEMA,
        "revision": REVISION,
        "build": {"version": __version__, "date": atlas.today.isoformat()},
        "totals": _totals(atlas),
        "diagrams": [*diagrams],
        "sources": [source(s) for _, s in sorted(ledgers.sources.items())],
        "facts": {f.id: fact(s, f, ledgers) for s in ledgers.sources.values() for f in s.facts},
        "terms": [term(t) for _, t in sorted(ledgers.terms.items())],
        "technologies": [technology(t) for _, t in sorted(ledgers.technologies.items())],
        "catalogue": _catalogue(atlas),
        "findings": [*map(finding_record, atlas.findings)],
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
        "entries": [entry(e, atlas) for e in sorted(plan.entries, key=lambda e: e.id)],
    }


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
        "commands": _commands(atlas),
        "facts": {
            "derived": facts.derived,
            "by_tier": {**facts.by_tier},
            "by_extent": {**facts.by_extent},
            "by_year": {**facts.by_year},
            "by_read_age": {**facts.by_read_age},
        },
        "findings": {**metrics.count_rules(atlas)},
        "reviews": _readings(atlas),
        "debt": {
            "strictness": atlas.debt.level,
            "total": atlas.debt.total,
            "waiting": {**atlas.debt.waiting},
            "diagrams": atlas.debt.diagrams,
        },
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


def _commands(atlas: Atlas) -> Record:
    tally = metrics.tally_commands(atlas)
    return {
        "total": tally.total,
        "by_effect": {**tally.by_effect},
        "expected": tally.expected,
        "shown": tally.shown,
        "run_first": tally.first,
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

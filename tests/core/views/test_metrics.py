"""Counts over the sample atlas of conftest.py, by hand, and over a bare one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from atlas.records.checks import fact_key
from atlas.records.model import Change, Place, Status
from atlas.records.notes import CommandNote
from atlas.records.plan import Check, Cited, Entry, Newest, Trial
from atlas.records.trials import commands_key
from atlas.rules.effects import Effect
from atlas.rules.gates import Answer
from atlas.views import metrics
from atlas.views.metrics import Coverage, Priority, Reading

OLD = "its sources are old, and were not seen again"


@pytest.mark.parametrize(
    ("coverage", "honest_empty", "planned"),
    [
        (Coverage(10, 3, 2, 1), 1, 7),
        (Coverage(0, 2, 2), 0, 0),
        (Coverage(2, 3, 3), 0, 0),
        (Coverage(0), 0, 0),
    ],
)
def test_coverage(coverage, honest_empty, planned):
    assert (coverage.honest_empty, coverage.planned) == (honest_empty, planned)


def test_coverage_of_the_parts(atlas):
    assert metrics.measure_total(atlas) == Coverage(9, 6, 2, 1)
    assert metrics.measure_categories(atlas) == {
        "incidents": Coverage(4, 3, 1, 1),
        "debugging": Coverage(2, 1, 1),
        "systems": Coverage(2, 1),
        "guarantees": Coverage(1),
        "strays": Coverage(0, 1),
    }
    assert metrics.measure_systems(atlas) == {"acme": Coverage(1, 1), "globex": Coverage(2)}
    assert metrics.measure_phases(atlas) == {1: Coverage(6, 4, 2, 1), 2: Coverage(1), 4: Coverage(2, 1)}


def test_statuses(atlas):
    assert metrics.count_statuses(atlas) == {
        Status.NOT_CREATED: 4,
        Status.MISSING_VERSION: 1,
        Status.NEEDS_REVIEW: 4,
        Status.OUTDATED: 0,
        Status.UP_TO_DATE: 1,
    }


@pytest.mark.parametrize(
    ("id", "status"), [("incidents/acme", "up_to_date"), ("debugging/later", "not_created")]
)
def test_status_of_an_entry(atlas, id, status):
    assert metrics.status_of(Entry(id, "", "", 1, Place("x")), atlas) == status


def test_gates(atlas):
    tallies = metrics.tally_gates(atlas)
    assert {id: sum(t.verdicts.values()) for id, t in tallies.items()} == {
        "3am": 2,
        "new-hire": 6,
        "cfo": 0,
        "incident": 2,
    }
    assert tallies["3am"].verdicts == {"passed": 2, "open": 0, "failed": 0}
    incident = tallies["incident"]
    assert (incident.checks, incident.settled, incident.answers[Answer.NOT_PUBLISHED]) == (10, 10, 1)
    assert tallies["new-hire"].settled < tallies["new-hire"].checks


def test_facts(atlas):
    facts = metrics.tally_facts(atlas)
    assert (facts.total, facts.derived) == (4, 1)
    assert facts.by_tier == {"operator": 3, "press": 1}
    assert facts.by_extent == {"full": 3, "opening": 1}
    assert facts.by_year == {"2024": 2, "no date": 1}
    assert facts.by_read_age == {
        "up to 30 days": 3,
        "up to 90 days": 0,
        "up to 180 days": 0,
        "up to a year": 0,
        "over a year": 1,
    }


@pytest.mark.parametrize(
    ("read", "age"),
    [
        (date(2026, 11, 24), "up to 30 days"),
        (date(2026, 10, 25), "up to 30 days"),
        (date(2026, 10, 24), "up to 90 days"),
        (date(2026, 6, 1), "up to 180 days"),
        (date(2025, 11, 24), "up to a year"),
        (date(2025, 11, 23), "over a year"),
    ],
)
def test_read_age(atlas, read, age):
    source = replace(atlas.ledgers.sources["acme/outage"], read=read)
    assert metrics.read_age(source, atlas.today) == age


def calm(atlas, **changes):
    """The atlas without findings, its diagrams changed by id."""
    diagrams = {id: replace(d, findings=(), **changes.get(id, {})) for id, d in atlas.diagrams.items()}
    return replace(atlas, diagrams=diagrams, findings=())


def test_review_queue(atlas):
    quiet = calm(atlas, **{"incidents/ring": {"status": Status.OUTDATED}})
    tasks = [(t.priority, t.diagram.id, t.reason) for t in metrics.queue_reviews(quiet)]
    assert tasks == [
        (Priority.HIGH, "incidents/broken", "has no version"),
        (Priority.MEDIUM, "debugging/queue-full", "changed since its review of 2026-11-21"),
        (Priority.MEDIUM, "incidents/ring", "its review is outdated"),
        (Priority.MEDIUM, "strays/one", OLD),
        (Priority.MEDIUM, "systems/acme/architecture", OLD),
    ]


def test_the_queue_goes_by_harm(atlas):
    """What destroys untried, what the newest text has no more, what is superseded; then what is old or
    unread.
    """
    purge = CommandNote("purge", "strays/one", Place("x"), "queuectl purge", effect=Effect.DESTROYS)
    tried = Trial(
        "strays/one",
        Place("x"),
        "queued 2",
        atlas.today,
        ("purge",),
        commands_key([("purge", purge.text, "")]),
    )
    source = atlas.ledgers.sources["acme/outage"]
    later = replace(source.facts[0], changed=Change("2", "acme/outage:now"))
    gone = Check(
        *("acme/outage:backlog", Place("x"), fact_key(source, source.facts[0]), atlas.today, Cited.SEEN),
        newest=Newest.GONE,
    )
    quiet = calm(
        atlas,
        **{
            "strays/one": {"commands": (purge,)},
            "systems/acme/architecture": {"cited": (later,), "status": Status.UP_TO_DATE},
            "incidents/ring": {"status": Status.NEEDS_REVIEW},
        },
    )
    quiet = replace(quiet, ledgers=replace(quiet.ledgers, checks={gone.id: gone}))
    tasks = [(t.priority, t.diagram.id, t.reason) for t in metrics.queue_reviews(quiet)]
    assert tasks == [
        (Priority.HIGH, "strays/one", "destroys, and was not tried: purge"),
        (Priority.HIGH, "debugging/queue-full", "words that the newest text has no more: 1"),
        (Priority.HIGH, "incidents/acme", "words that the newest text has no more: 1"),
        (Priority.HIGH, "incidents/broken", "has no version"),
        (
            *(Priority.MEDIUM, "systems/acme/architecture"),
            "superseded, and the page does not say by what: acme/outage:backlog",
        ),
        (Priority.LOW, "incidents/ring", "never reviewed"),
    ]
    assert metrics.find_untried(replace(quiet.diagrams["strays/one"], trial=tried)) == []
    untried = Trial("strays/one", Place("x"), untried="not to be had")
    assert metrics.find_untried(replace(quiet.diagrams["strays/one"], trial=untried)) == ["purge"]


def test_open_findings_come_first(atlas):
    first = metrics.queue_reviews(atlas)[0]
    assert (first.priority, first.diagram.id) == (Priority.HIGH, "debugging/queue-full")
    assert first.reason == f"open findings: {len(first.diagram.findings)}"


def test_readings(atlas, bare):
    assert metrics.sum_readings(atlas) == Reading(16, 2, 2)
    assert metrics.sum_readings(atlas).error_rate == pytest.approx(0.2)
    assert metrics.sum_readings(bare).error_rate is None


def test_weeks(atlas):
    weeks = metrics.count_weeks(atlas, 3)
    assert weeks == {"2026-W46": 0, "2026-W47": 2, "2026-W48": 0}


def test_weeks_over_new_year(bare):
    assert list(metrics.count_weeks(replace(bare, today=date(2027, 1, 5)), 2)) == ["2026-W53", "2027-W01"]


def test_worst(atlas):
    ranked = metrics.rank_worst(atlas)
    keys = [(-len(d.findings), len(d.cited)) for d in ranked]
    assert keys == sorted(keys)
    assert len(ranked) == 6
    ring = atlas.diagrams["incidents/ring"]
    assert metrics.count_unpublished(ring) == 1
    twins = calm(atlas)
    order = [d.id for d in metrics.rank_worst(twins) if not d.cited]
    assert order[0] == "incidents/ring"


def test_rules(atlas):
    counts = metrics.count_rules(atlas)
    assert sum(counts.values()) == len(atlas.findings) > 0
    assert list(counts) == sorted(counts)


def test_a_bare_atlas_counts_nothing(bare):
    assert metrics.measure_total(bare) == Coverage(0)
    assert metrics.measure_categories(bare) == metrics.measure_systems(bare) == {}
    assert metrics.measure_phases(bare) == {}
    assert not any(metrics.count_statuses(bare).values())
    assert metrics.tally_facts(bare).total == 0
    assert metrics.queue_reviews(bare) == ()
    assert metrics.rank_worst(bare) == []
    assert metrics.count_rules(bare) == {}

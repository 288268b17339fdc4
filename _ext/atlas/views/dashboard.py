"""The steward's pages: where the atlas stands against its plan, and what to mend or review first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.gates import Answer
from atlas.rules.table import RULES

from . import checking, metrics
from .blocks import (
    Block,
    Cell,
    Chart,
    Prose,
    Section,
    link_cell,
    list_rows,
    number_cell,
    page_target,
    percent_cell,
    status_cell,
)
from .charts import Row, bar_chart, describe_chart, stacked_chart
from .metrics import Coverage, Priority, Task
from .running import EFFECTS

_QUEUED, _WORST, _SNAPSHOTS = 25, 15, 14
_PARTS = ("sourced", "honest-empty", "planned")
_COVERAGE_HEAD = ("Target", "Created", "Sourced", "Honest-empty", "Planned", "Up to date", "Share created")
_QUARTERS = (25, 50, 75, 100)


def dashboard(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Totals, coverage, statuses, gates, commands, facts, checks, findings, reviews, worst pages."""
    del argument
    return (
        Section("totals", "The atlas in numbers", _totals(atlas)),
        Section("categories", "Coverage by category", _categories(atlas)),
        Section("systems", "Coverage by system", _systems(atlas)),
        Section("phases", "Coverage by phase", _phases(atlas)),
        Section("statuses", "Status", _statuses(atlas)),
        Section("gates", "Quality gates", _gates(atlas)),
        Section("commands", "Commands", _commands(atlas)),
        Section("facts", "Facts", _facts(atlas)),
        Section("checks", "Seen again", checking.checks(atlas)),
        Section("findings", "Open findings", _findings(atlas)),
        Section("reviews", "Reviews", _reviews(atlas)),
        Section("queue", "Review queue", _queue(atlas)),
        Section("worst", "Pages to mend first", _worst(atlas)),
    )


def progress(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Phases, milestones, the pace of reviews, the trend."""
    del argument
    return (
        Section("phases", "Phases", _phases(atlas)),
        Section("milestones", "Milestones", _milestones(atlas)),
        Section("pace", "Pace", _pace(atlas)),
        Section("trend", "Trend", _trend(atlas)),
    )


def _totals(atlas: Atlas) -> tuple[Block, ...]:
    total, facts = metrics.measure_total(atlas), metrics.tally_facts(atlas)
    graphs = [d.note.graph for d in atlas.diagrams.values() if d.note.graph]
    counts = {
        "Diagrams planned in all": total.target,
        "Diagrams created": total.created,
        "of which sourced": total.sourced,
        "of which honest-empty: nothing is published": total.honest_empty,
        "of which up to date": total.reviewed,
        "Nodes": sum(len(g.nodes) for g in graphs),
        "Connections": sum(len(g.edges) for g in graphs),
        **{f"of boxes and connections {s}": n for s, n in metrics.tally_standing(atlas).items()},
        "Guides tried with the real software": metrics.count_tried(atlas),
        "Facts": facts.total,
        "Sources": len(atlas.ledgers.sources),
        "Glossary terms": len(atlas.ledgers.terms),
        "Technologies": len(atlas.ledgers.technologies),
        "Open findings": len(atlas.findings),
    }
    return (_counts("What", counts),)


def _counts(what: str, counts: Mapping[str, int], caption: str = "") -> Block:
    rows = ((Cell(name), number_cell(count)) for name, count in counts.items())
    return list_rows((what, "Count"), rows, none="Nothing yet.", caption=caption)


def _categories(atlas: Atlas) -> tuple[Block, ...]:
    covered = metrics.measure_categories(atlas)
    names = {id: _category_title(id, atlas) for id in covered}
    rows = [(Cell(names[id], page_target("category", id)), *_covered(c)) for id, c in covered.items()]
    chart = _coverage_chart("Diagrams by category", [(names[id], c) for id, c in covered.items()])
    return (*chart, _coverage("Category", rows))


def _category_title(id: str, atlas: Atlas) -> str:
    category = atlas.category(id)
    return category.title if category else id


def _systems(atlas: Atlas) -> tuple[Block, ...]:
    covered = metrics.measure_systems(atlas)
    rows = [
        (Cell(atlas.system_name(id), page_target("system", id)), *_covered(c)) for id, c in covered.items()
    ]
    tiers = {s.id: s.tier for s in atlas.ledgers.catalogue.systems}
    by_tier: dict[str, Coverage] = {}
    for id, c in covered.items():
        name = f"Tier {tiers[id]}" if tiers[id] else "Others"
        by_tier[name] = _add(by_tier.get(name, Coverage(0)), c)
    return (*_coverage_chart("Diagrams of systems by tier", by_tier.items()), _coverage("System", rows))


def _add(one: Coverage, other: Coverage) -> Coverage:
    return Coverage(
        one.target + other.target,
        one.created + other.created,
        one.sourced + other.sourced,
        one.reviewed + other.reviewed,
    )


def _phases(atlas: Atlas) -> tuple[Block, ...]:
    covered = metrics.measure_phases(atlas)
    names = {p.number: f"{p.number}. {p.title}" for p in atlas.ledgers.catalogue.phases}
    rows = [(Cell(names[n]), *_covered(c)) for n, c in covered.items()]
    chart = _coverage_chart("Diagrams by phase", [(names[n], c) for n, c in covered.items()])
    return (*chart, _coverage("Phase", rows))


def _covered(c: Coverage) -> tuple[Cell, ...]:
    counts = (c.target, c.created, c.sourced, c.honest_empty, c.planned, c.reviewed)
    return (*map(number_cell, counts), percent_cell(c.created, c.target))


def _coverage(what: str, rows: Iterable[tuple[Cell, ...]]) -> Block:
    return list_rows((what, *_COVERAGE_HEAD), rows, none="Nothing is planned yet.")


def _coverage_chart(title: str, covered: Iterable[tuple[str, Coverage]]) -> tuple[Block, ...]:
    return _chart(title, [(name, (c.sourced, c.honest_empty, c.planned)) for name, c in covered], _PARTS)


def _bars(title: str, counts: Mapping[str, int]) -> tuple[Block, ...]:
    return _chart(title, [(name, (count,)) for name, count in counts.items()])


def _chart(title: str, rows: list[Row], series: tuple[str, ...] = ()) -> tuple[Block, ...]:
    """A chart, where there is something to draw."""
    if not any(any(counts) for _, counts in rows):
        return ()
    svg = (
        stacked_chart(title, series, rows)
        if series
        else bar_chart(title, [(name, counts[0]) for name, counts in rows])
    )
    return (Chart(title, svg, describe_chart(series, rows)),)


def _statuses(atlas: Atlas) -> tuple[Block, ...]:
    counts = metrics.count_statuses(atlas)
    rows = ((status_cell(value), number_cell(count)) for value, count in counts.items())
    chart = _bars("Diagrams by status", {s.replace("_", " "): n for s, n in counts.items()})
    return (*chart, list_rows(("Status", "Diagrams"), rows, none=""))


def _gates(atlas: Atlas) -> tuple[Block, ...]:
    head = ("Gate", "Passed", "Open", "Failed", "Settled checks", "Not published", "Not applicable")
    tallies, gates = metrics.tally_gates(atlas), atlas.ledgers.house.gates
    rows = (
        (
            Cell(gates[id].title),
            *(Cell(f"{count:,}", style=verdict) for verdict, count in tally.verdicts.items()),
            percent_cell(tally.settled, tally.checks),
            percent_cell(tally.answers[Answer.NOT_PUBLISHED], tally.checks),
            percent_cell(tally.answers[Answer.NOT_APPLICABLE], tally.checks),
        )
        for id, tally in tallies.items()
    )
    caption = "Verdicts are counted in diagrams, the last three columns in checks of the gate."
    chart = _chart(
        "Diagrams by verdict of each gate",
        [(gates[id].title, tuple(t.verdicts.values())) for id, t in tallies.items()],
        ("passed", "open", "failed"),
    )
    return (*chart, list_rows(head, rows, none="", caption=caption))


def _commands(atlas: Atlas) -> tuple[Block, ...]:
    tally = metrics.tally_commands(atlas)
    counts = {EFFECTS[effect]: count for effect, count in tally.by_effect.items()}
    told = {
        "with what to expect": tally.expected,
        "without": tally.total - tally.expected,
        "with a sample of what it prints": tally.shown,
        "to run first": tally.first,
    }
    return (
        *_bars("Commands by effect", counts),
        _counts("Effect", counts, "Commands by what they do to the system"),
        _counts("Commands", told, f"Of {tally.total:,} commands"),
    )


def _facts(atlas: Atlas) -> tuple[Block, ...]:
    facts = metrics.tally_facts(atlas)
    tiers, years = facts.by_tier, facts.by_year
    return (
        Prose(f"{facts.total:,} facts, {facts.derived:,} of them derived from others by a formula."),
        *_bars("Facts by tier of their source", tiers),
        _counts("Tier", tiers, "Facts by tier of their source"),
        _counts("Read", facts.by_extent, "Facts by how much of their source was read"),
        *_bars("Facts by the year in which they were true", years),
        _counts("Year", years, "Facts by the year in which they were true"),
        _counts("Read", facts.by_read_age, "Facts by the time since their source was read"),
    )


def _findings(atlas: Atlas) -> tuple[Block, ...]:
    diagrams: dict[str, set[str]] = {}
    for finding in atlas.findings:
        diagrams.setdefault(finding.rule, set()).add(finding.diagram)
    rows = (
        (
            Cell(rule, page_target("rules", section=rule), "code"),
            Cell(RULES[rule].title),
            Cell(RULES[rule].severity),
            number_cell(count),
            number_cell(len(diagrams[rule] - {""})),
        )
        for rule, count in metrics.count_rules(atlas).items()
    )
    return (
        list_rows(("Rule", "Meaning", "Severity", "Findings", "Diagrams"), rows, none="No open finding."),
    )


def _reviews(atlas: Atlas) -> tuple[Block, ...]:
    found = metrics.sum_readings(atlas)
    if found.error_rate is None:
        told = "No second reading has counted its facts yet."
    else:
        told = (
            f"Second readings checked {found.checked:,} facts: {found.confirmed:,} confirmed, "
            f"{found.corrected:,} corrected, {found.removed:,} removed. "
            f"Error rate before review: {found.error_rate:.1%}."
        )
    return (Prose(told), *_pace(atlas))


def _pace(atlas: Atlas) -> tuple[Block, ...]:
    weeks = metrics.count_weeks(atlas)
    return (*_bars("Reviews by week", weeks), _counts("Week", weeks, "Reviews by ISO week"))


def _queue(atlas: Atlas) -> tuple[Block, ...]:
    tasks = metrics.queue_reviews(atlas)
    waiting = ", ".join(f"{sum(t.priority is p for t in tasks):,} {p.upper()}" for p in Priority)
    shown = tasks[:_QUEUED]
    caption = f"The first {len(shown)} of {len(tasks):,}"
    head = ("Priority", "Diagram", "Status", "Why")
    table = list_rows(head, map(_task_row, shown), none="Nothing waits for a review.", caption=caption)
    return (Prose(f"Waiting: {waiting}."), table)


def _task_row(task: Task) -> tuple[Cell, ...]:
    return (
        Cell(task.priority.upper()),
        link_cell(task.diagram),
        status_cell(task.diagram.status),
        Cell(task.reason),
    )


def _worst(atlas: Atlas) -> tuple[Block, ...]:
    head = ("Diagram", "Findings", "Facts", "Not published", "Status")
    rows = map(_worst_row, metrics.rank_worst(atlas)[:_WORST])
    return (list_rows(head, rows, none="No diagram yet."),)


def _worst_row(diagram: Diagram) -> tuple[Cell, ...]:
    return (
        link_cell(diagram),
        number_cell(len(diagram.findings)),
        number_cell(len(diagram.cited)),
        number_cell(metrics.count_unpublished(diagram)),
        status_cell(diagram.status),
    )


def _trend(atlas: Atlas) -> tuple[Block, ...]:
    """What the last snapshots counted, the oldest first."""
    shown = atlas.ledgers.snapshots[-_SNAPSHOTS:]
    head = ("Day", "Created", "Sourced", "Up to date", "Facts", "Sources", "Open findings")
    rows = (
        (
            Cell(s.day.isoformat()),
            *map(number_cell, (s.created, s.sourced, s.reviewed, s.facts, s.sources, s.findings)),
        )
        for s in shown
    )
    chart = _bars("Diagrams created", {s.day.isoformat(): s.created for s in shown})
    return (*chart, list_rows(head, rows, none="No snapshot yet: `atlas status --record` takes one."))


def _milestones(atlas: Atlas) -> tuple[Block, ...]:
    titles = {p.number: p.title for p in atlas.ledgers.catalogue.phases}
    phases = [(f"{n}. {titles[n]}", c) for n, c in metrics.measure_phases(atlas).items()]
    whole = [("The whole atlas", total)] if (total := metrics.measure_total(atlas)).target else []
    rows = (_milestone_row(name, c, share) for name, c in [*phases, *whole] for share in _QUARTERS)
    head = ("Part", "Milestone", "Diagrams due", "State")
    return (list_rows(head, rows, none="Nothing is planned yet."),)


def _milestone_row(name: str, covered: Coverage, share: int) -> tuple[Cell, ...]:
    due = -(-covered.target * share // 100)
    lacking = due - covered.created
    state = Cell(f"{lacking:,} to go", style="open") if lacking > 0 else Cell("reached", style="passed")
    return Cell(name), Cell(f"{share} %"), number_cell(due), state

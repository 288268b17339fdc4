"""Counting: how far the plan has come, what the gates say, how old the facts are, what to review first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from atlas.records.model import Fact, Source, Standing, Status
from atlas.records.plan import Entry, Review
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.effects import Effect
from atlas.rules.gates import Answer, Check, GateResult
from atlas.rules.rechecks import is_overtaken, tell_old
from atlas.rules.trials import is_due

_READ_AGES = ((30, "up to 30 days"), (90, "up to 90 days"), (180, "up to 180 days"), (365, "up to a year"))
_OLDER = "over a year"


class Priority(StrEnum):
    """How soon a diagram is to be read again."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a part of the plan has come, in diagrams. `target` is 0 for what nobody planned."""

    target: int
    created: int = 0
    sourced: int = 0
    reviewed: int = 0

    @property
    def honest_empty(self) -> int:
        """Pages that say that nothing is published."""
        return self.created - self.sourced

    @property
    def planned(self) -> int:
        """Diagrams still to be written."""
        return max(self.target - self.created, 0)


@dataclass(frozen=True, slots=True)
class GateTally:
    """One gate over all diagrams that have it: verdicts, and what became of its checks."""

    verdicts: Mapping[str, int]
    answers: Mapping[Answer, int]

    @property
    def checks(self) -> int:
        return sum(self.answers.values())

    @property
    def settled(self) -> int:
        return sum(count for answer, count in self.answers.items() if answer.settled)


@dataclass(frozen=True, slots=True)
class FactTally:
    """The facts of the ledgers. `by_year` is the year in which they were true; derived ones have none."""

    total: int
    derived: int
    by_tier: Mapping[str, int]
    by_extent: Mapping[str, int]
    by_year: Mapping[str, int]
    by_read_age: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CommandTally:
    """Commands: by effect, with what to expect (`expected`), with a sample (`shown`), to run first."""

    by_effect: Mapping[str, int]
    total: int
    expected: int
    shown: int
    first: int


@dataclass(frozen=True, slots=True)
class Task:
    """A diagram that waits for a review, and why."""

    priority: Priority
    diagram: Diagram
    reason: str
    harm: int = 0
    """What orders a priority: the smaller, the more harm a wrong page does."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What second readings found, in facts."""

    confirmed: int = 0
    corrected: int = 0
    removed: int = 0

    @property
    def checked(self) -> int:
        return self.confirmed + self.corrected + self.removed

    @property
    def error_rate(self) -> float | None:
        """The share of checked facts that was wrong before review; None where none was checked."""
        return (self.corrected + self.removed) / self.checked if self.checked else None


def measure_total(atlas: Atlas) -> Coverage:
    """The whole atlas against the targets of all categories."""
    target = sum(c.target for c in atlas.ledgers.catalogue.categories)
    return _measure(atlas.diagrams.values(), target)


def measure_categories(atlas: Atlas) -> dict[str, Coverage]:
    """Coverage by category id: the planned ones in their order, then those that only diagrams name."""
    targets = {c.id: c.target for c in atlas.ledgers.catalogue.categories}
    written: dict[str, list[Diagram]] = defaultdict(list)
    for diagram in atlas.diagrams.values():
        written[diagram.category].append(diagram)
    return {id: _measure(written.get(id, ()), targets.get(id, 0)) for id in {**targets, **written}}


def measure_systems(atlas: Atlas) -> dict[str, Coverage]:
    """Coverage of the category `systems` by system id, in the order of the catalogue."""
    plan = atlas.ledgers.catalogue
    targets = Counter(e.system for e in plan.entries if e.category == "systems")
    written: dict[str, list[Diagram]] = defaultdict(list)
    for diagram in atlas.diagrams.values():
        if diagram.category == "systems":
            written[diagram.note.system].append(diagram)
    systems = [s.id for s in plan.systems if s.tier or s.id in targets or s.id in written]
    return {id: _measure(written.get(id, ()), targets[id]) for id in systems}


def measure_phases(atlas: Atlas) -> dict[int, Coverage]:
    """Coverage by phase number. A diagram outside the catalogue counts in the phase of its category."""
    plan = atlas.ledgers.catalogue
    phases = {c.id: c.phase for c in plan.categories}
    written: dict[int, list[Diagram]] = defaultdict(list)
    for diagram in atlas.diagrams.values():
        number = diagram.entry.phase if diagram.entry else phases.get(diagram.category, 0)
        written[number].append(diagram)
    return {p.number: _measure(written.get(p.number, ()), p.target) for p in plan.phases}


def _measure(diagrams: Iterable[Diagram], target: int) -> Coverage:
    found = list(diagrams)
    sourced = sum(d.sourced for d in found)
    reviewed = sum(d.status is Status.UP_TO_DATE for d in found)
    return Coverage(target, len(found), sourced, reviewed)


def status_of(entry: Entry, atlas: Atlas) -> Status:
    """The status of a planned diagram."""
    diagram = atlas.diagrams.get(entry.id)
    return diagram.status if diagram else Status.NOT_CREATED


def count_statuses(atlas: Atlas) -> dict[Status, int]:
    """Diagrams by status; `not_created` is what the categories still lack."""
    counts = Counter(d.status for d in atlas.diagrams.values())
    counts[Status.NOT_CREATED] = sum(c.planned for c in measure_categories(atlas).values())
    return {status: counts[status] for status in Status}


def tally_gates(atlas: Atlas) -> dict[str, GateTally]:
    """Every gate with its verdicts (`passed`, `open`, `failed`) and answers over all diagrams."""
    results: dict[str, list[GateResult]] = {id: [] for id in atlas.ledgers.house.gates}
    for diagram in atlas.diagrams.values():
        for result in diagram.gates:
            results[result.gate].append(result)
    return {id: _tally_gate(found) for id, found in results.items()}


def _tally_gate(results: Iterable[GateResult]) -> GateTally:
    found = list(results)
    verdicts = Counter(r.verdict for r in found)
    answers = Counter(c.answer for r in found for c in r.checks)
    return GateTally(
        {verdict: verdicts[verdict] for verdict in ("passed", "open", "failed")},
        {answer: answers[answer] for answer in Answer},
    )


def tally_standing(atlas: Atlas) -> dict[Standing, int]:
    """How many boxes and arrows of all drawings rest on what."""
    counted = [diagram.count_standing() for diagram in atlas.diagrams.values()]
    return {standing: sum(c[standing] for c in counted) for standing in Standing}


def count_tried(atlas: Atlas) -> int:
    """Diagrams whose commands, as they stand, were tried with the real software."""
    trials = ((d.trial, d.commands) for d in atlas.diagrams.values() if d.trial and not d.trial.untried)
    return sum(not is_due(trial, commands) for trial, commands in trials)


def tally_facts(atlas: Atlas) -> FactTally:
    """Every fact of every source, by who says it, how much was read, how old it is."""
    pairs = [(source, fact) for source in atlas.ledgers.sources.values() for fact in source.facts]
    ages = Counter(read_age(source, atlas.today) for source, _ in pairs)
    return FactTally(
        total=len(pairs),
        derived=sum(bool(fact.derived) for _, fact in pairs),
        by_tier=_sorted(Counter(source.tier for source, _ in pairs)),
        by_extent=_sorted(Counter(source.extent.value for source, _ in pairs)),
        by_year=_sorted(Counter(_year(fact) for _, fact in pairs if not fact.derived)),
        by_read_age={name: ages[name] for name in (*(name for _, name in _READ_AGES), _OLDER)},
    )


def _year(fact: Fact) -> str:
    return str(fact.as_of.year) if fact.as_of else "no date"


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def read_age(source: Source, today: date) -> str:
    """The bucket of the time since a source was read."""
    days = (today - source.read).days
    return next((name for limit, name in _READ_AGES if days <= limit), _OLDER)


def tally_commands(atlas: Atlas) -> CommandTally:
    """The commands of all diagrams."""
    commands = [command for diagram in atlas.diagrams.values() for command in diagram.commands]
    return CommandTally(
        by_effect={effect: sum(c.effect == effect for c in commands) for effect in Effect},
        total=len(commands),
        expected=sum(bool(c.expect) for c in commands),
        shown=sum(bool(c.prints) for c in commands),
        first=sum(c.run_first for c in commands),
    )


def count_rules(atlas: Atlas) -> dict[str, int]:
    """Findings by rule id."""
    return _sorted(Counter(f.rule for f in atlas.findings))


def queue_reviews(atlas: Atlas) -> tuple[Task, ...]:
    """What waits for a review, the most urgent first: by the harm that a wrong page does, then by diagram id.

    HIGH: a command that destroys and was not tried, words that the newest text has no more, findings, no
    version.
    MEDIUM: superseded figures, changed since its review, outdated, sources that are old and were not seen
    again. LOW: never reviewed.
    """
    past: dict[str, Review] = {}
    for review in sorted(atlas.ledgers.reviews, key=lambda r: r.when):
        past[review.id] = review
    tasks = [_task(d, past.get(id), atlas) for id, d in atlas.diagrams.items()]
    order = list(Priority)
    return tuple(
        sorted((t for t in tasks if t), key=lambda t: (order.index(t.priority), t.harm, t.diagram.id))
    )


def _task(diagram: Diagram, past: Review | None, atlas: Atlas) -> Task | None:
    """The first of its reasons, the most harmful first."""
    return next((Task(*told, harm) for harm, told in enumerate(_reasons(diagram, past, atlas)) if told), None)


def _reasons(
    diagram: Diagram, past: Review | None, atlas: Atlas
) -> Iterator[tuple[Priority, Diagram, str] | None]:
    """Each reason for which a diagram may wait, in the order of harm; None for one that it has not."""
    high, medium, low = ((p, diagram) for p in Priority)
    found, unread = len(diagram.findings), diagram.status is Status.NEEDS_REVIEW
    untried = find_untried(diagram)
    overtaken = sum(is_overtaken(fact, atlas.ledgers) for fact in diagram.cited)
    superseded = find_superseded(diagram)
    yield (*high, f"destroys, and was not tried: {', '.join(untried)}") if untried else None
    yield (*high, f"words that the newest text has no more: {overtaken}") if overtaken else None
    yield (*high, f"open findings: {found}") if found else None
    yield (*high, "has no version") if diagram.status is Status.MISSING_VERSION else None
    yield (*medium, f"superseded, and the page does not say by what: {superseded[0]}") if superseded else None
    yield (*medium, f"changed since its review of {past.when:%Y-%m-%d}") if past and unread else None
    yield (*medium, "its review is outdated") if diagram.status is Status.OUTDATED else None
    yield (*medium, "its sources are old, and were not seen again") if _is_old(diagram, atlas) else None
    yield (*low, "never reviewed") if unread else None


def find_untried(diagram: Diagram) -> list[str]:
    """The ids of commands that destroy, and that no trial of the present commands has run."""
    trial = diagram.trial
    tried = trial.commands if trial and not trial.untried and not is_due(trial, diagram.commands) else ()
    return [c.id for c in diagram.commands if c.effect == Effect.DESTROYS and c.id not in tried]


def find_superseded(diagram: Diagram) -> list[str]:
    """The ids of figures that a later version changed, where what is true since is not on the page."""
    shown = {fact.id for fact in diagram.cited}
    return [fact.id for fact in diagram.cited if fact.changed and fact.changed.fact not in shown]


def _is_old(diagram: Diagram, atlas: Atlas) -> bool:
    return bool(tell_old(diagram.category, diagram.sources, atlas.ledgers, atlas.today))


def sum_readings(atlas: Atlas) -> Reading:
    """What all reviews found, those of earlier contents included."""
    reviews = atlas.ledgers.reviews
    return Reading(
        sum(r.confirmed for r in reviews), sum(r.corrected for r in reviews), sum(r.removed for r in reviews)
    )


def count_weeks(atlas: Atlas, weeks: int = 12) -> dict[str, int]:
    """Reviews by ISO week (`2026-W47`), over the last `weeks` up to the one of today, the oldest first."""
    days = (atlas.today - timedelta(weeks=back) for back in reversed(range(weeks)))
    counts = Counter(_week(review.when.date()) for review in atlas.ledgers.reviews)
    return {week: counts[week] for week in map(_week, days)}


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def rank_worst(atlas: Atlas) -> list[Diagram]:
    """All diagrams: most findings first, then fewest facts, then most checks “not published”."""
    return sorted(
        atlas.diagrams.values(), key=lambda d: (-len(d.findings), len(d.cited), -count_unpublished(d), d.id)
    )


def count_unpublished(diagram: Diagram) -> int:
    """Checks of a diagram that say that nothing is published."""
    return sum(check.answer is Answer.NOT_PUBLISHED for check in checks_of(diagram))


def checks_of(diagram: Diagram) -> list[Check]:
    """The checks of all gates of a diagram."""
    return [check for result in diagram.gates for check in result.checks]

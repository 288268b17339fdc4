"""Sealing: what the pages noted and the ledgers hold becomes one read-only atlas with all its findings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from atlas.diagrams import planes
from atlas.records.house import COMPUTED, House
from atlas.records.model import Fact, Finding, Plane, Source, Standing
from atlas.records.notes import (
    CommandNote,
    DiagramNote,
    Edge,
    FactUse,
    GateNote,
    Node,
    Notes,
    PageNote,
    TimelineNote,
    TimelineRow,
)
from atlas.records.plan import Ledgers
from atlas.records.recall import Recall, all_of

from . import commands, figures, gates, timelines
from .atlas import Atlas, Diagram
from .checks import check_catalogue, check_gates, check_links, check_pages, check_sources, check_unused
from .evidence import check_broken, check_evidence, check_size, is_drawn_box, key_of, standing_of
from .gates import GateResult
from .reviews import MAX_AGE_DAYS, check_reviews, content_hash, latest_review, status_of
from .saying import check_says
from .scaffold import check_scaffold
from .strictness import LEVELS, part, sum_debt
from .table import SAFETY
from .trials import check_trials, seen_parts


def seal(
    notes: Notes,
    ledgers: Ledgers,
    *,
    today: date,
    max_age: int = MAX_AGE_DAYS,
    strictness: str = LEVELS[-1],
    recall: Recall | None = None,
) -> Atlas:
    """The atlas of all pages. Every rule of the core has been checked when it returns.

    `recall` gives the answers of the last time to what one page says; its basis holds these ledgers.
    """
    recall = recall or Recall()
    findings = [*notes.findings, *ledgers.findings]
    unique, doubled = _unique(notes.diagrams)
    findings += doubled
    pages = {p.docname: p for p in notes.pages}
    written, misplaced = _gates_by_diagram(notes.gates, unique, recall, ledgers.house)
    findings += misplaced
    to_run, by_time = _by_diagram(notes.commands), _by_diagram(notes.timelines)
    alone = Counter(note.docname for note in unique.values())
    diagrams: dict[str, Diagram] = {}
    for id, note in sorted(unique.items()):
        page = pages.get(note.docname, PageNote(note.docname, ""))
        timeline = by_time[id][0] if by_time[id] else None
        said = _Said(note, page, written.get(id, {}), tuple(to_run[id]), timeline)
        diagram, found = _judge(said, ledgers, today, max_age, recall)
        diagrams[id] = replace(diagram, page_title=page.title if alone[note.docname] == 1 else "")
        findings += found
    findings += check_pages(notes.pages, unique, ledgers, recall)
    findings += check_unused(diagrams, notes.pages, ledgers)
    findings += commands.check_commands(notes.commands, pages, unique, recall)
    findings += commands.check_code(notes.pages, unique.values())
    findings += timelines.check_timelines(notes.timelines, unique, ledgers, recall)
    findings += recall("says", "", all_of(check_says, ledgers))
    findings += [*check_reviews(diagrams, ledgers), *check_trials(unique, ledgers)]
    for note in unique.values():
        findings += check_links(note, unique, ledgers)
    left = sorted(set(_exempt(findings, unique, pages.values(), ledgers, today)), key=_by_place)
    due, later = part(left, strictness)
    by_page, debt = _by_page(unique.values()), sum_debt(later, strictness)
    return Atlas(ledgers, today, _complete(diagrams, due, ledgers), pages, due, by_page, debt)


GENERAL = "general"
"""The category of all diagrams whose id names none."""

_Note = TypeVar("_Note", CommandNote, TimelineNote)


def _by_diagram(notes: Iterable[_Note]) -> dict[str, list[_Note]]:
    found: dict[str, list[_Note]] = defaultdict(list)
    for note in notes:
        found[note.diagram].append(note)
    return found


def _by_page(notes: Iterable[DiagramNote]) -> dict[str, tuple[str, ...]]:
    pages: dict[str, tuple[str, ...]] = {}
    for note in notes:
        pages[note.docname] = (*pages.get(note.docname, ()), note.id)
    return pages


def _by_place(finding: Finding) -> tuple[object, ...]:
    return finding.place, finding.rule, finding.message


def _unique(notes: Iterable[DiagramNote]) -> tuple[dict[str, DiagramNote], list[Finding]]:
    unique: dict[str, DiagramNote] = {}
    findings = []
    for note in sorted(notes, key=lambda n: (n.docname, n.place.line)):
        first = unique.setdefault(note.id, note)
        if first is not note:
            message = f"diagram id {note.id} is taken by {first.place}"
            findings.append(Finding("DIAGRAM001", message, note.place, "rename one of the two", note.id))
    return unique, findings


def _gates_by_diagram(
    notes: Iterable[GateNote], diagrams: Mapping[str, DiagramNote], recall: Recall, house: House
) -> tuple[dict[str, dict[str, GateNote]], list[Finding]]:
    written: dict[str, dict[str, GateNote]] = defaultdict(dict)
    findings: list[Finding] = []
    for note in notes:
        findings += recall("gate", note, all_of(gates.check_gate, note, house.gates))
        if note.diagram not in diagrams:
            hint = figures.offer(note.diagram, diagrams, "put the gate behind its diagram")
            message = f"gate {note.gate} belongs to no diagram ({note.diagram or 'none on this page'})"
            findings.append(Finding("GATE004", message, note.place, hint, note.diagram))
        elif note.gate in written[note.diagram]:
            message = f"gate {note.gate} stands twice for {note.diagram}"
            findings.append(Finding("GATE004", message, note.place, "merge the two", note.diagram))
        elif note.gate in house.gates:
            written[note.diagram][note.gate] = note
    return written, findings


@dataclass(frozen=True, slots=True)
class _Said:
    """What a page says of one diagram."""

    note: DiagramNote
    page: PageNote
    gates: Mapping[str, GateNote]
    commands: tuple[CommandNote, ...]
    timeline: TimelineNote | None

    @property
    def rows(self) -> tuple[TimelineRow, ...]:
        return self.timeline.rows if self.timeline else ()


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the words of a diagram and its page come to under these ledgers, whatever the day is."""

    planes: Mapping[str, Plane]
    gates: tuple[GateResult, ...]
    hash: str
    standing: Mapping[str, Standing]
    findings: tuple[Finding, ...]


def _judge(
    said: _Said, ledgers: Ledgers, today: date, max_age: int, recall: Recall
) -> tuple[Diagram, list[Finding]]:
    note = said.note
    facts, findings = figures.resolve(note, ledgers)
    cited = _cited(facts.values(), said.page.uses, ledgers)
    category = note.category or (note.id.partition("/")[0] if "/" in note.id else GENERAL)
    judged = recall("diagram", said, lambda: _judge_words(said, facts, cited, category, ledgers))
    review = latest_review(note.id, judged.hash, ledgers)
    diagram = Diagram(
        note=note,
        category=category,
        role=ledgers.house.role(category),
        planes=judged.planes,
        facts=facts,
        cited=cited,
        sources=_sources(said, cited, ledgers),
        gates=judged.gates,
        status=status_of(note, review, category, ledgers, today, max_age),
        hash=judged.hash,
        review=review,
        standing=judged.standing,
        trial=ledgers.trials.get(note.id),
        commands=said.commands,
        timeline=said.rows,
    )
    return diagram, [*findings, *judged.findings]


def _judge_words(
    said: _Said, facts: Mapping[str, Fact], cited: tuple[Fact, ...], category: str, ledgers: Ledgers
) -> _Judged:
    note = said.note
    results = _judge_gates(said, cited, ledgers)
    role = ledgers.house.role(category)
    findings = [*commands.owed_first(role, said.commands, note)]
    findings += timelines.owed_timeline(role, said.timeline, note)
    findings += [*check_evidence(note, ledgers), *check_broken(note, role), *check_size(note)]
    findings += [*check_scaffold(note), *planes.check_planes(note)]
    findings += figures.check_labels(note, ledgers.technologies.values())
    findings += figures.check_bounds(note, facts)
    findings += check_sources(note, ledgers)
    findings += check_catalogue(note, category, ledgers)
    findings += check_gates(note, category, results, ledgers.house)
    return _Judged(
        planes=planes.assign(note.graph) if note.graph else {},
        gates=results,
        hash=content_hash(note, cited, said.gates.values(), said.commands, said.rows),
        standing=_standing(said, facts, ledgers),
        findings=tuple(findings),
    )


def _standing(said: _Said, facts: Mapping[str, Fact], ledgers: Ledgers) -> dict[str, Standing]:
    note = said.note
    if note.graph is None:
        return {}
    tried = seen_parts(ledgers.trials.get(note.id), said.commands)
    parts: list[Node | Edge] = [*filter(is_drawn_box, note.graph.nodes), *note.graph.edges]
    return {key_of(p): standing_of(note, p, facts, ledgers, tried) for p in parts}


def _cited(shown: Iterable[Fact], uses: Iterable[FactUse], ledgers: Ledgers) -> tuple[Fact, ...]:
    named = (ledgers.fact(use.target) for use in uses if use.role in ("fact", "time"))
    return tuple({f.id: f for f in [*shown, *named] if f}.values())


def _sources(said: _Said, cited: Iterable[Fact], ledgers: Ledgers) -> tuple[Source, ...]:
    named = [e.source for e in said.note.evidence] + [row.source for row in said.rows]
    ids = dict.fromkeys([*said.note.sources, *(f.source for f in cited), *named])
    return tuple(ledgers.sources[i] for i in ids if i in ledgers.sources)


def _judge_gates(said: _Said, cited: tuple[Fact, ...], ledgers: Ledgers) -> tuple[GateResult, ...]:
    written, asked = said.gates, ledgers.house.gates
    code = "\n".join(
        c for n in written.values() for check in n.checks for c in check.literals + check.commands
    )
    results = {id: gates.judge_written(n, asked[id]) for id, n in written.items() if id != COMPUTED}
    if COMPUTED in asked:
        results[COMPUTED] = gates.judge_new_hire(
            said.note,
            written.get(COMPUTED),
            prose=said.page.prose,
            code=code,
            facts=cited,
            ledgers=ledgers,
        )
    return tuple(results[id] for id in asked if id in results)


def _exempt(
    findings: list[Finding],
    diagrams: Mapping[str, DiagramNote],
    pages: Iterable[PageNote],
    ledgers: Ledgers,
    today: date,
) -> Iterator[Finding]:
    """The findings that no exemption covers, of a diagram or of a whole page (`page:DOCNAME`)."""
    names = {page.place.path: f"page:{page.docname}" for page in pages}
    covers = {f: {(f.rule, f.diagram), (f.rule, names.get(f.place.path, ""))} for f in findings}
    lawful = [e for e in ledgers.exemptions if e.rule not in SAFETY]
    granted = {(e.rule, e.diagram) for e in lawful if e.expires >= today}
    needed = {pair for pairs in covers.values() for pair in pairs}
    yield from (f for f in findings if not covers[f] & granted)
    for exemption in ledgers.exemptions:
        if exemption.rule in SAFETY:
            message = f"no exemption is given from {exemption.rule}"
            yield Finding("GATE011", message, exemption.place, "delete it, and mend what it covers")
            continue
        what = f"exemption of {exemption.diagram} from {exemption.rule}"
        if exemption.expires < today:
            hint = f"mend the breach, or ask {exemption.approver} again"
            yield Finding("GATE007", f"{what} expired on {exemption.expires}", exemption.place, hint)
        elif (exemption.rule, exemption.diagram) not in needed:
            known = exemption.diagram in diagrams
            hint = "delete it" if known else figures.offer(exemption.diagram, diagrams, "mend its diagram")
            yield Finding("GATE008", f"{what} covers nothing", exemption.place, hint)


def _complete(
    diagrams: Mapping[str, Diagram], findings: Iterable[Finding], ledgers: Ledgers
) -> dict[str, Diagram]:
    planned = {e.id: e for e in ledgers.catalogue.entries}
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.diagram].append(finding)
    return {id: replace(d, entry=planned.get(id), findings=tuple(found[id])) for id, d in diagrams.items()}

"""Sealing: what the pages noted and the ledgers hold becomes one read-only atlas with all its findings."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from . import figures, gates, planes
from .gates import GATES, GateResult
from .model import (
    Category,
    DiagramNote,
    Entry,
    Fact,
    FactUse,
    Finding,
    GateNote,
    Ledgers,
    Node,
    Notes,
    PageNote,
    Plane,
    Review,
    Source,
    Status,
)

MAX_AGE_DAYS = 30
_MEND_ID = "mend the id, or write what it should lead to"


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram with everything that is known of it.

    `planes` maps node ids, `facts` maps references as written to facts; `cited` holds every fact that its
    page shows, those of the drawing first. `page_title` is empty where a page shows several diagrams.
    """

    note: DiagramNote
    category: str
    planes: Mapping[str, Plane]
    facts: Mapping[str, Fact]
    cited: tuple[Fact, ...]
    sources: tuple[Source, ...]
    gates: tuple[GateResult, ...]
    status: Status
    hash: str
    review: Review | None = None
    entry: Entry | None = None
    findings: tuple[Finding, ...] = ()
    page_title: str = ""

    @property
    def name(self) -> str:
        """What links and lists call it: the title of its page, which names the technology or the incident."""
        return self.page_title or self.title or self.id

    @property
    def id(self) -> str:
        return self.note.id

    @property
    def values(self) -> dict[str, str]:
        """Reference to the value that is shown for it."""
        return {reference: fact.value for reference, fact in self.facts.items()}

    @property
    def title(self) -> str:
        return figures.fill(self.note.title, self.values)

    @property
    def caption(self) -> str:
        return figures.fill(self.note.caption, self.values)

    @property
    def alt(self) -> str:
        return figures.fill(self.note.alt, self.values)

    @property
    def dates(self) -> list[date]:
        """The days of its figures, the oldest first."""
        return sorted(f.as_of for f in self.cited if f.as_of)

    @property
    def sourced(self) -> bool:
        """False for an honest page that says that nothing is published."""
        return any(f.quantity for f in self.cited)

    def label(self, text: str) -> str:
        """A label with its values filled in, on one line."""
        return " ".join(figures.fill(text, self.values).split())

    def facts_of(self, label: str) -> list[Fact]:
        """The facts that a label shows."""
        return [self.facts[r] for r in figures.references(label) if r in self.facts]


@dataclass(frozen=True, slots=True)
class Atlas:
    """The sealed atlas. Diagrams are in id order, pages in docname order; nothing changes it."""

    ledgers: Ledgers
    today: date
    diagrams: Mapping[str, Diagram] = field(default_factory=dict)
    pages: Mapping[str, PageNote] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    by_page: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def on_page(self, docname: str) -> list[Diagram]:
        """The diagrams of a page, in the order in which they stand there."""
        return [self.diagrams[id] for id in self.by_page.get(docname, ())]

    def category(self, id: str) -> Category | None:
        return next((c for c in self.ledgers.catalogue.categories if c.id == id), None)

    def title_of(self, target: str) -> str:
        """The title of a diagram, source or term; the id itself where it is none of them."""
        if target in self.diagrams:
            return self.diagrams[target].name
        if target in self.ledgers.sources:
            return self.ledgers.sources[target].title
        return target

    def system_name(self, id: str) -> str:
        return next((s.name for s in self.ledgers.catalogue.systems if s.id == id), id)

    def docname_of(self, target: str) -> str:
        """The page of a diagram; empty for anything else."""
        return self.diagrams[target].note.docname if target in self.diagrams else ""


def seal(notes: Notes, ledgers: Ledgers, *, today: date, max_age: int = MAX_AGE_DAYS) -> Atlas:
    """The atlas of all pages. Every rule of the core has been checked when it returns."""
    findings = [*notes.findings, *ledgers.findings]
    unique, doubled = _unique(notes.diagrams)
    findings += doubled
    pages = {p.docname: p for p in notes.pages}
    written, misplaced = _gates_by_diagram(notes.gates, unique)
    findings += misplaced
    alone = Counter(note.docname for note in unique.values())
    diagrams: dict[str, Diagram] = {}
    for id, note in sorted(unique.items()):
        page = pages.get(note.docname, PageNote(note.docname, ""))
        diagram, found = _judge(note, page, written.get(id, {}), ledgers, today, max_age)
        diagrams[id] = replace(diagram, page_title=page.title) if alone[note.docname] == 1 else diagram
        findings += found
    findings += _check_pages(notes.pages, unique, ledgers)
    findings += _check_unused(diagrams, notes.pages, ledgers)
    findings += _check_reviews(unique, ledgers)
    for note in unique.values():
        findings += _check_links(note, unique, ledgers)
    left = tuple(sorted(set(_exempt(findings, unique, ledgers, today)), key=_by_place))
    return Atlas(ledgers, today, _complete(diagrams, left, ledgers), pages, left, _by_page(unique.values()))


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
    notes: Iterable[GateNote], diagrams: Mapping[str, DiagramNote]
) -> tuple[dict[str, dict[str, GateNote]], list[Finding]]:
    written: dict[str, dict[str, GateNote]] = defaultdict(dict)
    findings: list[Finding] = []
    for note in notes:
        findings += gates.check_gate(note)
        if note.diagram not in diagrams:
            hint = figures.offer(note.diagram, diagrams, "put the gate behind its diagram")
            message = f"gate {note.gate} belongs to no diagram ({note.diagram or 'none on this page'})"
            findings.append(Finding("GATE004", message, note.place, hint, note.diagram))
        elif note.gate in written[note.diagram]:
            message = f"gate {note.gate} stands twice for {note.diagram}"
            findings.append(Finding("GATE004", message, note.place, "merge the two", note.diagram))
        elif note.gate in GATES:
            written[note.diagram][note.gate] = note
    return written, findings


def _judge(
    note: DiagramNote,
    page: PageNote,
    written: Mapping[str, GateNote],
    ledgers: Ledgers,
    today: date,
    max_age: int,
) -> tuple[Diagram, list[Finding]]:
    facts, findings = figures.resolve(note, ledgers)
    cited = _cited(facts.values(), page.uses, ledgers)
    category = note.category or note.id.partition("/")[0]
    results = _judge_gates(note, page, written, cited, ledgers)
    digest = content_hash(note, cited, written.values())
    review = _latest_review(note.id, digest, ledgers)
    diagram = Diagram(
        note=note,
        category=category,
        planes=planes.assign(note.graph) if note.graph else {},
        facts=facts,
        cited=cited,
        sources=_sources(note, cited, ledgers),
        gates=results,
        status=_status(note, review, category, ledgers, today, max_age),
        hash=digest,
        review=review,
    )
    findings += planes.check_planes(note)
    findings += figures.check_labels(note, ledgers.technologies.values())
    findings += _check_sources(note, ledgers)
    findings += _check_catalogue(note, category, ledgers)
    findings += _check_gates(note, category, results)
    return diagram, findings


def _cited(shown: Iterable[Fact], uses: Iterable[FactUse], ledgers: Ledgers) -> tuple[Fact, ...]:
    named = (ledgers.fact(use.target) for use in uses if use.role == "fact")
    return tuple({f.id: f for f in [*shown, *named] if f}.values())


def _sources(note: DiagramNote, cited: Iterable[Fact], ledgers: Ledgers) -> tuple[Source, ...]:
    ids = dict.fromkeys([*note.sources, *(f.source for f in cited)])
    return tuple(ledgers.sources[i] for i in ids if i in ledgers.sources)


def _judge_gates(
    note: DiagramNote,
    page: PageNote,
    written: Mapping[str, GateNote],
    cited: tuple[Fact, ...],
    ledgers: Ledgers,
) -> tuple[GateResult, ...]:
    code = "\n".join(
        c for n in written.values() for check in n.checks for c in check.literals + check.commands
    )
    new_hire = gates.judge_new_hire(
        note, written.get("new-hire"), prose=page.prose, code=code, facts=cited, ledgers=ledgers
    )
    authored = {id: gates.judge_written(n) for id, n in written.items() if not GATES[id].computed}
    results = {**authored, "new-hire": new_hire}
    return tuple(results[id] for id in GATES if id in results)


def content_hash(note: DiagramNote, facts: Iterable[Fact], written: Iterable[GateNote]) -> str:
    """MD5 (32 hex) over the drawing, the facts and the gates: what a review is a review of."""
    parts = [note.text.strip()]
    parts += sorted(f"{f.id}|{f.value}|{f.says}|{f.text}|{f.where}|{f.as_of}|{f.derived}" for f in facts)
    for gate in sorted(written, key=lambda g: g.gate):
        parts += [f"{gate.gate}|{c.term}|{c.text}" for c in gate.checks]
    return hashlib.md5("\n".join(parts).encode(), usedforsecurity=False).hexdigest()


def _latest_review(id: str, digest: str, ledgers: Ledgers) -> Review | None:
    reviews = [r for r in ledgers.reviews if r.id == id and r.hash == digest]
    return max(reviews, key=lambda r: r.when, default=None)


def _status(
    note: DiagramNote, review: Review | None, category: str, ledgers: Ledgers, today: date, max_age: int
) -> Status:
    if not note.version:
        return Status.MISSING_VERSION
    if review is None:
        return Status.NEEDS_REVIEW
    aged = today - review.when.date() > timedelta(days=max_age)
    moved = bool(review.spec) and review.spec != ledgers.specs.get(category, review.spec)
    return Status.OUTDATED if aged or moved else Status.UP_TO_DATE


def _check_sources(note: DiagramNote, ledgers: Ledgers) -> Iterator[Finding]:
    if not note.sources:
        hint = "list the ids of its sources in :sources:"
        yield Finding("SOURCE001", f"diagram {note.id} has no sources", note.place, hint, note.id)
    for id in note.sources:
        if id not in ledgers.sources:
            hint = figures.offer(id, ledgers.sources, "add it to source/_data/sources/PUBLISHER.toml")
            yield Finding("SOURCE002", f"unknown source {id}", note.place, hint, note.id)


def _check_catalogue(note: DiagramNote, category: str, ledgers: Ledgers) -> Iterator[Finding]:
    plan = ledgers.catalogue
    known = {
        "category": (category, [c.id for c in plan.categories]),
        "system": (note.system, [s.id for s in plan.systems]),
        "kind": (note.kind, [k.id for k in plan.kinds]),
    }
    for what, (value, ids) in known.items():
        if value and ids and value not in ids:
            hint = figures.offer(value, ids, f"add it to the catalogue, or use one of its {len(ids)} ids")
            message = f"diagram {note.id} has the unknown {what} {value!r}"
            yield Finding("CATALOGUE004", message, note.place, hint, note.id)


def _check_gates(note: DiagramNote, category: str, results: Iterable[GateResult]) -> Iterator[Finding]:
    present = {r.gate for r in results}
    for choice in gates.owed(category, note.kind):
        if not choice & present:
            names = " or ".join(sorted(choice))
            message = f"diagram {note.id} owes the gate {names}"
            yield Finding("GATE003", message, note.place, f"add {{quality-gate}} {min(choice)}", note.id)
    for result in results:
        for check in result.checks:
            if check.answer is gates.Answer.FAILED:
                message = f"{check.term}: {check.reason}"
                hint = f"mend it, or answer it with a reason in {{quality-gate}} {result.gate}"
                yield Finding("GATE006", message, result.place, hint, note.id)


def _check_links(
    note: DiagramNote, diagrams: Mapping[str, DiagramNote], ledgers: Ledgers
) -> Iterator[Finding]:
    for node in note.graph.nodes if note.graph else ():
        if node.link:
            yield from _check_link(note, node, diagrams, ledgers)


def _check_link(
    note: DiagramNote, node: Node, diagrams: Mapping[str, DiagramNote], ledgers: Ledgers
) -> Iterator[Finding]:
    place = planes.at(note, _click_line(note, node))
    if node.link.startswith("https://") or resolves(node.link, diagrams, ledgers):
        return
    if ":" in node.link:
        scheme = node.link.partition(":")[0]
        message = f"node {node.id} links with the scheme {scheme!r}"
        yield Finding("LINK002", message, place, "use https, or an id of the atlas", note.id)
        return
    hint = figures.offer(node.link, [*diagrams, *ledgers.sources, *ledgers.terms], _MEND_ID)
    yield Finding("LINK001", f"node {node.id} links to the unknown id {node.link!r}", place, hint, note.id)


def _click_line(note: DiagramNote, node: Node) -> int:
    for number, line in enumerate(note.text.split("\n"), 1):
        if line.lstrip().startswith("click") and node.link in line:
            return number
    return node.line


def resolves(target: str, diagrams: Iterable[str], ledgers: Ledgers) -> bool:
    """True where `target` is the id of a diagram, a source or a glossary term."""
    return target in diagrams or target in ledgers.sources or target in ledgers.terms


def _check_pages(
    pages: Iterable[PageNote], diagrams: Mapping[str, DiagramNote], ledgers: Ledgers
) -> Iterator[Finding]:
    facts = {f.id for s in ledgers.sources.values() for f in s.facts}
    known = {"fact": facts, "source": ledgers.sources, "diagram": diagrams, "term": ledgers.terms}
    rules = {"fact": "FACT001", "source": "SOURCE002", "diagram": "LINK001", "term": "LINK001"}
    for page in pages:
        yield from figures.check_prose(page, ledgers.technologies.values())
        for use in page.uses:
            if use.target not in known[use.role]:
                hint = figures.offer(use.target, known[use.role], _MEND_ID)
                yield Finding(rules[use.role], f"unknown {use.role} {use.target!r}", use.place, hint)


def _check_unused(
    diagrams: Mapping[str, Diagram], pages: Iterable[PageNote], ledgers: Ledgers
) -> Iterator[Finding]:
    used = {f.id for d in diagrams.values() for f in d.facts.values()}
    used |= {use.target for page in pages for use in page.uses}
    for source in ledgers.sources.values():
        needed = _needed(source, used)
        for fact in source.facts:
            if fact.id not in needed:
                hint = "show it in a diagram or in prose, or delete it"
                yield Finding("FACT005", f"fact {fact.id} is used nowhere", fact.place, hint)


def _needed(source: Source, used: set[str]) -> set[str]:
    """The used facts of a source and those that their formulas name."""
    formulas = " ".join(f.derived for f in source.facts if f.id in used)
    names = set(formulas.replace("(", " ").replace(")", " ").split())
    return used | {f.id for f in source.facts if f.name in names}


def _check_reviews(diagrams: Mapping[str, DiagramNote], ledgers: Ledgers) -> Iterator[Finding]:
    for review in ledgers.reviews:
        if review.id not in diagrams:
            hint = figures.offer(review.id, diagrams, "mend its id, or restore the diagram")
            yield Finding("REVIEW003", f"review of the unknown diagram {review.id}", review.place, hint)


def _exempt(
    findings: list[Finding], diagrams: Mapping[str, DiagramNote], ledgers: Ledgers, today: date
) -> Iterator[Finding]:
    granted = {(e.rule, e.diagram): e for e in ledgers.exemptions if e.expires >= today}
    needed = {(f.rule, f.diagram) for f in findings}
    yield from (f for f in findings if (f.rule, f.diagram) not in granted)
    for exemption in ledgers.exemptions:
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

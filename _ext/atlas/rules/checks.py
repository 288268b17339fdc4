"""Checks of a diagram against the ledgers, the catalogue and other pages; each returns findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from atlas.diagrams import planes
from atlas.records.addresses import fault_of_link
from atlas.records.house import House
from atlas.records.model import Finding, Source
from atlas.records.notes import DiagramNote, Node, PageNote
from atlas.records.plan import Ledgers
from atlas.records.quantity import names_in
from atlas.records.recall import Recall, all_of

from . import figures, gates
from .atlas import Diagram
from .gates import GateResult
from .markup import refuse_link

_MEND_ID = "mend the id, or write what it should lead to"


def check_sources(note: DiagramNote, ledgers: Ledgers) -> Iterator[Finding]:
    if not note.sources:
        hint = "list the ids of its sources in :sources:"
        yield Finding("SOURCE001", f"diagram {note.id} has no sources", note.place, hint, note.id)
    for id in note.sources:
        if id not in ledgers.sources:
            ledger = f"{ledgers.folder}/sources/PUBLISHER.toml"
            begin = f"there is no ledger of sources yet: begin {ledger}"
            hint = figures.offer(id, ledgers.sources, f"add it to {ledger}" if ledgers.sources else begin)
            yield Finding("SOURCE002", f"unknown source {id}", note.place, hint, note.id)


def check_catalogue(note: DiagramNote, category: str, ledgers: Ledgers) -> Iterator[Finding]:
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


def check_gates(
    note: DiagramNote, category: str, results: Iterable[GateResult], house: House
) -> Iterator[Finding]:
    present = {r.gate for r in results}
    for choice in house.owed(category, note.kind):
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


def check_links(
    note: DiagramNote, diagrams: Mapping[str, DiagramNote], ledgers: Ledgers
) -> Iterator[Finding]:
    for node in note.graph.nodes if note.graph else ():
        if node.link:
            yield from _check_link(note, node, diagrams, ledgers)


def _check_link(
    note: DiagramNote, node: Node, diagrams: Mapping[str, DiagramNote], ledgers: Ledgers
) -> Iterator[Finding]:
    place = planes.at(note, _click_line(note, node))
    if resolves(node.link, diagrams, ledgers):
        return
    if fault := fault_of_link(node.link):
        yield refuse_link(node.link, fault, place, note.id)
        return
    if node.link.lower().startswith("https:"):
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


def check_pages(
    pages: Iterable[PageNote],
    diagrams: Mapping[str, DiagramNote],
    ledgers: Ledgers,
    recall: Recall | None = None,
) -> Iterator[Finding]:
    """What pages say that none may, and FACT001, SOURCE002, LINK001 of their references."""
    recall = recall or Recall()
    facts = {f.id for s in ledgers.sources.values() for f in s.facts}
    known = {"fact": facts, "source": ledgers.sources, "diagram": diagrams, "term": ledgers.terms}
    rules = {"fact": "FACT001", "source": "SOURCE002", "diagram": "LINK001", "term": "LINK001"}
    for page in pages:
        if page.judged:
            yield from recall("page", page, all_of(_check_words, page, ledgers))
        for use in page.uses:
            if use.role == "time":  # judged by the rules of timelines
                continue
            if use.target not in known[use.role]:
                hint = figures.offer(use.target, known[use.role], _MEND_ID)
                yield Finding(rules[use.role], f"unknown {use.role} {use.target!r}", use.place, hint)


def _check_words(page: PageNote, ledgers: Ledgers) -> Iterator[Finding]:
    yield from figures.check_prose(page, ledgers.technologies.values())
    yield from planes.check_words(page)


def check_unused(
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
    """The ids of the used facts of a source, and of all that their formulas stand on."""
    facts = {f.name: f for f in source.facts}
    needed: set[str] = set()
    pending = [f for f in source.facts if f.id in used]
    while pending:
        fact = pending.pop()
        if fact.id not in needed:
            needed.add(fact.id)
            pending += [facts[name] for name in names_in(fact.derived) if name in facts]
    return needed

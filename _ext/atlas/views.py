"""Views: the generated pages by name, each a function from the sealed atlas to rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice

from . import dashboard, reference
from .blocks import (
    Block,
    Card,
    Cards,
    Cell,
    Chart,
    Drawing,
    Prose,
    Section,
    Table,
    counted,
    gate_cell,
    link_cell,
    list_rows,
    number_cell,
    page_target,
    slug,
    status_cell,
)
from .figures import offer
from .ledgers import fact_url
from .lookup import (
    answering_gate,
    cause_of,
    error_strings,
    failing_nodes,
    find_technologies,
    find_terms,
)
from .metrics import status_of
from .model import Entry, Fact, Finding, Node, Place, Plane, Source, Status, Technology, Term
from .planes import EMOJI, MEANING
from .seal import Atlas, Diagram

__all__ = [
    "VIEWS",
    "Block",
    "Card",
    "Cards",
    "Cell",
    "Chart",
    "Drawing",
    "Prose",
    "Section",
    "Table",
    "check_view",
    "digest",
    "render_view",
    "slug",
]

_RESPONSE = {"debugging": 0, "incidents": 1}
_ON_FIRE, _TOP_TECHNOLOGIES, _SYMPTOMS, _NODES, _EXAMPLES = 12, 24, 5, 3, 12

View = Callable[[Atlas, str], tuple[Section, ...]]
Rows = Iterator[tuple[Cell, ...]]


def render_view(atlas: Atlas, name: str, argument: str = "") -> tuple[Section, ...]:
    """The sections of the page `name`; `argument` is the category, the system, or a part of a long index.

    An unknown name raises KeyError, an unknown argument gives sections that say that there is nothing.
    """
    return VIEWS[name](atlas, argument)


def check_view(atlas: Atlas, name: str, argument: str, place: Place) -> Iterator[Finding]:
    """DIAGRAM002 where a page asks for a view, or for a part of one, that there is not."""
    if name not in VIEWS:
        hint = offer(name, VIEWS, "the views are " + ", ".join(VIEWS))
        yield Finding("DIAGRAM002", f"unknown view {name!r}", place, hint)
    elif argument not in (known := _arguments(atlas, name)):
        names = ", ".join(sorted(known - {""})) or "nothing"
        hint = offer(argument, known, f"it may name {names}")
        message = f"view {name} knows no {argument!r}" if argument else f"view {name} needs an argument"
        yield Finding("DIAGRAM002", message, place, hint)


def _arguments(atlas: Atlas, name: str) -> set[str]:
    """The lawful arguments of a view; those of long indexes may be left out."""
    ledgers, drawn = atlas.ledgers, atlas.diagrams.values()
    match name:
        case "category":
            return {c.id for c in ledgers.catalogue.categories} | {d.category for d in drawn}
        case "system":
            return {s.id for s in ledgers.catalogue.systems} | {d.note.system for d in drawn} - {""}
        case "technologies":
            return {"", *ledgers.technologies}
        case "sources":
            return {"", *(id.partition("/")[0] for id in ledgers.sources)}
        case "incident-response":
            return {"", *_INDEXES}
    return {""}


def digest(sections: Iterable[Section]) -> str:
    """SHA-256 (64 hex) of what a page shows; equal digests mean that it need not be written again."""
    return hashlib.sha256(repr(tuple(sections)).encode()).hexdigest()


# Home --------------------------------------------------------------------------------------------


def home(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """What is on fire, where to look, what others lived through."""
    del argument
    return (
        Section("on-fire", "What is on fire?", (_on_fire(atlas),)),
        Section("where", "Where?", (_planes(atlas), _top_technologies(atlas), _systems(atlas))),
        Section("lived-through", "What others lived through", tuple(_incidents(atlas))),
    )


def _on_fire(atlas: Atlas) -> Block:
    found = sorted((d for d in atlas.diagrams.values() if d.note.symptoms and _responds(d)), key=_usefulness)
    cards = tuple(_symptom_card(d, atlas) for d in found[:_ON_FIRE])
    return Cards(cards) if cards else Prose("No symptom is recorded yet.")


def _symptom_card(diagram: Diagram, atlas: Atlas) -> Card:
    cells = (_category(diagram, atlas), gate_cell(diagram))
    return Card(diagram.note.symptoms[0], diagram.id, diagram.name, cells)


def _usefulness(diagram: Diagram) -> tuple[object, ...]:
    """Guides before incidents before the rest; answered ones first; then by error strings and alerts."""
    gate = answering_gate(diagram)
    keys = len(error_strings(diagram)) + len(diagram.note.alerts)
    passed = gate is not None and gate.verdict == "passed"
    return _RESPONSE.get(diagram.category, 2), not passed, -keys, diagram.id


def _responds(diagram: Diagram) -> bool:
    """True for what a responder can act on: it has the 3am gate."""
    return any(result.gate == "3am" for result in diagram.gates)


def _category(diagram: Diagram, atlas: Atlas) -> Cell:
    category = atlas.category(diagram.category)
    return Cell(category.title if category else diagram.category, page_target("category", diagram.category))


def _planes(atlas: Atlas) -> Block:
    counts = dict.fromkeys(Plane, 0)
    for diagram in filter(_responds, atlas.diagrams.values()):
        for plane in failing_nodes(diagram):
            counts[plane] += 1
    return Cards(
        tuple(
            Card(
                f"{EMOJI[plane]} {plane.title()}",
                page_target("incident-response", section=f"plane-{plane}"),
                MEANING[plane],
                (Cell(f"fails in {counted(count, 'diagram')}", style=plane),),
            )
            for plane, count in counts.items()
        )
    )


def _top_technologies(atlas: Atlas) -> Block:
    named = _diagrams_by_technology(atlas)
    top = sorted(named, key=lambda id: (-len(named[id]), id))[:_TOP_TECHNOLOGIES]
    rows = ((_technology(atlas.ledgers.technologies[id]), number_cell(len(named[id]))) for id in top)
    none = "No technology is named yet."
    return list_rows(("Technology", "Diagrams"), rows, none=none, caption="Technologies named most")


def _technology(technology: Technology) -> Cell:
    return Cell(technology.name, page_target("technologies", section=technology.id))


def _diagrams_by_technology(atlas: Atlas) -> dict[str, list[Diagram]]:
    """Technology id to the diagrams that name it; guides first, then incidents. Unnamed ones are left out."""
    find = find_technologies(atlas.ledgers)
    named: dict[str, list[Diagram]] = defaultdict(list)
    for diagram in sorted(atlas.diagrams.values(), key=lambda d: (_RESPONSE.get(d.category, 2), d.id)):
        for technology in find(diagram):
            named[technology.id].append(diagram)
    return dict(named)


def _systems(atlas: Atlas) -> Block:
    counts: dict[str, int] = defaultdict(int)
    for diagram in atlas.diagrams.values():
        counts[diagram.note.system] += 1
    systems = [s for s in atlas.ledgers.catalogue.systems if counts[s.id]]
    rows = ((Cell(s.name, page_target("system", s.id)), number_cell(counts[s.id])) for s in systems)
    return list_rows(("System", "Diagrams"), rows, none="No system is drawn yet.", caption="Systems")


def _incidents(atlas: Atlas) -> Iterator[Block]:
    """One table for each cause."""
    causes: dict[str, list[Diagram]] = defaultdict(list)
    for diagram in atlas.diagrams.values():
        if diagram.category == "incidents":
            causes[cause_of(diagram)].append(diagram)
    for cause, diagrams in sorted(causes.items()):
        rows = tuple((link_cell(d), _system(d, atlas)) for d in diagrams)
        yield Table(("Incident", "System"), rows, f"Began with: {cause}")
    if not causes:
        yield Prose("No incident is drawn yet.")


def _system(diagram: Diagram, atlas: Atlas) -> Cell:
    id = diagram.note.system
    return Cell(atlas.system_name(id), page_target("system", id)) if id else Cell("–")


# Incident response -------------------------------------------------------------------------------


def incident_response(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """By symptom, error string, alert, technology and plane; an argument such as `errors` takes one."""
    return tuple(index(atlas) for id, index in _INDEXES.items() if argument in ("", id))


def _by_symptom(atlas: Atlas) -> Section:
    entries = ((text, d) for d in atlas.diagrams.values() for text in d.note.symptoms)
    return Section("symptoms", "By symptom", (_index("Symptom", entries),))


def _by_error(atlas: Atlas) -> Section:
    entries = ((text, d) for d in atlas.diagrams.values() for text in error_strings(d))
    return Section("errors", "By exact error string", (_index("Error string", entries, style="code"),))


def _by_alert(atlas: Atlas) -> Section:
    entries = ((text, d) for d in atlas.diagrams.values() for text in d.note.alerts)
    return Section("alerts", "By alert", (_index("Alert", entries, style="code"),))


def _by_technology(atlas: Atlas) -> Section:
    names = {t.id: t.name for t in atlas.ledgers.technologies.values()}
    named = _diagrams_by_technology(atlas).items()
    entries = ((names[id], d) for id, diagrams in named for d in diagrams if _responds(d))
    return Section("technologies", "By technology", (_index("Technology", entries),))


def _index(what: str, entries: Iterable[tuple[str, Diagram]], *, style: str = "") -> Block:
    """An alphabetical index; one link a row keeps a long page light."""
    found = sorted(entries, key=lambda entry: (entry[0].casefold(), entry[1].id))
    ends = {d.id: (link_cell(d), gate_cell(d)) for d in {d.id: d for _, d in found}.values()}
    rows = ((Cell(text, style=style), *ends[d.id]) for text, d in found)
    return list_rows((what, "Diagram", "Answered by"), rows, none=f"No {what.lower()} is recorded yet.")


def _on_plane(plane: Plane, atlas: Atlas) -> Section:
    """Diagrams whose failure paths touch the plane, those with most failing nodes in it first."""
    failing = {d.id: failing_nodes(d).get(plane, []) for d in atlas.diagrams.values() if _responds(d)}
    found = sorted((id for id in failing if failing[id]), key=lambda id: (-len(failing[id]), id))
    rows = (_failure(atlas.diagrams[id], failing[id]) for id in found)
    none = "No failure in this plane is drawn yet."
    table = list_rows(("What fails", "Diagram", "Answered by"), rows, none=none)
    title = f"{EMOJI[plane]} The {plane} plane is on fire"
    return Section(f"plane-{plane}", title, (Prose(f"It holds {MEANING[plane]}."), table))


def _failure(diagram: Diagram, nodes: Iterable[Node]) -> tuple[Cell, ...]:
    names = (diagram.label(node.label.partition("\n")[0]) for node in islice(nodes, _NODES))
    return Cell("; ".join(names)), link_cell(diagram), gate_cell(diagram)


# Systems -----------------------------------------------------------------------------------------


def systems_matrix(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Systems by tier against the kinds: what is drawn, with status and facts, and what is planned."""
    del argument
    cells = _matrix(atlas)
    kinds = _kind_titles(atlas, {kind for _, kind in cells})
    tiers: dict[int, list[tuple[Cell, ...]]] = defaultdict(list)
    for system in atlas.ledgers.catalogue.systems:
        if system.tier:
            name = Cell(system.name, page_target("system", system.id))
            row = (name, *(cells.get((system.id, kind), Cell("–")) for kind in kinds))
            tiers[system.tier].append(row)
    head = ("System", *kinds.values())
    tables = {tier: Table(head, tuple(rows)) for tier, rows in sorted(tiers.items())}
    none = Section("tiers", "Systems", (Prose("No system is planned yet."),))
    return tuple(Section(f"tier-{n}", f"Tier {n}", (table,)) for n, table in tables.items()) or (none,)


def _matrix(atlas: Atlas) -> dict[tuple[str, str], Cell]:
    """The cell of each planned or drawn system and kind."""
    entries = [e for e in atlas.ledgers.catalogue.entries if e.category == "systems"]
    drawn = [d for d in atlas.diagrams.values() if d.category == "systems"]
    planned = {(e.system, e.kind): _planned(e) for e in entries}
    return planned | {(d.note.system, d.note.kind): _drawn(d) for d in drawn}


def _planned(entry: Entry) -> Cell:
    grade = f" (evidence {entry.grade})" if entry.grade else ""
    return Cell(f"planned{grade}", style=Status.NOT_CREATED)


def _drawn(diagram: Diagram) -> Cell:
    text = f"{diagram.status.replace('_', ' ')}, {counted(len(diagram.cited), 'fact')}"
    return Cell(text, diagram.id, diagram.status)


def system(atlas: Atlas, argument: str) -> tuple[Section, ...]:
    """One system: its kinds, its diagrams in other categories, the sources that it stands on."""
    drawn = [d for d in atlas.diagrams.values() if d.note.system == argument]
    others = [d for d in drawn if d.category != "systems"]
    rows = ((link_cell(d), _category(d, atlas), status_cell(d.status)) for d in others)
    elsewhere = list_rows(("Diagram", "Category", "Status"), rows, none="It is in no other category yet.")
    return (
        Section("kinds", "The system", (_kinds(argument, drawn, atlas),)),
        Section("elsewhere", "Incidents and others", (elsewhere,)),
        Section("sources", "Sources", (_sources_of(drawn),)),
    )


def _kinds(id: str, drawn: Iterable[Diagram], atlas: Atlas) -> Block:
    written = {d.note.kind: _card(d) for d in drawn if d.category == "systems"}
    entries = (e for e in atlas.ledgers.catalogue.entries if e.category == "systems" and e.system == id)
    planned = {e.kind: Card(e.title, "", "", (_planned(e),)) for e in entries}
    cards = planned | written
    found = tuple(cards[kind] for kind in _kind_titles(atlas, cards.keys()) if kind in cards)
    return Cards(found) if found else Prose("Nothing is planned yet.")


def _kind_titles(atlas: Atlas, used: Iterable[str]) -> dict[str, str]:
    """Kind to title in the order of the plan, then those that are used and not planned."""
    titles = {k.id: k.title for k in atlas.ledgers.catalogue.kinds}
    return titles | {kind: kind for kind in sorted(set(used) - titles.keys())}


def _sources_of(diagrams: Iterable[Diagram]) -> Block:
    sources = {s.id: s for d in diagrams for s in d.sources}
    rows = (
        (Cell(s.title, s.id), Cell(s.publisher), Cell(s.tier), number_cell(len(s.facts)))
        for _, s in sorted(sources.items())
    )
    return list_rows(("Source", "Publisher", "Tier", "Facts"), rows, none="No source is cited yet.")


# Categories --------------------------------------------------------------------------------------


def category(atlas: Atlas, argument: str) -> tuple[Section, ...]:
    """The diagrams of one category as cards, then what is planned but not written."""
    cards = tuple(_card(d) for d in atlas.diagrams.values() if d.category == argument)
    written: Block = Cards(cards) if cards else Prose("No diagram yet.")
    entries = [e for e in atlas.ledgers.catalogue.entries if e.category == argument]
    rows = (_entry_row(e, atlas) for e in entries if status_of(e, atlas) is Status.NOT_CREATED)
    none = "Nothing planned is left to write."
    planned = list_rows(("Title", "System", "Phase", "Evidence"), rows, none=none)
    return Section("written", "Diagrams", (written,)), Section("planned", "Planned", (planned,))


def _entry_row(entry: Entry, atlas: Atlas) -> tuple[Cell, ...]:
    name = atlas.system_name(entry.system) or "–"
    return Cell(entry.title), Cell(name), Cell(f"phase {entry.phase}"), Cell(entry.grade or "–")


def _card(diagram: Diagram) -> Card:
    symptoms = (Cell(text, diagram.id) for text in diagram.note.symptoms[:_SYMPTOMS])
    facts = Cell(counted(len(diagram.cited), "fact"))
    cells = (status_cell(diagram.status), facts, *symptoms)
    return Card(diagram.name, diagram.id, diagram.caption, cells)


# Technologies, glossary, sources -----------------------------------------------------------------


def technologies(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Each technology with the diagrams that name it: all of them for the one in the argument, else some."""
    named = _diagrams_by_technology(atlas)
    known = sorted(atlas.ledgers.technologies.values(), key=lambda t: t.name.casefold())
    chosen = [t for t in known if argument in ("", t.id)]
    limit = None if argument else _EXAMPLES
    sections = tuple(_technology_section(t, named.get(t.id, []), limit, atlas) for t in chosen)
    return sections or (Section("technologies", "Technologies", (Prose("No technology is known yet."),)),)


def _technology_section(
    technology: Technology, diagrams: list[Diagram], limit: int | None, atlas: Atlas
) -> Section:
    others = Cell(", ".join(technology.names[1:]) or "–")
    about = (Cell(technology.kind), Cell(technology.home, technology.home), others)
    table = _naming(diagrams, limit, atlas, none="No diagram names it yet.")
    head = ("Kind", "Home", "Also written")
    return Section(slug(technology.id), technology.name, (Table(head, (about,)), table))


def _naming(diagrams: list[Diagram], limit: int | None, atlas: Atlas, *, none: str) -> Block:
    shown = diagrams[:limit]
    rows = ((link_cell(d), _category(d, atlas), gate_cell(d)) for d in shown)
    caption = f"{len(shown)} of {len(diagrams):,}" if len(shown) < len(diagrams) else ""
    return list_rows(("Diagram", "Category", "Answered by"), rows, none=none, caption=caption)


def glossary(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """Each term: its long form, what it says, the diagrams that use it."""
    del argument
    find = find_terms(atlas.ledgers)
    used: dict[str, list[Diagram]] = defaultdict(list)
    for diagram in atlas.diagrams.values():
        for id in find(diagram):
            used[id].append(diagram)
    terms = sorted(atlas.ledgers.terms.values(), key=lambda t: t.id.casefold())
    sections = tuple(_term(t, used.get(t.id, []), atlas) for t in terms)
    return sections or (Section("glossary", "Glossary", (Prose("No term is explained yet."),)),)


def _term(term: Term, diagrams: list[Diagram], atlas: Atlas) -> Section:
    title = f"{term.id}: {term.long}" if term.long else term.id
    uses = (_naming(diagrams, _SYMPTOMS, atlas, none=""),) if diagrams else ()
    return Section(slug(term.id), title, (Prose(term.says), *uses))


def sources(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """All sources, a line each; an argument takes those of one publisher, with facts and who shows them."""
    known = sorted(atlas.ledgers.sources.values(), key=lambda s: s.id)
    shown = _citations(atlas)
    if argument:
        return tuple(_source(s, shown) for s in known if s.id.partition("/")[0] == argument)
    head = ("Publication", "Publisher", "Tier", "Extent", "Read", "Published", "Facts", "Cited by")
    rows = (_source_row(s, len(shown.get(s.id, []))) for s in known)
    return (Section("sources", "All sources", (list_rows(head, rows, none="No source is read yet."),)),)


def _source_row(source: Source, citing: int) -> tuple[Cell, ...]:
    return (
        Cell(source.title, source.url, id=slug(source.id)),
        *_reading(source),
        number_cell(len(source.facts)),
        number_cell(citing),
    )


def _reading(source: Source) -> tuple[Cell, ...]:
    return (
        Cell(source.publisher),
        Cell(f"{source.tier}, as reported by" if source.tier.second_hand else source.tier),
        Cell(source.extent),
        Cell(source.read.isoformat()),
        Cell(source.published.isoformat() if source.published else "not stated"),
    )


def _citations(atlas: Atlas) -> dict[str, list[Cell]]:
    """Fact or source id to who cites it: diagrams, and pages without one."""
    shown: dict[str, list[Cell]] = defaultdict(list)
    drawn = {d.note.docname for d in atlas.diagrams.values()}
    for diagram in atlas.diagrams.values():
        for id in [*(f.id for f in diagram.cited), *(s.id for s in diagram.sources)]:
            shown[id].append(link_cell(diagram))
    for note in atlas.pages.values():
        targets = () if note.docname in drawn else dict.fromkeys(use.target for use in note.uses)
        for id in targets:
            shown[id].append(Cell(note.title or note.docname, f"page:{note.docname}"))
    return shown


def _source(source: Source, shown: Mapping[str, list[Cell]]) -> Section:
    head = ("Publication", "Publisher", "Tier", "Extent", "Read", "Published", "Archive")
    about = (
        Cell(source.title, source.url),
        *_reading(source),
        Cell("archived copy", source.archive) if source.archive else Cell("–"),
    )
    facts = (row for fact in source.facts for row in _fact_rows(source, fact, shown))
    cited = ((cell,) for cell in shown.get(source.id, []))
    return Section(
        slug(source.id),
        source.title,
        (
            Table(head, (about,)),
            list_rows(("Value", "Says", "As of", "Shown in"), facts, none="It has no fact."),
            list_rows(("Cited by",), cited, none="Nothing cites it."),
        ),
    )


def _fact_rows(source: Source, fact: Fact, shown: Mapping[str, list[Cell]]) -> Rows:
    """One row for each place that shows the fact, at least one."""
    value = Cell(fact.value, fact_url(source, fact), "number")
    says = ", ".join(text for text in (fact.says, fact.statistic, fact.scope) if text)
    undated = f"derived: {fact.derived}" if fact.derived else "no date"
    dated = fact.as_of.isoformat() if fact.as_of else undated
    for cell in shown.get(fact.id) or [Cell("–")]:
        yield value, Cell(says), Cell(dated), cell


_INDEXES: dict[str, Callable[[Atlas], Section]] = {
    "symptoms": _by_symptom,
    "errors": _by_error,
    "alerts": _by_alert,
    "technologies": _by_technology,
    **{f"plane-{plane}": partial(_on_plane, plane) for plane in Plane},
}

VIEWS: dict[str, View] = {
    "home": home,
    "incident-response": incident_response,
    "dashboard": dashboard.dashboard,
    "progress": dashboard.progress,
    "systems-matrix": systems_matrix,
    "system": system,
    "category": category,
    "technologies": technologies,
    "sources": sources,
    "glossary": glossary,
    "rules": reference.rules,
    "style-guide": reference.style_guide,
}

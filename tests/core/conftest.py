"""Sealed atlases for the tests of what is made from them: a small one, a bare one, and crowds."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from atlas.records.house import HOUSE
from atlas.records.model import Extent, Fact, Place, Quantity, Source, Technology, Term, Tier
from atlas.records.notes import (
    CheckNote,
    DiagramNote,
    Edge,
    FactUse,
    GateNote,
    Graph,
    Group,
    Node,
    Notes,
    PageNote,
)
from atlas.records.plan import Catalogue, Category, Entry, Kind, Ledgers, Phase, Review, System
from atlas.rules.atlas import Atlas
from atlas.rules.reviews import content_hash
from atlas.rules.seal import seal

# The processes that share these tests out are measured; what the tests start, and kill, is not.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)

TODAY = date(2026, 11, 24)
HERE = Place("source/page.md", 7)
ARCHIVE = "https://a.example/x"
LEDGER = Place("source/_data/sources/acme.toml", 3)


def fact(id: str, value: str, **more: Any) -> Fact:
    quantity = more.pop("quantity", Quantity(1, 1, "s"))
    known: dict[str, Any] = {"text": value, "says": f"says {id}", "as_of": date(2024, 3, 5)} | more
    return Fact(id=id, value=value, place=LEDGER, quantity=quantity, **known)


def source(id: str, *facts: Fact, **more: Any) -> Source:
    known: dict[str, Any] = {"tier": Tier.OPERATOR, "read": date(2026, 11, 20), "extent": Extent.FULL} | more
    url = f"https://{id.partition('/')[0]}.example/{id.partition('/')[2]}"
    return Source(id=id, title=f"Report {id}", url=url, publisher="Acme", place=LEDGER, facts=facts, **known)


def note(id: str, graph: Graph | None = None, **more: Any) -> DiagramNote:
    labels = [n.label for n in graph.nodes] if graph else []
    known: dict[str, Any] = {"title": f"Title of {id}", "version": "1.0", "alt": "alt"} | more
    text = "\n".join([id, *labels])
    return DiagramNote(id=id, docname=id, place=HERE, text=text, first_line=9, graph=graph, **known)


def gate(id: str, diagram: str, **answers: CheckNote) -> GateNote:
    checks = tuple(
        answers.get(t.split()[0].lower(), CheckNote(t, "an answer", 20)) for t in HOUSE.gates[id].checks
    )
    return GateNote(id, diagram, diagram, HERE, checks)


def errors(*literals: str) -> CheckNote:
    return CheckNote("Error messages", "see code", 21, literals, ("$ queuectl depth",))


def queue_graph() -> Graph:
    return Graph(
        "flowchart",
        "LR",
        nodes=(
            Node("LB", "🌐 Load balancer", 2, "edge"),
            Node("API", "⚙️ Order API", 3, "service", link="BGP"),
            Node("Q", "💾 Kafka queue\n${backlog} waiting", 4, "state", "cylinder"),
            Node("K", "💾 Kafka Connect\nPostgreSQL 14", 5, "state"),
            Node("OUT", "nowhere", 6),
        ),
        edges=(
            Edge("LB", "API", "orders", 7),
            Edge("API", "Q", "${backlog} orders", 8),
            Edge("Q", "K", "full queue", 9, dashed=True),
            Edge("K", "OUT", "", 10, dashed=True),
        ),
        groups=(Group("edge", "edge", 1), Group("service", "service", 1), Group("state", "TTL state", 1)),
    )


def review(diagram: DiagramNote, facts: tuple[Fact, ...], gates: tuple[GateNote, ...], day: int) -> Review:
    when = datetime(2026, 11, day, 3, 0, tzinfo=UTC)
    digest = content_hash(diagram, facts, gates)
    return Review(diagram.id, digest, "1.0", when, "R", "all", ("acme/outage",), HERE, "", 8, 1, 1)


def catalogue() -> Catalogue:
    return Catalogue(
        categories=(
            Category("incidents", "Incidents", 4, 1),
            Category("debugging", "Debugging guides", 2, 1),
            Category("systems", "Systems", 2, 4),
            Category("guarantees", "Guarantees", 1, 2, core=False),
        ),
        phases=(Phase(1, "Emergency response", 6), Phase(2, "Core concepts", 1), Phase(4, "Systems", 2)),
        systems=(System("acme", "Acme", 1), System("globex", "Globex", 2), System("initech", "Initech", 0)),
        kinds=(Kind("storage", "Storage"), Kind("architecture", "Architecture")),
        entries=(
            Entry("incidents/acme", "Acme falls", "incidents", 1, HERE, "acme", "queue-backlog", "A"),
            Entry("systems/acme/architecture", "Acme", "systems", 4, HERE, "acme", "architecture", "A-"),
            Entry("systems/globex/storage", "Globex storage", "systems", 4, HERE, "globex", "storage", "B"),
            Entry("systems/globex/oddity", "Globex oddity", "systems", 4, HERE, "globex", "oddity"),
            Entry("debugging/later", "A guide for later", "debugging", 1, HERE),
        ),
    )


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    """Six diagrams in every state: reviewed, changed, unversioned, undrawn, honest-empty, and a bare one."""
    backlog = fact("acme/outage:backlog", "1.4 M jobs", statistic="peak", scope="one region")
    twice = fact("acme/outage:twice", "2.8 M jobs", derived="backlog * 2", as_of=None)
    spare = fact("acme/outage:spare", "9 h", as_of=None)
    token = fact("press/story:token", "READONLY", quantity=None, where="page 3", text="")
    sources = (
        source("acme/outage", backlog, twice, spare, published=date(2024, 3, 20), archive=ARCHIVE),
        source("press/story", token, tier=Tier.PRESS, extent=Extent.OPENING, read=date(2020, 1, 1)),
        source("press/unused", read=date(2026, 9, 1)),
    )
    main = note(
        "incidents/acme",
        queue_graph(),
        system="acme",
        sources=("acme/outage",),
        caption="${backlog} wait",
        symptoms=("orders time out", "Queue grows"),
        alerts=("QueueDepthHigh",),
    )
    guide = note(
        "debugging/queue-full", queue_graph(), sources=("acme/outage",), symptoms=("producers are refused",)
    )
    undrawn = note("incidents/broken", sources=("acme/outage",), version="")
    loop = Graph("flowchart", nodes=(Node("A", "a", 1, "edge"),), edges=(Edge("A", "A", dashed=True),))
    drawn = Graph("flowchart", groups=(Group("edge", "edge", 1),), nodes=loop.nodes, edges=loop.edges)
    honest = note(
        "systems/acme/architecture",
        Graph("flowchart"),
        system="acme",
        kind="architecture",
        title="",
        sources=("press/story",),
    )
    ring = note("incidents/ring", drawn, system="initech", sources=("acme/outage",))
    stray = note("strays/one", drawn, sources=("acme/outage",))
    shown = {n.id: (gate("3am", n.id, error=errors("ERR full", "ERR full")),) for n in (main, guide)}
    unpublished = CheckNote("Data loss", "not published: nobody says", 22)
    more = (gate("incident", main.id), gate("incident", ring.id, data=unpublished))
    reviews = (
        review(main, (backlog,), (*shown[main.id], more[0]), 20),
        review(guide, (), (), 21),
    )
    ledgers = Ledgers(
        sources={s.id: s for s in sources},
        terms={
            "BGP": Term("BGP", "Border Gateway Protocol", "How networks find each other.", HERE),
            "TTL": Term("TTL", "", "How long an answer keeps.", HERE),
            "WAL": Term("WAL", "Write-ahead log", "What is written first.", HERE),
        },
        technologies={
            "kafka": Technology("kafka", ("Kafka", "Apache Kafka"), "log", "https://kafka.example/", HERE),
            "connect": Technology("connect", ("Kafka Connect",), "copier", "https://kafka.example/c", HERE),
            "postgresql": Technology("postgresql", ("PostgreSQL",), "database", "https://pg.example/", HERE),
            "unnamed": Technology("unnamed", ("Nobody's DB",), "database", "https://no.example/", HERE),
        },
        catalogue=catalogue(),
        reviews=reviews,
    )
    uses = (FactUse("press/story:token", "about", HERE),)
    pages = (
        PageNote("about", "About", "", HERE, uses),
        PageNote(main.docname, "The page", "", HERE, (FactUse("acme/outage:backlog", main.docname, HERE),)),
    )
    diagrams = (main, guide, undrawn, honest, ring, stray)
    notes = Notes(diagrams, (*shown[main.id], *shown[guide.id], *more), pages)
    return seal(notes, ledgers, today=TODAY)


@pytest.fixture(scope="session")
def bare() -> Atlas:
    """No diagram, no ledger, no catalogue."""
    return seal(Notes(), Ledgers(), today=TODAY)


@pytest.fixture(scope="session")
def crowd() -> Callable[[int], Atlas]:
    """Makes an atlas of so many diagrams, ten facts, fifteen nodes and five of 150 technologies each."""
    return make_crowd


def name_of(number: int, index: int) -> str:
    """What a node of a crowd is called: every third one names a technology."""
    return "Service" if index % 3 else f"Product {(number + index) % 150}"


def make_crowd(count: int) -> Atlas:
    categories = ("incidents", "debugging", "systems", "costs", "patterns")
    kinds = ("architecture", "storage", "request-flow")
    technologies = {
        id: Technology(id, (name, f"Vendor {name}"), "store", "https://t.example/", HERE)
        for id, name in ((f"tech-{i}", f"Product {i}") for i in range(150))
    }
    sources: dict[str, Source] = {}
    notes: list[DiagramNote] = []
    gates: list[GateNote] = []
    for number in range(count):
        category = categories[number % len(categories)]
        id, key = f"{category}/d{number}", f"pub{number % 300}/s{number}"
        facts = [fact(f"{key}:f{i}", f"{i + 1} s") for i in range(10)]
        sources[key] = source(key, *facts)
        planes = ("edge", "service", "state", "control")
        nodes = tuple(
            Node(f"N{i}", f"⚙️ {name_of(number, i)}\nholds ${{f{i % 10}}} of it", i + 1, planes[i % 4])
            for i in range(15)
        )
        edges = tuple(Edge(f"N{i}", f"N{i + 1}", "requests", 20 + i, dashed=i % 3 == 0) for i in range(14))
        graph = Graph("flowchart", nodes=nodes, edges=edges, groups=tuple(Group(p, p, 1) for p in planes))
        notes.append(
            note(
                id,
                graph,
                sources=(key,),
                system=f"sys{number % 30}",
                kind=kinds[number % 3],
                symptoms=tuple(f"symptom {i} of {number}" for i in range(5)),
                alerts=(f"Alert{number}",),
            )
        )
        gates += [gate("3am", id, error=errors(f"ERR {number} full")), gate("incident", id)]
    plan = Catalogue(
        categories=tuple(Category(c, c.title(), count, 1) for c in categories),
        phases=(Phase(1, "All", count),),
        systems=tuple(System(f"sys{i}", f"System {i}", 1 + i // 10) for i in range(30)),
    )
    terms = {f"T{i}X": Term(f"T{i}X", "long", "says", HERE) for i in range(150)}
    ledgers = Ledgers(sources=sources, terms=terms, technologies=technologies, catalogue=plan)
    pages = tuple(PageNote(n.docname, n.title, "", HERE) for n in notes)
    return seal(Notes(tuple(notes), tuple(gates), pages), ledgers, today=TODAY)
